"""The demo place's planted pains must come out of an analysis: measured passage by passage against the truth."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.metrics import adjusted_rand_score

from insight import intake, painpoints
from insight.database import session
from insight.demo import generate
from insight.demo.build import build
from insight.painpoints.analysis import Outcome, Parameters, analyse_place

PRECISION, RECALL = 0.7, 0.5
FOUND_AT_LEAST = 10  # of twelve


@dataclass(frozen=True)
class Match:
    """The theme that is most a planted pain's own."""

    pain: str
    label: str
    precision: float
    recall: float

    @property
    def found(self) -> bool:
        return self.precision >= PRECISION and self.recall >= RECALL


def planted_in(outcome: Outcome, seed: int, journeys: int) -> npt.NDArray[np.str_]:
    """Which pain was planted in each passage ("" for none): the passage holds most of the planted sentence or is it."""
    marks: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for told in generate(journeys, seed):
        for mark in told.truth:
            marks[told.story.external_id or "", mark.where].append((mark.code, mark.sentence))
    rows = list(outcome.passages)
    with session() as opened:
        stories = intake.story_rows(opened, sorted({row["story_id"] for row in rows}))
        steps = {(s.story_id, s.position): s for s in intake.steps_of(opened, sorted(stories))}
    planted = []
    for row in rows:
        story = stories[row["story_id"]]
        where = str(row["step"]) if row["field"] == "note" else row["field"]
        text = steps[story.id, row["step"]].note if row["field"] == "note" else getattr(story, row["field"])
        planted.append(_pain_at(row, text or "", marks.get((story.external_id or "", where), ())))
    return np.array(planted)


def _pain_at(row: dict[str, Any], text: str, marks: Any) -> str:
    for pain, sentence in marks:
        start = text.find(sentence)
        if start >= 0 and row["start"] < start + len(sentence) and start < row["end"]:
            return str(pain)
    return ""


def matches(outcome: Outcome, planted: npt.NDArray[np.str_]) -> list[Match]:
    themes = outcome.cube.theme
    found = []
    for pain in sorted(set(planted) - {""}):
        mine = planted == pain
        best: tuple[float, Match] | None = None
        for number in np.unique(themes[mine & (themes >= 0)]):
            both = int((mine & (themes == number)).sum())
            precision, recall = both / int((themes == number).sum()), both / int(mine.sum())
            f1 = 2 * precision * recall / (precision + recall)
            if best is None or f1 > best[0]:
                best = (f1, Match(str(pain), outcome.themes[int(number)]["label"], precision, recall))
        assert best is not None
        found.append(best[1])
    return found


@pytest.mark.parametrize("seed", [2026])
def test_planted_pains_come_out(sqlite: str, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    journeys = 1_200
    painpoints.forget_cached_runs()
    place, _ = build(journeys, seed, None, lambda *_: None)
    outcome = analyse_place(place.id, Parameters(), lambda *_: None)
    outcome = Outcome(**{**outcome.__dict__, "passages": list(outcome.passages)})  # read once, used twice
    planted = planted_in(outcome, seed, journeys)
    found = matches(outcome, planted)
    told = planted != ""
    rand = adjusted_rand_score(planted[told], outcome.cube.theme[told])
    with capsys.disabled():
        print(f"\nseed {seed}: {sum(m.found for m in found)} of {len(found)} found, adjusted Rand {rand:.3f}")
        for match in found:
            print(f"  {match.pain:18} precision {match.precision:.2f} recall {match.recall:.2f}  {match.label}")
    assert len(found) == 12
    assert sum(match.found for match in found) >= FOUND_AT_LEAST
    assert rand >= 0.40
