"""How well themes agree with labels that people gave: pure scores. Labels never reach the themes."""

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

NOTHING_WRITTEN, NO_LABEL = "nothing written", "no label"


@dataclass(frozen=True)
class Match:
    """A label, the theme that covers it best, and how well; ``rows`` carry the label."""

    label: str
    rows: int
    theme: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Score:
    """``agreement`` of the main theme with the label, over ``single`` rows (None where there are none); ``matches``: a
    label each, the most frequent first; ``left_out``: reason -> rows.
    """

    rows: int
    left_out: Mapping[str, int]
    themes: int
    single: int
    agreement: Mapping[str, float] | None
    matches: Sequence[Match]

    def as_record(self, column: str) -> dict[str, Any]:
        """What run.json holds."""
        measures = self.agreement or dict.fromkeys(("NMI", "ARI", "homogeneity", "completeness"))
        return {
            "column": column,
            "rows scored": self.rows,
            "rows left out": dict(self.left_out),
            "rows with one label": self.single,
            "labels": len(self.matches),
            "themes": self.themes,
            **measures,
            "macro F1": macro_f1(self.matches),
        }


def score(labels: Sequence[Collection[str]], themes: Sequence[Sequence[int]]) -> Score:
    """Score rows by their labels and their themes, the main theme first; a row without either is left out.

    Every row may have several of both: all count for the best matches, the agreement takes rows with one label.
    """
    left_out = {NOTHING_WRITTEN: 0, NO_LABEL: 0}
    kept = []
    for given, found in zip(labels, themes, strict=True):
        if given and found:
            kept.append((given, found))
        else:
            left_out[NO_LABEL if found else NOTHING_WRITTEN] += 1
    single = [(next(iter(given)), found[0]) for given, found in kept if len(given) == 1]
    return Score(
        rows=len(kept),
        left_out=left_out,
        themes=len({theme for _, found in kept for theme in found}),
        single=len(single),
        agreement=agreement(single) if single else None,
        matches=best_matches(kept),
    )


def agreement(pairs: Sequence[tuple[Hashable, Hashable]]) -> dict[str, float]:
    """Agreement of two groupings, given as the label and the theme of each row (at least one row).

    Homogeneity, completeness (Rosenberg and Hirschberg 2007), normalised mutual information with the arithmetic mean,
    adjusted Rand index (Hubert and Arabie 1985); 1 is perfect, ARI is 0 by chance.
    """
    both, of_labels, of_themes = Counter(pairs), Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    labels, themes = _entropy(of_labels), _entropy(of_themes)
    mutual = max(0.0, labels + themes - _entropy(both))
    measures = {
        "NMI": 2 * mutual / (labels + themes) if labels + themes else 1.0,
        "ARI": _adjusted_rand(both, of_labels, of_themes),
        "homogeneity": mutual / labels if labels else 1.0,
        "completeness": mutual / themes if themes else 1.0,
    }
    return {name: round(value, 6) for name, value in measures.items()}


def best_matches(rows: Sequence[tuple[Collection[str], Collection[int]]]) -> list[Match]:
    """For each label the theme of the highest F1 on these rows (the lower number of equals), commonest label first."""
    of_label = Counter(label for labels, _ in rows for label in labels)
    of_theme = Counter(theme for _, themes in rows for theme in themes)
    of_both = Counter((label, theme) for labels, themes in rows for label in labels for theme in themes)
    best: dict[str, Match] = {}
    for (label, theme), both in sorted(of_both.items()):
        f1 = 2 * both / (of_label[label] + of_theme[theme])
        if label not in best or f1 > best[label].f1:
            best[label] = Match(label, of_label[label], theme, both / of_theme[theme], both / of_label[label], f1)
    return sorted(best.values(), key=lambda match: (-match.rows, match.label))


def macro_f1(matches: Iterable[Match]) -> float:
    """The mean F1 of the labels' best matches, each label counting the same."""
    values = [match.f1 for match in matches]
    return round(sum(values) / len(values), 6)


def in_words(record: Mapping[str, Any]) -> str:
    """One plain line on what ``Score.as_record`` gave."""
    rows, single, left_out = record["rows scored"], record["rows with one label"], record["rows left out"]
    told = f"Against '{record['column']}' ({rows:,} rows, {record['labels']} labels, {record['themes']} themes): "
    if single:
        told += ", ".join(f"{name} {record[name]:.3f}" for name in ("NMI", "ARI", "homogeneity", "completeness"))
        told += f" on the {single:,} rows with one label, " if single < rows else ", "
    told += f"best-match macro-F1 {record['macro F1']:.3f}."
    skipped = ", ".join(f"{why} {number:,}" for why, number in left_out.items() if number)
    return f"{told} Rows left out: {skipped}." if skipped else told


def _entropy(counts: Counter[Any]) -> float:
    total = counts.total()
    return max(0.0, -sum(count / total * log(count / total) for count in counts.values()))


def _adjusted_rand(both: Counter[Any], of_labels: Counter[Any], of_themes: Counter[Any]) -> float:
    together, labels, themes = (
        sum(n * (n - 1) // 2 for n in counts.values()) for counts in (both, of_labels, of_themes)
    )
    pairs = both.total() * (both.total() - 1) // 2
    most, chance = (labels + themes) / 2, labels * themes / pairs if pairs else 0.0
    return (together - chance) / (most - chance) if most != chance else 1.0
