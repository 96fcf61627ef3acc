"""How small a number may be, for whom: the threshold and the rounding of each audience, and counts in words. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from insight.language import _
from insight.settings import settings

ROUNDED_TO = 5  # what leaves the place: ONS, "10-5 rule"


class Audience(StrEnum):
    """Who will see a number: people who work in the place, or anybody."""

    INSIDE = "inside"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Protection:
    """How numbers are kept from telling on anybody.

    Counts below ``threshold`` are hidden, zero too. Counts from 1, or from 0 where ``zeros``, must not be worked out
    either. What is shown is a multiple of ``base``.
    """

    threshold: int
    base: int = 1
    zeros: bool = False

    @property
    def least(self) -> int:
        """The smallest count that nobody may work out."""
        return 0 if self.zeros else 1

    def tells(self, count: int) -> bool:
        """Whether a count that somebody works out tells too much."""
        return self.least <= count < self.threshold


def protection(audience: Audience = Audience.INSIDE) -> Protection:
    """The protection that the settings ask for. That nobody told of something is a secret to those outside only."""
    if audience is Audience.INSIDE:
        return Protection(settings().threshold_inside)
    return Protection(settings().threshold_outside, ROUNDED_TO, zeros=True)


def shown(count: int, threshold: int | None = None) -> int | None:
    """The count where it is large enough to be shown, else None. Zero counts as small: "none" also tells."""
    limit = settings().threshold_inside if threshold is None else threshold
    return count if count >= limit else None


def least_shown(audience: Audience = Audience.INSIDE) -> int:
    """The smallest count that is shown to an audience."""
    return protection(audience).threshold


def count_in_words(count: int | None, threshold: int | None = None) -> str:
    """A count as people read it, with thousands separated; a hidden one says what it is below."""
    limit = settings().threshold_inside if threshold is None else threshold
    return _("fewer than {limit}").format(limit=limit) if count is None else f"{count:,}"
