"""Kinds of journey: what was planted comes out, without being told how many, the same on every run."""

from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from insight.columns import NONE
from insight.journeys import clusters
from insight.journeys.joining import WORDS
from insight.journeys.kinding import KindsFound, Weights, find_kinds
from insight.journeys.mining.log import NO_TIME, Ints, Log, offsets
from insight.journeys.record import GONE, NOT_FELT, Record

generator: Any = import_module("benchmarks.journeys_made")


def made(n: int, seed: int, life_events: int, monkeypatch: pytest.MonkeyPatch) -> tuple[Log, Ints]:
    """Journeys of so many life events, and the life event of each."""
    monkeypatch.setattr(generator, "LIFE_EVENTS", life_events)
    steps = generator.made(n, seed)
    lengths = np.bincount(steps["journey_id"], minlength=n)
    codes = steps["activity"].cat.codes.to_numpy().astype(np.int32)
    return Log(codes, offsets(lengths), generator.STEPS), generator.life_events(n, seed)


@pytest.mark.parametrize(("life_events", "seed"), [(8, 7), (3, 11), (15, 12)])
def test_planted_life_events_are_found_again(life_events: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    log, truth = made(10_000, seed, life_events, monkeypatch)
    found = clusters.group(clusters.path_vectors(log))
    assert found.count == life_events
    assert adjusted_rand_score(truth, found.group) >= 0.95
    sizes = np.bincount(found.group)
    assert sizes.tolist() == sorted(sizes, reverse=True)
    middles = clusters.medoids(log, found.group)
    assert found.group[middles].tolist() == list(range(life_events))
    assert len({truth[middle] for middle in middles}) == life_events
    assert 3 <= log.lengths[middles].min() <= log.lengths[middles].max() <= 9


def test_steps_at_random_are_one_group() -> None:
    chance = np.random.default_rng(0)
    lengths = np.clip(chance.geometric(0.2, 600), 1, 30)
    log = Log(chance.integers(0, 30, lengths.sum()).astype(np.int32), offsets(lengths), tuple("x" * 30))
    assert clusters.group(clusters.path_vectors(log)).count == 1


def record_of(paths: list[list[int]], feelings: list[list[int]] | None = None, keys: list[int] | None = None) -> Record:
    """A record whose steps have services, and feelings if given, and nothing else."""
    lengths = np.array([len(path) for path in paths], np.int64)
    n, e = len(paths), int(lengths.sum())
    told: dict[str, Any] = {name: np.full(n, NONE, np.int32) for name in ("need", "source", "teller", "month")}
    told |= {name: np.full(n, NONE, np.int32) for name in ("need_met", "kind")}
    told |= {name: np.full(e, NONE, np.int32) for name in ("organisation", "channel", "sorted_out")}
    told |= {name: np.full(e, NONE, np.int32) for name in ("waited", "promised")}
    told |= {name: np.full(e, NONE, np.int8) for name in ("told_again", "sent_elsewhere")}
    felt = [value for journey in feelings for value in journey] if feelings else [NOT_FELT] * e
    words: dict[str, tuple[str, ...]] = dict.fromkeys(WORDS, ())
    return Record(
        key=np.array(keys or range(1, n + 1), np.int64),
        first=offsets(lengths),
        position=np.concatenate([np.arange(length) for length in lengths]).astype(np.int32),
        service=np.array([step for path in paths for step in path], np.int32),
        time=np.full(e, NO_TIME),
        feeling=np.array(felt, np.int8),
        words=words | {"service": tuple(f"service {code}" for code in range(40))},
        **told,
    )


TEXTS = (
    "The bin was not collected and the rubbish stayed in the street",
    "My doctor had no appointment and the surgery was full",
)


@pytest.fixture(scope="module")
def planted() -> tuple[Record, list[str], dict[str, npt.NDArray[np.int64]]]:
    """240 journeys in which path, words and feeling each fall in two, independently of one another."""
    chance = np.random.default_rng(5)
    halves = {view: chance.integers(0, 2, 240) for view in ("path", "words", "feeling")}
    paths = [list(range(10 * half, 10 * half + chance.integers(3, 7))) for half in halves["path"]]
    feelings = [
        chance.choice([[-2, -1], [1, 2]][half], len(path)).tolist()
        for path, half in zip(paths, halves["feeling"], strict=True)
    ]
    endings = ("", " this week", " again", " as always", " in March")
    texts = [TEXTS[half] + endings[number % 5] for number, half in enumerate(halves["words"])]
    return record_of(paths, feelings), texts, halves


@pytest.mark.parametrize("view", ["path", "words", "feeling"])
def test_the_weights_say_which_view_makes_the_kinds(
    view: str, planted: tuple[Record, list[str], dict[str, npt.NDArray[np.int64]]]
) -> None:
    record, texts, halves = planted
    weights = Weights(**({"path": 0.02, "words": 0.02, "feeling": 0.02} | {view: 1.0}))
    found = find_kinds(record, texts, weights)
    matching = [np.bincount(halves[view][found.kind == kind], minlength=2) for kind in range(len(found.medoid))]
    assert sum(counts.max() for counts in matching) / 240 > 0.97
    assert max(found.told_by, key=lambda name: found.told_by[name]) == view
    assert found.told_by[view] > 0.5


def test_together_the_views_make_the_kinds_that_were_planted(
    planted: tuple[Record, list[str], dict[str, npt.NDArray[np.int64]]],
) -> None:
    record, texts, halves = planted
    found = find_kinds(record, texts, Weights(1, 1, 1))
    assert adjusted_rand_score(halves["path"] * 4 + halves["words"] * 2 + halves["feeling"], found.kind) > 0.9
    assert {view for view, told in found.told_by.items() if told > 0.5} == {"path", "words", "feeling"}


def test_a_case_log_has_kinds_by_path_alone_and_journeys_that_left_have_none() -> None:
    paths = [[0, 1, 2, 3], [10, 11, 12]] * 60 + [[], [0, 1, 2, 3]]
    found = find_kinds(record_of(paths, keys=[*range(1, 122), GONE]))
    assert found.told_by.keys() == {"path"}
    assert found.kind.tolist() == [found.kind[0], 1 - found.kind[0]] * 60 + [NONE, NONE]
    assert len(found.medoid) == 2


@pytest.mark.parametrize("paths", [[], [[]], [[3]], [[1, 2]] * 50, [[1], [2], [3]]])
def test_few_or_equal_journeys_are_one_kind(paths: list[list[int]]) -> None:
    found = find_kinds(record_of(paths) if paths else record_of([[0]], keys=[GONE]))
    some = sum(1 for path in paths if path)
    assert np.count_nonzero(found.kind == 0) == some
    assert len(found.medoid) == (1 if some else 0)


def test_threads_change_nothing(planted: tuple[Record, list[str], dict[str, npt.NDArray[np.int64]]]) -> None:
    record, texts, _ = planted
    found: list[KindsFound] = []
    for threads in (1, 2):
        with threadpool_limits(threads):
            found.append(find_kinds(record, texts))
    assert found[0].kind.tolist() == found[1].kind.tolist()
    assert found[0].medoid.tolist() == found[1].medoid.tolist()
    assert found[0].told_by == found[1].told_by
