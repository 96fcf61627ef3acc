"""What is recorded: every use case that reads or changes something of consequence, or a reason why not."""

import re
from importlib import import_module
from pathlib import Path

import pytest

import insight
from insight.access import Permission, UseCase
from pages.auditing.words import ACTIONS

# Whoever holds only these sees counts with small numbers hidden, safe copies, or a screen of their own.
OF_NO_CONSEQUENCE = {
    Permission.SEE_INSIGHT: "counts, with small numbers hidden",
    Permission.COUNT_EQUALITY: "counts, with small numbers hidden",
    Permission.READ_STORIES: "the safe copy, with what points to a person replaced; raising a concern is recorded",
    Permission.CODE: "the codebook keeps every decision and coding with who, when and why; what leaves is recorded",
    Permission.READ_AUDIT: "the audit would grow by being looked at",
    Permission.OWN_ACCOUNT: "one's own screen; what matters among it is marked by the accounts room",
}
REASONS: dict[str, tuple[str, ...]] = {
    "the story itself says who told or logged it, and when": ("intake.log_story", "intake.submit"),
    "only done by way of a use case that is recorded": (
        "coding.publish",
        "journeys.export_log",
        "receipts.amend_entry",
        "receipts.take_back_reply_request",
        "runs.publish_within",
    ),
    "a draft of one's own, which nobody else sees": (
        "equality.equality_questions",
        "equality.keep",
        "intake.amend_draft",
        "intake.choose_language",
        "intake.concerns_of",
        "intake.invitation",
        "intake.open_by_words",
        "intake.open_draft",
        "intake.place_lists",
        "intake.resume_words",
        "intake.save_draft",
        "intake.start_draft",
    ),
    "tellers and staff see what they wrote themselves": (
        "intake.my_entries",
        "receipts.held",
        "receipts.open_receipt",
        "receipts.proof_of",
    ),
    "no word of a story is shown, and nothing is changed": (
        "accounts.invitations",
        "accounts.people",
        "accounts.refused_sign_ins",
        "intake.preview",
        "intake.recent_imports",
        "intake.saved_mappings",
        "journeys.case_logs",
        "journeys.header",
        "journeys.journeys_leaving",
        "moderation.queue",
        "operations.key_uses",
        "records.processing",
        "records.retention",
        "runs.recent",
        "safeguarding.decided",
        "safeguarding.item",
        "safeguarding.queue",
        "surveys.poster",
        "surveys.preview",
        "surveys.progress",
        "surveys.survey",
        "surveys.surveys",
    ),
    "the safe copy, with what points to a person replaced": ("receipts.waiting_for_reply",),
    "versions are kept, each with who and when": ("journeys.save_intended", "journeys.save_phases"),
    "a survey is changed by its publishing, which is recorded": ("surveys.create", "surveys.revise"),
    "the database in use may be the very one that is lost, or a throw-away one": (
        "operations.drill",
        "operations.restore",
    ),
    "which column means what, and no data": ("intake.save_mapping",),
    "forgets every hour what nobody sent; the command that tidies is recorded": ("intake.forget_old_drafts",),
}


def _use_cases() -> dict[str, UseCase[..., object]]:
    """Every use case by the name that the audit gives it."""
    found: dict[str, UseCase[..., object]] = {}
    root = Path(insight.__path__[0])
    for path in sorted(root.rglob("*.py")):
        if "\n@use_case(" not in path.read_text("utf-8"):
            continue
        module = ".".join(("insight", *path.relative_to(root).with_suffix("").parts))
        for function in vars(import_module(module)).values():
            if hasattr(function, "recorded") and function.__module__ == module:
                name = f"{module.split('.')[1]}.{function.__name__}"
                if function.recorded:
                    assert not (name in found and found[name].recorded), f"two recorded use cases are called {name}"
                found[name] = function if function.recorded or name not in found else found[name]
    return found


USE_CASES = _use_cases()
RECORDED = sorted(name for name, case in USE_CASES.items() if case.recorded)
ROOMS = {path.name for path in Path(insight.__path__[0]).iterdir() if path.is_dir()}


def _by_hand() -> set[str]:
    """What rooms write into the audit themselves, since it depends on the case: each name stands there in quotes."""
    named: set[str] = set()
    for path in Path(insight.__path__[0]).rglob("*.py"):
        told = path.read_text("utf-8")
        if path.parent.name != "audit" and path.name != "access.py" and "audit.record" in told:
            named |= {f"{room}.{deed}" for room, deed in re.findall(r'"([a-z]+)\.([a-z_]+)"', told) if room in ROOMS}
    return named


BY_HAND = _by_hand()
EXCUSED = {name for names in REASONS.values() for name in names}


def test_there_are_use_cases_to_check() -> None:
    assert len(RECORDED) >= 25
    assert len(USE_CASES) >= 100


def test_what_is_of_consequence_is_recorded_or_has_a_reason() -> None:
    open_questions = [
        name
        for name, case in USE_CASES.items()
        if not case.recorded
        and case.permission not in OF_NO_CONSEQUENCE
        and name not in EXCUSED
        and name not in BY_HAND
    ]
    assert open_questions == [], "mark them recorded=True, or give a reason here"


def test_no_reason_is_given_for_what_is_recorded_or_gone() -> None:
    assert sorted(name for name in EXCUSED if name not in USE_CASES or USE_CASES[name].recorded) == []
    assert not EXCUSED & BY_HAND
    assert not BY_HAND & set(RECORDED), "one entry for each deed"
    assert not {USE_CASES[name].permission for name in EXCUSED} & set(OF_NO_CONSEQUENCE)


@pytest.mark.parametrize(
    "permission",
    [Permission.READ_ORIGINALS, Permission.MANAGE_PEOPLE, Permission.MODERATE, Permission.EXPORT, Permission.PUBLISH],
)
def test_what_matters_most_is_excused_nowhere_but_by_name(permission: Permission) -> None:
    assert permission not in OF_NO_CONSEQUENCE


def test_pages_read_the_audit_by_its_use_cases_only() -> None:
    pages = Path(insight.__path__[0]).parent / "pages"
    taken = {
        name.strip()
        for path in pages.rglob("*.py")
        for names in re.findall(r"^from insight\.audit import (.+)$", path.read_text("utf-8"), re.MULTILINE)
        for name in names.split(",")
    }
    assert taken == {"Checked", "Entry", "in_words"}
    assert not [path for path in pages.rglob("*.py") if re.search(r"from insight import .*\baudit\b", path.read_text())]


def test_every_recorded_action_is_said_in_plain_words() -> None:
    assert sorted(ACTIONS) == sorted({*RECORDED, *BY_HAND}), (
        "pages/auditing/words.py: one line for each recorded use case"
    )
    said = list(ACTIONS.values())
    assert len(set(said)) == len(said)
    assert not [words for words in said if "_" in words or "." in words]
