"""A draft of a data protection impact assessment (UK GDPR, Article 35), in the steps of the regulator's template. Pure.

It brings together what the product knows. How likely and how grave a risk is, and whether it is
accepted, is for people: those columns stay open.
"""

from insight.language import day
from insight.records.document import Document, Points, Rows, Section, Text
from insight.records.facts import Facts
from insight.records.ropa import RETENTION, recipients

TO_DECIDE = "to be decided"
NEED = (
    "Residents tell of their journeys across public services in their own words. That is innovative use of free text "
    "about people who may be vulnerable, on a scale that can be large, with special category data among it: an "
    "assessment is likely to be required before real data comes in. Passages are grouped by machine into themes; no "
    "decision about any one person is made."
)
NATURE = (
    "Stories are told, logged by staff or brought in. Identifiers are replaced by marks in the copy that staff read. "
    "Analyses group passages into themes and count them; boards show counts and quotes. Tellers come back with a "
    "reference to read, change, take back, take away or erase what they told."
)
PROPORTIONATE = (
    "Every use is agreed to on its own (analysis, quotes, contact) and can be taken back, which works at once",
    "No name, address or account is asked of tellers",
    "Equality answers are kept apart from stories and shown only as counts",
    "Staff read the safe copy; the words as told are opened by permission, and each opening is recorded",
    "People are told what is kept and for how long: check that your privacy notice says so",
)
HARM = "A story speaks of harm and nobody acts in time"
UNCLEAR = "People do not understand what they agree to"
# What could harm people, and by their names which measures stand against it.
RISKS = (
    (
        "Somebody is recognised from what they told, by details or small numbers",
        ("Identifiers in words are replaced by marks before staff read them", "Small numbers are hidden"),
    ),
    (
        "Somebody steals the database, a backup or a disk",
        ("Words are stored locked (AES-256-GCM)", "The keys lie apart from the database"),
    ),
    (
        "Somebody listens on the network",
        ("The public address is reached by HTTPS", "The connection to the database is encrypted"),
    ),
    (
        "A stranger gets in as one of the staff",
        ("People sign in", "Those who see most need a second factor", "Sessions end"),
    ),
    (
        "One of the staff reads or takes out more than their work needs",
        ("What matters is recorded in an audit that shows changes",),
    ),
    ("Stories are kept for longer than they are needed", ("Stories are erased when their time is over",)),
    ("What people told is lost", ("There is a backup, locked with its own key",)),
    (HARM, ()),
    (UNCLEAR, ()),
)
OTHERWISE = {
    HARM: "Rules look for words of harm, hold the story back and start a clock. They find much and not all: people "
    "must read the queue.",
    UNCLEAR: "Each use is asked for in plain words in several languages. Whether people understand it shows only by "
    "asking them.",
}


def made(facts: Facts) -> Document:
    """The draft, in seven steps."""
    return Document(
        f"Draft data protection impact assessment: journeys told in {facts.place}",
        [
            Section("About this draft", [Text(_about(facts)), *facts.still_open("Still to be decided or done:")]),
            Section("1. Why an assessment is needed", [Text(NEED)]),
            Section(
                "2. What is done with data",
                [
                    Text(NATURE),
                    facts.answer("purposes"),
                    Text(facts.arrived()),
                    facts.categories_table(),
                    *recipients(facts),
                    facts.answer("hosting"),
                    facts.answer("transfers"),
                    facts.retention_table(),
                    Text(RETENTION),
                ],
            ),
            Section("3. Who was consulted", [facts.answer("consulted")]),
            Section(
                "4. Necessity and proportionality",
                [
                    facts.answer("lawful_basis"),
                    facts.answer("special_condition"),
                    facts.answer("basis_reason"),
                    Points(PROPORTIONATE),
                    Text("Could the purpose be reached with less data, or without free text?", open=True),
                ],
            ),
            Section("5. Risks to people", [risks(facts), facts.answer("risks")]),
            Section("6. Measures", [facts.measures_table()]),
            Section("7. Sign-off", [facts.answer("outcome"), Rows(SIGN_HEADS, SIGN_ROWS)]),
        ],
    )


SIGN_HEADS = ("Who", "Name and date", "Advice or decision")
SIGN_ROWS = (
    ("Data protection officer", TO_DECIDE, TO_DECIDE),
    ("Senior information risk owner", TO_DECIDE, TO_DECIDE),
    ("Next review", TO_DECIDE, ""),
)


def risks(facts: Facts) -> Rows:
    """Each risk with what stands against it and is on, and what is not."""
    on = {measure.name: measure.on for measure in facts.measures}
    rows = [(risk, _against(risk, names, on), TO_DECIDE, TO_DECIDE, TO_DECIDE) for risk, names in RISKS]
    return Rows(("Risk", "What stands against it", "Likelihood", "Severity", "What remains"), rows)


def _against(risk: str, names: tuple[str, ...], on: dict[str, bool]) -> str:
    if not names:
        return OTHERWISE[risk]
    return ". ".join(name if on[name] else f"NOT ON: {name}" for name in names) + "."


def _about(facts: Facts) -> str:
    return (
        f"A draft, made by the product on {day(facts.on)}. It is no assessment until people have weighed the risks, "
        "the data protection officer has advised, and somebody has signed."
    )
