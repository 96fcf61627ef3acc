"""What a run stores of pains across services: which are one pain, and which belong between services. Worker only."""

from collections.abc import Collection
from typing import Any

import numpy as np
import numpy.typing as npt

from insight.painpoints.between import Belonging, Steps, belonging, signs_of_passages, signs_of_steps
from insight.painpoints.cube import Cube
from insight.painpoints.gathering import Gathered
from insight.painpoints.joining import Joined, Told, join
from insight.text.vectors import Encoder

DECIMALS = 3


def joined_pains(
    gathered: Gathered, cube: Cube, vectors: npt.NDArray[np.float32], named: Collection[int], encoder: Encoder
) -> list[dict[str, Any]]:
    """Themes that tell of one pain in different services, without the words that say so: those stay in the stories.

    "themes": their numbers; "score", "firm"; "quotes": for each theme, in the same order, service code -> passages.
    """
    told = Told(vectors, cube.theme, cube.passage_service, cube.side.astype(np.float64), gathered.text, named)
    return [_joined(one) for one in join(told, encoder)]


def _joined(joined: Joined) -> dict[str, Any]:
    return {
        "themes": [member.theme for member in joined.members],
        "score": round(joined.score, DECIMALS),
        "firm": joined.firm,
        "quotes": [{str(code): list(rows) for code, rows in member.quotes} for member in joined.members],
    }


def where_pains_belong(gathered: Gathered, cube: Cube) -> dict[int, dict[str, Any]]:
    """By theme: the verdict, and each sign's name, share, interval and share elsewhere."""
    steps = Steps(
        story=cube.step_story,
        organisation=cube.step_organisation,
        sent_elsewhere=_true(step.sent_elsewhere for step in gathered.steps),
        told_again=_true(step.told_again for step in gathered.steps),
        waited_days=np.array([_days(step.waited_days) for step in gathered.steps]),
    )
    said = signs_of_passages(gathered.text, cube.passage_service, cube.words["service"])
    rows = np.asarray(gathered.passage_step, np.int32)
    found = belonging(cube.theme, cube.passage_story, rows, signs_of_steps(steps), said)
    return {one.theme: _belongs(one) for one in found}


def _true(answers: Any) -> npt.NDArray[np.bool_]:
    return np.array([answer is True for answer in answers], bool)


def _days(waited: int | None) -> float:
    return float("nan") if waited is None else float(waited)


def _belongs(one: Belonging) -> dict[str, Any]:
    signs = [
        {
            "name": sign.name,
            "journeys": sign.journeys,
            "share": round(sign.share, DECIMALS),
            "elsewhere": round(sign.elsewhere, DECIMALS),
            "more": sign.log_odds_low > 0,
        }
        for sign in (one.overall, *one.signs)
    ]
    return {"verdict": one.verdict, "signs": signs}
