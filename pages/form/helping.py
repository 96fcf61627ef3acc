"""Who can help now: for everyone before they write, and for those whose story speaks of harm."""

from insight import intake
from insight.access import RESIDENT
from insight.concerns import HelpLine, help_for
from insight.intake import Draft
from insight.language import spoken


def everyone(place_code: str = "") -> list[HelpLine]:
    """Numbers that are shown before anybody writes."""
    return help_for((), spoken().code, place_code)


def help_lines(draft: Draft) -> list[HelpLine]:
    """Numbers to show at once to somebody whose story was sent and speaks of harm."""
    kinds = intake.concerns_of(RESIDENT, draft.key)
    return help_for(kinds, spoken().code, draft.place.code) if kinds else []
