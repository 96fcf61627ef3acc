"""The ways back to a journey: words that open a draft, another language, a change of what was sent; limits on tries."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from insight import intake, keys
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.database import session, write_session
from insight.errors import Conflict, NotFound
from insight.intake import place_store, reading_store, store
from insight.intake.conversion import as_answers, as_story
from insight.intake.tables import ConcernRow, DraftRow, StoryHistoryRow
from insight.intake.telling import store as drafts
from insight.limits import TooOften, count_try
from insight.moments import now

STEP: dict[str, Any] = {
    "service": "Housing advice",
    "channel": "phone",
    "when": {"month": "3", "year": "2026"},
    "waited": {"number": "21", "unit": "days"},
    "feeling": "-2",
    "told_again": "yes",
    "sent_elsewhere": "no",
    "sorted_out": "partly",
    "note": "Nobody rang back.",
    "hours": "1.5",
    "pounds": "3.50",
}
ANSWERS: dict[str, Any] = {
    "need": "housing",
    "what_happened": "I waited.",
    "steps": [STEP, {"service": "The food bank", "when": {"year": "2025"}}],
    "need_met": "partly",
    "teller_role": "self",
    "consent": ["analyse", "quote"],
}


@pytest.fixture
def place(database: str) -> intake.Place:
    return intake.add_place(SYSTEM, "Testham", organisations=[("Testham Council", "council")])


def told(answers: dict[str, Any] = ANSWERS) -> tuple[str, str]:
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, answers)
    return key, intake.submit(RESIDENT, key).reference


def test_four_words_open_a_draft_elsewhere_however_they_are_typed(place: intake.Place) -> None:
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, {"need": "housing"})
    words = intake.resume_words(RESIDENT, key)
    assert intake.resume_words(RESIDENT, key) == words
    for typed in (words, words.upper().replace("-", " "), f"  {words.replace('-', ', ')}. "):
        assert intake.open_by_words(RESIDENT, typed).key == key
    with session() as opened:
        row = opened.query(DraftRow).one()
        assert key not in f"{row.words_tag} {row.sealed_key} {row.key_hash}"
        assert not [word for word in words.split("-") if word in f"{row.words_tag} {row.sealed_key}"]


def test_words_open_nothing_once_the_journey_was_sent(place: intake.Place) -> None:
    key = intake.start_draft(RESIDENT).key
    words = intake.resume_words(RESIDENT, key)
    intake.save_draft(RESIDENT, key, ANSWERS)
    intake.submit(RESIDENT, key)
    with pytest.raises(NotFound):
        intake.open_by_words(RESIDENT, words)
    with pytest.raises(Conflict):
        intake.resume_words(RESIDENT, key)


@pytest.mark.parametrize("typed", ["", "one two three", "ʘ" * 500, "-".join(keys.word_list()[:4])])
def test_other_words_open_nothing(place: intake.Place, typed: str) -> None:
    intake.resume_words(RESIDENT, intake.start_draft(RESIDENT).key)
    with pytest.raises(NotFound):
        intake.open_by_words(RESIDENT, typed)


def test_the_language_changes_and_no_answer_does(place: intake.Place) -> None:
    key = intake.start_draft(RESIDENT, language="en").key
    intake.save_draft(RESIDENT, key, ANSWERS)
    draft = intake.choose_language(RESIDENT, key, "cy")
    assert (draft.language, draft.answers) == ("cy", ANSWERS)
    assert intake.choose_language(RESIDENT, key, "klingon").language == "cy"
    reference = intake.submit(RESIDENT, key).reference
    with session() as opened:
        row = store.story_by_reference(opened, reference)
        assert row is not None
        assert row.language == "cy"


def test_a_sent_journey_is_changed_under_its_reference_with_history(place: intake.Place) -> None:
    _, reference = told()
    draft = intake.amend_draft(RESIDENT, reference.lower().replace("-", " "))
    assert (draft.answers, draft.amends, draft.reference) == (ANSWERS, True, None)
    intake.save_draft(RESIDENT, draft.key, {"what_happened": "I waited, and then it was solved."})
    assert intake.submit(RESIDENT, draft.key).reference == reference
    assert intake.submit(RESIDENT, draft.key).reference == reference
    assert intake.open_draft(RESIDENT, draft.key).reference == reference
    with session() as opened:
        row = store.story_by_reference(opened, reference)
        assert row is not None
        assert (row.version, row.what_happened) == (2, "I waited, and then it was solved.")
        before = opened.query(StoryHistoryRow).one()
        assert (before.body["answers"]["what_happened"], before.changed_by) == ("I waited.", "teller")
        assert reading_store.count_stories(opened, place.id) == 1


def test_what_staff_added_stays_when_the_teller_changes_the_story(place: intake.Place) -> None:
    worker = Actor(Role.FRONTLINE, "worker one")
    logged = {**ANSWERS, "obstacles": ["systems"], "obstacle_text": "Two systems", "provenance": "paraphrase"}
    reference = intake.log_story(worker, place, "token", {**logged, "consent_how": "verbal"}).reference
    draft = intake.amend_draft(RESIDENT, reference)
    intake.save_draft(RESIDENT, draft.key, {"what_better": "One number to ring."})
    intake.submit(RESIDENT, draft.key)
    with session() as opened:
        row = store.story_by_reference(opened, reference)
        assert row is not None
        assert (row.what_better, row.obstacle_text, row.obstacles) == (
            "One number to ring.",
            "Two systems",
            ["systems"],
        )
        assert row.provenance == "paraphrase"


def test_a_change_that_speaks_of_more_harm_adds_to_what_waits_to_be_read(place: intake.Place) -> None:
    _, reference = told({**ANSWERS, "what_happened": "My husband hits me."})
    draft = intake.amend_draft(RESIDENT, reference)
    intake.save_draft(RESIDENT, draft.key, {"what_better": "I want to kill myself."})
    intake.submit(RESIDENT, draft.key)
    with session() as opened:
        waiting = opened.query(ConcernRow).one()
        assert waiting.state == "open"
        assert {"harm", "self_harm"} <= set(waiting.kinds)


def test_two_changes_at_once_do_not_overwrite_one_another(place: intake.Place) -> None:
    _, reference = told()
    first, second = (intake.amend_draft(RESIDENT, reference) for _ in range(2))
    intake.submit(RESIDENT, first.key)
    with pytest.raises(Conflict):
        intake.submit(RESIDENT, second.key)


@pytest.mark.parametrize("typed", ["", "BCD-F34-GHJK", "nonsense", "BCD-F34-GHJ" + "\0"])
def test_a_reference_that_is_not_ours_changes_nothing(place: intake.Place, typed: str) -> None:
    with pytest.raises(NotFound):
        intake.amend_draft(RESIDENT, typed)


def test_answers_tell_the_same_story_again(place: intake.Place) -> None:
    _, reference = told()
    with session() as opened:
        row = store.story_by_reference(opened, reference)
        assert row is not None
        story = store.story_of(opened, row)
        services = place_store.service_list(opened, place.id)
    again = as_story(intake.question_set(), as_answers(story), services)
    assert (again.steps, again.need, again.need_met, again.teller_role) == (
        story.steps,
        story.need,
        story.need_met,
        story.teller_role,
    )
    assert {c.scope: c.given for c in again.consents} == {c.scope: c.given for c in story.consents}


def test_a_front_ends_own_notes_never_reach_the_story(place: intake.Place) -> None:
    _, reference = told({**ANSWERS, "_removed": {"index": 0, "step": STEP}})
    with session() as opened:
        row = store.story_by_reference(opened, reference)
        assert row is not None
        assert "_removed" not in (row.answers or {})


def test_drafts_that_nobody_came_back_to_are_forgotten(place: intake.Place) -> None:
    old, new = intake.start_draft(RESIDENT).key, intake.start_draft(RESIDENT).key
    with write_session() as opened:
        row = drafts.draft_by_hash(opened, intake.digest(old))
        assert row is not None
        row.updated_at = now() - timedelta(days=31)
    assert intake.forget_old_drafts(SYSTEM) == 1
    assert intake.open_draft(RESIDENT, new).answers == {}
    with pytest.raises(NotFound):
        intake.open_draft(RESIDENT, old)


def test_tries_are_counted_per_asker_and_window_across_threads(database: str) -> None:
    def once(_: int) -> bool:
        try:
            count_try("guess", "192.0.2.1", most=5, seconds=600, now=1_000_000.0)
        except TooOften:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(once, range(12))) == 5
    assert count_try("guess", "192.0.2.2", most=5, seconds=600, now=1_000_000.0) == 4
    assert count_try("guess", "192.0.2.1", most=5, seconds=600, now=1_000_700.0) == 4
