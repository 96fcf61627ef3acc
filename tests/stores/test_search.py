"""Search and newcomers on real databases: what is found, what is hidden, and that nothing held back shows anywhere."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from sqlalchemy import update

from insight import intake, painpoints, safeguarding
from insight.access import SYSTEM, Actor, Role
from insight.database import session, write_session
from insight.errors import BadInput, NotAllowed, NotFound, NotReady
from insight.intake.tables import StoryRow
from insight.painpoints import meant, newcomers, store
from insight.painpoints.vectors import in_parts
from insight.search import By, Close, Found, more_like, search
from insight.text import quick
from tests.stores.made_runs import add_run, add_stories

DESIGNER = Actor(Role.DESIGNER, "designer one")
CALLS = (
    "Nobody rang me back",
    "nobody called me back for a week",
    "They never returned my call",
    "I rang five times and nobody answered",
    "No one phoned me back about the repair",
    "Still waiting for somebody to call me back",
)
FORMS = (
    "The form was far too long",
    "I could not understand the form",
    "Forms and more forms, 40 pages",
    "The FORM asked for things I don’t have",
    "A 50% long form at Café Zoë",
    "the form is confusing and long",
)


@pytest.fixture
def place(database: str) -> Iterator[intake.Place]:
    painpoints.forget_cached_runs()
    yield intake.add_place(SYSTEM, "Testham")
    painpoints.forget_cached_runs()


def analysed(place: intake.Place, texts: Sequence[str], themes: Sequence[int]) -> list[int]:
    """A published run over stories of one passage each, with what they mean; gives the stories' ids."""
    told = add_stories(place, 1, texts)
    run_id = add_run(place, told, themes)
    vectors = quick.table().encode(texts)
    centre = vectors.mean(axis=0)
    apart = vectors - centre
    unit = (apart / np.linalg.norm(apart, axis=1, keepdims=True)).astype(np.float32)
    with write_session() as opened:
        for part, body in in_parts(unit, centre, quick.table().name):
            store.replace_vectors(opened, run_id, part, body)
    painpoints.forget_cached_runs()
    return [story for story, _text in told]


@pytest.fixture
def stories(place: intake.Place) -> list[int]:
    return analysed(place, [*CALLS, *FORMS], [0] * 6 + [1] * 6)


def passages(found: Found) -> list[str]:
    return [hit.evidence.passage for hit in found.hits]


def test_by_meaning_the_nearest_come_first_with_their_theme(place: intake.Place, stories: list[int]) -> None:
    found = search(DESIGNER, place, "nobody telephoned me back", by=By.MEANING)
    assert set(passages(found)[:3]) <= set(CALLS)
    assert found.hits[0].label == "Machine's name 0" and found.hits[0].close is Close.CLOSE
    assert (found.passages, found.journeys) == (None, None) and found.nearest == found.total
    calls = next(one for one in found.by_theme if one.label == "Machine's name 0")
    assert calls.journeys >= 5
    assert search(DESIGNER, place, "☃ ☃", by=By.MEANING).total == 0


def test_by_words_all_of_them_in_one_passage_whatever_case_and_ending(place: intake.Place, stories: list[int]) -> None:
    found = search(DESIGNER, place, "FORMS", by=By.WORDS)
    assert set(passages(found)) == set(FORMS)
    assert (found.total, found.passages, found.journeys, found.nearest) == (6, 6, 6, 0)
    assert all(hit.said and hit.close is None for hit in found.hits)
    assert passages(search(DESIGNER, place, "cafe zoe's", by=By.WORDS)) == [FORMS[4]]
    assert passages(search(DESIGNER, place, '"don\'t have"', by=By.WORDS)) == [FORMS[3]]
    assert passages(search(DESIGNER, place, '"form long"', by=By.WORDS)) == []
    few = search(DESIGNER, place, "form long", by=By.WORDS)
    assert few.total == 3 and (few.passages, few.journeys) == (None, None), "too few journeys to be counted"
    assert few.by_theme == ()


@pytest.mark.parametrize("sign", ["%", "_", "\\", "' OR 1=1 --", "50%"])
def test_signs_of_sql_are_no_wildcards(place: intake.Place, stories: list[int], sign: str) -> None:
    assert passages(search(DESIGNER, place, sign, by=By.WORDS)) == ([FORMS[4]] if sign == "50%" else [])


def test_both_find_each_other_and_more_like_this_leaves_itself_out(place: intake.Place, stories: list[int]) -> None:
    both = search(DESIGNER, place, "form long", by=By.BOTH)
    assert set(passages(both)[:3]) == {FORMS[0], FORMS[4], FORMS[5]}
    assert both.total > 3 and [hit.said for hit in both.hits].count(True) == 3
    like = more_like(DESIGNER, place, 0)
    assert like.like is not None and like.like.passage == CALLS[0]
    assert CALLS[0] not in passages(like) and set(passages(like)[:2]) <= set(CALLS)


def test_what_is_held_back_is_in_no_list_and_no_count(place: intake.Place, stories: list[int]) -> None:
    before = search(DESIGNER, place, "form", by=By.WORDS).journeys
    safeguarding.raise_concern(DESIGNER, stories[6], ["self_harm"], "")
    assert (before, search(DESIGNER, place, "form", by=By.WORDS).journeys) == (6, 5)
    for by in By:
        assert FORMS[0] not in passages(search(DESIGNER, place, FORMS[0], by=by))
    with pytest.raises(NotFound):
        more_like(DESIGNER, place, 6)


def test_a_story_changed_since_is_passed_over_and_one_that_left_takes_its_vectors_along(
    place: intake.Place, stories: list[int]
) -> None:
    with write_session() as opened:
        opened.execute(update(StoryRow).where(StoryRow.id == stories[0]).values(version=2, what_happened="The form"))
    assert CALLS[0] not in passages(search(DESIGNER, place, "nobody rang back", by=By.BOTH))
    assert search(DESIGNER, place, "form", by=By.WORDS).total == 6
    with write_session() as opened:
        painpoints.leave_runs(opened, place.id, stories[7])
    assert FORMS[1] not in passages(search(DESIGNER, place, FORMS[1], by=By.BOTH))
    assert not any(known.rows[7].any() for _ref, known in meant._held.values())


def test_what_cannot_be_searched_says_what_to_do(place: intake.Place) -> None:
    with pytest.raises(NotReady, match="No analysis"):
        search(DESIGNER, place, "form")
    add_run(place, add_stories(place, 1, FORMS), [0] * 6)
    with pytest.raises(NotReady, match="Start a new one"):
        search(DESIGNER, place, "form", by=By.MEANING)
    assert search(DESIGNER, place, "form").by is By.WORDS
    for empty in ("", "  ", "x" * 400):
        with pytest.raises(BadInput):
            search(DESIGNER, place, empty)
    with pytest.raises(NotAllowed):
        search(Actor(Role.FRONTLINE), place, "form")


def test_new_and_changed_stories_are_placed_at_once_and_small_numbers_hidden(
    place: intake.Place, stories: list[int]
) -> None:
    assert newcomers.newcomers(DESIGNER, place).waiting is None
    more = [f"{words} again" for words in (*CALLS[:4], "Bananas and giraffes")]
    new = [story for story, _text in add_stories(place, 100, more)]
    found = newcomers.newcomers(DESIGNER, place)
    assert (found.waiting, found.speaking, dict(found.placed), found.not_yet) == (5, None, {}, 0)
    with write_session() as opened:
        opened.execute(update(StoryRow).where(StoryRow.id == stories[6]).values(version=2, what_happened=CALLS[0]))
    found = newcomers.newcomers(DESIGNER, place)
    calls = search(DESIGNER, place, "nobody", by=By.MEANING).hits[0]
    assert (found.waiting, found.speaking) == (6, 5)
    assert calls.label == "Machine's name 0" and dict(found.placed) == {calls.theme: 5}
    safeguarding.raise_concern(DESIGNER, new[0], ["self_harm"], "")
    assert newcomers.newcomers(DESIGNER, place).speaking is None
    with session() as opened:
        assert painpoints.pains_of_story(opened, place.id, new[1]) == ("Machine's name 0",)
        assert painpoints.pains_of_story(opened, place.id, stories[6]) == ("Machine's name 0",)
        assert painpoints.pains_of_story(opened, place.id, stories[8]) == ("Machine's name 1",)
        assert painpoints.pains_of_story(opened, place.id, new[4]) == ()
    painpoints.forget_cached_runs()
    with session() as opened:
        assert painpoints.pains_of_story(opened, place.id, stories[8]) == ("Machine's name 1",)
    assert not meant._held, "a receipt of a story that was read needs no vectors"


def test_no_more_stories_than_a_page_can_wait_for_are_placed_in_one_go(
    place: intake.Place, stories: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newcomers, "MOST_AT_ONCE", 4)
    add_stories(place, 100, [f"{words} again" for words in (*CALLS, *FORMS)][:10])
    assert [newcomers.newcomers(DESIGNER, place).not_yet for _ in range(4)] == [6, 2, 0, 0]
