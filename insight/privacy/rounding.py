"""Rounding by the cell key method: the same journeys give the same number, wherever and whenever they are counted.

Fraser and Wooton (2005), "A proposed method for confidentialising tabular output to protect against differencing";
used by the Australian Bureau of Statistics and for the census of 2021 by the ONS.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from insight import keys

KEYS = 2**32

Longs = npt.NDArray[np.int64]


def record_keys(stories: Iterable[int]) -> Longs:
    """A lasting secret number of each story, 0 to 2^32 - 1, by its id: (n,)."""
    return np.array([keys.number_for("record key", str(story)) % KEYS for story in stories], np.int64)


def rounded(counts: Longs, cell_keys: Longs, base: int) -> Longs:
    """Counts as multiples of ``base``, right on average: up with the chance that the remainder has, else down.

    ``cell_keys``: the sums of the record keys of the journeys in each cell; their remainder by 2^32 is the dice.
    """
    over = counts % base
    up = (cell_keys % KEYS) * base < over * KEYS
    return counts - over + np.where(up, base, 0)
