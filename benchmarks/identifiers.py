"""Identifiers: what is found of the test list, what is marked in a file, and how fast, as Markdown.

``python benchmarks/identifiers.py [TEXTS.csv] [--show]``: a file with the column "FFT answer", "text" or
"comment-body".
``--show`` also prints every mark with the words about it, to be judged by a reader: not for texts of real residents.
"""

import argparse
import csv
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from insight.identifiers import Kind, find  # noqa: E402
from tests.rules.test_identifiers import LIST, found_of, read  # noqa: E402

COLUMNS = ("FFT answer", "text", "comment-body")
PASSAGE = 200


def texts_of(path: Path) -> list[str]:
    """The texts of a file, empty ones left out."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [next((row[name] for name in COLUMNS if row.get(name)), "") for row in csv.DictReader(file)]
    return [text for text in rows if text]


def a_second(texts: Sequence[str]) -> float:
    """Texts a second of CPU time, the fastest of three readings."""
    taken = []
    for _turn in range(3):
        start = time.process_time()
        for text in texts:
            find(text)
        taken.append(time.process_time() - start)
    return len(texts) / min(taken)


def print_recall(part: str) -> None:
    """The share found of each kind in one part of the list."""
    total, hit = Counter[Kind](), Counter[Kind]()
    for sentences in LIST[part].values():
        for sentence in sentences:
            text, spans = read(sentence)
            total.update(kind for _start, _end, kind in spans)
            hit.update(kind for _start, _end, kind in found_of(text, spans))
    print(f"| {part} | found | of | share |\n|---|---|---|---|")
    for kind in Kind:
        print(f"| {kind} | {hit[kind]} | {total[kind]} | {hit[kind] / max(1, total[kind]):.3f} |")
    print(f"| all | {hit.total()} | {total.total()} | {hit.total() / max(1, total.total()):.3f} |\n")


def print_marks(texts: Sequence[str], show: bool) -> None:
    """How many marks of each kind a file gets, and how fast."""
    marks = [(text, mark) for text in texts for mark in find(text)]
    print(f"{len(texts):,} texts, {len(marks):,} marks in {sum(bool(find(text)) for text in texts):,} texts\n")
    print("| kind | marks |\n|---|---|")
    for kind, count in Counter(mark.kind for _text, mark in marks).most_common():
        print(f"| {kind} | {count:,} |")
    for text, mark in marks if show else ():
        about = f"{text[max(0, mark.start - 40) : mark.start]}<<{text[mark.start : mark.end]}>>{text[mark.end :][:40]}"
        print(f"{mark.kind}: {' '.join(about.split())}")
    print(f"\ntexts as they are: {a_second(texts):,.0f} a second, one core")
    joined = " ".join(random.Random(1).sample(list(texts), len(texts)))
    passages = [joined[start : start + PASSAGE] for start in range(0, min(len(joined), 400_000), PASSAGE)]
    print(f"passages of {PASSAGE} characters: {a_second(passages):,.0f} a second, one core\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", nargs="?", type=Path)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args(arguments)
    for part in ("first", "later"):
        print_recall(part)
    sentences = [read(sentence)[0] for part in LIST["first"].values() for sentence in part]
    print(f"the list's own sentences: {a_second(sentences):,.0f} a second, one core\n")
    if options.texts:
        print_marks(texts_of(options.texts), options.show)


if __name__ == "__main__":
    main()
