"""Small numbers hidden: the one function through which counts of journeys go before anybody sees them. Pure."""

from insight.language import _
from insight.settings import settings


def shown(count: int, threshold: int | None = None) -> int | None:
    """The count where it is large enough to be shown, else None. Zero counts as small: "none" also tells."""
    limit = settings().threshold_inside if threshold is None else threshold
    return count if count >= limit else None


def least_shown() -> int:
    """The smallest count that is shown inside a place."""
    return settings().threshold_inside


def count_in_words(count: int | None, threshold: int | None = None) -> str:
    """A count as people read it, with thousands separated; a hidden one says what it is below."""
    limit = settings().threshold_inside if threshold is None else threshold
    return _("fewer than {limit}").format(limit=limit) if count is None else f"{count:,}"
