"""The signs of harm: how fast they are beside trying every pattern in turn, and what they find and flag, as Markdown.

``python benchmarks/concerns.py [COMMENTS.csv]``: the file has the column "FFT answer" (or text) and holds ordinary
comments. Without it, speed is measured on the test list's own sentences.
"""

import argparse
import csv
import sys
import time
import tomllib
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from insight.concerns import concerns_in  # noqa: E402
from insight.concerns.signs import signs  # noqa: E402
from insight.concerns.words import in_plain_words  # noqa: E402

TESTS = ROOT / "tests" / "rules"
COMMENT = 200
COMMENTS = 2_000


def one_by_one(text: str) -> bool:
    """The naive way: every pattern on every text, none left out and none looked up."""
    known = signs()
    line = known.letters.line(in_plain_words(text, known.spelling))
    for wording in known.never:
        line = wording.compiled.sub("_", line)
    return any(wording.compiled.search(line) for wording, _sign in known.wordings)


def comments_of(texts: Sequence[str]) -> list[str]:
    """The texts joined and cut into comments of equal length."""
    joined = " ".join(texts)
    pieces = [joined[start : start + COMMENT] for start in range(0, len(joined) - COMMENT, COMMENT)]
    return (pieces * (COMMENTS // len(pieces) + 1))[:COMMENTS]


def seconds(read: Callable[[str], object], texts: Sequence[str]) -> float:
    """CPU seconds of the fastest of three readings, patterns compiled."""
    taken = []
    for _turn in range(3):
        start = time.process_time()
        for text in texts:
            read(text)
        taken.append(time.process_time() - start)
    return min(taken)


def rows_of(path: Path) -> list[str]:
    """The comments of a file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row.get("FFT answer") or row.get("text") or "" for row in csv.DictReader(file)]


def share(texts: Sequence[str]) -> str:
    """How many of some texts raise a concern."""
    found = sum(bool(concerns_in([text])) for text in texts)
    return f"{found} of {len(texts)} ({found / len(texts):.1%})"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("comments", nargs="?", type=Path)
    options = parser.parse_args(arguments)
    written = tomllib.loads((TESTS / "concerns_list.toml").read_text("utf-8"))
    ordinary = rows_of(options.comments) if options.comments else []

    start = time.process_time()
    concerns_in([""])
    loading = time.process_time() - start
    texts = comments_of(ordinary or list(chain.from_iterable(written["first"].values())))
    ours = seconds(lambda text: concerns_in([text]), texts)
    naive = seconds(one_by_one, texts[: COMMENTS // 20]) * 20
    print(f"reading the signs, once a process: {loading:.2f} s; wordings: {len(signs().wordings):,}\n")
    print("| way | comments of 200 characters a second, one core | ratio |\n|---|---|---|")
    print(f"| ours | {len(texts) / ours:,.0f} | {naive / ours:.0f} |")
    print(f"| every pattern in turn | {len(texts) / naive:,.0f} | 1 |\n")

    print("| sentences | flagged |\n|---|---|")
    for kind, sentences in written["first"].items():
        print(f"| list, {kind} | {share(sentences)} |")
    print(f"| list, all | {share(list(chain.from_iterable(written['first'].values())))} |")
    for name, batch in written["later"].items():
        print(f"| {name} batch, which has shaped the signs | {share(list(chain.from_iterable(batch.values())))} |")
    print(f"| unseen, by another hand | {share((TESTS / 'concerns_unseen.txt').read_text('utf-8').splitlines())} |")
    print(f"| harmless | {share(written['leave_alone']['sentences'])} |")
    for language, sentences in written["other_languages"].items():
        print(f"| list, {language} | {share(sentences)} |")
    if ordinary:
        print(f"| ordinary comments | {share(ordinary)} |")


if __name__ == "__main__":
    main()
