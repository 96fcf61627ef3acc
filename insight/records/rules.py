"""The rules of retention, pure: which days make sense, when a story falls due, and what a proof's digest is made of."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from insight.errors import BadInput
from insight.language import _

MOST_DAYS = 36_500  # a hundred years: beyond that somebody typed something else
SOON = timedelta(days=30)


def check_days(days: int) -> int:
    """A number of days that a rule may have."""
    if not 1 <= days <= MOST_DAYS:
        raise BadInput(_("Give a whole number of days from 1 to {most}.").format(most=f"{MOST_DAYS:,}"))
    return days


def due_at(told_at: datetime, days: int) -> datetime:
    """When a story falls due, in UTC."""
    return told_at + timedelta(days=days)


def told_before(now: datetime, days: int) -> datetime:
    """Stories told at this moment or before are overdue."""
    return now - timedelta(days=days)


def digest(number: int, place_id: int, survey_id: int | None, told: Mapping[str, Any]) -> str:
    """The SHA-256 of all that a proof says; it also stands in the audit, which shows where it was changed."""
    said = {"number": number, "place": place_id, "survey": survey_id, **told}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=_as_written).encode("utf-8")).hexdigest()


def _as_written(moment: datetime) -> str:
    return moment.isoformat()
