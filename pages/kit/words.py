"""How codes and numbers are said to people: one wording for the same thing everywhere."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from insight.intake import Source, TellerRole, question_set
from insight.language import _, month_name, noted
from insight.language import day as said_day

UK = ZoneInfo("Europe/London")
SOURCES = {
    Source.SELF_WEB: noted("Told online by residents"),
    Source.STAFF_PHONE: noted("Logged by staff: phone"),
    Source.STAFF_FACE_TO_FACE: noted("Logged by staff: face to face"),
    Source.STAFF_OBSERVED: noted("Logged by staff: observed"),
    Source.STAFF_PAPER: noted("Logged by staff: on paper"),
    Source.IMPORT: noted("Imported"),
    Source.DEMO: noted("Invented"),
}
TELLERS = {
    TellerRole.SELF: noted("The person themselves"),
    TellerRole.CARER: noted("A carer"),
    TellerRole.PARENT: noted("A parent or guardian"),
    TellerRole.FRIEND: noted("A friend or relative"),
    TellerRole.STAFF: noted("Somebody who works for a service"),
}
FIELDS = {
    "note": noted("about this step"),
    "what_happened": noted("what happened"),
    "what_better": noted("what would have made it better"),
    "what_good": noted("what was good"),
    "obstacle_text": noted("what got in the way, as staff see it"),
}
FEELINGS = {
    -2: noted("very bad"),
    -1: noted("bad"),
    0: noted("neither good nor bad"),
    1: noted("good"),
    2: noted("very good"),
}
OTHER_CHANNELS = {
    "face_to_face": noted("In person"),
    "home_visit": noted("Home visit"),
    "web_form": noted("Online form"),
}


def when(moment: datetime) -> str:
    """A moment as on a UK clock: 22 November 2026 at 14:05. The year 1, which has no clock, stays as it is."""
    here = moment if moment.year == 1 else moment.astimezone(UK)
    return _("{day} at {time}").format(day=said_day(here), time=f"{here:%H:%M}")


def need(code: str | None) -> str:
    """A need, in the words it was asked with."""
    return question_set().option_text("need", code) if code else _("Need not told")


def channel(code: str | None) -> str:
    """How somebody was in touch."""
    if not code:
        return _("Channel not told")
    return _(OTHER_CHANNELS[code]) if code in OTHER_CHANNELS else question_set().option_text("channel", code)


def source(code: str) -> str:
    """How a story reached us."""
    return _(SOURCES[Source(code)]) if code in set(Source) else code


def teller(code: str | None) -> str:
    """Who told it."""
    return _(TELLERS[TellerRole(code)]) if code in set(TellerRole) else _("Not told")


def field(code: str) -> str | None:
    """What a passage answers, by its field's code."""
    return _(FIELDS[code]) if code in FIELDS else None


def feeling(mean: float) -> str:
    """A mean feeling in words."""
    return _(FEELINGS[max(-2, min(2, round(mean)))])


def day(moment: date | datetime) -> str:
    """22 November 2026."""
    return said_day(moment)


def month(code: str) -> str:
    """March 2026, from 2026-03."""
    return f"{month_name(int(code[5:7]))} {code[:4]}"


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
        return _("below 0.1%")
    return f"{100 * share:.1f}%" if 0 < share < 0.0995 else f"{100 * share:.0f}%"


def interval(share: float, low: float, high: float) -> str:
    """A share with its interval: 12% (10% to 14%)."""
    return _("{share} ({low} to {high})").format(share=per_cent(share), low=per_cent(low), high=per_cent(high))


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names in a row: a, b and 4 more."""
    if len(names) <= 1:
        return "".join(names)
    if len(names) <= most:
        return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])
    return _("{names} and {number} more").format(names=", ".join(names[:most]), number=len(names) - most)


def counted(number: int, one: str, many: str | None = None) -> str:
    """1 journey, 2 journeys; the nouns are the caller's, so that what is drawn in Welsh counts by ``ngettext``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def need_met(code: str) -> str:
    """Whether the need was met."""
    return question_set().option_text("need_met", code)


def quotable(may_quote: bool, may_leave: bool) -> str | None:
    """What is to be said beside a quote about its use; None where it may be used anywhere."""
    if not may_quote:
        return _("for reading here, not for quoting")
    return None if may_leave else _("not yet released for use outside the place")
