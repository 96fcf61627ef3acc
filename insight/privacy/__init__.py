"""Small numbers hidden: what every count of journeys goes through before anybody sees it, on a screen or in a file.

The audit (``insight.privacy.audit_lp``) needs scipy: the worker and the command line import it themselves.
"""

from insight.privacy.differencing import apart
from insight.privacy.rounding import record_keys
from insight.privacy.rules import (
    ROUNDED_TO,
    Audience,
    Protection,
    count_in_words,
    least_shown,
    protection,
    shown,
)
from insight.privacy.tables import HIDDEN, Disclosed, Table, disclose, row

__all__ = [
    "HIDDEN",
    "ROUNDED_TO",
    "Audience",
    "Disclosed",
    "Protection",
    "Table",
    "apart",
    "count_in_words",
    "disclose",
    "least_shown",
    "protection",
    "record_keys",
    "row",
    "shown",
]
