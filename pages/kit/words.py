"""How codes and numbers are said to people: one wording for the same thing everywhere."""

from collections.abc import Sequence
from datetime import date, datetime

from insight.intake import Source, TellerRole, question_set

SOURCES = {
    Source.SELF_WEB: "Told online by residents",
    Source.STAFF_PHONE: "Logged by staff: phone",
    Source.STAFF_FACE_TO_FACE: "Logged by staff: face to face",
    Source.STAFF_OBSERVED: "Logged by staff: observed",
    Source.STAFF_PAPER: "Logged by staff: on paper",
    Source.IMPORT: "Imported",
    Source.DEMO: "Invented",
}
TELLERS = {
    TellerRole.SELF: "The person themselves",
    TellerRole.CARER: "A carer",
    TellerRole.PARENT: "A parent or guardian",
    TellerRole.FRIEND: "A friend or relative",
    TellerRole.STAFF: "Somebody who works for a service",
}
FIELDS = {
    "note": "about this step",
    "what_happened": "what happened",
    "what_better": "what would have made it better",
    "what_good": "what was good",
    "obstacle_text": "what got in the way, as staff see it",
}
FEELINGS = {-2: "very bad", -1: "bad", 0: "neither good nor bad", 1: "good", 2: "very good"}
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
OTHER_CHANNELS = {"face_to_face": "In person", "home_visit": "Home visit", "web_form": "Online form"}


def need(code: str | None) -> str:
    """A need, in the words it was asked with."""
    return question_set().option_text("need", code) if code else "Need not told"


def channel(code: str | None) -> str:
    """How somebody was in touch."""
    if not code:
        return "Channel not told"
    return OTHER_CHANNELS.get(code) or question_set().option_text("channel", code)


def source(code: str) -> str:
    """How a story reached us."""
    return SOURCES[Source(code)] if code in set(Source) else code


def teller(code: str | None) -> str:
    """Who told it."""
    return TELLERS[TellerRole(code)] if code in set(TellerRole) else "Not told"


def feeling(mean: float) -> str:
    """A mean feeling in words."""
    return FEELINGS[max(-2, min(2, round(mean)))]


def day(moment: date | datetime) -> str:
    """22 November 2026."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def month(code: str) -> str:
    """March 2026, from 2026-03."""
    return f"{MONTHS[int(code[5:7]) - 1]} {code[:4]}"


def short_month(code: str) -> str:
    """Mar 26, from 2026-03."""
    return f"{MONTHS[int(code[5:7]) - 1][:3]} {code[2:4]}"


def remembered(when: date | None, precision: str | None) -> str | None:
    """A date as exactly as it was remembered."""
    if when is None:
        return None
    if precision == "year":
        return str(when.year)
    return month(when.strftime("%Y-%m")) if precision == "month" else day(when)


def per_cent(share: float) -> str:
    """A share as people read it: 12%, 3.4%, or below 0.1%."""
    if 0 < share < 0.0005:
        return "below 0.1%"
    return f"{100 * share:.1f}%" if 0 < share < 0.0995 else f"{100 * share:.0f}%"


def interval(share: float, low: float, high: float) -> str:
    """A share with its interval: 12% (10% to 14%)."""
    return f"{per_cent(share)} ({per_cent(low)} to {per_cent(high)})"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names in a row: a, b and 4 more."""
    if len(names) <= 1:
        return "".join(names)
    if len(names) <= most:
        return ", ".join(names[:-1]) + " and " + names[-1]
    return ", ".join(names[:most]) + f" and {len(names) - most} more"


def counted(number: int, one: str, many: str | None = None) -> str:
    """1 journey, 2 journeys."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def need_met(code: str) -> str:
    """Whether the need was met."""
    return question_set().option_text("need_met", code)
