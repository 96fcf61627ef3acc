"""The record of processing activities (UK GDPR, Article 30(1)), from facts. Pure; it says what is still open."""

from insight.language import day
from insight.records.document import Document, Points, Section, Text
from insight.records.facts import Facts


def made(facts: Facts) -> Document:
    """The record, in the order of Article 30(1)(a) to (g)."""
    return Document(
        f"Record of processing: journeys told in {facts.place}",
        [
            Section("About this record", [Text(_about(facts)), *facts.still_open(OPEN)]),
            Section("Controller", [facts.answer("controller"), facts.answer("protection_officer")]),
            Section(
                "Purposes and lawful basis",
                [
                    facts.answer("purposes"),
                    facts.answer("lawful_basis"),
                    facts.answer("special_condition"),
                    facts.answer("basis_reason"),
                ],
            ),
            Section("People and categories of data", [Text(facts.arrived()), facts.categories_table()]),
            Section("Recipients", recipients(facts)),
            Section("Transfers to other countries", [facts.answer("transfers")]),
            Section("How long it is kept", [facts.retention_table(), Text(RETENTION)]),
            Section("Security", [facts.measures_table(), facts.answer("hosting")]),
        ],
    )


OPEN = "This record is not complete. Still to be decided or done:"
RETENTION = (
    "What is overdue is erased every day with all that was made of it. A story whose safeguarding item is open stays "
    "until that is decided. Imported and logged stories count from the day they were told, not the day they arrived."
)


def recipients(facts: Facts) -> list[Text | Points]:
    """Who receives data: partners, and that quotes may leave."""
    if not facts.partners:
        partners: list[Text | Points] = [Text("No partner organisation has accounts here, or gathered stories.")]
    else:
        partners = [
            Text(
                "Staff of these organisations sign in. They read the stories that their own organisation gathered, and "
                "of all others only counts and released quotes:"
            ),
            Points(facts.partners),
        ]
    return [
        *partners,
        Text("What leaves the place is counts with small numbers hidden, and quotes that were released."),
    ]


def _about(facts: Facts) -> str:
    invented = " The place is invented." if facts.synthetic else ""
    return (
        f"Made by the product on {day(facts.on)} from what people entered, the settings and the database.{invented} "
        "It is true of what the product does; it cannot know what people do beside it, such as with printed paper, "
        "downloads or backups."
    )
