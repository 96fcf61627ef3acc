"""The codebook: what people decide stands, can be undone, and goes on from run to run."""

from collections.abc import Sequence

import pytest

from insight import codebook, intake, painpoints, runs
from insight.access import SYSTEM, Actor, Role
from insight.codebook import State, rounds
from insight.codebook.change import Ref
from insight.database import session, write_session
from insight.errors import BadInput, Conflict, NotAllowed, NotFound, NotReady
from insight.intake import Place
from insight.intake.tables import StoryRow
from insight.painpoints.gathering import passage_key
from insight.painpoints.store import vectors_of_run
from tests.stores.made_runs import Told, add_run, add_stories, names, shown

ANA, BEN = Actor(Role.DESIGNER, "Ana"), Actor(Role.DESIGNER, "Ben")


@pytest.fixture
def place(database: str) -> Place:
    painpoints.forget_cached_runs()
    return intake.add_place(SYSTEM, "Testham", organisations=[], services=[])


def ref(told: Told) -> Ref:
    return told[0], passage_key(*told)


def refs(told: Sequence[Told]) -> list[Ref]:
    return [ref(one) for one in told]


def test_no_decision_before_there_is_a_published_run(place: Place) -> None:
    with pytest.raises(NotReady, match="Publish an analysis first"):
        codebook.make(ANA, place.id, "Waiting")
    with pytest.raises(NotAllowed):
        codebook.make(Actor(Role.FRONTLINE, "Fay"), place.id, "Waiting")


def test_decisions_stand_and_can_be_undone(place: Place) -> None:
    told = add_stories(place, 0, [f"words {n}" for n in range(12)])
    run = add_run(place, told, [0] * 5 + [1] * 4 + [2] * 3)
    codebook.rename(ANA, place.id, 0, "Nobody rings back", "read all five")
    codebook.merge(ANA, place.id, 1, 0)
    codebook.set_aside(BEN, place.id, 2, why="not about us")
    assert names(run) == {0: "Nobody rings back"}
    assert list(shown(run).values()) == [0] * 9 + [-1] * 3
    book = codebook.book(ANA, place.id)
    assert [theme.state for theme in book.themes.values()] == [State.ACTIVE, State.MERGED, State.SET_ASIDE]
    assert [(one.by, one.why) for one in book.decisions] == [
        ("Ana", "read all five"),
        ("Ana", ""),
        ("Ben", "not about us"),
    ]
    merged, aside = book.decisions[1].id, book.decisions[2].id
    codebook.undo(BEN, place.id, merged, "two things after all")
    assert list(shown(run).values()) == [0] * 5 + [1] * 4 + [-1] * 3
    with pytest.raises(Conflict, match="taken back already"):
        codebook.undo(ANA, place.id, merged)
    codebook.undo(ANA, place.id, codebook.book(ANA, place.id).decisions[-1].id)
    assert list(shown(run).values()) == [0] * 9 + [-1] * 3
    codebook.undo(ANA, place.id, aside)
    assert shown(run)[told[-1][0]] == 2


def test_names_are_checked_and_nothing_is_lost(place: Place) -> None:
    told = add_stories(place, 0, [f"words {n}" for n in range(4)])
    add_run(place, told, [0, 0, 1, 1])
    codebook.rename(ANA, place.id, 0, "  Long   waits ")
    with pytest.raises(Conflict, match="“Long waits”"):
        codebook.rename(ANA, place.id, 1, "long waits")
    with pytest.raises(BadInput):
        codebook.rename(ANA, place.id, 1, " ")
    with pytest.raises(BadInput):
        codebook.merge(ANA, place.id, 1, 1)
    with pytest.raises(NotFound):
        codebook.merge(ANA, place.id, 1, 99)
    codebook.nest(ANA, place.id, 1, 0)
    with pytest.raises(BadInput, match="stands under"):
        codebook.nest(ANA, place.id, 0, 1)
    codebook.merge(ANA, place.id, 1, 0)
    with pytest.raises(Conflict, match="not in use"):
        codebook.rename(ANA, place.id, 1, "Something else")
    codebook.bring_back(ANA, place.id, 1)
    assert codebook.book(ANA, place.id).themes[1].parents == (0,)


def test_a_split_takes_passages_and_its_undoing_gives_them_back(place: Place) -> None:
    told = add_stories(place, 0, [f"words {n}" for n in range(6)])
    run = add_run(place, told, [0] * 6)
    (new,) = codebook.split(ANA, place.id, 0, [("Letters", refs(told[:2]))])
    codebook.code(ANA, place.id, [ref(told[1])], [])
    assert list(shown(run).values()) == [new, -1, 0, 0, 0, 0]
    codebook.take_back(ANA, place.id, [ref(told[1])])
    assert list(shown(run).values()) == [new, 0, 0, 0, 0, 0]  # neither the split nor the answer holds it any more
    split = codebook.book(ANA, place.id).decisions[0]
    codebook.undo(ANA, place.id, split.id)
    assert list(shown(run).values()) == [0] * 6
    assert codebook.book(ANA, place.id).themes[new].state is State.SET_ASIDE
    with pytest.raises(BadInput):
        codebook.split(ANA, place.id, 0, [("Nothing", [])])


def test_a_new_run_takes_up_the_lasting_themes(place: Place) -> None:
    told = add_stories(place, 0, [f"words {n}" for n in range(20)])
    add_run(place, told, [0] * 8 + [1] * 6 + [2] * 6)
    codebook.rename(ANA, place.id, 1, "Told again")
    codebook.code(ANA, place.id, [ref(told[0])], [1])
    told += add_stories(place, 20, [f"more words {n}" for n in range(10)])
    # the machine calls the themes otherwise, puts half of theme 0 into a theme of its own, and finds a new one
    themes = [2] * 4 + [3] * 4 + [0] * 6 + [1] * 6 + [4] * 5 + [0] * 5
    run = add_run(place, told, themes)
    assert names(run)[1] == "Told again"
    now = shown(run)
    assert [now[story] for story, _text in told] == [1] + [0] * 3 + [3] * 4 + [1] * 6 + [2] * 6 + [4] * 5 + [1] * 5
    with session() as opened:
        known = codebook.standing(opened, place.id, run)
    assert known.run is not None
    assert known.run.facts == {
        "new": [4],
        "split": [[3, 0]],
        "grown": [[1, pytest.approx(11 / 6, abs=1e-3)]],
        "gone": [],
    }


def test_what_people_touched_stays_when_the_machine_thinks_otherwise(place: Place) -> None:
    told = add_stories(place, 0, [f"words {n}" for n in range(10)])
    add_run(place, told, [0] * 4 + [1] * 6)
    codebook.rename(ANA, place.id, 0, "Mine")
    run = add_run(place, told, [0] * 10)  # all one to the machine now
    assert list(shown(run).values()) == [0] * 4 + [1] * 6
    run = add_run(place, told, [0] * 2 + [1] * 8)
    assert list(shown(run).values())[:4] == [0] * 4


def test_publishing_again_and_an_unpublished_run(place: Place) -> None:
    told = add_stories(place, 0, [f"words {n}" for n in range(6)])
    first = add_run(place, told, [0, 0, 0, 1, 1, 1])
    codebook.rename(ANA, place.id, 0, "Mine")
    other = add_run(place, told, [1, 1, 1, 0, 0, 0], publish=False)
    assert names(other) == {0: "Machine's name 0", 1: "Machine's name 1"}
    painpoints.publish(SYSTEM, other)
    painpoints.publish(SYSTEM, first)
    assert names(first) == {0: "Mine", 1: "Machine's name 1"}
    assert names(other) == {0: "Mine", 1: "Machine's name 0"}
    assert len(codebook.book(ANA, place.id).themes) == 2


def test_vectors_go_with_the_runs_before_and_stay_where_publishing_fails(place: Place) -> None:
    told = add_stories(place, 0, [f"words {n}" for n in range(4)])
    first = add_run(place, told, [0, 0, 1, 1])
    waiting = add_run(place, told, [0, 0, 1, 1], publish=False)
    unfinished = runs.create(SYSTEM, place.id)
    with pytest.raises(NotReady):
        painpoints.publish(SYSTEM, unfinished.id)

    def kept(run_id: int) -> bool:
        with session() as opened:
            return bool(vectors_of_run(opened, run_id))

    assert kept(first), "what failed changes nothing"
    painpoints.publish(SYSTEM, first)
    assert kept(waiting), "it may be published later"
    painpoints.publish(SYSTEM, waiting)
    assert (kept(first), kept(waiting)) == (False, True)


def test_codings_leave_with_their_story(place: Place) -> None:
    told = add_stories(place, 0, [f"words {n}" for n in range(3)])
    run = add_run(place, told, [0, 0, 0])
    made = codebook.make(ANA, place.id, "Mine")
    codebook.code(ANA, place.id, refs(told), [made])
    with write_session() as opened:
        painpoints.leave_runs(opened, place.id, told[0][0])
        opened.delete(opened.get_one(StoryRow, told[0][0]))
    assert {coding.story for coding in codebook.coded(ANA, place.id).values()} == {told[1][0], told[2][0]}
    assert sorted(shown(run).values()) == [-1, made, made]


def test_blind_means_blind(place: Place) -> None:
    told = add_stories(place, 0, [f"words {n}" for n in range(4)])
    run = add_run(place, told, [0, 0, 1, 1])
    made = rounds.start(ANA, place.id, run, "First round", refs(told))
    rounds.answer(ANA, place.id, made.id, ref(told[0]), [0])
    rounds.answer(BEN, place.id, made.id, ref(told[0]), [1])
    rounds.answer(BEN, place.id, made.id, ref(told[0]), [1, 0])
    assert [coding.themes for coding in rounds.answers(ANA, place.id, made.id)] == [(0,)]
    assert rounds.one(ANA, place.id, made.id).coders == (("Ana", 1), ("Ben", 1))
    assert shown(run)[told[0][0]] == 0, "a blind answer changes nothing"
    rounds.open_answers(BEN, place.id, made.id)
    assert [(coding.by, coding.themes) for coding in rounds.answers(ANA, place.id, made.id)] == [
        ("Ana", (0,)),
        ("Ben", (1, 0)),
    ]
    with pytest.raises(Conflict, match="opened"):
        rounds.answer(ANA, place.id, made.id, ref(told[1]), [0])
    with pytest.raises(NotFound):
        rounds.answer(ANA, place.id, made.id + 1, ref(told[1]), [0])
    lonely = rounds.start(ANA, place.id, run, "Second round", refs(told))
    with pytest.raises(Conflict, match="At least two"):
        rounds.open_answers(ANA, place.id, lonely.id)
