"""How fast the board and each filter answer on a stored run: ``python benchmarks/board.py`` on the configured database.

Prints milliseconds per answer, warm (the first answer, which reads the cube, apart).
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from insight import intake, painpoints
from insight.access import SYSTEM
from insight.painpoints import Filters


def timed(act: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    started = time.perf_counter()
    act()
    return (time.perf_counter() - started) * 1000


def main() -> None:
    """Measure the board, the map, one pain point, and a filter of each kind."""
    place = intake.current_place()
    print(f"first answer, reading the cube: {timed(lambda: painpoints.board(SYSTEM, place)):.0f} ms")
    board = painpoints.board(SYSTEM, place)
    print(
        f"{place.name}: {board.journeys:,} journeys, {board.passages:,} passages, {len(board.pain_points)} pain points"
    )
    offered = painpoints.choices(SYSTEM, place)
    asked: dict[str, Filters] = {"no filter": Filters()}
    for name in ("service", "organisation", "channel", "need", "source", "teller"):
        if offered[name]:
            asked[name] = Filters().also(name, offered[name][0])
    asked["period"] = Filters(first_month=board.months[-6])
    asked["service and need"] = Filters(service=offered["service"][0], need=offered["need"][0])
    for name, filters in asked.items():
        took = [timed(lambda f=filters: painpoints.board(SYSTEM, place, f)) for _ in range(5)]  # type: ignore[misc]
        print(f"board, {name}: {median(took):.0f} ms (worst {max(took):.0f})")
    first = board.pain_points[0].number
    print(f"one pain point: {timed(lambda: painpoints.pain_point(SYSTEM, place, first)):.0f} ms")
    print(f"map: {timed(lambda: painpoints.passage_map(SYSTEM, place)):.0f} ms")


if __name__ == "__main__":
    main()
