"""What only people can say of how a place uses data: the questions for the record of processing and the DPIA."""

from dataclasses import dataclass

from insight.language import noted

LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Particular:
    """One question. ``options`` are codes with their words where one is to be chosen; else it is answered freely."""

    name: str
    asked: str
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    long: bool = True


# UK GDPR Article 6(1) and Article 9(2); the words are the law's, shortened.
BASES = (
    ("consent", noted("Consent: Article 6(1)(a)")),
    ("contract", noted("A contract: Article 6(1)(b)")),
    ("legal_obligation", noted("A legal obligation: Article 6(1)(c)")),
    ("vital_interests", noted("Vital interests: Article 6(1)(d)")),
    ("public_task", noted("A public task: Article 6(1)(e)")),
    ("legitimate_interests", noted("Legitimate interests: Article 6(1)(f)")),
)
CONDITIONS = (
    ("explicit_consent", noted("Explicit consent: Article 9(2)(a)")),
    ("substantial_public_interest", noted("Substantial public interest: Article 9(2)(g)")),
    ("health_or_social_care", noted("Health or social care: Article 9(2)(h)")),
    ("public_health", noted("Public health: Article 9(2)(i)")),
    ("research", noted("Archiving, research or statistics: Article 9(2)(j)")),
)
PARTICULARS = (
    Particular(
        "controller",
        noted("Who is the controller?"),
        noted("The organisation that decides why and how data is used, with its address. Name joint controllers too."),
    ),
    Particular(
        "protection_officer",
        noted("Who is the data protection officer, and how are they reached?"),
        noted("A role and a shared mailbox outlast a person's name."),
        long=False,
    ),
    Particular(
        "purposes",
        noted("What are the journeys used for?"),
        noted("Such as: to find out where services hurt residents, and to mend that."),
    ),
    Particular("lawful_basis", noted("What is the lawful basis?"), options=BASES),
    Particular(
        "special_condition",
        noted("Which condition allows special category data?"),
        noted("People write about health, faith and origin, whether or not they were asked."),
        options=CONDITIONS,
    ),
    Particular(
        "basis_reason",
        noted("Why do these apply?"),
        noted("For a public task: the law that gives it. For legitimate interests: the assessment."),
    ),
    Particular(
        "hosting",
        noted("Where does it run, and who looks after it?"),
        noted("Company, country, and the contract where a processor is involved."),
    ),
    Particular(
        "transfers",
        noted("Does data leave the United Kingdom?"),
        noted("If so: to where, and with which safeguard. If not, say so."),
    ),
    Particular(
        "consulted",
        noted("Who was asked what they think of it?"),
        noted("Residents, staff, unions, partners, the data protection officer: when, and what they said."),
    ),
    Particular(
        "risks",
        noted("Which further risks do you see here?"),
        noted("Such as: a small place in which people know one another's stories."),
    ),
    Particular(
        "outcome",
        noted("What was decided, by whom and when?"),
        noted("Whether the risks that remain are accepted, and when this is looked at again."),
    ),
)
NAMES = frozenset(particular.name for particular in PARTICULARS)


def in_words(particular: Particular, said: str) -> str:
    """An answer as it is read: the option's English words, or what was written."""
    return dict(particular.options).get(said, said)
