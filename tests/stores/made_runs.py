"""Runs made up to order, with as little in them as the codebook needs: who said what, and the machine's theme of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from insight import painpoints, runs
from insight.access import SYSTEM
from insight.database import session, write_session
from insight.intake import Place
from insight.intake.tables import ConsentRow, StoryRow
from insight.painpoints import store
from insight.painpoints.cube import Cube
from insight.painpoints.gathering import passage_key
from insight.painpoints.reading import reading
from insight.painpoints.vectors import in_parts
from insight.runs import RunStatus

NOW = datetime(2026, 11, 22, tzinfo=UTC)
COLUMNS = ("need", "source", "teller", "month", "service", "organisation", "channel")
Told = tuple[int, str]  # a story's id, and the one passage it says


def add_stories(place: Place, first: int, texts: Sequence[str]) -> list[Told]:
    """Stories of one passage each, numbered from ``first``, which may be analysed and quoted."""
    told = []
    with write_session() as opened:
        for number, text in enumerate(texts, first):
            row = StoryRow(
                reference=f"{place.id}-{number}",
                token=f"{place.id}-{number}",
                place_id=place.id,
                source="self_web",
                provenance="own_words",
                language="en",
                what_happened=text,
                obstacles=[],
                told_at=NOW,
                received_at=NOW,
            )
            opened.add(row)
            opened.flush()
            told.append((row.id, text))
            for scope in ("analyse", "quote"):
                agreed = {"given": True, "how": "ticked", "wording": "made", "recorded_at": NOW}
                opened.add(ConsentRow(story_id=row.id, scope=scope, **agreed))
    return told


def add_run(
    place: Place,
    told: Sequence[Told],
    themes: Sequence[int],
    *,
    publish: bool = True,
    services: Sequence[int] = (),
    facts: Mapping[str, Any] | None = None,
) -> int:
    """A run that put each of these passages into a theme (numbers from 0, -1 for none), published; gives its id.

    ``services``: by passage, a number from 0 for the service that its story's one step was at.
    """
    run = runs.create(SYSTEM, place.id)
    count = max(themes, default=-1) + 1
    rows = [
        {
            "number": number,
            "kind": "hurts",
            "label": f"Machine's name {number}",
            "terms": [f"term {number}"],
            "firm": True,
            "facts": {"quotes": [row for row, theme in enumerate(themes) if theme == number][:3], "known": None},
        }
        for number in range(count)
    ]
    passages = [
        {
            "number": number,
            "story_id": story,
            "story_version": 1,
            "field": "what_happened",
            "step": None,
            "start": 0,
            "end": len(text),
        }
        for number, (story, text) in enumerate(told)
    ]
    vectors = np.eye(8, dtype=np.float32)[np.asarray(themes, int) % 8]
    with write_session() as opened:
        parts = in_parts(vectors, np.zeros(8, np.float32), "made")
        store.keep_results(opened, run.id, rows, passages, _cube(told, themes, services).to_bytes(), parts)
        runs.finish_run(opened, run.id, RunStatus.DONE, NOW, stage="done", facts=dict(facts or {}), left_out={})
    if publish:
        painpoints.publish(SYSTEM, run.id)
    return run.id


def _cube(told: Sequence[Told], themes: Sequence[int], services: Sequence[int]) -> Cube:
    n = len(told)
    of_step = np.asarray(services, np.int32)

    def same(value: float, kind: type = np.int32) -> np.ndarray:
        return np.full(n, value, kind)

    return Cube(
        theme=np.asarray(themes, np.int32),
        leaf=np.asarray(themes, np.int32),
        cuts=np.zeros((0, 3), np.int32),
        joins=np.zeros((0, 3), np.int32),
        key=np.array([passage_key(story, text) for story, text in told], np.int64),
        passage_story=np.arange(n, dtype=np.int32),
        passage_step=same(-1),
        passage_service=of_step if len(of_step) else same(-1),
        passage_organisation=same(-1),
        passage_channel=same(-1),
        feeling=same(-1, np.float32),
        side=same(-1, np.float32),
        severity=same(5, np.float32),
        score=np.linspace(1, 0.5, n).astype(np.float32),
        story_id=np.array([story for story, _text in told], np.int64),
        story_need=same(0),
        story_source=same(0),
        story_teller=same(0),
        story_month=same(0),
        step_story=np.arange(len(of_step), dtype=np.int32),
        step_service=of_step,
        step_organisation=np.full(len(of_step), -1, np.int32),
        step_channel=np.full(len(of_step), -1, np.int32),
        map_passage=np.zeros(0, np.int32),
        map_xy=np.zeros((0, 2), np.float32),
        words=dict.fromkeys(COLUMNS, ("told",))
        | {"service": ("Housing", "Jobcentre", "Library"), "month": ("2026-11",)},
    )


def shown(run_id: int) -> dict[int, int]:
    """The lasting theme under which each passage of a run is shown, by the passage's story."""
    with session() as opened:
        row = runs.run_by_id(opened, run_id)
    assert row is not None
    cube = reading(row).whole
    return dict(zip(cube.story_id.tolist(), cube.theme.tolist(), strict=True))


def names(run_id: int) -> dict[int, str]:
    """What the themes of a run are called, by lasting number."""
    with session() as opened:
        row = runs.run_by_id(opened, run_id)
    assert row is not None
    return {theme.number: theme.label for theme in reading(row).themes}
