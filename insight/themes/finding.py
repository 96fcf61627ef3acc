"""From texts to themes: what can be used, its vectors, its clusters, their names."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
import numpy.typing as npt

from insight.text.passages import is_non_answer
from insight.text.vectors import Encoder, StaticTable, word_counts
from insight.themes import graph, naming
from insight.themes.analysis import ONE_THEME_BELOW, ThemeClusterer
from insight.themes.lists import centroids, nearest
from insight.themes.model import (
    FIRM,
    NO_ANSWER,
    OTHER_WRITING,
    THEME,
    Findings,
    Floats,
    GroupName,
    Labels,
    Progress,
    Theme,
)
from insight.themes.sorting import Sorted, sort_texts

QUOTES = 3
CHUNK = 50_000
SPECIAL_LABELS = {NO_ANSWER: "No comment", OTHER_WRITING: "Not understood"}
Z95 = 1.959964


@dataclass
class _Clock:
    """Wall seconds per stage, and the caller's progress."""

    progress: Progress | None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a stage; says that it begins and that it ended."""
        self.say(name, 0, 1)
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)
        self.say(name, 1, 1)

    def say(self, name: str, done: int, total: int) -> None:
        """Pass progress on to the caller."""
        if self.progress:
            self.progress(name, done, total)


def find_themes(
    texts: Sequence[str],
    *,
    seed: int = 0,
    resolution: float | None = None,
    encoder: Encoder | None = None,
    progress: Progress | None = None,
) -> Findings:
    """Themes of texts (passages or whole comments), the biggest first.

    Equal texts (but for case, blanks and closing signs) are clustered once and counted each. ``resolution`` None is
    chosen from the texts. The same texts, seed and version give the same findings, whatever the number of threads.
    Never raises on few, empty or equal texts.
    """
    clock = _Clock(progress)
    encoder = encoder or StaticTable.load()
    with clock.stage("reading"):
        told = sort_texts(texts)
    with clock.stage("vectors"):
        grid, centre, understood = _vectors(encoder, told.different)
    clusterer = None
    if understood.any():
        clusterer = ThemeClusterer(resolution=resolution, random_state=seed, progress=progress)
    with clock.stage("clustering"):
        main = _clustered(clusterer, told.different, grid, centre, understood)
    with clock.stage("naming"):
        labels, kinds, stability = _rank(told, main, clusterer)
        themes, middle = _describe(texts, told, grid, labels, kinds, stability)
    return Findings(
        labels=labels,
        scores=scores_of(grid, told.row_of, labels, middle),
        themes=themes,
        left_out=_left_out(told, main),
        parameters=_parameters(seed, resolution, encoder, clusterer),
        seconds=clock.seconds,
        grid=grid,
        row_of=told.row_of,
        centre=centre,
        centroids=middle,
        encoder=encoder,
        clusterer=clusterer,
    )


def _clustered(
    clusterer: ThemeClusterer | None,
    texts: Sequence[str],
    grid: Floats,
    centre: Floats,
    understood: npt.NDArray[np.bool_],
) -> Labels:
    """Theme of each text, (n,); -1 where it was not understood. Where none was there is no clusterer."""
    labels = np.full(len(texts), -1, np.int32)
    if clusterer:
        known = np.flatnonzero(understood)
        part = grid if understood.all() else grid[known]
        clusterer.fit_grid(part, centre, lambda rows: word_counts([texts[row] for row in known[rows]]))
        labels[known] = clusterer.labels_
    return labels


def _vectors(encoder: Encoder, texts: Sequence[str]) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    """Texts on the grid, (n, d); what was taken off, (d,); and which were understood. Memory holds one such table."""
    first = encoder.encode(texts[:CHUNK])
    grid = np.empty((len(texts), first.shape[1]), np.float32)
    grid[: len(first)] = first
    for start in range(CHUNK, len(texts), CHUNK):
        grid[start : start + CHUNK] = encoder.encode(texts[start : start + CHUNK])
    understood = np.concatenate([np.any(part != 0, axis=1) for part in _parts(grid)])
    few = int(understood.sum()) < ONE_THEME_BELOW
    centre = np.zeros(grid.shape[1], np.float32) if few else graph.centre_of(grid)
    for part in _parts(grid):
        part[:] = graph.to_grid(part, centre)
    return grid, centre, understood


def _parts(grid: Floats) -> Iterator[Floats]:
    for start in range(0, max(1, len(grid)), CHUNK):
        yield grid[start : start + CHUNK]


def name_groups(
    texts: Sequence[str],
    labels: Sequence[int] | Labels,
    *,
    vectors: Floats | None = None,
    encoder: Encoder | None = None,
    quotes: int = QUOTES,
) -> list[GroupName]:
    """Label, terms and quotes for any grouping: entry i names the texts labelled i; -1 is left out.

    ``vectors`` (n, d), as ``Findings.vectors`` gives them, saves encoding the texts again.
    """
    groups = np.asarray(labels, np.int32)
    count = int(groups.max(initial=-1)) + 1
    if count == 0:
        return []
    if vectors is None:
        found = (encoder or StaticTable.load()).encode(texts)
        grid = graph.to_grid(found, graph.centre_of(found) if len(found) >= ONE_THEME_BELOW else None)
    else:
        grid = graph.to_grid(vectors)
    return naming.name(texts, groups, grid, count, quotes)


def place(findings: Findings, texts: Sequence[str]) -> tuple[Labels, Floats]:
    """See ``Findings.place``: non-answers go to the theme of that kind, where there is one."""
    kinds = [theme.kind for theme in findings.themes]
    labels = np.full(len(texts), -1, np.int32)
    scores = np.zeros(len(texts), np.float32)
    if THEME in kinds:
        vectors = findings.encoder.encode(texts)
        understood = np.any(vectors != 0, axis=1)
        grid = graph.to_grid(vectors, findings.centre)
        near = nearest(grid, findings.centroids[: kinds.count(THEME)])
        labels = np.where(understood, near, -1).astype(np.int32)
        scores = scores_of(grid, np.arange(len(texts), dtype=np.int32), labels, findings.centroids)
    empty = np.array([is_non_answer(text) for text in texts], bool)
    silent = kinds.index(NO_ANSWER) if NO_ANSWER in kinds else -1
    for row in np.flatnonzero(empty).tolist():
        labels[row] = silent if texts[row].strip() else -1
    scores[empty] = labels[empty] >= 0
    return labels, scores


def _rank(told: Sorted, main: Labels, clusterer: ThemeClusterer | None) -> tuple[Labels, list[str], list[float | None]]:
    """Labels of all texts with the biggest theme first, special kinds last; each theme's kind and stability."""
    found = np.where(told.row_of >= 0, main[told.row_of] if len(main) else -1, -1)
    count = int(main.max(initial=-1)) + 1
    sizes = np.bincount(found[found >= 0], minlength=count)
    order = np.argsort(-sizes, kind="stable")
    place_of = np.empty(count + 1, np.int32)
    place_of[order] = np.arange(count)
    place_of[count] = -1
    labels = place_of[found].astype(np.int32)
    measured = clusterer.stability_ if clusterer and clusterer.stability_ else [None] * count
    stability: list[float | None] = [measured[number] for number in order]
    kinds = [THEME] * count
    for kind, rows in ((NO_ANSWER, told.no_answer), (OTHER_WRITING, (told.row_of >= 0) & (found < 0))):
        if rows.any():
            labels[rows] = len(kinds)
            kinds.append(kind)
            stability.append(None)
    return labels, kinds, stability


def _describe(
    texts: Sequence[str],
    told: Sorted,
    grid: Floats,
    labels: Labels,
    kinds: list[str],
    stability: list[float | None],
) -> tuple[tuple[Theme, ...], Floats]:
    """Themes with names and shares, and their centres."""
    count = kinds.count(THEME)
    first = _first_of_each(told.row_of, len(told.different))
    groups = np.where(labels[first] < count, labels[first], -1).astype(np.int32)
    names = naming.name(told.different, groups, grid, count, QUOTES) if count else []
    sizes = np.bincount(labels[labels >= 0], minlength=len(kinds))
    said = int(sizes[[number for number, kind in enumerate(kinds) if kind != NO_ANSWER]].sum()) if kinds else 0
    themes = []
    for number, kind in enumerate(kinds):
        of = int(sizes.sum()) if kind == NO_ANSWER else said
        given = names[number] if kind == THEME else GroupName(SPECIAL_LABELS[kind], (), ())
        quotes = tuple(int(first[row]) for row in given.quotes) or tuple(np.flatnonzero(labels == number)[:1].tolist())
        firm = (stability[number] or 0.0) >= FIRM
        share = wilson(int(sizes[number]), of)
        themes.append(
            Theme(number, given.label, given.terms, int(sizes[number]), *share, quotes, stability[number], firm, kind)
        )
    centres = np.zeros((len(kinds), grid.shape[1]), np.float32)
    centres[:count] = centroids(grid, groups, count)
    return tuple(themes), centres


def wilson(count: int, of: int) -> tuple[float, float, float]:
    """Share and its 95 % interval (Wilson 1927), rounded to six places."""
    if of == 0:
        return 0.0, 0.0, 1.0
    share = count / of
    middle = share + Z95**2 / (2 * of)
    half = Z95 * sqrt(share * (1 - share) / of + Z95**2 / (4 * of**2))
    scale = 1 + Z95**2 / of
    low, high = max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
    return round(share, 6), round(low, 6), round(high, 6)


def _first_of_each(row_of: Labels, count: int) -> Labels:
    """The first text of each different one."""
    first = np.zeros(count, np.int32)
    places = np.flatnonzero(row_of >= 0)[::-1]
    first[row_of[places]] = places
    return first


def scores_of(grid: Floats, row_of: Labels, labels: Labels, centres: Floats) -> Floats:
    """Cosine to the own theme's centre, cut to 0..1; 1 in a theme of a special kind; rounded to four places."""
    scores = np.zeros(len(labels), np.float32)
    for start in range(0, len(labels), CHUNK):
        mine, rows = labels[start : start + CHUNK], row_of[start : start + CHUNK]
        known = (mine >= 0) & (rows >= 0)
        dots = np.einsum("ij,ij->i", grid[rows[known]], centres[mine[known]], dtype=np.float64)
        part = np.where(mine >= 0, 1.0, 0.0)
        part[known] = np.round(np.clip(dots / graph.LENGTH**2, 0, 1), 4)
        scores[start : start + CHUNK] = part
    return scores


def _left_out(told: Sorted, main: Labels) -> dict[str, int]:
    return {
        "nothing written": int(told.empty.sum()),
        "no answer": int(told.no_answer.sum()),
        "same as another": int((told.row_of >= 0).sum()) - len(told.different),
        "not understood": int((main < 0).sum()),
    }


def _parameters(
    seed: int, resolution: float | None, encoder: Encoder, clusterer: ThemeClusterer | None
) -> dict[str, object]:
    return {
        "seed": seed,
        "resolution": clusterer.resolution_ if clusterer else resolution,
        "resolution chosen": resolution is None,
        "worth": {f"{r:g}": value for r, value in clusterer.worth_.items()} if clusterer else {},
        "neighbours": clusterer.n_neighbors if clusterer else 0,
        "sample": clusterer.sample_size if clusterer else 0,
        "encoder": encoder.name,
    }
