"""Themes of texts in parts: the cut changes nothing, a cluster changes nothing, and everything written has a theme."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from insight.settings import settings as product_settings
from insight.themes import find_themes, themes_in_parts
from insight.themes.model import Floats, Labels
from tests.analyses.test_themes import planted

ODD = ["", "  ", "n/a", "Nothing.", "ፊደል ፊደል"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A file of texts to read parts of: planted ones, each five times in other spellings, and odd ones."""
    texts = [said + end for end in ("", ".", "!", " .", "") for said in planted()[0]] + ODD
    (tmp_path / "texts").write_text("\n".join(texts), "utf-8")
    return tmp_path


def lines(folder: Path, part: Sequence[int]) -> Iterator[str]:
    """The lines of a part, which is where it starts and where it ends."""
    yield from (folder / "texts").read_text("utf-8").split("\n")[part[0] : part[1]]


def keep(folder: Path, part: Sequence[int], labels: Labels, scores: Floats) -> None:
    np.savez(folder / f"{part[0]}.npz", labels=labels, scores=scores)


def kept(folder: Path, parts: Sequence[Sequence[int]], name: str) -> Labels:
    return np.concatenate([np.load(folder / f"{part[0]}.npz")[name] for part in parts])


def cut(size: int) -> list[tuple[int, int]]:
    return [(start, start + size) for start in range(0, 1205, size)]


def test_the_cut_into_parts_changes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("insight.themes.parts.CHUNK", 70)
    written = partial(keep, folder)
    whole = themes_in_parts([(0, 2000)], partial(lines, folder), write=written, sample_size=180)
    labels = kept(folder, [(0, 2000)], "labels")
    many = themes_in_parts(cut(190)[::-1], partial(lines, folder), write=written, sample_size=180)
    np.testing.assert_array_equal(kept(folder, cut(190), "labels"), labels)
    assert (many.themes, many.sample, many.texts, many.empty) == (whole.themes, whole.sample, 1205, 2)
    assert len(set(whole.sample)) == 180
    assert {theme.index: theme.size for theme in whole.themes} == Counter(labels[labels >= 0].tolist())
    assert [theme.label for theme in whole.themes[-2:]] == ["No comment", "Not understood"]
    assert labels[-5:].tolist() == [-1, -1, *[whole.themes[-2].index] * 2, whole.themes[-1].index]
    scores = kept(folder, cut(190), "scores")
    assert ((scores > 0) == (labels >= 0)).mean() > 0.99 and scores.max() <= 1


def test_parts_find_the_planted_themes(folder: Path) -> None:
    found = themes_in_parts(cut(400), partial(lines, folder), write=partial(keep, folder), sample_size=200)
    labels = kept(folder, cut(400), "labels")[:240]
    assert adjusted_rand_score(find_themes(planted()[0]).labels, labels) > 0.6
    assert sum(theme.share for theme in found.themes if theme.kind != "no answer") == pytest.approx(1, abs=1e-4)
    quoted = found.themes[0].quotes[0]
    assert found.findings.labels[quoted] == 0 and found.sample[quoted] in "\n".join(planted()[0])


def test_two_workers_find_what_one_process_finds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip(
        "distributed", reason="tests of a cluster need: pip install -r requirements-scale.txt"
    )
    here = themes_in_parts(cut(120), partial(lines, folder), write=partial(keep, folder), sample_size=200)
    labels = kept(folder, cut(120), "labels")
    options = {"processes": False, "dashboard_address": ":0", "host": "127.0.0.1", "protocol": "tcp"}
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, **options) as cluster:
        monkeypatch.setenv("INSIGHT_SCHEDULER", cluster.scheduler_address)
        product_settings.cache_clear()
        there = themes_in_parts(cut(120), partial(lines, folder), write=partial(keep, folder), sample_size=200)
        monkeypatch.undo()
        product_settings.cache_clear()
    assert there.themes == here.themes
    np.testing.assert_array_equal(kept(folder, cut(120), "labels"), labels)


def test_parts_with_nothing_to_say() -> None:
    found = themes_in_parts([["", "n/a"], []], list)
    assert [(theme.kind, theme.size, theme.index) for theme in found.themes] == [("no answer", 1, 0)]
    assert (found.texts, found.empty, found.sample) == (2, 1, [])
