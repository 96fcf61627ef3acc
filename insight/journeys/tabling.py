"""What the journeys screens show, as records for a table: the file holds what the screen shows. Pure."""

from collections.abc import Sequence
from functools import singledispatch

from insight.journeys.model import Days, Mean, Share
from insight.journeys.views import (
    Comparison,
    Conformance,
    EmotionCurve,
    Handoffs,
    JourneyMap,
    Kinds,
    Paths,
    Phase,
    Variant,
    Waits,
)
from insight.sheets import Cell

View = JourneyMap | Paths | Handoffs | Waits | Kinds | EmotionCurve | Comparison | Conformance
Record = dict[str, Cell]
NOTHING = ""  # too few to show, or not told
ARROW = " > "


@singledispatch
def records(view: View) -> list[Record]:
    """The rows of a view; those of paths are their variants."""
    raise TypeError(f"no table is made of {type(view).__name__}")


@records.register
def _curve(view: EmotionCurve) -> list[Record]:
    return [{"at": p.at, "mean": p.mean, "low": p.low, "high": p.high, "journeys": p.journeys} for p in view.points]


@records.register
def _conformance(view: Conformance) -> list[Record]:
    return [
        {**_variant(variant), "extra": ARROW.join(extra), "missing": ARROW.join(missing), "fitness": fitness}
        for variant, extra, missing, fitness in view.variants
    ]


@records.register
def _variants(view: Paths) -> list[Record]:
    return [_variant(one) for one in view.variants]


@records.register
def _map(view: JourneyMap) -> list[Record]:
    return phase_records(view.phases)


def phase_records(phases: Sequence[Phase]) -> list[Record]:
    """The phases of a map."""
    return [
        {
            "phase": phase.name,
            "journeys": _number(phase.journeys),
            **_share("reached", phase.reached),
            "services": "; ".join(f"{name}: {n}" for name, n in phase.services),
            "organisations": "; ".join(f"{name}: {n}" for name, n in phase.organisations),
            "channels": "; ".join(f"{name}: {n}" for name, n in phase.channels),
            **_mean("feeling", phase.feeling),
            **_days("wait", phase.wait),
            **_share("late", phase.late),
            **_share("told_again", phase.told_again),
            **_share("passed_on", phase.passed_on),
            **_share("ended_here", phase.ended_here),
            "pain_point": phase.pain[1] if phase.pain else NOTHING,
        }
        for phase in phases
    ]


def _variant(one: Variant) -> Record:
    days = NOTHING if one.days is None else one.days
    return {"steps": ARROW.join(one.steps), **_share("journeys", one.share), "median_days": days}


def flow_records(view: Paths) -> list[Record]:
    """The flows of paths."""
    return [{"place": f.place + 1, "from": f.start, "to": f.end, "journeys": f.journeys} for f in view.flows]


@records.register
def _junctions(view: Handoffs) -> list[Record]:
    return [
        {
            "from": one.start,
            "to": one.end,
            "journeys": one.journeys,
            "times": one.times,
            **_share("hurt", one.hurt),
            **_share("told_again", one.told_again),
            **_share("sent_elsewhere", one.sent_elsewhere),
            **_days("days", one.days),
            **_mean("change_of_feeling", one.change),
        }
        for one in view.junctions
    ]


@records.register
def _waits(view: Waits) -> list[Record]:
    return [
        {
            "measured": "as told" if row.start is None else "by date",
            "from": row.start or NOTHING,
            "to": row.end,
            "journeys": row.journeys,
            **_days("waited", row.waited),
            **_days("promised", row.promised),
            **_share("late", row.late),
            "share_of_all": round(row.share_of_all, 4),
        }
        for row in (*view.by_service, *view.between)
    ]


@records.register
def _kinds(view: Kinds) -> list[Record]:
    return [
        {
            "kind": kind.number + 1,
            "path": ARROW.join(kind.path),
            **_share("journeys", kind.share),
            **_mean("feeling", kind.feeling),
            "need": kind.need or NOTHING,
            "stands_out": "; ".join(kind.terms),
        }
        for kind in view.kinds
    ]


@records.register
def _measures(view: Comparison) -> list[Record]:
    return [
        {
            "measure": one.name,
            "first": _number(one.first),
            "second": _number(one.second),
            "difference_low": _number(one.low),
            "difference_high": _number(one.high),
            "differs": "yes" if one.differs else "no",
        }
        for one in view.measures
    ]


def _number(value: float | None) -> Cell:
    return NOTHING if value is None else round(value, 4)


def _share(name: str, told: Share | None) -> Record:
    if told is None:
        return {name: NOTHING, f"{name}_of": NOTHING, f"{name}_low": NOTHING, f"{name}_high": NOTHING}
    n = NOTHING if told.n is None else told.n
    return {name: n, f"{name}_of": told.of, f"{name}_low": round(told.low, 4), f"{name}_high": round(told.high, 4)}


def _mean(name: str, told: Mean | None) -> Record:
    if told is None:
        return {name: NOTHING, f"{name}_low": NOTHING, f"{name}_high": NOTHING, f"{name}_n": NOTHING}
    return {
        name: round(told.mean, 3),
        f"{name}_low": round(told.low, 3),
        f"{name}_high": round(told.high, 3),
        f"{name}_n": told.n,
    }


def _days(name: str, told: Days | None) -> Record:
    if told is None:
        return {f"{name}_median": NOTHING, f"{name}_p90": NOTHING, f"{name}_n": NOTHING}
    return {f"{name}_median": told.median, f"{name}_p90": told.p90, f"{name}_n": told.n}
