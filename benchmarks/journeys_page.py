"""How fast each view of journeys answers a filter on a stored run: ``python benchmarks/journeys_page.py``.

On the configured database (100,000 journeys: ``python -m insight demo --journeys 100000``). Prints milliseconds per
answer, warm; the first answer, which reads the record, apart.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from insight import intake, journeys, painpoints
from insight.access import SYSTEM
from insight.journeys import Asked
from insight.painpoints import Filters


def timed(act: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Measure every view under a filter of each kind."""
    place = intake.current_place()
    print(f"first answer, reading the record: {timed(lambda: journeys.choices(SYSTEM, place)):.0f} ms")
    shown = journeys.journey_map(SYSTEM, place)
    print(f"{place.name}: {shown.journeys or 0:,} journeys of {shown.steps:,} steps")
    offered = journeys.choices(SYSTEM, place)
    worst = journeys.handoffs(SYSTEM, place).worst
    pain = painpoints.board(SYSTEM, place).pain_points[0].number
    asked: dict[str, Asked] = {"no filter": Asked(), "pain point": Asked(theme=pain)}
    for name in ("service", "organisation", "channel", "need", "teller"):
        asked[name] = Asked(filters=Filters().also(name, offered[name][0]))
    if worst is not None:
        asked["handoff"] = Asked(handoff=(worst.start, worst.end))
        asked["handoff of a pain point"] = Asked(theme=pain, handoff=(worst.start, worst.end))
    views: dict[str, Callable[[Asked], object]] = {
        "map": lambda a: journeys.journey_map(SYSTEM, place, a),
        "paths": lambda a: journeys.paths(SYSTEM, place, a),
        "handoffs": lambda a: journeys.handoffs(SYSTEM, place, a),
        "feelings": lambda a: journeys.emotion_curve(SYSTEM, place, a),
        "waits": lambda a: journeys.waits(SYSTEM, place, a),
        "kinds": lambda a: journeys.kinds(SYSTEM, place, a),
        "journeys": lambda a: journeys.journey_list(SYSTEM, place, a),
    }
    for view, draw in views.items():
        for name, one in asked.items():
            took = [timed(lambda d=draw, o=one: d(o)) for _ in range(5)]  # type: ignore[misc]
            print(f"{view}, {name}: {median(took):.0f} ms (worst {max(took):.0f})")


if __name__ == "__main__":
    main()
