"""Are planted pains that several services tell in their own words joined, and unlike ones not? As Markdown.

``python benchmarks/crossing.py``: the place worked on and the place kept aside (``tests/analyses/crossing``), the demo
place, and, where they are at hand, the NHS comments by label and kind of service.
"""

import csv
import itertools
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from insight.demo import generate  # noqa: E402
from insight.painpoints import between  # noqa: E402
from insight.painpoints.joining import Joined, Told, join  # noqa: E402
from insight.painpoints.known import known_pains  # noqa: E402
from insight.painpoints.sharpening import sharpen  # noqa: E402
from insight.text.sentiment import stances  # noqa: E402
from insight.text.vectors import StaticTable  # noqa: E402
from insight.themes import find_themes  # noqa: E402
from tests.analyses.crossing_place import as_told, place, shares_joined  # noqa: E402

NHS = ROOT.parent / "shared" / "data" / "feedback" / "nhs_fft_comments.csv"
JOURNEYS = 1200
KINDS: Sequence[tuple[str, dict[str, Any], int]] = (
    ("each pain in four services", {}, 5),
    ("five wordings of each instead of six", {"wordings": 5}, 10),
    ("15 % of the passages in a wrong theme", {"astray": 0.15}, 10),
    ("each pain in three services", {"told_in": 3}, 10),
    ("each pain in two services", {"told_in": 2}, 10),
    ("each pain in one service", {"told_in": 1}, 10),
)


def main() -> None:
    """Print every table."""
    encoder = StaticTable.load()
    print("| place | what | places drawn | joined | unlike joined | joins right | firm: joined | firm: right |")
    print("|---|---|---|---|---|---|---|---|")
    for name in ("worked_on", "kept_aside"):
        for what, asked, seeds in KINDS:
            planted(encoder, name, what, asked, seeds)
    print("\nKept aside, what was joined:\n")
    drawn = place("kept_aside")
    for one in join(as_told(drawn, encoder), encoder):
        cells = ", ".join(" at ".join(drawn.cells[theme]) for theme in one.themes)
        print(f"- {'firm' if one.firm else 'tentative'} {one.score:.1f}: {cells}; {one.pairs[0].words}")
    demo_between()
    demo_joined(encoder)
    if NHS.exists():
        nhs(encoder)


def planted(encoder: StaticTable, name: str, what: str, asked: dict[str, Any], seeds: int) -> None:
    """A row of the table: means over several drawn places."""
    rows = []
    for seed in range(seeds):
        drawn = place(name, seed, **asked)
        found = join(as_told(drawn, encoder), encoder)
        every = shares_joined(drawn.cells, [one.themes for one in found])
        firm = shares_joined(drawn.cells, [one.themes for one in found if one.firm])
        rows.append((*every, firm[0], firm[2]))
    like, unlike, right, firm_like, firm_right = np.mean(rows, axis=0)
    known = asked.get("told_in") != 1
    print(
        f"| {name} | {what} | {seeds} | {_share(like, known)} | {unlike:.1%} | {_share(right, known)}"
        f" | {_share(firm_like, known)} | {_share(firm_right, known)} |"
    )


def demo_between() -> None:
    """Where the demo's planted pains are said to belong."""
    told = list(generate(JOURNEYS))
    steps = [(number, step) for number, one in enumerate(told) for step in one.story.steps]
    first = np.cumsum([0, *(len(one.story.steps) for one in told)])
    names = sorted({step.service for _, step in steps if step.service})
    organisations = sorted({step.organisation for _, step in steps if step.organisation})
    marks = [(number, mark) for number, one in enumerate(told) for mark in one.truth]
    pains = sorted({mark.code for _, mark in marks})
    row = [int(first[n]) + int(mark.where) - 1 if mark.where.isdigit() else -1 for n, mark in marks]
    service = [names.index(str(steps[r][1].service)) if r >= 0 and steps[r][1].service else -1 for r in row]
    held = between.Steps(
        np.array([number for number, _ in steps], np.int32),
        np.array([organisations.index(s.organisation) if s.organisation else -1 for _, s in steps], np.int32),
        np.array([s.sent_elsewhere is True for _, s in steps]),
        np.array([s.told_again is True for _, s in steps]),
        np.array([np.nan if s.waited_days is None else s.waited_days for _, s in steps]),
    )
    found = between.belonging(
        np.array([pains.index(mark.code) for _, mark in marks], np.int32),
        np.array([number for number, _ in marks], np.int32),
        np.array(row, np.int32),
        between.signs_of_steps(held),
        between.signs_of_passages([mark.sentence for _, mark in marks], np.array(service, np.int32), names),
    )
    print(f"\nDemo place, {JOURNEYS} journeys: where its planted pains belong\n")
    print("| pain | verdict | share with a sign | in the rest | odds ratio (95 %) |")
    print("|---|---|---|---|---|")
    for one in sorted(found, key=lambda one: -one.overall.log_odds):
        sign = one.overall
        odds = "{:.1f} ({:.1f} to {:.1f})".format(*np.exp([sign.log_odds, sign.log_odds_low, sign.log_odds_high]))
        print(f"| {pains[one.theme]} | {one.verdict} | {sign.share:.0%} | {sign.elsewhere:.0%} | {odds} |")


def demo_joined(encoder: StaticTable) -> None:
    """The demo's steps through the themes of a run: which of them are joined, and what was planted in each."""
    texts, service, planted_in = [], [], []
    for one in generate(JOURNEYS):
        marks = {(mark.where, mark.sentence): mark.code for mark in one.truth}
        for number, step in enumerate(one.story.steps, start=1):
            for sentence in (step.note or "").split(". "):
                code = [c for (where, said), c in marks.items() if where == str(number) and sentence[:-1] in said]
                if sentence:
                    texts.append(sentence)
                    service.append(step.service or "")
                    planted_in.append(code[0] if code else "")
    found = find_themes(texts)
    side = np.array([stance.score if stance.found else 0.0 for stance in stances(texts)]) * 2
    sharp = sharpen(texts, found, side, known_pains())
    labels = sharp.labels
    names = sorted(set(service))
    codes = np.array([names.index(one) if one else -1 for one in service], np.int32)
    joined = join(Told(found.vectors, labels, codes, side, texts, list(sharp.known)), encoder)
    count = len(np.unique(labels[labels >= 0]))
    print(f"\nDemo place, {count} themes of a run over {len(texts)} sentences of steps: {len(joined)} joined\n")
    _tell(joined, labels, planted_in, codes, names)


def _tell(
    joined: Sequence[Joined],
    labels: npt.NDArray[np.int32],
    planted_in: Sequence[str],
    codes: npt.NDArray[np.int32],
    names: Sequence[str],
) -> None:
    alike = Counter[bool]()
    for one in joined:
        parts, told_of = [], []
        for theme in one.themes:
            rows = np.flatnonzero(labels == theme)
            (pain, most), *_ = Counter(planted_in[int(row)] or "none planted" for row in rows).most_common(1)
            told_of += [pain] if pain != "none planted" and most >= len(rows) / 2 else []
            where = Counter(names[codes[row]] for row in rows if codes[row] >= 0).most_common(1)[0][0]
            parts.append(f"{theme} ({pain} {most / len(rows):.0%}, mostly {where})")
        print(f"- {'firm' if one.firm else 'tentative'} {one.score:.1f}: {' + '.join(parts)}; {one.pairs[0].words}")
        alike.update(first == second for first, second in itertools.combinations(told_of, 2))
    print(f"\nJoined pairs in which half of both themes is planted: {alike[True]} of one pain, {alike[False]} of two.")


def nhs(encoder: StaticTable) -> None:
    """The labels that people gave to critical NHS comments, by kind of service: are the same ones joined?"""
    with NHS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    first = list(rows[0]).index("Not assigned")
    columns = list(rows[0])[first + 1 :]
    cells: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        labels = [column for column in columns if (row[column] or "").strip() == "1"]
        if len(labels) == 1 and row["Service type 1"] and len(row["FFT answer"]) > 15:
            cells.setdefault((labels[0], row["Service type 1"]), []).append(row["FFT answer"])
    kept = sorted(cell for cell, said in cells.items() if len(said) >= 10)
    services = sorted({service for _, service in kept})
    texts = [text for cell in kept for text in cells[cell]]
    sizes = [len(cells[cell]) for cell in kept]
    vectors = find_themes(texts).vectors
    codes = np.repeat([services.index(service) for _, service in kept], sizes).astype(np.int32)
    themes = np.repeat(np.arange(len(kept)), sizes).astype(np.int32)
    found = join(Told(vectors, themes, codes, np.full(len(texts), -1.0), texts), encoder)
    like, unlike, right = shares_joined(kept, [one.themes for one in found])
    print(
        f"\nNHS comments, {len(kept)} cells of label and kind of service with 10 comments or more of that label alone:"
    )
    print(f"joined {like:.1%}, unlike joined {unlike:.1%}, joins right {right:.1%}\n")
    for one in found:
        said = "; ".join(" at ".join(kept[theme]) for theme in one.themes)
        print(f"- {'firm' if one.firm else 'tentative'} {one.score:.1f}: {said}; {one.pairs[0].words}")


def _share(value: float, known: bool) -> str:
    return f"{value:.1%}" if known else "-"


if __name__ == "__main__":
    main()
