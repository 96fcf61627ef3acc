"""The safe copy: what may point to a person is a mark for everyone but the teller and those who may read originals."""

import pytest
from sqlalchemy import select, text

from insight import intake, receipts
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.database import engine, session
from insight.intake import ConsentScope, store
from insight.intake.tables import OriginalRow, StepRow, StoryRow

TOLD = "My name is Callum Fairweather, ring me on 07700 900123. Nobody rang back."
NOTE = "I wrote to callum@example.org and heard nothing."
SECRETS = ("Callum", "Fairweather", "900123", "callum@example.org")
FRONTLINE = Actor(Role.FRONTLINE, "worker one", organisation="Ottermarsh Citizens Advice")


@pytest.fixture
def place(database: str) -> intake.Place:
    return intake.add_place(SYSTEM, "Testham")


def told(place: intake.Place) -> str:
    key = intake.start_draft(RESIDENT).key
    steps = [{"service": "Council tax", "feeling": "-2", "note": NOTE}]
    intake.save_draft(RESIDENT, key, {"what_happened": TOLD, "steps": steps, "consent": ["analyse", "contact"]})
    return intake.submit(RESIDENT, key).reference


def safe_words(reference: str) -> str:
    with session() as opened:
        row = opened.scalars(select(StoryRow).where(StoryRow.reference == reference)).one()
        return str(store.story_of(opened, row))


def test_everyone_reads_the_safe_copy_and_the_teller_their_own_words(place: intake.Place) -> None:
    reference = told(place)
    safe = safe_words(reference)
    assert "[name]" in safe and "[phone]" in safe and "[email]" in safe and "Nobody rang back." in safe
    assert not [secret for secret in SECRETS if secret in safe]
    held = str(receipts.held(RESIDENT, reference))
    assert all(secret in held for secret in SECRETS)
    (request,), _waiting = receipts.waiting_for_reply(Actor(Role.DESIGNER, "designer one"), place)
    assert not [secret for secret in SECRETS if secret in str(request)]


def test_a_change_makes_a_new_safe_copy_and_words_without_identifiers_keep_none(place: intake.Place) -> None:
    reference = told(place)
    draft = intake.amend_draft(RESIDENT, reference)
    assert draft.answers["what_happened"] == TOLD
    intake.save_draft(RESIDENT, draft.key, {"what_happened": "Nobody rang back.", "steps": []})
    receipts.send_change(RESIDENT, draft.key)
    assert "Nobody rang back." in safe_words(reference) and "[" not in safe_words(reference).split("steps")[0]
    with session() as opened:
        assert opened.scalars(select(OriginalRow)).all() == []


def test_the_database_holds_no_word_in_clear(place: intake.Place) -> None:
    told(place)
    with engine().connect() as raw:
        for table in ("story", "step", "story_original", "draft", "consent"):
            kept = str(raw.execute(text(f"SELECT * FROM {table}")).fetchall())
            assert not [word for word in (*SECRETS, "rang back", "heard nothing") if word in kept], table


def test_what_staff_gather_carries_their_organisation(place: intake.Place) -> None:
    answers = {"what_happened": TOLD, "consent": ["analyse"], "consent_how": "verbal", "source": "staff_phone"}
    reference = intake.log_story(FRONTLINE, place, "token", answers).reference
    with session() as opened:
        row = opened.scalars(select(StoryRow).where(StoryRow.reference == reference)).one()
        assert row.gathered_by == FRONTLINE.organisation
    assert "Callum" not in safe_words(reference)
    assert intake.my_entries(FRONTLINE)[0].answers["what_happened"] == TOLD


def test_erasing_takes_the_original_along(place: intake.Place) -> None:
    reference = told(place)
    receipts.withdraw(RESIDENT, reference, ConsentScope.ANALYSE)
    receipts.erase(RESIDENT, reference)
    with session() as opened:
        assert not opened.scalars(select(OriginalRow)).all() and not opened.scalars(select(StepRow)).all()
