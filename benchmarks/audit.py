"""What an entry of the audit costs: ``INSIGHT_DATABASE_URL=sqlite:////tmp/measured.db python benchmarks/audit.py``.

Writes 500 entries one by one and 19,500 in one unit of work into an empty database, then checks all. Prints
milliseconds, bytes an entry (the table with its index), and seconds for the check.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy import text

from insight import audit
from insight.database import engine, session, upgrade, write_session

ALONE, ALL = 500, 20_000
SIZE = {
    "sqlite": "SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%audit_entry%'",
    "postgresql": "SELECT pg_total_relation_size('audit_entry')",
}


def main() -> None:
    """Write, weigh, check."""
    upgrade()
    began = time.perf_counter()
    for number in range(ALONE):
        audit.record("Pat Lee", "designer", "painpoints.publish", 1, f"analysis {number}")
    print(f"one entry: {(time.perf_counter() - began) / ALONE * 1_000:.1f} ms")
    with write_session() as opened:
        for number in range(ALL - ALONE):
            audit.record_within(opened, "Pat Lee", "designer", "painpoints.publish", 1, f"analysis {number}")
    with session() as opened:
        print(f"bytes an entry: {int(opened.scalar(text(SIZE[engine().dialect.name])) or 0) / ALL:.0f}")
    began = time.perf_counter()
    found = audit.verify()
    print(f"checked {found.entries:,} in {time.perf_counter() - began:.2f} s: {'sound' if found.sound else 'broken'}")


if __name__ == "__main__":
    main()
