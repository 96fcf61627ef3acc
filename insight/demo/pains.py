"""What is planted: a dozen pain points and some good things, how often, where and when, from ``pains.toml``."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from insight.demo.place import DATA


@dataclass(frozen=True, slots=True)
class Planted:
    """A pain point or a good thing. ``rate`` is its chance per step in one of ``services``, before trend and season.

    ``needs`` empty means in any need; ``months`` are those in which it is twice as common.
    """

    code: str
    name: str
    rate: float
    services: frozenset[str]
    needs: frozenset[str] = frozenset()
    trend: str = "steady"
    months: frozenset[int] = frozenset()

    def chance(self, need: str, day: date, today: date) -> float:
        """The chance (0 to 1) that a step on ``day`` in one of its services carries it."""
        if self.needs and need not in self.needs:
            return 0.0
        season = 2.0 if day.month in self.months else 1.0
        return min(0.9, self.rate * season * self._drift((today - day).days))

    def _drift(self, days_ago: int) -> float:
        """The trend's factor: over the last 300 days a rising one grows sixfold, a falling one fades to a quarter."""
        recent = max(0.0, 1.0 - days_ago / 300)
        if self.trend == "rising":
            return 0.5 + 2.6 * recent
        if self.trend == "falling":
            return 1.4 - 1.05 * recent
        return 1.0


@dataclass(frozen=True, slots=True)
class Planting:
    """All that may be planted."""

    pains: tuple[Planted, ...]
    goods: tuple[Planted, ...]


@cache
def load_planting() -> Planting:
    """Read ``pains.toml``; the same object each time."""
    raw = tomllib.loads((DATA / "pains.toml").read_text("utf-8"))
    return Planting(tuple(map(_planted, raw["pain"])), tuple(map(_planted, raw["good"])))


def _planted(row: dict[str, Any]) -> Planted:
    sets = {key: frozenset(row.get(key, ())) for key in ("services", "needs", "months")}
    return Planted(**{**row, **sets})
