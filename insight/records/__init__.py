"""Records and rights: how long things are kept, what is held of somebody, what the law asks to be written down.

This is the room's front door; reading the audit has its own, ``records.auditing``.
"""

from insight.records.asking import PARTICULARS, Particular
from insight.records.document import Document, as_html, as_markdown, body
from insight.records.model import Clock, Proof, Retention
from insight.records.processing import Processing, processing, say_processing
from insight.records.purging import purge, purge_everywhere
from insight.records.retention import retention, set_retention
from insight.records.subject_access import subject_access

__all__ = [
    "PARTICULARS",
    "Clock",
    "Document",
    "Particular",
    "Processing",
    "Proof",
    "Retention",
    "as_html",
    "as_markdown",
    "body",
    "processing",
    "purge",
    "purge_everywhere",
    "retention",
    "say_processing",
    "set_retention",
    "subject_access",
]
