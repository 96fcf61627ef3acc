"""The formulas of pain points, pure. Sources: docs/methods.md."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

Z95 = 1.959963984540054
FEELING_WEIGHT, FAILURE_WEIGHT, RETOLD_WEIGHT, LATE_WEIGHT = 2.5, 2.0, 1.5, 1.5
HURTS_BELOW, HELPS_ABOVE = -0.25, 0.25
LABEL_TERMS = 3
CLEAR_WORDS = 0.6  # of 2: one plainly charged word
BESIDE_WORDS = 0.4  # how much a step's feeling and facts say of a passage in it that has no charged word


def wilson(hits: npt.ArrayLike, of: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Wilson's interval of a proportion (1927): lower and upper, 0 to 1; nothing known (``of`` = 0) is 0 to 1."""
    x, n = np.asarray(hits, float), np.asarray(of, float)
    safe, z = np.maximum(n, 1), Z95
    p = x / safe
    middle = p + z * z / (2 * safe)
    half = z * np.sqrt(p * (1 - p) / safe + z * z / (4 * safe * safe))
    scale = 1 + z * z / safe
    low, high = np.clip((middle - half) / scale, 0, 1), np.clip((middle + half) / scale, 0, 1)
    return np.where((n > 0) & (x > 0), low, 0.0), np.where((n > 0) & (x < n), high, 1.0)  # exact where rounding is not


def severity(
    feeling: npt.ArrayLike,
    failed: npt.ArrayLike,
    told_again: npt.ArrayLike,
    waited: npt.ArrayLike,
    promised: npt.ArrayLike,
) -> Floats:
    """How much a touchpoint hurt, 0 to 10.

    2.5 x max(0, -feeling) + 2 if it failed + 1.5 if all had to be explained again + 1.5 x min(wait / promise - 1, 1),
    with waits in days and NaN where a wait or a promise is not known. The weights are ours and are shown as such.
    """
    waits: Floats = np.asarray(waited, float)
    promises: Floats = np.asarray(promised, float)
    with np.errstate(invalid="ignore", divide="ignore"):
        late = np.where(promises > 0, waits / promises - 1, np.where(promises == 0, np.sign(waits), 0.0))
    late = np.clip(np.nan_to_num(late), 0, 1)
    hurts: Floats = (
        FEELING_WEIGHT * np.maximum(0, -np.asarray(feeling, float))
        + FAILURE_WEIGHT * np.asarray(failed, float)
        + RETOLD_WEIGHT * np.asarray(told_again, float)
        + LATE_WEIGHT * late
    )
    return hurts


def priority(mean_severity: npt.ArrayLike, hits: npt.ArrayLike, of: npt.ArrayLike) -> Floats:
    """Mean severity (0 to 10) x the lower bound of reach x 100: first what hurts much and certainly reaches many."""
    return np.asarray(mean_severity, float) * wilson(hits, of)[0] * 100


def side_of(words: npt.ArrayLike, told: npt.ArrayLike, common: float) -> Floats:
    """Which side passages take, -2 to 2: what their words say where they are clear, else their step's feeling.

    ``words``: the tone of the words, -2 to 2; ``told``: how the step felt, NaN where nobody said. A kind nurse in a bad
    step is praise. Of the step's feeling the mean of all (``common``) is taken off: what is everywhere is not theirs.
    """
    spoken: Floats = np.asarray(words, float)
    felt: Floats = np.asarray(told, float)
    by_step = np.where(np.isnan(felt), spoken, (felt - common) * BESIDE_WORDS)
    return np.clip(np.where(np.abs(spoken) >= CLEAR_WORDS, spoken, by_step), -2, 2)


def kind_of(mean_feeling: float) -> str:
    """Whether a theme hurts, works well, or is mixed, by the mean feeling of its passages (-2 to 2)."""
    if mean_feeling < HURTS_BELOW:
        return "hurts"
    return "helps" if mean_feeling > HELPS_ABOVE else "mixed"


def difference(
    hits: npt.ArrayLike, of: npt.ArrayLike, hits_before: npt.ArrayLike, of_before: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Share now less share before, with Newcombe's interval (1998, method 10) built from Wilson's: (d, low, high)."""
    now = np.asarray(hits, float) / np.maximum(of, 1)
    before = np.asarray(hits_before, float) / np.maximum(of_before, 1)
    low_1, high_1 = wilson(hits, of)
    low_0, high_0 = wilson(hits_before, of_before)
    d = now - before
    low = d - np.sqrt((now - low_1) ** 2 + (high_0 - before) ** 2)
    high = d + np.sqrt((high_1 - now) ** 2 + (before - low_0) ** 2)
    return d, low, high


def label_of(terms: Sequence[str]) -> str:
    """A label made of the first of a theme's terms."""
    words = ", ".join(terms[:LABEL_TERMS])
    return words[0].upper() + words[1:] if words else "Other"
