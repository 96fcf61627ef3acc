"""What each table holds of people, in plain English: the categories of data for the record of processing.

A test goes through all tables: one that is new must be described here, or named among those without personal data.
"""

from collections.abc import Collection
from dataclasses import dataclass

TELLERS, STAFF, VISITORS = (
    "People who tell a journey, and people they mention",
    "Staff of the place and of its partners",
    "Anybody who opens the form or tries to sign in",
)


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of data about people: whose it is, what it is, which tables hold it, how long."""

    whose: str
    what: str
    tables: tuple[str, ...]
    kept: str
    special: bool = False


UNTIL_PURGED = "Until the retention rule's day, or until the teller erases it"
CATEGORIES = (
    Category(
        TELLERS,
        "The journey as it was told: own words, steps with services and dates, feelings, hours and money spent, who "
        "told it. Words may speak of health, family, money, faith or offences",
        ("story", "step", "story_original", "story_history"),
        UNTIL_PURGED,
        special=True,
    ),
    Category(TELLERS, "What was agreed to, when and how", ("consent",), UNTIL_PURGED),
    Category(
        TELLERS,
        "Answers on their way, which were not sent yet",
        ("draft",),
        "Days that the setting INSIGHT_DRAFT_DAYS names, after the last change",
        special=True,
    ),
    Category(
        TELLERS,
        "Equality monitoring: age band, sex, ethnic group, disability and what else is asked, apart from the story",
        ("equality_response",),
        UNTIL_PURGED,
        special=True,
    ),
    Category(TELLERS, "A reply that was asked for, and its words", ("reply",), UNTIL_PURGED),
    Category(
        TELLERS,
        "That a story speaks of harm, of which kind, and what was done about it",
        ("concern", "concern_event"),
        "The kinds and times outlive the story, so that what was done can be counted; notes go with it",
        special=True,
    ),
    Category(
        TELLERS,
        "What a moderator decided about a story, and which quotes were released",
        ("review", "quote_release"),
        UNTIL_PURGED,
    ),
    Category(
        TELLERS,
        "What analyses made of stories: where passages stand, which theme they fit, and numbers computed from them",
        ("passage", "cube", "passage_wording", "passage_vectors", "journey_record", "theme", "run_book", "learning"),
        "A story leaves every analysis on the day it goes",
        special=True,
    ),
    Category(
        TELLERS,
        "What colleagues coded of passages, and the rounds in which they read them",
        ("coding", "coding_round", "coding_round_passage"),
        "Codings go with their story",
    ),
    Category(
        TELLERS,
        "Case logs of services that were brought in, with pseudonyms in place of case numbers",
        ("case_log", "case_log_part"),
        "Until somebody deletes the case log; no retention rule covers it",
    ),
    Category(
        TELLERS,
        "That something was erased or purged: counts, moments, and a keyed tag so that no file brings it back",
        ("erasure", "erased_token", "purge"),
        "For ever; it leads back to nobody",
    ),
    Category(
        STAFF,
        "Login, name, role, organisation, when last here; a password's hash, second factor and recovery codes",
        (
            "account",
            "account_session",
            "account_ticket",
            "account_invitation",
            "account_recovery_code",
            "account_address",
        ),
        "As long as the account stands; sessions and links until they run out",
    ),
    Category(
        STAFF,
        "Who did what that matters, and when; of tellers no more than a keyed tag of their reference",
        ("audit_entry",),
        "The product deletes none; the place decides",
    ),
    Category(
        STAFF,
        "Who made, changed or published what",
        (
            "survey",
            "import",
            "analysis_run",
            "published_run",
            "codebook_decision",
            "lasting_theme",
            "journey_phases",
            "intended_journey",
            "retention",
            "processing_particular",
        ),
        "As long as what they made",
    ),
    Category(
        VISITORS,
        "How often something was tried from one address, under a keyed tag; refused sign-ins by day",
        ("attempts", "account_refused"),
        "A day; counts of refused sign-ins longer",
    ),
)
NOT_OF_PEOPLE = {
    "place": "the names of places",
    "organisation": "the names of organisations",
    "service": "the names of services",
    "question_set": "the questions that are asked",
    "import_mapping": "which column of a file means what",
    "job": "work that waits for a worker, by number",
}


def described() -> set[str]:
    """The tables that are spoken of."""
    return {table for category in CATEGORIES for table in category.tables} | set(NOT_OF_PEOPLE)


def held_in(tables: Collection[str]) -> list[Category]:
    """The categories of which any of these tables is there."""
    return [category for category in CATEGORIES if set(category.tables) & set(tables)]
