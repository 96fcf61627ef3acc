"""What the machine learned from the codebook: frozen results."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float32]
Exact = npt.NDArray[np.float64]

NOTHING = -1


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of ``n`` with its 95 % interval, 0 to 1. With ``n`` 0 nothing is known: 0, from 0 to 1."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """How well the machine agrees with people on one theme, on texts it was not taught with.

    ``n`` coded texts that speak of it; ``precision`` of those the machine gave it, ``recall`` of those people gave it.
    """

    theme: int
    n: int
    precision: Rate
    recall: Rate
    f1: Rate


@dataclass(frozen=True, slots=True)
class Overall:
    """All themes together: ``micro`` counts every assignment once, ``macro`` every theme once (both F1).

    ``right``: how often the main theme is among what people say; ``sure``: the share of uncoded texts that is sure;
    ``right_when_sure``: how often the sure ones of the coded texts are right.
    """

    n: int
    micro: Rate
    macro: Rate
    right: Rate
    sure: Rate
    right_when_sure: Rate


@dataclass(frozen=True)
class Learned:
    """What a classifier taught by people says of every text, (n,), and how far it may be believed.

    ``themes``: numbers of the lasting themes that could be learned; ``chosen``: the main theme or ``NOTHING``;
    ``confidence``: calibrated probability that people would say so too; ``sure``: at or above ``bar``, from which on
    nine in ten are right (None: too little is coded to promise that, and nothing is sure); ``several``: every theme
    above its own threshold, the likeliest first; ``probabilities`` (n, themes): of each theme, calibrated; ``doubt``:
    how much coding the text would teach (no unit).

    A coded text is judged as if it had not been taught. Empty texts and non-answers speak of nothing. ``needs`` says
    what is missing: "" or "examples" (no theme has enough), "kinds" (one kind of answer only), "coded" (too few texts).
    """

    themes: tuple[int, ...]
    chosen: Ints = field(repr=False)
    confidence: Floats = field(repr=False)
    sure: Bools = field(repr=False)
    bar: float | None
    scores: tuple[ThemeScore, ...]
    overall: Overall
    several: tuple[tuple[int, ...], ...] = field(repr=False)
    probabilities: Floats = field(repr=False)
    doubt: Floats = field(repr=False)
    needs: str
