"""Is the demo place's writing as varied, and as hard to sort, as real people's? Three sets side by side, as Markdown.

``python benchmarks/demo_variety.py``: the demo's planted sentences (with every wording held out in turn), and, where
they are at hand, the twelve biggest intents of bank_queries.csv and the NHS comments that bear one label alone.
"""

import argparse
import csv
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, confusion_matrix, f1_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from insight.demo import generate  # noqa: E402
from insight.demo.phrases import read_sections  # noqa: E402
from insight.text.passages import sentences  # noqa: E402
from insight.text.vectors import StaticTable  # noqa: E402

WORD = re.compile(r"[a-z0-9']+")
FEEDBACK = ROOT.parent / "shared" / "data" / "feedback"
LABELS = 12
CLUSTERS = (12, 20)
TOKENS = 8000
SEEDS = range(5)
DRAWS = range(4)
NOT_A_THEME = {"Not assigned", "Labelling not possible", "Person identifiable info?", "Comment sentiment"}


class Labelled(NamedTuple):
    """Texts with their labels; ``groups`` says which must stay on one side of a split: those of one wording."""

    texts: list[str]
    labels: list[str]
    groups: list[int]


def demo(journeys: int, *, everything: bool) -> Labelled:
    """The demo's planted sentences; with ``everything`` also wishes and what staff wrote."""
    texts, labels = [], []
    for one in generate(journeys):
        for mark in one.truth:
            if everything or (mark.where != "what_better" and not one.logged_by_staff):
                texts.append(mark.sentence)
                labels.append(mark.code)
    return Labelled(texts, labels, _cores(texts, labels))


def _cores(texts: list[str], labels: list[str]) -> list[int]:
    """The core that each sentence was made from: of its pain's, the one whose letter triples it shares most."""
    cores: list[int] = [0] * len(texts)
    start = 0
    for label in sorted(set(labels)):
        lines = [
            " ".join(part if isinstance(part, str) else part[0] for part in phrase.parts)
            for folder in ("pains", "plain")
            for section in read_sections(f"{folder}/{label}").values()
            for phrase in section
        ]
        rows = [row for row, one in enumerate(labels) if one == label]
        reader = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), lowercase=True).fit(lines)
        nearest = (reader.transform([texts[row] for row in rows]) @ reader.transform(lines).T).toarray().argmax(axis=1)
        for row, core in zip(rows, nearest, strict=True):
            cores[row] = start + int(core)
        start += len(lines)
    return cores


def bank(path: Path) -> Labelled:
    """Customers' questions to a bank, of the twelve intents most asked about."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row["label"]) for row in csv.DictReader(file)]
    return _biggest(rows)


def nhs(path: Path) -> Labelled:
    """Comments on NHS services that their readers gave one theme and no other."""
    rows = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            names = list(row)
            themes = [n for n in names[names.index("Not assigned") :] if row[n].strip() == "1" and n not in NOT_A_THEME]
            if len(themes) == 1 and len(WORD.findall(row["FFT answer"].lower())) >= 2:
                rows.append((row["FFT answer"], themes[0]))
    return _biggest(rows)


def _biggest(rows: Sequence[tuple[str, str]]) -> Labelled:
    kept = {label for label, _ in Counter(label for _, label in rows).most_common(LABELS)}
    few = [(text, label) for text, label in rows if label in kept]
    number = {text: at for at, text in enumerate(dict.fromkeys(text.lower() for text, _ in few))}
    return Labelled([t for t, _ in few], [label for _, label in few], [number[t.lower()] for t, _ in few])


def sample(whole: Labelled, per_label: int, seed: int) -> Labelled:
    """At most so many of each label, drawn by chance: the sets are compared at one size."""
    rng = np.random.default_rng(seed)
    rows: list[int] = []
    by_label = defaultdict(list)
    for row, label in enumerate(whole.labels):
        by_label[label].append(row)
    for label in sorted(by_label):
        rows.extend(rng.permutation(by_label[label])[:per_label].tolist())
    texts, labels, groups = whole
    return Labelled([texts[row] for row in rows], [labels[row] for row in rows], [groups[row] for row in rows])


def distinct_share(one: Labelled) -> float:
    """Texts that differ, capitals aside, as a share of all."""
    return len({text.lower().strip(" .!?") for text in one.texts}) / len(one.texts)


def type_token(one: Labelled, tokens: int) -> float:
    """Different words among the first so many, the texts in an order drawn by chance."""
    order = np.random.default_rng(0).permutation(len(one.texts))
    words = [word for row in order for word in WORD.findall(one.texts[row].lower())]
    return len(set(words[:tokens])) / tokens


def within_jaccard(one: Labelled) -> float:
    """How many words two texts of one label share, of those that either has; the mean over all pairs and labels."""
    bags = CountVectorizer(binary=True, token_pattern=WORD.pattern).fit_transform(one.texts).astype(np.float64)
    means = []
    for label in sorted(set(one.labels)):
        table = sp.csr_matrix(bags[[row for row, name in enumerate(one.labels) if name == label]])
        shared, size = (table @ table.T).toarray(), np.asarray(table.sum(axis=1)).ravel()
        union = size[:, None] + size[None, :] - shared
        upper = np.triu_indices(len(size), 1)
        means.append(float((shared[upper] / np.maximum(union[upper], 1)).mean()))
    return float(np.mean(means))


def vectors(one: Labelled) -> npt.NDArray[np.float64]:
    """The product's own sentence vectors, centred and of length one."""
    raw = np.asarray(StaticTable.load().encode(one.texts), np.float64)
    raw -= raw.mean(axis=0)
    return np.asarray(raw / np.maximum(np.linalg.norm(raw, axis=1, keepdims=True), 1e-9))


def learnt(one: Labelled, points: npt.NDArray[np.float64], *, held_out: bool) -> float:
    """Macro-F1 of a logistic regression on the vectors over five folds; ``held_out``: no wording in two of them."""
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=0)
    model = LogisticRegression(C=10.0, max_iter=1000)
    groups = one.groups if held_out else range(len(one.texts))
    guessed = cross_val_predict(model, points, one.labels, groups=list(groups), cv=folds)
    return float(f1_score(one.labels, guessed, average="macro"))


def found(one: Labelled, points: npt.NDArray[np.float64], clusters: int) -> tuple[float, float]:
    """Adjusted Rand index of KMeans with the labels, and macro-F1 when each label is given the cluster that fits best.

    The means over several starts; a label without a cluster of its own counts as 0.
    """
    names = sorted(set(one.labels))
    truth = np.array([names.index(label) for label in one.labels])
    rand, best = [], []
    for seed in SEEDS:
        given = KMeans(clusters, n_init=3, random_state=seed).fit_predict(points)
        rand.append(adjusted_rand_score(truth, given))
        size = max(clusters, len(names))
        table = confusion_matrix(truth, given, labels=range(size))
        f1 = 2 * table / np.maximum(table.sum(axis=1)[:, None] + table.sum(axis=0)[None, :], 1)
        best.append(float(f1[linear_sum_assignment(-f1)][: len(names)].sum() / len(names)))
    return float(np.mean(rand)), float(np.mean(best))


def whole_units(journeys: int) -> float:
    """The share of marks that make up at least half of one sentence, as the product cuts texts into sentences."""
    marks = whole = 0
    for one in generate(journeys):
        for mark in one.truth:
            story = one.story
            text = (story.steps[int(mark.where) - 1].note if mark.where.isdigit() else getattr(story, mark.where)) or ""
            start = text.index(mark.sentence)
            end = start + len(mark.sentence)
            marks += 1
            whole += any(
                2 * (min(end, unit.end) - max(start, unit.start)) >= max(unit.end - unit.start, end - start)
                for unit in sentences(text)
            )
    return whole / marks


def main() -> None:
    """Print the table."""
    reading = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reading.add_argument("--feedback", type=Path, default=FEEDBACK, help="folder of the real people's texts")
    reading.add_argument("--journeys", type=int, default=1200)
    reading.add_argument("--per-label", type=int, default=100, help="texts of each label, at most")
    asked = reading.parse_args()
    began = time.perf_counter()
    sets = {
        "demo, residents' sentences": demo(asked.journeys, everything=False),
        "demo, every mark": demo(asked.journeys, everything=True),
    }
    real: dict[str, tuple[str, Callable[[Path], Labelled]]] = {
        "bank queries": ("bank_queries.csv", bank),
        "NHS comments": ("nhs_fft_comments.csv", nhs),
    }
    for name, (file, read) in real.items():
        if (asked.feedback / file).exists():
            sets[name] = read(asked.feedback / file)
    print(
        "| | texts | compared | distinct | type-token | Jaccard | LR F1, wording held out | LR F1, any folds |", end=""
    )
    print("".join(f" ARI k={k} | match F1 k={k} |" for k in CLUSTERS))
    print("|---" * (8 + 2 * len(CLUSTERS)) + "|")
    for name, whole in sets.items():
        print(_row(name, whole, asked.per_label))
    print(f"\nMarks that are at least half of one sentence: {whole_units(asked.journeys):.3f}.")
    print(f"Took {time.perf_counter() - began:.0f} s.")


def _row(name: str, whole: Labelled, per_label: int) -> str:
    """One set's line: the means over several draws."""
    drawn = [_measures(sample(whole, per_label, seed)) for seed in DRAWS]
    compared = len(sample(whole, per_label, 0).texts)
    return (
        f"| {name} | {len(whole.texts)} | {compared} | " + " | ".join(f"{n:.3f}" for n in np.mean(drawn, axis=0)) + " |"
    )


def _measures(few: Labelled) -> list[float]:
    points = vectors(few)
    numbers = [distinct_share(few), type_token(few, TOKENS), within_jaccard(few)]
    numbers.extend(learnt(few, points, held_out=held_out) for held_out in (True, False))
    for clusters in CLUSTERS:
        numbers.extend(found(few, points, clusters))
    return numbers


if __name__ == "__main__":
    main()
