"""Themes of more texts than fit in memory: found on a sample of the different ones, then every part is placed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from hashlib import blake2b
from itertools import islice
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from insight.scale import mapreduce
from insight.text.passages import is_non_answer
from insight.text.vectors import Encoder, StaticTable
from insight.themes import graph
from insight.themes.finding import SPECIAL_LABELS, find_themes, scores_of, wilson
from insight.themes.lists import nearest
from insight.themes.model import NO_ANSWER, OTHER_WRITING, THEME, Findings, Floats, Labels, Progress, Theme
from insight.themes.sorting import same_for_all

Part = TypeVar("Part")
Counts = npt.NDArray[np.int64]
# A different text: where chance put it, what all its spellings share, and one of them.
Drawn = tuple[bytes, str, str]

SAMPLE = 60_000
CHUNK = 20_000


@dataclass(frozen=True)
class InParts:
    """Themes of all texts of all parts.

    ``themes``: sizes and shares are of all texts; labels, terms and quotes come from ``sample``, whose rows the quotes
    are. After the themes come *No comment* and *Not understood*, at the next two indices, where there is any.
    ``findings`` are those of the sample; ``texts``: how many were read; ``empty``: in how many nothing was written.
    """

    themes: tuple[Theme, ...]
    sample: list[str]
    findings: Findings
    texts: int
    empty: int


@dataclass(frozen=True)
class Places:
    """What is sent to every part: the centres of the themes, (themes, d), and what comes off a vector before."""

    centroids: Floats
    centre: Floats
    encoder: Encoder | None

    def place(self, texts: Sequence[str]) -> tuple[Labels, Floats]:
        """Theme of each text, and its cosine to the centre of it; -1 where nothing was written."""
        themes = len(self.centroids)
        vectors = (self.encoder or _table()).encode(texts)
        grid = graph.to_grid(vectors, self.centre)
        found = nearest(grid, self.centroids) if themes else np.zeros(len(texts), np.int32)
        labels = np.where(np.any(vectors != 0, axis=1) & (themes > 0), found, themes + 1).astype(np.int32)
        for row, text in enumerate(texts):
            if is_non_answer(text):
                labels[row] = themes if text.strip() else -1
        centres = np.vstack([self.centroids, np.zeros((2, grid.shape[1]), np.float32)])
        scores = scores_of(grid, np.arange(len(texts), dtype=np.int32), labels, centres)
        return labels, np.where(labels >= themes, 1, scores).astype(np.float32)


def themes_in_parts(
    parts: Iterable[Part],
    read: Callable[[Part], Iterable[str]],
    *,
    write: Callable[[Part, Labels, Floats], None] | None = None,
    seed: int = 0,
    resolution: float | None = None,
    sample_size: int = SAMPLE,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> InParts:
    """Themes of the texts of all parts, those first that are the biggest of the sample.

    A part says where its texts are (a path, a number), and ``read`` gets them from there, twice: a worker holds
    ``CHUNK`` of them at a time. ``write`` is told, once for each part and where the part is worked on, the theme and
    score of every text in the order read. Parts go through ``insight.scale.mapreduce``, so ``read``, ``write`` and
    ``encoder`` must be such that they can be sent; the sample comes to this process. How the texts are cut into parts,
    the order of parts and the engine change nothing. Raises what ``read`` raises; ValueError without any part.
    """
    known = list(parts)
    drawn = mapreduce(partial(_draw, read, seed, sample_size), known, partial(_lowest, sample_size))
    sample = [text for _, _, text in drawn]
    findings = find_themes(sample, seed=seed, resolution=resolution, encoder=encoder, progress=progress)
    count = sum(theme.kind == THEME for theme in findings.themes)
    places = Places(findings.centroids[:count], findings.centre, encoder)
    sizes = mapreduce(partial(_place, read, write, places), known, np.add)
    return InParts(_themes(findings, sizes[1:]), sample, findings, int(sizes.sum()), int(sizes[0]))


def _draw(read: Callable[[Part], Iterable[str]], seed: int, size: int, part: Part) -> list[Drawn]:
    """Of the part's different texts that say something, those that chance puts first."""
    drawn: list[Drawn] = []
    salt = seed.to_bytes(8, "little", signed=True)
    for texts in _chunks(read(part)):
        limit = drawn[-1][0] if len(drawn) == size else None
        new = []
        for text in texts:
            key = same_for_all(text)
            chance = blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8, salt=salt).digest()
            if (limit is None or chance <= limit) and not is_non_answer(text):
                new.append((chance, key, text))
        drawn = _lowest(size, drawn, sorted(new))
    return drawn


def _lowest(size: int, one: list[Drawn], other: list[Drawn]) -> list[Drawn]:
    """The lowest of both; of several spellings the first in the alphabet."""
    kept: dict[tuple[bytes, str], Drawn] = {}
    for drawn in sorted(one + other):
        kept.setdefault(drawn[:2], drawn)
    return list(islice(kept.values(), size))


def _place(
    read: Callable[[Part], Iterable[str]],
    write: Callable[[Part, Labels, Floats], None] | None,
    places: Places,
    part: Part,
) -> Counts:
    """How many of the part's texts are empty, in each theme, without an answer, and not understood."""
    sizes = np.zeros(len(places.centroids) + 3, np.int64)
    labels, scores = [np.zeros(0, np.int32)], [np.zeros(0, np.float32)]
    for texts in _chunks(read(part)):
        theme, score = places.place(texts)
        sizes += np.bincount(theme + 1, minlength=len(sizes))
        if write:
            labels.append(theme)
            scores.append(score)
    if write:
        write(part, np.concatenate(labels), np.concatenate(scores))
    return sizes


def _themes(findings: Findings, sizes: Counts) -> tuple[Theme, ...]:
    """Themes with the sizes that all texts gave them, and those of special kinds that have any."""
    count = len(sizes) - 2
    said = int(sizes.sum() - sizes[count])
    themes = []
    for theme in findings.themes[:count]:
        share, low, high = wilson(int(sizes[theme.index]), said)
        themes.append(replace(theme, size=int(sizes[theme.index]), share=share, low=low, high=high))
    for index, kind, of in ((count, NO_ANSWER, int(sizes.sum())), (count + 1, OTHER_WRITING, said)):
        size = int(sizes[index])
        if size:
            themes.append(Theme(index, SPECIAL_LABELS[kind], (), size, *wilson(size, of), (), None, False, kind))
    return tuple(themes)


def _chunks(texts: Iterable[str]) -> Iterator[list[str]]:
    source = iter(texts)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


@lru_cache(maxsize=1)
def _table() -> StaticTable:
    return StaticTable.load()
