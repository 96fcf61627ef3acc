"""Equality answers: kept apart and once, and counted so that nobody can be worked out from what is shown."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight import equality, intake
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.database import session, write_session
from insight.equality.rules import counts_shown, whole_steps
from insight.equality.tables import EqualityRow
from insight.errors import BadInput, Conflict, NotFound
from insight.intake.tables import StoryRow

DESIGNER = Actor(Role.DESIGNER, "designer one")


@pytest.fixture
def place(database: str) -> intake.Place:
    return intake.add_place(SYSTEM, "Testham")


def sent() -> str:
    """The key of a journey that was sent."""
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, {"what_happened": "I waited.", "consent": ["analyse"]})
    intake.submit(RESIDENT, key)
    return key


def kept() -> list[EqualityRow]:
    with session() as opened:
        return list(opened.query(EqualityRow))


def test_what_is_told_is_kept_once_by_question_and_nothing_told_keeps_nothing(place: intake.Place) -> None:
    key = sent()
    equality.keep(RESIDENT, key, {"sex": None, "religion": ""})
    assert kept() == []
    equality.keep(RESIDENT, key, {"sex": "female", "religion": "none"})
    equality.keep(RESIDENT, key, {"religion": "skip", "age_band": "25_34"})
    (row,) = kept()
    assert row.answers == {"sex": "female", "religion": "skip", "age_band": "25_34"}
    assert (row.place_id, row.wording) == (place.id, "equality-1")


def test_a_change_of_the_journey_keeps_its_answers_and_may_add_to_them(place: intake.Place) -> None:
    key = sent()
    equality.keep(RESIDENT, key, {"sex": "male"})
    again = intake.amend_draft(RESIDENT, intake.open_draft(RESIDENT, key).reference or "").key
    with pytest.raises(Conflict):
        equality.keep(RESIDENT, again, {"sex": "female"})
    intake.submit(RESIDENT, again)
    equality.keep(RESIDENT, again, {"religion": "none"})
    assert [row.answers for row in kept()] == [{"sex": "male", "religion": "none"}]


def test_what_was_not_asked_and_what_was_not_sent_is_refused(place: intake.Place) -> None:
    draft = intake.start_draft(RESIDENT).key
    with pytest.raises(Conflict):
        equality.keep(RESIDENT, draft, {"sex": "female"})
    with pytest.raises(NotFound):
        equality.keep(RESIDENT, "guessed", {"sex": "female"})
    for wrong in ({"sex": "25_34"}, {"name": "x"}, {"sex": ["female"]}):
        with pytest.raises(BadInput):
            equality.keep(RESIDENT, sent(), wrong)
    assert kept() == []


def test_erasing_the_story_erases_the_answers(place: intake.Place) -> None:
    equality.keep(RESIDENT, sent(), {"sex": "female"})
    with write_session() as opened:
        opened.delete(opened.query(StoryRow).one())
    assert kept() == []


def test_counts_are_of_whole_steps_and_small_ones_are_hidden(place: intake.Place) -> None:
    assert equality.counts(DESIGNER, place) == equality.Heard(None, None, 5, ())
    for number in range(23):
        told = {"sex": ("female", "male", "female", None)[number % 4], "age_band": "25_34" if number % 4 else "85_over"}
        equality.keep(RESIDENT, sent(), told)
    heard = equality.counts(DESIGNER, place)
    assert (heard.journeys, heard.told) == (23, 20)
    sex = next(question for question in heard.questions if question.id == "sex")
    assert [(option.code, option.count) for option in sex.options] == [("female", 10), ("male", None), ("skip", None)]
    assert sex.left_out is None, "male and left out are five each: which of them is hidden with the one would tell"
    age = next(question for question in heard.questions if question.id == "age_band")
    assert {option.code: option.count for option in age.options if option.count} == {"25_34": 15}


def test_one_more_answer_changes_no_count(place: intake.Place) -> None:
    for _ in range(10):
        equality.keep(RESIDENT, sent(), {"sex": "female"})
    before = equality.counts(DESIGNER, place)
    equality.keep(RESIDENT, sent(), {"sex": "male", "religion": "jewish"})
    after = equality.counts(DESIGNER, place)
    assert (after.told, after.questions) == (before.told, before.questions)


def splits(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many tellers can have chosen among so many answers."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in splits(total - first, cells - 1):
            yield (first, *rest)


@pytest.mark.parametrize("threshold", [2, 3, 5])
@pytest.mark.parametrize(("cells", "most"), [(2, 24), (3, 20), (4, 12)])
def test_no_hidden_count_can_be_worked_out_even_by_who_knows_the_rule(threshold: int, cells: int, most: int) -> None:
    for total in range(threshold, most + 1):
        behind = defaultdict(list)
        for counts in splits(total, cells):
            behind[counts_shown(counts, threshold)].append(counts)
        for seen, possible in behind.items():
            for place, count in enumerate(seen):
                assert count is not None or len({counts[place] for counts in possible}) > 1, (seen, possible)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=12), st.integers(1, 12))
def test_what_is_shown_is_true_and_large_and_hides_two_at_least(counts: list[int], threshold: int) -> None:
    seen = counts_shown(counts, threshold)
    assert all(told is None or told == count >= threshold for told, count in zip(seen, counts, strict=True))
    hidden = [count for told, count in zip(seen, counts, strict=True) if told is None]
    assert len(hidden) != 1
    assert not hidden or max(hidden) <= min([told for told in seen if told is not None], default=max(hidden))
    assert not all(count >= threshold for count in counts) or hidden == []


@given(st.integers(0, 10_000), st.integers(1, 20))
def test_whole_steps_never_differ_by_one(number: int, step: int) -> None:
    counted = whole_steps(number, step)
    assert counted % step == 0 and 0 <= number - counted < step
