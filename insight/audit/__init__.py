"""The audit: what was done that matters, by whom and when, in a chain that shows any change. The room's front door."""

from insight.audit.about import about, tagged
from insight.audit.checking import head_from, in_words
from insight.audit.keeping import head, names, newest, record, record_within, verify
from insight.audit.model import Checked, Entry, Fault, Finding, Head, Wanted

__all__ = [
    "Checked",
    "Entry",
    "Fault",
    "Finding",
    "Head",
    "Wanted",
    "about",
    "head",
    "head_from",
    "in_words",
    "names",
    "newest",
    "record",
    "record_within",
    "tagged",
    "verify",
]
