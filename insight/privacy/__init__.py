"""Small numbers hidden: what every count of journeys goes through before anybody sees it, on a screen or in a file.

Light, since the resident's way loads it. Tables, filters and rounding (``tables``, ``differencing``, ``rounding``) need
numpy and the audit (``audit_lp``) scipy: those who need them import them.
"""

from insight.privacy.rules import (
    ROUNDED_TO,
    Audience,
    Protection,
    count_in_words,
    least_shown,
    protection,
    shown,
)

__all__ = [
    "ROUNDED_TO",
    "Audience",
    "Protection",
    "count_in_words",
    "least_shown",
    "protection",
    "shown",
]
