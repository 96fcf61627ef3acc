"""Made-up journeys through many services, with the life events behind them planted, for benchmarks and tests.

24 services by 5 channels, 8 life events with an intended path of 7 steps each. Most steps keep to the path, some take
another step of it, some go astray, and lengths are heavy-tailed, so that variants are as many and as uneven as in real
logs. `.venv/bin/python benchmarks/journeys_made.py 100000 journeys.parquet` writes shuffled steps with names as words.
"""

import sys

import numpy as np
import numpy.typing as npt
import pandas as pd

Longs = npt.NDArray[np.int64]

SERVICES, ORGANISATIONS, LIFE_EVENTS, PATH = 24, 9, 8, 7
CHANNELS = ("web", "phone", "desk", "letter", "visit")
STEPS = tuple(f"svc{service:02d}|{channel}" for service in range(SERVICES) for channel in CHANNELS)
FIRST_DAY, LAST_DAY = 1_672_531_200, 1_735_689_600  # journeys begin in 2023 and 2024; seconds since 1970
DAY = 86_400


def made(n: int, seed: int = 7) -> pd.DataFrame:
    """The steps of ``n`` journeys, in order: journey_id, seq, activity, org, ts, feeling, repeat_story."""
    random = np.random.default_rng(seed)
    event = random.integers(0, LIFE_EVENTS, n)
    paths = np.array([random.choice(len(STEPS), PATH, replace=False) for _ in range(LIFE_EVENTS)])
    length = np.clip(random.geometric(1 / 5.5, n) + 1, 2, 40)
    first = np.cumsum(length) - length
    journey = np.repeat(np.arange(n), length)
    seq = np.arange(len(journey)) - first[journey]
    step = _steps(random, paths, event[journey], seq)
    time = _times(random, first, journey)
    return pd.DataFrame(
        {
            "journey_id": journey,
            "seq": seq.astype(np.int32),
            "activity": pd.Categorical.from_codes(step, pd.Index(STEPS)),
            "org": pd.Categorical.from_codes(
                step // len(CHANNELS) % ORGANISATIONS, pd.Index([f"org{i}" for i in range(ORGANISATIONS)])
            ),
            "ts": pd.to_datetime(time, unit="s"),
            "feeling": np.clip(np.round(random.normal(0.2 - 0.12 * seq, 1)), -2, 2).astype(np.int8),
            "repeat_story": random.random(len(journey)) < 0.25,
        }
    )


def life_events(n: int, seed: int = 7) -> Longs:
    """The life event, 0 to 7, that was planted in each journey that :func:`made` gives for the same numbers."""
    return np.random.default_rng(seed).integers(0, LIFE_EVENTS, n)


def shuffled(frame: pd.DataFrame) -> pd.DataFrame:
    """The same steps as another tool's user would have them: in no order, with words in place of categories."""
    said = frame.assign(activity=frame["activity"].astype(str), org=frame["org"].astype(str))
    return said.sample(frac=1, random_state=1).reset_index(drop=True)


def _steps(random: np.random.Generator, paths: Longs, event: Longs, seq: Longs) -> Longs:
    chance = random.random(len(seq))
    intended = paths[event, np.minimum(seq, PATH - 1)]
    other = paths[event, random.integers(0, PATH, len(seq))]
    astray = random.integers(0, len(STEPS), len(seq))
    return np.where(chance < 0.80, intended, np.where(chance < 0.92, other, astray))


def _times(random: np.random.Generator, first: Longs, journey: Longs) -> Longs:
    gap = random.gamma(0.8, 6 * DAY, len(journey)).astype(np.int64) + 60
    gap[first] = 0
    passed = np.cumsum(gap)
    begun = random.integers(FIRST_DAY, LAST_DAY, len(first))
    return begun[journey] + passed - passed[first[journey]]


if __name__ == "__main__":
    shuffled(made(int(sys.argv[1]))).to_parquet(sys.argv[2])
