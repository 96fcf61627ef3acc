"""Tables of journeys as they may leave the place: rounded, and without what stands for one journey. Pure."""

from collections.abc import Sequence

from insight.journeys import feeling, grouping, mapping, passing, pathing, tabling, waiting
from insight.journeys.mapping import PhaseDrawn
from insight.journeys.model import Grain
from insight.journeys.scoping import Held
from insight.journeys.shares import Counted
from insight.sheets import Cell

KEPT_INSIDE = {"pain_point", "path", "stands_out"}  # one journey's steps, and what was read out of its words


def outside_records(
    held: Held, counted: Counted, view: str, drawn: Sequence[PhaseDrawn], grain: Grain
) -> list[dict[str, Cell]]:
    """The rows of a view's table that may be published; ``counted`` is for those outside."""
    record = held.record
    if view in {"paths", "flows"}:
        found = pathing.count_paths(record, held.logs[grain], held.variants[grain], counted, grain)
        rows = tabling.flow_records(found) if view == "flows" else tabling.records(found)
    elif view == "map":
        phases = mapping.count_phases(record, counted, drawn, lambda story, step: None, None)
        rows = tabling.phase_records(phases)
    elif view == "handoffs":
        rows = tabling.records(passing.count_handoffs(record, counted))
    elif view == "waits":
        rows = tabling.records(waiting.count_waits(record, counted))
    elif view == "kinds":
        rows = tabling.records(grouping.count_kinds(record, counted, held.kinds, lambda story, kind: ()))
    else:
        rows = tabling.records(feeling.curve_of(record, counted, with_moment=False))
    return [{name: cell for name, cell in row.items() if name not in KEPT_INSIDE} for row in rows]
