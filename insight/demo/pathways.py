"""Journeys without words: which services, in which order, when, and how long the waits were."""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

from insight.demo.place import DATA, Service, load_place

WINDOW_DAYS = 548
LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8, 9)
LENGTH_WEIGHTS = tuple(accumulate((17, 22, 20, 15, 11, 7, 4, 2.5, 1.5)))
SLOW = frozenset({"send_team", "child_therapies", "mental_health", "outpatients", "adaptations", "housing_register"})
PROMISES = (1, 2, 3, 5, 7, 10, 10, 14, 14, 20, 28, 28, 42, 56, 84, 126, 140)


@dataclass(frozen=True, slots=True)
class Stop:
    """One step before it is told. ``waited`` and ``promised`` are days, ``None`` when nobody spoke of it."""

    service: Service
    day: date
    waited: int
    promised: int | None


@dataclass(frozen=True, slots=True)
class Choices:
    """Codes or words with cumulative weights."""

    codes: tuple[str, ...]
    weights: tuple[float, ...]

    def draw(self, rng: random.Random) -> str:
        """One of them, by weight."""
        return rng.choices(self.codes, cum_weights=self.weights)[0]


@dataclass(frozen=True, slots=True)
class Pathway:
    """How journeys of one need run; ``kin`` is whom they speak of besides the teller."""

    need: str
    share: float
    kin: Choices
    start: Choices
    following: dict[str, Choices]


@cache
def load_channels() -> dict[str, Choices]:
    """How each organisation, by code, is usually met."""
    raw = tomllib.loads((DATA / "pathways.toml").read_text("utf-8"))
    return {code: _choices(line) for code, line in raw["channels"].items()}


@cache
def load_pathways() -> tuple[Pathway, ...]:
    """Read ``pathways.toml``; the same objects each time."""
    raw = tomllib.loads((DATA / "pathways.toml").read_text("utf-8"))
    return tuple(
        Pathway(
            row["need"],
            row["share"],
            _choices(row["kin"]),
            _choices(row["start"]),
            {code: _choices(line) for code, line in row["next"].items()},
        )
        for row in raw["pathway"]
    )


def _choices(line: str) -> Choices:
    pairs = [entry.split(":") for entry in line.split()]
    return Choices(tuple(code for code, _ in pairs), tuple(accumulate(float(weight) for _, weight in pairs)))


def walk(pathway: Pathway, told: date, today: date, rng: random.Random) -> tuple[Stop, ...]:
    """One journey of 1 to 9 stops along a pathway, its last stop a little before ``told``."""
    services = {service.code: service for service in load_place().services}
    codes = list(_route(pathway, rng))
    waits, days = _times([_wait(code, rng) for code in codes], told, today, rng)
    return tuple(
        Stop(services[code], day, wait, _promise(wait, rng)) for code, day, wait in zip(codes, days, waits, strict=True)
    )


def _route(pathway: Pathway, rng: random.Random) -> Iterator[str]:
    """Service codes in order; now and then back to where they had already been."""
    length = rng.choices(LENGTHS, cum_weights=LENGTH_WEIGHTS)[0]
    been: list[str] = []
    for _ in range(length):
        if len(been) > 1 and rng.random() < 0.1:
            code = rng.choice(been[:-1])
        else:
            following = pathway.following.get(been[-1]) if been else None
            code = (following or pathway.start).draw(rng)
        been.append(code)
        yield code


def _wait(code: str, rng: random.Random) -> int:
    """Days waited before a step: mostly short, sometimes very long, longer where assessments queue."""
    middle = 4.2 if code in SLOW else 2.1
    return min(330, int(rng.lognormvariate(middle, 1.0)))


def _promise(waited: int, rng: random.Random) -> int | None:
    """What was promised: half of the time nothing, then usually less than it took."""
    if rng.random() < 0.5:
        return None
    if rng.random() < 0.25:
        return waited
    near = [days for days in PROMISES if days <= max(waited, 2)]
    return rng.choice(near[-4:])


def _times(waits: list[int], told: date, today: date, rng: random.Random) -> tuple[list[int], list[date]]:
    """Waits and days, back from a little before the telling; a journey too long for the window is pressed into it."""
    last = told - timedelta(days=min(int(rng.expovariate(1 / 18)), 120, max(0, (told - today).days + WINDOW_DAYS)))
    room = WINDOW_DAYS - (today - last).days
    squeeze = min(1.0, room / max(1, sum(waits[1:]) + 6 * len(waits)))
    waits = [int(wait * squeeze) for wait in waits]
    gaps = [wait + int(squeeze * rng.randint(0, 6)) for wait in waits[1:]]
    back = list(accumulate(reversed(gaps), initial=0))
    return waits, [last - timedelta(days=days) for days in reversed(back)]
