"""What staff add when they log a story for somebody: checks and conversions, pure."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from insight.intake.model import ConsentHow, Obstacle, Provenance, Source
from insight.intake.rules import Problem, is_blank
from insight.language import _, noted

CODES: dict[str, tuple[type[StrEnum], str]] = {
    "source": (Source, noted("Choose how the story reached you")),
    "provenance": (Provenance, noted("Choose whose words these are")),
    "consent_how": (ConsentHow, noted("Choose how they agreed")),
}
UNITS = {"d": "days", "w": "weeks", "m": "months", "f": "months"}  # in Welsh, 3 mis but 2 fis
LENGTH = re.compile(r"(\d{1,5})\s*(d|days?|dd?iwrnod|w|wks?|weeks?|wythnos|m|mths?|months?|[mf]is)?")
MOST = 20_000


def staff_problems(answers: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the staff part of a logged story, in the order of the form."""
    found = [
        Problem(name, _(message))
        for name, (codes, message) in CODES.items()
        if not is_blank(answers.get(name)) and answers[name] not in set(codes)
    ]
    if not set(answers.get("obstacles") or ()) <= set(Obstacle):
        found.append(Problem("obstacles", _("Choose from the list")))
    if len(answers.get("obstacle_text") or "") > MOST:
        shorter = _("Shorten this to {most} characters or fewer").format(most=f"{MOST:,}")
        found.append(Problem("obstacle_text", shorter))
    if answers.get("consent") and is_blank(answers.get("consent_how")):
        found.append(Problem("consent_how", _("Choose how they agreed")))
    return found


def as_length(typed: str) -> dict[str, str] | str | None:
    """A length of time from a few keys, such as ``3 weeks``, ``3w`` or ``10`` (days); what cannot be read stays."""
    words = " ".join(typed.lower().split())
    if not words:
        return None
    match = LENGTH.fullmatch(words)
    return {"number": match[1], "unit": UNITS[(match[2] or "d")[0]]} if match else typed.strip()
