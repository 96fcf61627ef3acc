"""A place in which a theme rises, a service differs and two themes go together, with nothing else in it."""

from typing import Any

import numpy as np

from insight import painpoints, runs
from insight.access import SYSTEM
from insight.columns import packed
from insight.database import write_session
from insight.intake import Place
from insight.painpoints import store
from insight.painpoints.cube import Cube
from insight.painpoints.vectors import in_parts
from insight.runs import RunStatus
from tests.stores.made_runs import NOW

RISES, AT_ONE, WITH, RARE, USUAL = range(5)
LABELS = ("Rises & <rises>", "Told at one service", "Told with it", "Told by few", "Told everywhere")
MONTHS = (*(f"2025-{month:02}" for month in range(11, 13)), *(f"2026-{month:02}" for month in range(1, 11)))
A_MONTH, RARE_TELLERS = 24, 4
SERVICES = ("One service", "Another service", "A third")
HIDDEN_SERVICE = "A service of four"


def themes_of(month: int, at: int) -> tuple[int, ...]:
    """What one of a month's journeys tells of."""
    if at < (12 if month >= len(MONTHS) - 3 else 1):
        return (RISES, USUAL)
    if 12 <= at < 18 and at % 2:
        return (AT_ONE, WITH)
    return (RARE, USUAL) if at == A_MONTH - 1 and month < RARE_TELLERS else (USUAL, USUAL)


def add_compared(place: Place, months: int = len(MONTHS)) -> int:
    """A published run of a place over the last of the months; gives its id."""
    stories = [(month, themes_of(month, at)) for month in range(len(MONTHS) - months, 12) for at in range(A_MONTH)]
    rows = [{"label": label, "number": number} for number, label in enumerate(LABELS)]
    for row in rows:
        row |= {"kind": "hurts", "terms": ["told"], "firm": True, "facts": {"quotes": [], "known": None}}
    run, cube = runs.create(SYSTEM, place.id), _cube(stories)
    vectors = np.eye(8, dtype=np.float32)[cube.theme]
    with write_session() as opened:
        parts = in_parts(vectors, np.zeros(8, np.float32), "made")
        store.keep_results(opened, run.id, rows, [], cube.to_bytes(), parts)
        runs.finish_run(opened, run.id, RunStatus.DONE, NOW, stage="done", facts={}, left_out={})
    painpoints.publish(SYSTEM, run.id)
    return run.id


def _cube(stories: list[tuple[int, tuple[int, ...]]]) -> Cube:
    n = len(stories)
    theme = np.array([theme for _month, told in stories for theme in told], np.int32)
    story = np.repeat(np.arange(n, dtype=np.int32), 2)
    at_one = np.where(theme == AT_ONE, story % 5 > 0, story % 10 == 0)
    service = np.where(at_one, 0, 1 + story % 2).astype(np.int32)
    service[theme == RARE] = 3
    nowhere, bad = np.full(2 * n, -1, np.int32), np.full(2 * n, -1, np.float32)
    held: dict[str, Any] = {
        "theme": theme,
        "key": np.arange(2 * n, dtype=np.int64) + 1,
        "passage_story": story,
        "passage_service": service,
        "passage_organisation": nowhere,
        "passage_channel": nowhere,
        **dict.fromkeys(("feeling", "side"), bad),
        **dict.fromkeys(("severity", "score"), -bad),
        "story_id": np.arange(n, dtype=np.int64) + 1,
        **{f"story_{name}": np.zeros(n, np.int32) for name in ("need", "source", "teller")},
        "story_month": np.array([month for month, _told in stories], np.int32),
        "step_story": story,
        "step_service": service,
        "step_organisation": nowhere,
        "step_channel": nowhere,
        "map_passage": np.zeros(0, np.int32),
        "map_xy": np.zeros((0, 2), np.float32),
    }
    words = {"service": (*SERVICES, HIDDEN_SERVICE), "month": MONTHS, "organisation": (), "channel": ()}
    words |= {"need": ("money",), "source": ("self_web",), "teller": ("self",)}
    return Cube.from_bytes(packed(held, words))
