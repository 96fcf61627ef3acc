"""The machine learns from what people coded: once at a time, of what may still be read, and shown where it is sure."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from insight import codebook, intake, painpoints, worker
from insight.access import SYSTEM, Actor, Role
from insight.codebook import learnings
from insight.codebook import store as codebook_store
from insight.codebook.change import Ref
from insight.codebook.learning.calibration import bar_of
from insight.coding import desk, teaching
from insight.coding.desk import Pile
from insight.coding.looking import look
from insight.database import session, write_session
from insight.errors import NotAllowed, NotReady
from insight.intake import Place
from insight.painpoints.gathering import passage_key
from insight.runs import RunStatus
from tests.stores.made_runs import Told, add_run, add_stories, shown

ANA = Actor(Role.DESIGNER, "Ana")
LETTERS = ["The letter was full of jargon about {}", "I could not read the letter of the {}", "Jargon in a {} letter"]
WAITS = ["We waited weeks for the {}", "Weeks of waiting, and no {}", "The wait for a {} was long"]
THINGS = ("bed", "ramp", "nurse", "rent", "grant", "pass", "van", "card", "ward", "school", "job", "door")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The learnings for which a worker was started."""
    found: list[int] = []
    monkeypatch.setattr(teaching, "_work_on", found.append)
    return found


@pytest.fixture
def place(database: str, started: list[int]) -> Place:
    painpoints.forget_cached_runs()
    return intake.add_place(SYSTEM, "Testham", organisations=[], services=[])


@pytest.fixture
def told(place: Place) -> list[Told]:
    """Fifty passages about letters, then fifty about waits, which the machine did not tell apart."""
    texts = [line.format(thing) for kind in (LETTERS, WAITS) for thing in THINGS for line in kind]
    found = add_stories(place, 0, texts)
    add_run(place, found, [0] * (len(texts) // 2) + [1] * (len(texts) // 2))
    return found


def ref(one: Told) -> Ref:
    return one[0], passage_key(*one)


def code(place: Place, told: list[Told], places: range) -> None:
    half = len(told) // 2
    for theme in (0, 1):
        codebook.code(ANA, place.id, [ref(told[n]) for n in places if n // half == theme], [theme])


def learn(place: Place) -> learnings.Learning:
    worker.learn(teaching.start(ANA, place).id)
    done = teaching.teaching(ANA, place).done
    assert done is not None
    return done


def test_what_was_learned_is_kept_shown_where_it_is_sure_and_says_what_to_read(place: Place, told: list[Told]) -> None:
    wrong = told[1]
    run = look(ANA, place).run.id
    code(place, told, range(len(told)))
    codebook.take_back(ANA, place.id, [ref(wrong)])
    codebook.split(ANA, place.id, 0, [("Taken out", [ref(told[2])])])
    done = learn(place)
    assert (done.status, done.facts["coded"], done.facts["passages"]) == (RunStatus.DONE, len(told) - 1, len(told))
    assert {score["theme"] for score in done.facts["scores"]} == {0, 1}
    assert sum(band["n"] for band in done.facts["calibration"]) == len(told) - 1
    with session() as opened:
        found = learnings.lessons(opened, place.id, run)
    assert found is not None and len(found.chosen) == len(told)
    assert found.chosen[1] == 0 and found.sure[1], "nobody coded it, and it is like the others"
    assert shown(run)[wrong[0]] == 0
    assert desk.turn(ANA, place, Pile.UNSURE).unsure == 0, "the others are coded"


def test_nothing_that_is_rather_wrong_than_right_is_sure() -> None:
    coded = np.concatenate([np.full(5, 0.2), np.full(95, 0.99)])
    bar = bar_of(np.full(200, 0.99), coded, np.ones(100, bool))
    assert bar == 0.99


def test_a_story_that_left_leaves_the_lists(place: Place, told: list[Told]) -> None:
    code(place, told, range(0, len(told), 2))
    learn(place)
    first = desk.turn(ANA, place).card
    assert first is not None
    with write_session() as opened:
        painpoints.leave_runs(opened, place.id, told[first.number][0])
    following = desk.turn(ANA, place, first=first.number).card
    assert following is not None and following.number != first.number
    again = learn(place)
    assert again.facts["passages"] == len(told) - 1
    with session() as opened:
        found = learnings.lessons(opened, place.id, again.run_id)
    assert found is not None and first.number not in found.reading
    assert not found.sure[first.number] and found.chosen[first.number] == -1


def test_one_at_a_time_and_by_itself_after_every_few_codings(
    place: Place, told: list[Told], started: list[int]
) -> None:
    with pytest.raises(NotReady, match="Nobody has coded"):
        teaching.start(ANA, place)
    for number in range(teaching.LESSON):
        assert desk.save(ANA, place, number, [0]) is (number == teaching.LESSON - 1)
    assert teaching.start(ANA, place).id == started[0], "the one on its way is given back"
    assert len(started) == 1
    with write_session() as opened:
        codebook_store.end_learning(opened, started[0], started_at=datetime.now(UTC) - timedelta(hours=1))
    assert teaching.teaching(ANA, place).running is False
    assert teaching.start(ANA, place).id != started[0]
    with session() as opened:
        left = learnings.one(opened, started[0])
    assert left is not None and left[0].status is RunStatus.FAILED
    with pytest.raises(NotAllowed):
        teaching.start(Actor(Role.FRONTLINE), place)


def test_another_publication_lets_it_learn_anew(place: Place, told: list[Told], started: list[int]) -> None:
    code(place, told, range(4))
    assert teaching.offer(ANA, place) is False
    learn(place)
    add_run(place, told, [0] * len(told))
    assert teaching.offer(ANA, place) is True
    assert len(started) == 2


def test_a_fault_ends_it_without_a_word_of_what_was_told(
    place: Place, told: list[Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    code(place, told, range(4))
    begun = teaching.start(ANA, place)

    def fail(*_given: object, **_named: object) -> Callable[[], None]:
        raise ValueError(told[0][1])

    monkeypatch.setattr("insight.coding.learning_job.learning.learn", fail)
    with pytest.raises(ValueError, match="letter"):
        worker.learn(begun.id)
    last = teaching.teaching(ANA, place).last
    assert last is not None and last.status is RunStatus.FAILED
    assert last.error == "The learning failed (ValueError). Please report this."
