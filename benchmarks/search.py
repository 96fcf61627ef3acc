"""Search and new stories: how fast they answer, and how well new stories are placed.

``python benchmarks/search.py made``: search by meaning over made vectors, 100,000 and a million passages.
``python benchmarks/search.py place QUERY...``: searches on the published run of the configured database.
``python benchmarks/search.py newcomers``: analyses the configured database's place, then again without a tenth of its
stories, and places that tenth: which share of its passages comes to the theme of the first analysis. It changes the
database: give it a copy (``INSIGHT_DATABASE_URL``).
"""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from sqlalchemy import update

from insight import intake, painpoints, runs, worker
from insight.access import SYSTEM
from insight.database import session, write_session
from insight.intake.tables import ConsentRow
from insight.painpoints import newcomers as new
from insight.painpoints.cube import Scope
from insight.painpoints.reading import reading
from insight.painpoints.vectors import Meanings
from insight.search import By, search
from insight.search.looking import nearest
from insight.text import quick

WIDE = 256
TWENTY = "I rang the council three times about the damp and each time somebody promised that a person would ring back"
TENTH = 3  # the stories whose id ends in it


def timed(act: Callable[[], object], times: int = 7) -> str:
    """Median and worst milliseconds of a call, after a first one that warms up."""
    act()
    took = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        took.append((time.perf_counter() - started) * 1000)
    return f"{median(took):.1f} ms (worst {max(took):.1f})"


def peak() -> float:
    """The most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def made() -> None:
    """Search by meaning where the passages are chance."""
    chance = np.random.default_rng(0)
    print(f"a text of 20 words as a vector: {timed(lambda: quick.table().encode([TWENTY]))}")
    for many in (100_000, 1_000_000):
        rows = chance.integers(-30, 30, (many, WIDE), np.int8)
        known = Meanings(rows, np.zeros(WIDE, np.float32), "made")
        everything = np.ones(many, bool)
        within = Scope(everything, everything, everything)
        asked = chance.normal(size=WIDE).astype(np.float32)
        before = peak()
        said = timed(lambda: nearest(known, asked, within))  # noqa: B023
        print(f"{many:,} passages ({rows.nbytes / 1e6:.0f} MB held): {said}, {peak() - before:.0f} MB more at the peak")


def place(queries: list[str]) -> None:
    """Search the published run."""
    here = intake.current_place()
    for query in queries:
        for by in By:
            found = search(SYSTEM, here, query, by=by)
            print(f"{query!r} by {by}: {found.total:,} passages, {timed(lambda: search(SYSTEM, here, query, by=by))}")  # noqa: B023


def newcomers() -> None:
    """Place a tenth of the stories against a run over the others."""
    here = intake.current_place()
    whole = reading(analysed(here))
    allow(here, False)
    run = analysed(here)
    allow(here, True)
    painpoints.forget_cached_runs()
    then = dict(zip(whole.cube.key.tolist(), whole.cube.theme.tolist(), strict=True))
    again = reading(run)
    shared = [
        (then[key], theme)
        for key, theme in zip(again.cube.key.tolist(), again.cube.theme.tolist(), strict=True)
        if key in then
    ]
    told("two analyses, on the passages of both", shared)
    with session() as opened:
        waiting = list(new.waiting_for(opened, run, again))
        ready = new.known_of(opened, run.id, again)
        assert ready is not None
        started = time.perf_counter()
        cut, themes = new.placed(opened, waiting, *ready)
        took = (time.perf_counter() - started) / len(waiting) * 1000
    told(
        f"{len(waiting)} new stories, {took:.2f} ms each",
        [(then[k], t) for k, t in zip(cut.key, themes.tolist(), strict=True) if k in then],
    )


def told(what: str, pairs: list[tuple[int, int]]) -> None:
    """How often two say the same theme."""
    then, now = np.array(pairs).T
    both = (then >= 0) & (now >= 0)
    print(
        f"{what}: {len(then):,} passages; the same theme, or none in both: {np.mean(then == now):.3f}; "
        f"of those in a theme in both ({both.mean():.2f}): {np.mean(then[both] == now[both]):.3f}"
    )


def analysed(here: intake.Place) -> runs.Run:
    """A new run of a place, published."""
    run = runs.create(SYSTEM, here.id)
    worker.work(run.id)
    painpoints.publish(SYSTEM, run.id)
    return runs.get(SYSTEM, run.id)


def allow(here: intake.Place, given: bool) -> None:
    """Take the consent of every tenth story that gave it, or give it back (marked by its wording)."""
    with write_session() as opened:
        change = update(ConsentRow).where(ConsentRow.scope == "analyse", ConsentRow.story_id % 10 == TENTH)
        if given:
            opened.execute(change.where(ConsentRow.wording == "lent").values(given=True, wording=""))
        else:
            opened.execute(change.where(ConsentRow.given).values(given=False, wording="lent"))


if __name__ == "__main__":
    what, *more = sys.argv[1:] or ["made"]
    if what == "place":
        place(more or ["nobody rang me back", "late"])
    else:
        {"made": made, "newcomers": newcomers}[what]()
