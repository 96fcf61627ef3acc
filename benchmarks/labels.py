"""Labels side by side, to be read blind: ours, c-TF-IDF's on our themes, and BERTopic's on its own topics.

``python benchmarks/labels.py FILE --text COLUMN --bertopic PYTHON``: cuts the texts into passages, finds the themes,
and prints Markdown: the labels in shuffled order with a quote each, the key at the end. ``PYTHON`` as in ``themes.py``.
Quotes are of at most 120 characters: read them for names before you pass them on.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

QUOTE = 120
WORDS = 4


@dataclass(frozen=True)
class Shown:
    """A label with the quote and the size of what it names."""

    label: str
    quote: str
    size: int


def ours(texts: list[str], most: int) -> tuple[list[Shown], list[str]]:
    """Our largest themes, and c-TF-IDF's labels for the same themes."""
    from insight.themes import find_themes

    found = find_themes(texts)
    themes = [theme for theme in found.themes if theme.kind == "theme"]
    shown = [Shown(theme.label, _quote([texts[row] for row in theme.quotes]), theme.size) for theme in themes[:most]]
    together = [" ".join(texts[row] for row in np.flatnonzero(found.labels == theme.index)) for theme in themes]
    return shown, c_tf_idf(together)[:most]


def c_tf_idf(together: list[str]) -> list[str]:
    """The four words of each class with the highest weight, as BERTopic weighs them: share in the class x log(1 + mean
    words of a class / times a word is said) (Grootendorst 2022), its own tokens, no stopwords taken out.
    """
    reader = CountVectorizer()
    counts = np.asarray(reader.fit_transform(together).todense(), np.float64)
    weights = counts / counts.sum(axis=1, keepdims=True) * np.log1p(counts.sum(axis=1).mean() / counts.sum(axis=0))
    words = reader.get_feature_names_out()
    return [", ".join(words[np.argsort(-row, kind="stable")[:WORDS]]) for row in weights]


def bertopic(texts: list[str], most: int) -> list[Shown]:
    """BERTopic's largest topics by its default names, without their number; its outliers have none."""
    from benchmarks.themes import bertopic_model

    model = bertopic_model()()
    model.fit_transform(texts)
    topics = model.get_topic_info()
    rows = topics[topics["Topic"] >= 0].head(most)
    return [
        Shown(", ".join(str(name).split("_")[1:]), _quote(list(docs)), int(size))
        for name, docs, size in zip(rows["Name"], rows["Representative_Docs"], rows["Count"], strict=True)
    ]


def _quote(said: Sequence[str]) -> str:
    """The first that is short enough, on one line, else the beginning of the first."""
    lines = [" ".join(text.split()) for text in said]
    short = [line for line in lines if len(line) <= QUOTE]
    return short[0] if short else lines[0][: QUOTE - 1].rsplit(" ", 1)[0] + "…"


def in_its_own_python(python: str, texts: list[str], most: int) -> list[Shown]:
    """``bertopic`` in another environment."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.json"
        path.write_text(json.dumps(texts), "utf-8")
        command = [python, __file__, str(path), "--only-bertopic", "--most", str(most)]
        offline = os.environ | {"HF_HUB_OFFLINE": "1"}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=offline)
    return [Shown(**one) for one in json.loads(done.stdout.splitlines()[-1])]


def tables(mine: list[Shown], plain: list[str], theirs: list[Shown]) -> str:
    """Both tables and their keys."""
    chance = np.random.default_rng(0)
    first = chance.random(len(mine)) < 0.5
    lines = ["## The same themes, two labels", "", "| | a quote | A | B |", "|---|---|---|---|"]
    for number, (shown, other) in enumerate(zip(mine, plain, strict=True)):
        pair = (shown.label, other) if first[number] else (other, shown.label)
        lines.append(f"| {number + 1} | {_cell(shown.quote)} | {_cell(pair[0])} | {_cell(pair[1])} |")
    lines += ["", "## Labels of two methods, mixed", "", "| | label | a quote |", "|---|---|---|"]
    mixed = [(one, "ours") for one in mine] + [(one, "BERTopic") for one in theirs]
    order = chance.permutation(len(mixed)).tolist()
    for number, place in enumerate(order):
        shown, _ = mixed[place]
        lines.append(f"| {number + 1} | {_cell(shown.label)} | {_cell(shown.quote)} |")
    ours_first = ", ".join(str(number + 1) for number in np.flatnonzero(first).tolist())
    ours_mixed = ", ".join(str(number + 1) for number, place in enumerate(order) if mixed[place][1] == "ours")
    lines += ["", "## Key", "", f"First table: A is ours in {ours_first}; B in the others. The other is c-TF-IDF's."]
    lines += ["", f"Second table: ours are {ours_mixed}. The others are BERTopic's."]
    return "\n".join(lines)


def _cell(said: str) -> str:
    return said.replace("|", "/")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--text", default="text")
    parser.add_argument("--most", type=int, default=20)
    parser.add_argument("--bertopic", metavar="PYTHON")
    parser.add_argument("--only-bertopic", action="store_true", help="used by the run itself")
    options = parser.parse_args(arguments)
    if options.only_bertopic:
        told = json.loads(Path(options.file).read_text("utf-8"))
        print(json.dumps([vars(shown) for shown in bertopic(told, options.most)]))
        return
    from insight.text.passages import passages

    said = pd.read_csv(options.file, dtype=str)[options.text].dropna().tolist()
    texts = [text[span.start : span.end] for text in said for span in passages(text)]
    mine, plain = ours(texts, options.most)
    theirs = in_its_own_python(options.bertopic, texts, options.most) if options.bertopic else []
    print(tables(mine, plain, theirs))


if __name__ == "__main__":
    main()
