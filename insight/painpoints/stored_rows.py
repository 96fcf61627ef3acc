"""What a run stores of its themes, their parts, its passages and its map. Worker only."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from insight.painpoints import rules
from insight.painpoints.branching import Branches
from insight.painpoints.cube import Cube
from insight.painpoints.gathering import Gathered
from insight.painpoints.known import KnownPain
from insight.painpoints.model import PART
from insight.themes import Findings, GroupName

Labels = npt.NDArray[np.int32]


def theme_rows(
    cube: Cube, names: Sequence[GroupName], known: Mapping[int, KnownPain], findings: Findings
) -> list[dict[str, Any]]:
    """What is stored of each theme: its name, and the passages that say it best.

    A known pain carries its own name and hurts by what it is. Another theme is firm where the found theme that most of
    its passages come from is firm.
    """
    rows = []
    for number, name in enumerate(names):
        inside = cube.theme == number
        pain = known.get(number)
        origin = findings.themes[int(np.bincount(findings.labels[inside]).argmax())]
        kind = "hurts" if pain else rules.kind_of(float(cube.side[inside].mean()))
        rows.append(
            {
                "number": number,
                "kind": kind,
                "label": pain.name if pain else name.label[:200],
                "terms": list(name.terms),
                "firm": pain is not None or origin.firm,
                "facts": {"quotes": [int(row) for row in name.quotes], "known": pain.code if pain else None},
            }
        )
    return rows


def part_rows(names: Sequence[GroupName], branches: Branches, themes: int) -> list[dict[str, Any]]:
    """What is stored of each part of a theme that is not cut further; ``names`` by number of the part."""
    return [
        {
            "number": int(number),
            "kind": PART,
            "label": names[number].label[:200],
            "terms": list(names[number].terms),
            "firm": False,
            "facts": {"quotes": [int(row) for row in names[number].quotes], "known": None},
        }
        for number in np.unique(branches.leaf[branches.leaf >= themes])
    ]


def passage_rows(gathered: Gathered) -> Iterator[dict[str, Any]]:
    """Where each passage stands in its story."""
    for number, story in enumerate(gathered.passage_story):
        step = gathered.passage_step[number]
        yield {
            "number": number,
            "story_id": gathered.story_id[story],
            "story_version": gathered.story_version[story],
            "field": gathered.passage_field[number],
            "step": gathered.steps[step].position if step >= 0 else None,
            "start": gathered.start[number],
            "end": gathered.end[number],
        }


def map_of(vectors: npt.NDArray[np.float32], labels: Labels, points: int, seed: int) -> tuple[Labels, Any]:
    """A sample of placed passages on a plane, like beside like (t-SNE, van der Maaten and Hinton 2008)."""
    from sklearn.manifold import TSNE

    placed = np.flatnonzero(labels >= 0)
    chooser = np.random.default_rng(seed)
    chosen = np.sort(chooser.choice(placed, min(points, len(placed)), replace=False))
    if len(chosen) < 5:
        return chosen.astype(np.int32), np.zeros((len(chosen), 2), np.float32)
    layout = TSNE(perplexity=min(30, (len(chosen) - 1) / 3), init="pca", random_state=seed, max_iter=500)
    xy = layout.fit_transform(vectors[chosen].astype(np.float64))
    return chosen.astype(np.int32), np.round(xy, 2).astype(np.float32)
