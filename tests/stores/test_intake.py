"""Intake on a real database: drafts, sending once, logging, changing, and races."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from insight import intake
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.database import session
from insight.errors import Conflict, NotAllowed, NotFound, NotReady
from insight.intake import questions, reading_store, store
from insight.intake.telling import service as telling

FRONTLINE = Actor(Role.FRONTLINE, "worker one")
ANSWERS: dict[str, Any] = {
    "need": "housing",
    "what_happened": "I waited and nobody rang\0 back.",
    "steps": [
        {
            "service": "Housing advice",
            "channel": "phone",
            "when": {"month": "3", "year": "2026"},
            "waited": {"number": "3", "unit": "weeks"},
            "promised": "unknown",
            "feeling": "-2",
            "told_again": "yes",
            "pounds": "£3.50",
        },
        {"service": "The food bank", "sorted_out": "yes"},
    ],
    "need_met": "partly",
    "consent": ["analyse"],
}

LOGGED = {**ANSWERS, "source": "staff_phone", "consent_how": "verbal"}


@pytest.fixture
def place(database: str) -> intake.Place:
    return intake.add_place(
        SYSTEM,
        "Testham",
        organisations=[("Testham Council", "council")],
        services=[intake.NewService("housing", "Housing advice", "Testham Council", 95)],
    )


def stories_of(place: intake.Place) -> int:
    with session() as opened:
        return reading_store.count_stories(opened, place.id)


def test_a_draft_keeps_every_answer_until_it_is_sent(place: intake.Place) -> None:
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, {"need": "housing"})
    intake.save_draft(RESIDENT, key, {"what_happened": "A long story"})
    assert intake.open_draft(RESIDENT, key).answers == {"need": "housing", "what_happened": "A long story"}


def test_a_story_arrives_whole_with_its_service_matched(place: intake.Place) -> None:
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, ANSWERS)
    receipt = intake.submit(RESIDENT, key)
    with session() as opened:
        row = store.story_by_reference(opened, receipt.reference)
        assert row is not None
        assert row.what_happened == "I waited and nobody rang back."
        first, second = reading_store.steps_of(opened, [row.id])
        assert (first.organisation_name, first.waited_days, first.promised_days, first.pence) == (
            "Testham Council",
            21,
            None,
            350,
        )
        assert first.service_id is not None
        assert (second.service_id, second.service_name) == (None, "The food bank")
        assert {c.scope: c.given for c in reading_store.consents_of(opened, [row.id])} == {
            "analyse": True,
            "quote": False,
            "contact": False,
        }


def test_sending_twice_stores_once_and_empties_the_draft(place: intake.Place) -> None:
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, ANSWERS)
    first = intake.submit(RESIDENT, key)
    assert intake.submit(RESIDENT, key) == first
    assert stories_of(place) == 1
    draft = intake.open_draft(RESIDENT, key)
    assert (draft.reference, draft.answers) == (first.reference, {})
    with pytest.raises(Conflict):
        intake.save_draft(RESIDENT, key, {"need": "money"})


def test_sending_at_the_same_moment_stores_once(place: intake.Place) -> None:
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, ANSWERS)

    def send(_: int) -> str:
        return intake.submit(RESIDENT, key).reference

    with ThreadPoolExecutor(8) as pool:
        references = set(pool.map(send, range(8)))
    assert len(references) == 1
    assert stories_of(place) == 1


def test_logging_at_the_same_moment_stores_once(place: intake.Place) -> None:
    def log(_: int) -> str:
        return intake.log_story(FRONTLINE, place, "one token", LOGGED).reference

    with ThreadPoolExecutor(8) as pool:
        references = set(pool.map(log, range(8)))
    assert len(references) == 1
    assert stories_of(place) == 1


def test_what_cannot_be_kept_is_named_and_the_draft_stays(place: intake.Place) -> None:
    key = intake.start_draft(RESIDENT).key
    wrong = {"what_happened": "Something", "steps": [{"when": {"day": "31", "month": "2", "year": "2026"}}]}
    intake.save_draft(RESIDENT, key, wrong)
    with pytest.raises(intake.AnswersNeedMending) as caught:
        intake.submit(RESIDENT, key)
    assert [p.path for p in caught.value.problems] == ["steps.0.when"]
    assert stories_of(place) == 0
    assert intake.open_draft(RESIDENT, key).answers["what_happened"] == "Something"


def test_a_story_without_anything_told_is_not_sent(place: intake.Place) -> None:
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, {"need": "housing", "consent": ["analyse"]})
    with pytest.raises(intake.AnswersNeedMending):
        intake.submit(RESIDENT, key)


def test_a_wrong_key_opens_nothing(place: intake.Place) -> None:
    with pytest.raises(NotFound):
        intake.open_draft(RESIDENT, "guessed")


def test_staff_log_once_and_mend_only_their_own(place: intake.Place) -> None:
    answers = {**LOGGED, "obstacles": ["systems"], "obstacle_text": "Two systems"}
    first = intake.log_story(FRONTLINE, place, "token", answers)
    assert intake.log_story(FRONTLINE, place, "token", answers) == first
    entry = intake.my_entries(FRONTLINE)[0]
    amended = intake.amend_entry(FRONTLINE, entry.reference, entry.version, {**answers, "what_better": "One number"})
    assert amended.version == 2
    with pytest.raises(Conflict):
        intake.amend_entry(FRONTLINE, entry.reference, entry.version, answers)
    with pytest.raises(NotFound):
        intake.amend_entry(Actor(Role.FRONTLINE, "worker two"), entry.reference, 2, answers)
    with pytest.raises(NotAllowed):
        intake.log_story(RESIDENT, place, "another", answers)


def test_a_used_question_set_may_not_change(place: intake.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    intake.start_draft(RESIDENT)
    changed = questions.question_set().model_copy(update={"digest": "0" * 64})
    monkeypatch.setattr(telling, "question_set", lambda *_: changed)
    with pytest.raises(NotReady, match=f"journey-{questions.question_set().version + 1}"):
        intake.start_draft(RESIDENT)


def test_only_stories_with_consent_are_analysed(place: intake.Place) -> None:
    for consent in (["analyse"], []):
        key = intake.start_draft(RESIDENT).key
        intake.save_draft(RESIDENT, key, {**ANSWERS, "consent": consent})
        intake.submit(RESIDENT, key)
    with session() as opened:
        chunks = list(reading_store.stories_in_chunks(opened, place.id, size=1))
    assert [len(stories) for stories, _ in chunks] == [1]
    assert [len(steps) for _, steps in chunks] == [2]
