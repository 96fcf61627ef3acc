"""Makes the logs beside it, and what pm4py mines from them. Run by hand: `OTHER/bin/python make.py` where pm4py is.

pm4py is AGPL and no part of the product; only its counts on these invented logs are kept. A file holds the rows as they
come in (``journey``, ``step`` and ``seconds`` since 1970, null where there is none) and the ``edges``, ``variants``,
``starts`` and ``ends`` found in them, steps as places in ``names``.
"""

import importlib
import json
import random
from pathlib import Path
from typing import Any

import pandas as pd

NAMES = ("enquiry", "form", "letter", "visit", "decision", "appeal")
JOURNEY, STEP, TIME = "case:concept:name", "concept:name", "time:timestamp"
DAY, YEAR_2024 = 86_400, 1_704_067_200
Row = tuple[str | None, str | None, int | None]


def walk(chance: random.Random, journey: str, length: int, begun: int, apart: int) -> list[Row]:
    """A journey of this many steps, each up to ``apart`` days after the one before."""
    rows: list[Row] = []
    for _ in range(length):
        rows.append((journey, chance.choice(NAMES), begun))
        begun += chance.randint(0, apart) * DAY
    return rows


def walks(chance: random.Random, journeys: int, longest: int, apart: int, begun: int = YEAR_2024) -> list[Row]:
    """Several journeys, one after the other."""
    lengths = [chance.randint(1, longest) for _ in range(journeys)]
    return [row for n, length in enumerate(lengths) for row in walk(chance, f"j{n}", length, begun + n * DAY, apart)]


def mixed(chance: random.Random, rows: list[Row]) -> list[Row]:
    """The rows in no order."""
    return chance.sample(rows, len(rows))


def with_nulls(chance: random.Random, rows: list[Row]) -> list[Row]:
    """About a sixth of the rows without their journey, their step or their time."""
    return [tuple(None if chance.random() < 0.06 else cell for cell in row) for row in rows]  # type: ignore[misc]


def long_journeys(chance: random.Random) -> list[Row]:
    """Two journeys of 1,000 steps that part at the last, one that goes the same way but stops early, and short ones."""
    long = walk(chance, "long", 1000, YEAR_2024, 1)
    same = [("same", step, seconds) for _, step, seconds in long[:999]] + [("same", "appeal", 4_000_000_000)]
    cut = [("cut", step, seconds) for _, step, seconds in long[:600]]
    return [*long, *same, *cut, *walks(chance, 20, 6, 1)]


def logs() -> dict[str, list[Row]]:
    """The logs by name."""
    chance = random.Random(5)
    return {
        "ties": mixed(chance, walks(chance, 60, 8, 1)),
        "one_step": mixed(chance, walks(chance, 40, 1, 1)),
        "long": long_journeys(chance),
        "nulls": with_nulls(chance, mixed(chance, walks(chance, 60, 8, 2))),
        "one_moment": mixed(chance, walks(chance, 30, 6, 0, begun=YEAR_2024)),
        "before_1970": mixed(chance, walks(chance, 40, 7, 400, begun=-10_000 * DAY)),
    }


def mined(rows: list[Row]) -> dict[str, Any]:
    """What pm4py finds in the rows."""
    pm4py = importlib.import_module("pm4py")
    frame = pd.DataFrame(rows, columns=[JOURNEY, STEP, TIME])
    frame[TIME] = pd.to_datetime(frame[TIME], unit="s", utc=True)
    frame = pm4py.format_dataframe(frame, case_id=JOURNEY, activity_key=STEP, timestamp_key=TIME)
    edges, starts, ends = pm4py.discover_dfg(frame)
    code = {name: place for place, name in enumerate(NAMES)}
    return {
        "edges": sorted([code[source], code[target], int(n)] for (source, target), n in edges.items()),
        "variants": sorted([[code[step] for step in steps], int(n)] for steps, n in pm4py.get_variants(frame).items()),
        "starts": sorted([code[step], int(n)] for step, n in starts.items()),
        "ends": sorted([code[step], int(n)] for step, n in ends.items()),
    }


def main() -> None:
    """Write every log."""
    for name, rows in logs().items():
        columns = {"names": NAMES} | dict(zip(("journey", "step", "seconds"), zip(*rows, strict=True), strict=True))
        lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in (columns | mined(rows)).items()]
        Path(__file__).with_name(f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
