"""Surveys on a real database: building together, versions and their drafts, opening and closing, results."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from insight import intake, surveys
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.database import session
from insight.errors import BadInput, NotFound, NotReady
from insight.intake import store
from insight.intake.questions import ConsentTo
from insight.intake.reading_store import consents_of
from insight.moments import now
from insight.surveys import Working, phrases, rules

DESIGNER = Actor(Role.DESIGNER, "designer one")
DOOR = "x_which_door_did_you_use"
TOLD: dict[str, Any] = {
    "need": "housing",
    "what_happened": "I waited.",
    "steps": [{"service": "Housing advice", "channel": "phone", "feeling": "-1"}],
    "consent": ["analyse"],
}


@pytest.fixture
def place(database: str) -> intake.Place:
    return intake.add_place(SYSTEM, "Testham", organisations=[("Testham Council", "council")])


def build(place: intake.Place, *edits: Callable[[Working], Working]) -> str:
    """A published survey in English, with a question of its own that must be answered and fewer of ours."""
    code = surveys.create(DESIGNER, place, "Winter in Testham").code
    change(place, code, partial(rules.offer, languages=["en"]), own("Which door did you use?", "Front", "Back"))
    change(
        place, code, partial(rules.require, path=DOOR, required=True), partial(rules.drop, path="steps.hours"), *edits
    )
    surveys.publish(DESIGNER, place, code)
    return code


def own(text: str, *options: str, kind: str = "choice") -> Callable[[Working], Working]:
    return lambda working: rules.add(working, rules.own_question(working, kind, text, options))


def change(place: intake.Place, code: str, *edits: Callable[[Working], Working]) -> surveys.Survey:
    for edit in edits:
        told = surveys.revise(DESIGNER, place, code, edit)
    return told


def answer(code: str, *, campaign: str | None = None, **told: Any) -> str:
    key = intake.start_draft(RESIDENT, survey=code, campaign=campaign).key
    intake.save_draft(RESIDENT, key, TOLD | told, "consent")
    return intake.submit(RESIDENT, key).reference


def answer_many(code: str, told: Iterable[dict[str, Any]], campaign: str | None = None) -> None:
    for one in told:
        answer(code, campaign=campaign, **one)


def test_a_survey_is_built_published_and_answered(place: intake.Place) -> None:
    code = build(place)
    key = intake.start_draft(RESIDENT, survey=code, campaign="library").key
    intake.save_draft(RESIDENT, key, TOLD)
    with pytest.raises(intake.AnswersNeedMending) as caught:
        intake.submit(RESIDENT, key)
    assert [problem.path for problem in caught.value.problems] == [DOOR], "it must be answered"
    intake.save_draft(RESIDENT, key, {DOOR: "chimney"})
    with pytest.raises(intake.AnswersNeedMending, match="Choose one"):
        intake.submit(RESIDENT, key)
    intake.save_draft(RESIDENT, key, {DOOR: "front"})
    receipt = intake.submit(RESIDENT, key)
    with session() as opened:
        row = store.story_by_reference(opened, receipt.reference)
        assert row is not None and row.answers is not None
        assert (row.answers[DOOR], row.campaign, row.what_happened) == ("front", "library", "I waited.")
        assert row.seconds is not None and row.seconds >= 0
        assert row.survey_id is not None
    again = intake.amend_draft(RESIDENT, receipt.reference)
    assert again.answers[DOOR] == "front" and again.questions.code == "survey-testham-winter-in-testham"


def test_a_version_never_changes_and_drafts_end_on_the_one_they_began(place: intake.Place) -> None:
    code = build(place)
    early = intake.start_draft(RESIDENT, survey=code)
    assert surveys.publish(DESIGNER, place, code) == surveys.Published(1, new=False)
    told = change(place, code, own("How did you pay?", kind="text"), partial(rules.drop, path=DOOR))
    assert told.changes == ("Added: How did you pay?", "Left out: Which door did you use?")
    assert intake.invitation(RESIDENT, None, code).questions.version == 1, "nobody sees what is not published"
    assert surveys.publish(DESIGNER, place, code) == surveys.Published(2, new=True)
    late = intake.start_draft(RESIDENT, survey=code)
    assert (early.questions.version, late.questions.version) == (1, 2)
    assert intake.open_draft(RESIDENT, early.key).questions == early.questions
    intake.save_draft(RESIDENT, early.key, TOLD | {DOOR: "back"})
    intake.submit(RESIDENT, early.key)
    change(place, code, partial(rules.restore, path=DOOR), partial(rules.drop, path="x_how_did_you_pay"))
    assert surveys.publish(DESIGNER, place, code).version == 3
    shown = surveys.survey(DESIGNER, place, code)
    assert (shown.version, shown.changes) == (3, ())


def test_what_is_missing_holds_publishing_up(place: intake.Place) -> None:
    code = surveys.create(DESIGNER, place, "Winter in Testham").code
    with pytest.raises(BadInput, match="missing in a language that is offered: 4"):
        surveys.publish(DESIGNER, place, code)
    with pytest.raises(NotFound):
        intake.start_draft(RESIDENT, survey=code)
    with pytest.raises(NotReady, match="Publish"):
        surveys.poster(DESIGNER, place, "https://a.uk", "en", code=code)
    change(
        place,
        code,
        *(partial(phrases.word, path="survey:title", language=c, text="T") for c in ("cy", "pl", "ur", "ar")),
    )
    assert surveys.publish(DESIGNER, place, code).new
    assert surveys.poster(DESIGNER, place, "https://a.uk", "cy", "The library", code).url == (
        f"https://a.uk/tell/s/{code}?from=the-library&lang=cy"
    )


def test_the_consent_that_people_saw_has_a_name_of_its_own(place: intake.Place) -> None:
    code = build(place, partial(phrases.word, path="consent:option.quote", language="en", text="Print a sentence"))
    reference = answer(code, **{DOOR: "front"})
    with session() as opened:
        row = store.story_by_reference(opened, reference)
        assert row is not None
        names = {consent.wording for consent in consents_of(opened, [row.id])}
    assert names == {"survey-testham-winter-in-testham-1"}
    asked = intake.invitation(RESIDENT, None, code).questions
    consent = next(question for question in asked.question if isinstance(question, ConsentTo))
    assert [option.code for option in consent.options] == ["analyse", "quote", "contact"]


def test_a_survey_opens_and_closes(place: intake.Place) -> None:
    code, today = build(place), now().date()
    assert surveys.survey(DESIGNER, place, code).state is surveys.State.OPEN
    begun = intake.start_draft(RESIDENT, survey=code).key
    assert surveys.close(DESIGNER, place, code).state is surveys.State.CLOSED
    with pytest.raises(BadInput, match="not open"):
        intake.start_draft(RESIDENT, survey=code)
    intake.save_draft(RESIDENT, begun, TOLD | {DOOR: "front"})
    assert intake.submit(RESIDENT, begun).reference, "who has started may finish"
    assert surveys.reopen(DESIGNER, place, code).state is surveys.State.OPEN
    told = surveys.set_dates(DESIGNER, place, code, today + timedelta(days=1), None)
    assert told.state is surveys.State.NOT_YET_OPEN
    with pytest.raises(BadInput, match="last day"):
        surveys.set_dates(DESIGNER, place, code, today, today - timedelta(days=1))
    assert surveys.set_dates(DESIGNER, place, code, today, today).state is surveys.State.OPEN


def test_two_people_build_one_survey_without_losing_an_edit(place: intake.Place) -> None:
    code = surveys.create(DESIGNER, place, "Winter").code
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: change(place, code, own(f"Question number {n}?", kind="yes_no")), range(8)))
        codes = set(pool.map(lambda _: surveys.create(DESIGNER, place, "Winter").code, range(4)))
    kept = {question.id for question in surveys.survey(DESIGNER, place, code).working.question}
    assert {f"x_question_number_{n}" for n in range(8)} <= kept
    assert codes == {"winter-2", "winter-3", "winter-4", "winter-5"}


def test_results_show_nothing_below_the_threshold_and_whole_batches_above(place: intake.Place) -> None:
    code = build(place, partial(rules.require, path=DOOR, required=False))
    answer_many(code, [{DOOR: "front"}] * 4)
    few = surveys.progress(DESIGNER, place, code)
    assert (few.sent, few.started, few.stops, few.counted, few.median_minutes) == (None, None, (), 0, None)
    assert (few.languages, few.sources, few.answers) == ((), (), ())
    assert surveys.surveys(DESIGNER, place)[0].answers is None
    answer_many(code, [{DOOR: "front"}] * 3, "library")
    answer_many(code, [{DOOR: "back"}] * 6, "library")
    answer_many(code, [{}] * 5 + [{"consent": []}] * 4, "rare")
    for reached in ["need"] * 3 + ["steps/1/where"] * 3:
        key = intake.start_draft(RESIDENT, survey=code).key
        intake.save_draft(RESIDENT, key, {"need": "housing"}, reached)
    told = surveys.progress(DESIGNER, place, code)
    assert (told.sent, told.started, told.counted, told.analysed) == (22, 28, 20, 15)
    assert [stop.count for stop in told.stops] == [6], "three and three are too few to stand alone"
    assert told.median_minutes == told.slowest_tenth_minutes == 1
    assert [(count.words, count.count) for count in told.languages] == [("English", 20)]
    assert {count.words: count.count for count in told.sources} == {"library": 9, "Others and none, together": 11}, (
        "showing the 7 of the other would tell that 4 had none"
    )
    (door,) = told.answers
    assert [(count.words, count.count) for count in door.counts] == [
        ("Front", 7), ("Back", None), ("Not answered", None)
    ], "6 went by the back, and showing it would tell that 2 of these 15 did not answer"  # fmt: skip
    assert door.hidden == 8


def test_what_is_written_to_a_question_of_a_survey_is_read_for_harm(
    place: intake.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def concerns_in(texts: Iterable[str]) -> tuple[()]:
        read.extend(texts)
        return ()

    monkeypatch.setattr(store, "concerns_in", concerns_in)
    code = build(place, own("Anything else?", kind="text"))
    reference = answer(code, **{DOOR: "front", "x_anything_else": "He hurts me."})
    assert "He hurts me." in read
    with session() as opened:
        row = store.story_by_reference(opened, reference)
        assert row is not None and store.story_of(opened, row).extras["x_anything_else"] == "He hurts me."
