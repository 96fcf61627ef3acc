"""Passages read, moved, taken back, and grouped; the codebook out and in: on both databases."""

import numpy as np
import pytest

from insight import codebook, coding, intake, painpoints
from insight.access import SYSTEM, Actor, Role
from insight.codebook import State
from insight.coding import Order, Shown, Witness
from insight.coding.clumps import Floats, clumps, telling_words
from insight.database import write_session
from insight.errors import BadInput, Conflict, NotFound
from insight.intake import Place
from insight.painpoints import store
from insight.painpoints.vectors import in_parts
from tests.stores.made_runs import add_run, add_stories, shown

ANA, BEN = Actor(Role.DESIGNER, "Ana"), Actor(Role.DESIGNER, "Ben")
CALLS, LETTERS = ("nobody rang me back about it", "long letters nobody could read")


@pytest.fixture
def place(database: str) -> Place:
    """A place with eight passages in theme 0 (five of calls, three of letters), five in theme 1, two that fit none."""
    painpoints.forget_cached_runs()
    made = intake.add_place(SYSTEM, "Testham", organisations=[], services=[])
    texts = [CALLS] * 5 + [LETTERS] * 3 + ["the bus never came"] * 5 + ["well", "so it goes"]
    told = add_stories(made, 0, [f"{text} {number}" for number, text in enumerate(texts)])
    add_run(made, told, [0] * 8 + [1] * 5 + [-1] * 2)
    return made


def numbers(place: Place, theme: int | None, **asked: str) -> list[int]:
    return [one.said.number for one in coding.passages_of(ANA, place, theme, **asked).passages]  # type: ignore[arg-type]


def test_passages_are_read_in_order_and_found_by_words(place: Place) -> None:
    page = coding.passages_of(ANA, place, 0)
    assert (page.total, page.whole, page.journeys, dict(page.witnesses)) == (8, 8, 8, {Witness.MACHINE: 8})
    assert numbers(place, 0) == list(range(8)) == numbers(place, 0, order=Order.DOUBTFUL)[::-1]
    assert numbers(place, 0, order=Order.NEWEST) == list(range(8))[::-1]
    found = coding.passages_of(ANA, place, 0, words="READ letters")
    assert [one.said.number for one in found.passages] == [5, 6, 7] and (found.total, found.searched) == (3, 8)
    assert numbers(place, None) == [13, 14]
    assert coding.passages_of(ANA, place, 0, page=9).page == 1


def test_a_moved_passage_says_who_moved_it_and_goes_back_to_what_was_said_before(place: Place) -> None:
    first = coding.move(ANA, place, [5, 6], [1, 0], "about letters")
    assert numbers(place, 0) == [0, 1, 2, 3, 4, 7]
    moved = next(one for one in coding.passages_of(ANA, place, 1).passages if one.said.number == 5)
    assert (moved.witness, moved.by, moved.why, moved.also) == (Witness.PERSON, "Ana", "about letters", (0,))
    second = coding.move(BEN, place, [5], [], "says nothing")
    assert numbers(place, None) == [5, 13, 14]
    coding.put_back(BEN, place, second)
    assert 5 in numbers(place, 1) and codebook.coded(ANA, place.id).keys() == codebook.coded(BEN, place.id).keys()
    coding.put_back(ANA, place, first)
    assert numbers(place, 0) == list(range(8)) and not codebook.coded(ANA, place.id)
    coding.move(ANA, place, [7], [1])
    coding.take_back(ANA, place, [7])
    assert numbers(place, 0) == list(range(8))
    assert numbers(place, 0, order=Order.DOUBTFUL)[0] == 7


def test_what_was_shown_must_still_hold(place: Place) -> None:
    seen = coding.passages_of(ANA, place, 0).shown
    coding.move(BEN, place, [3], [1])
    with pytest.raises(Conflict, match="Somebody moved one of these"):
        coding.move(ANA, place, [2, 3], [], "", seen)
    with pytest.raises(Conflict, match="new analysis was published"):
        coding.move(ANA, place, [2], [1], "", Shown(seen.run_id + 1, 0))
    with pytest.raises(BadInput, match="Tick at least one"):
        coding.move(ANA, place, [], [1])
    with pytest.raises(NotFound, match="no passage with that number"):
        coding.move(ANA, place, [99], [1])
    assert numbers(place, 0) == [0, 1, 2, 4, 5, 6, 7]
    moved, new = coding.move_to_new(ANA, place, [0, 1], "Calls", "", seen)
    assert numbers(place, new) == [0, 1] and moved.before == ((0, None), (1, None))


def test_a_run_from_before_the_codebook_takes_its_place_when_the_page_is_opened(place: Place) -> None:
    from insight import runs

    told = add_stories(place, 100, ["rain on the way there"] * 6)
    run = add_run(place, told, [0] * 6, publish=False)
    runs.publish(SYSTEM, run)
    book = coding.overview(ANA, place)
    assert set(shown(run).values()) <= set(book.lines) and {one.kind for one in book.news} == {"new", "gone"}


def test_the_overview_nests_hides_small_numbers_and_keeps_what_is_out_of_use(place: Place) -> None:
    codebook.nest(ANA, place.id, 1, codebook.make(ANA, place.id, "Getting about"))
    codebook.nest(ANA, place.id, 1, 0)
    coding.move(ANA, place, [8], [0])
    book = coding.overview(ANA, place)
    assert [line.theme.number for line in book.roots] == [0, 2] and book.lines[1].parents == (2, 0)
    assert (book.lines[1].journeys, book.lines[1].passages) == (None, None), "four is too few"
    assert (book.lines[2].own, book.lines[2].family, book.lines[2].kind) == (False, None, "hurts")
    assert (book.lines[0].journeys, book.lines[0].family) == (9, 13)
    assert book.lines[0].quote is not None and (book.unplaced, book.coded) == (None, 1)
    codebook.merge(ANA, place.id, 2, 1)
    codebook.set_aside(ANA, place.id, 0)
    book = coding.overview(ANA, place)
    assert [one.number for one in book.set_aside] == [0] and [one.number for one in book.merged] == [2]
    assert book.lines[1].parents == () and book.unplaced == 11


def planted(seed: int = 0) -> tuple[Floats, np.ndarray]:
    """Rows of length 1 around three directions, and which each is of."""
    drawn = np.random.default_rng(seed)
    group = drawn.permutation(np.repeat([0, 1, 2], [300, 200, 100]))
    rows = np.eye(16)[group] + drawn.normal(0, 0.12, (600, 16))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows.astype(np.float32), group


def test_planted_groups_are_found_again_the_biggest_first() -> None:
    rows, group = planted()
    found, centres = clumps(rows, 3)
    assert (found == group).mean() > 0.99 and centres.shape == (3, 16)
    again, _centres = clumps(rows, 3)
    assert (found == again).all()
    same, one = clumps(np.full((5, 4), 0.5, np.float32), 4)
    assert set(same.tolist()) == {0} and len(one) == 1
    words = telling_words([["the phone rang", "no phone at home"], ["a letter came", "that letter again"]])
    assert [told[0] for told in words] == ["phone", "letter"]


def with_meanings(place: Place) -> None:
    """Give the passages of theme 0 two meanings: calls and letters; one of them means nothing."""
    rows = np.eye(8, dtype=np.float32)[[0] * 5 + [1] * 3 + [2] * 5 + [3, 4]]
    rows[4] = 0
    run = coding.passages_of(ANA, place, 0).shown.run_id
    with write_session() as opened:
        for part, body in in_parts(rows, np.zeros(8, np.float32), "made"):
            store.replace_vectors(opened, run, part, body)


def test_a_theme_is_split_into_the_groups_that_are_named_and_comes_together_again(place: Place) -> None:
    with_meanings(place)
    proposal = coding.groups_within(ANA, place, 0)
    assert [group.passages for group in proposal.groups] == [(0, 1, 2, 3), (5, 6, 7)] and proposal.left == 1
    assert {"rang", "back"} <= set(proposal.groups[0].words) and "letters" in proposal.groups[1].words
    assert [len(group.quotes) for group in proposal.groups] == [1, 1], "what says the same is shown once"
    with pytest.raises(BadInput, match="2 to 6 groups"):
        coding.groups_within(ANA, place, 0, 7)
    group = proposal.groups[1].passages
    with pytest.raises(BadInput, match="same name"):
        coding.split(ANA, place, 0, [("Letters", group[:1]), ("letters ", group[1:])])
    (new,) = coding.split(ANA, place, 0, [("Letters", group)], "two things", proposal.shown)
    assert numbers(place, new) == [5, 6, 7] and numbers(place, 0) == [0, 1, 2, 3, 4]
    with pytest.raises(Conflict, match="Somebody moved"):
        coding.split(BEN, place, 0, [("Post", group)], "", proposal.shown)
    coding.undo_all(ANA, place, [codebook.book(ANA, place.id).decisions[-1].id])
    assert numbers(place, 0) == list(range(8))
    made = coding.split(ANA, place, None, [("Sighs", [13]), ("Turns of speech", [14])])
    assert [numbers(place, one) for one in made] == [[13], [14]]


def test_history_tells_people_from_the_machine_and_codings_are_taken_back(place: Place) -> None:
    codebook.rename(ANA, place.id, 0, "Calls", "read them")
    codebook.rename(BEN, place.id, 0, "No call back")
    coding.move(BEN, place, [5, 6], [1])
    told = coding.history(ANA, place)
    assert [(one.by, one.was) for one in told.events] == [
        ("Ben", ""),
        ("Ben", "Calls"),
        ("Ana", "Machine's name 0"),
        ("", ""),
    ]
    coded = told.events[0].coded
    assert coded is not None and (coded.passages, coded.themes, len(coded.standing)) == (2, (1,), 2)
    assert told.events[-1].found == 2
    assert coding.history(ANA, place, 1).total == 2, "the theme's own history"
    coding.take_back_coded(ANA, place, coded)
    assert numbers(place, 0) == list(range(8))
    with pytest.raises(Conflict, match="Nothing of this holds"):
        coding.take_back_coded(BEN, place, coded)


def test_a_codebook_goes_out_and_comes_back_changed(place: Place) -> None:
    codebook.describe(ANA, place.id, 0, "Calls that never come", "phone", "")
    for name, body in (("book.csv", coding.as_csv(ANA, place)), ("book.qdc", coding.as_qdc(ANA, place))):
        assert not any(step.changes for step in coding.preview(ANA, place, name, body).steps)
    table = coding.as_csv(ANA, place).decode("utf-8-sig").replace("Calls that never come", "Nobody rings back")
    rows = table.splitlines()
    changed = "\n".join([*rows[:2], rows[2].replace("Machine's name 1", "Buses"), ',New one,About it,,,"Buses",,'])
    seen = coding.preview(ANA, place, "book.csv", changed.encode())
    assert [step.read.name for step in seen.new] == ["New one"] and [step.number for step in seen.changed] == [0, 1]
    made = coding.bring_in(ANA, place, "book.csv", changed.encode(), seen, "from a workshop")
    themes = codebook.book(ANA, place.id).themes
    assert themes[0].description == "Nobody rings back" and themes[0].includes == "phone"
    assert themes[1].label == "Buses" and themes[2].label == "New one" and themes[2].parents == (1,)
    with pytest.raises(Conflict, match="changed meanwhile"):
        coding.bring_in(ANA, place, "book.csv", changed.encode(), seen)
    coding.undo_all(ANA, place, made)
    themes = codebook.book(ANA, place.id).themes
    assert themes[1].label == "Machine's name 1" and themes[2].state is State.SET_ASIDE


def test_numbers_of_another_codebook_are_not_believed(place: Place) -> None:
    foreign = b"number,name,description\n0,Parking,Cars\n1,Machine's name 0,Ours\n"
    seen = coding.preview(ANA, place, "theirs.csv", foreign)
    assert [(step.number, step.label) for step in seen.steps] == [(None, "Parking"), (0, "")]
    with pytest.raises(BadInput, match="longer than 120"):
        coding.preview(ANA, place, "long.csv", b"name\n" + b"x" * 130 + b"\n")
