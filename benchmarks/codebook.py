"""How well the machine learns from the codebook, on a file that people coded.

``python benchmarks/codebook.py nhs_fft_comments.csv bank_queries.csv``: a file has the columns text and label, or (as
the NHS comments) a column of answers and one of 0 and 1 for each label. Labels of fewer than 30 rows are left out.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import average_precision_score, f1_score

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from insight.codebook.learning import NOTHING, Learned, reading_list  # noqa: E402
from insight.codebook.learning.teaching import Corpus, prepare, teach  # noqa: E402
from insight.text.passages import is_non_answer  # noqa: E402
from insight.text.vectors import Floats, StaticTable  # noqa: E402
from insight.themes import find_themes  # noqa: E402

FEWEST = 30
FIRST, BATCH, STEP = 40, 20, 40
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Coded:
    """A file as texts and what people said of them, (n, labels)."""

    texts: list[str]
    said: npt.NDArray[np.bool_]
    vectors: Floats
    corpus: Corpus

    def teach(self, rows: Rows, seed: int) -> Learned:
        """What these rows' answers teach."""
        return teach(self.corpus, rows, [tuple(np.flatnonzero(self.said[row])) for row in rows], seed=seed)

    def right(self, row: int, chosen: int) -> bool:
        """Whether people say this theme, or none, of a text."""
        return not self.said[row].any() if chosen == NOTHING else bool(self.said[row, chosen])


def read(path: str) -> Coded:
    """Texts that say something, with their labels; the machine's own themes as it finds them."""
    frame = pd.read_csv(path, dtype=str)
    if "FFT answer" in frame:
        texts = frame["FFT answer"].fillna("").tolist()
        said = (frame.loc[:, "Not assigned":"Positive experience & gratitude"] == "1").to_numpy()
    else:
        frame = frame.dropna(subset=["text", "label"])
        texts, said = frame["text"].tolist(), pd.get_dummies(frame["label"]).to_numpy(bool)
    kept = [row for row, text in enumerate(texts) if text.strip() and not is_non_answer(text)]
    texts, said = [texts[row] for row in kept], said[kept]
    vectors = StaticTable.load().encode(texts)
    corpus = prepare(texts, vectors, np.asarray(find_themes(texts).labels))
    return Coded(texts, said[:, said.sum(axis=0) >= FEWEST], vectors, corpus)


def split(data: Coded, seed: int) -> tuple[Rows, Rows]:
    """Texts to test on (1,500, or a fifth), and the others; equal texts are never on both sides."""
    order = np.random.default_rng(seed).permutation(data.corpus.size)
    tested = order[: min(1500, len(order) // 5)]
    _, first = np.unique(data.corpus.row_of, return_index=True)
    rows = np.arange(len(data.texts))
    out = np.isin(data.corpus.row_of, tested)
    return rows[out], np.random.default_rng(seed).permutation(np.intersect1d(first, rows[~out]))


def with_examples(data: Coded, pool: Rows, each: int) -> Rows:
    """Rows of the pool until every label, the rarest first, has ``each`` examples, where there are so many."""
    chosen: dict[int, None] = {}
    for label in np.argsort(data.said[pool].sum(axis=0), kind="stable"):
        have = sum(bool(data.said[row, label]) for row in chosen)
        fresh = [int(row) for row in pool if data.said[row, label] and int(row) not in chosen]
        chosen.update(dict.fromkeys(fresh[: max(each - have, 0)]))
    return np.fromiter(chosen, np.int64, len(chosen))


def f1(data: Coded, learned: Learned, rows: Rows) -> tuple[float, float]:
    """Macro- and micro-F1 of all themes that the machine gives."""
    given = np.zeros(data.said.shape, bool)
    for row in rows:
        given[row, list(learned.several[row])] = True
    truth, said = data.said[rows], given[rows]
    macro, micro = (float(f1_score(truth, said, average=kind, zero_division=0)) for kind in ("macro", "micro"))
    return macro, micro


def spread(values: Sequence[float]) -> str:
    """Mean and range of what was measured."""
    values = [value for value in values if not np.isnan(value)]
    if not values:
        return "-"
    return f"{statistics.fmean(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def assignment(data: Coded, seeds: int) -> None:
    """Macro- and micro-F1 by how much was coded."""
    print("| taught with | rows | macro-F1 | micro-F1 | seconds |\n|---|---|---|---|---|")
    for each in (5, 10, 20, 50, None):
        found, began, count = [], time.perf_counter(), 0
        for seed in range(seeds):
            tested, pool = split(data, seed)
            rows = with_examples(data, pool, each) if each else pool
            count = len(rows)
            found.append(f1(data, data.teach(rows, seed), tested))
        macro, micro = zip(*found, strict=True)
        name = f"{each} a label" if each else "all not tested on"
        seconds = (time.perf_counter() - began) / seeds
        print(f"| {name} | {count} | {spread(macro)} | {spread(micro)} | {seconds:.1f} |", flush=True)


def promise(data: Coded, seeds: int) -> None:
    """Of the rest, the share that is sure, and how many of the sure ones are right."""
    print("\n| coded | share of the rest that is sure | right when sure | as foretold | right of all |")
    print("|---|---|---|---|---|")
    for count in (100, 200, 400, 1000, 2000):
        found = []
        for seed in range(seeds):
            rows = np.random.default_rng(seed).permutation(len(data.texts))[:count]
            learned = data.teach(rows, seed)
            rest = np.setdiff1d(np.arange(len(data.texts)), rows)
            right = np.array([data.right(int(row), int(learned.chosen[row])) for row in rest])
            sure = learned.sure[rest]
            kept = float(right[sure].mean()) if sure.any() else float("nan")
            found.append((float(sure.mean()), kept, learned.overall.right_when_sure.value, float(right.mean())))
        print(f"| {count} | " + " | ".join(spread(column) for column in zip(*found, strict=True)) + " |", flush=True)


def reading(data: Coded, seeds: int, most: int) -> None:
    """How many texts the reading list needs for what random reading learns from more of them."""
    steps = np.arange(FIRST, most + 1, STEP)
    curves = {listed: [_read_on(data, seed, most, listed=listed) for seed in range(seeds)] for listed in (False, True)}
    random, listed = np.mean(curves[False], axis=0), np.mean(curves[True], axis=0)
    print("\n| random reading | mean average precision | by the list, as many | the list needs |\n|---|---|---|---|")
    for goal in sorted({200, 400, most}):
        place = int(np.searchsorted(steps, goal))
        needed = float(np.interp(random[place], np.maximum.accumulate(listed), steps))
        print(
            f"| {goal} | {random[place]:.3f} | {listed[place]:.3f} | {needed:.0f} ({needed / goal:.0%}) |", flush=True
        )


def _read_on(data: Coded, seed: int, most: int, *, listed: bool) -> list[float]:
    tested, pool = split(data, seed)
    rows, found = list(pool[:FIRST]), []
    while True:
        learned = data.teach(np.asarray(rows), seed)
        if len(rows) % STEP == 0:
            found.append(precision(data, learned, tested))
        if len(rows) >= most:
            return found
        if listed:  # texts to test on are as if coded: the list may not offer them
            taken = np.concatenate([rows, tested])
            rows += reading_list(data.texts, data.vectors, learned, taken, size=BATCH, seed=seed)
        else:
            rows = list(pool[: len(rows) + BATCH])


def precision(data: Coded, learned: Learned, tested: Rows) -> float:
    """Mean over labels of the average precision of the probabilities; a label not yet learned has that of chance."""
    scores = np.zeros((len(tested), data.said.shape[1]))
    scores[:, list(learned.themes)] = learned.probabilities[tested]
    truth = data.said[tested]
    labels = np.flatnonzero(truth.any(axis=0))
    return statistics.fmean(average_precision_score(truth[:, label], scores[:, label]) for label in labels)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print three tables a file, as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--most", type=int, default=600, help="texts read in the trial of the reading list")
    parser.add_argument("--only", choices=("assignment", "promise", "reading"))
    options = parser.parse_args(arguments)
    for path in options.files:
        data = read(path)
        print(f"\n## {Path(path).stem}: {len(data.texts)} texts, {data.corpus.size} different, ", end="")
        print(f"{data.said.shape[1]} labels, {data.said.sum(axis=1).mean():.2f} a text; {options.seeds} seeds\n")
        if options.only in (None, "assignment"):
            assignment(data, options.seeds)
        if options.only in (None, "promise"):
            promise(data, options.seeds)
        if options.only in (None, "reading"):
            reading(data, options.seeds, options.most)


if __name__ == "__main__":
    main()
