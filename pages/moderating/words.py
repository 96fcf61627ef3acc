"""How moderation is said: states, reasons, kinds of identifiers, and what may point to one person."""

import re

from insight.identifiers import Kind
from insight.language import _, noted
from insight.moderation import Pile, Reason, Sign, State, Warned
from pages.kit import words

PILES = {
    Pile.WAITING: noted("Waiting"),
    Pile.ACCEPTED: noted("Accepted"),
    Pile.REJECTED: noted("Rejected"),
}
STATES = {
    State.WAITING: noted("Waiting to be looked through"),
    State.ACCEPTED: noted("Accepted"),
    State.REJECTED: noted("Rejected"),
}
REASONS = {
    Reason.NOT_A_JOURNEY: noted("It tells of no dealing with a service"),
    Reason.ABOUT_A_PERSON: noted("It is about one person who could be recognised, and marks do not help"),
    Reason.ABUSIVE: noted("It insults or threatens somebody"),
    Reason.TWICE: noted("It was told before"),
    Reason.TEST: noted("It is a test, or was sent by a machine"),
    Reason.NOT_HERE: noted("It is about another place"),
}
KINDS = {
    Kind.NAME: noted("name"),
    Kind.PHONE: noted("phone number"),
    Kind.EMAIL: noted("email address"),
    Kind.POSTCODE: noted("postcode"),
    Kind.STREET: noted("street"),
    Kind.BIRTH: noted("date of birth"),
    Kind.NHS: noted("NHS number"),
    Kind.NINO: noted("National Insurance number"),
    Kind.CASE: noted("case number"),
    Kind.PLATE: noted("number plate"),
    Kind.BANK: noted("bank details"),
    Kind.HANDLE: noted("social media name"),
    Kind.LINK: noted("web address"),
}
SIGNS = {
    Sign.NAME: noted("Perhaps a name that was not found: {words}."),
    Sign.AGE: noted("It says how old somebody is: {words}."),
    Sign.DATE: noted("It says on which day it was: {words}."),
    Sign.EVENT: noted("It speaks of an event that others may remember: {words}."),
    Sign.ROLE: noted("It names a position that few people hold: {words}."),
    Sign.FAMILY: noted("It says how a family is made up: {words}."),
    Sign.SMALL_PLACE: noted("It names a small place: {words}."),
    Sign.RARE_SERVICE: noted("Few journeys here went to this service: {words}."),
    Sign.RARE_WORDS: noted("Hardly any other journey here uses these words: {words}."),
}
TOGETHER = noted("Each of these details may be harmless, but together they may point to one person.")
FIELDS = {
    "what_happened": noted("What happened"),
    "what_better": noted("What would have made it better"),
    "what_good": noted("What was good"),
    "obstacle_text": noted("What got in the way, as staff see it"),
}


MEANT = re.compile(r"([!-/:-@\[-`{-~])")  # what Streamlit could read as Markdown in a label


def as_it_stands(text: str) -> str:
    """What somebody wrote, for a label: no sign in it means anything to Streamlit."""
    return MEANT.sub(r"\\\1", text)


def kind(code: Kind) -> str:
    """A kind of identifier, as people call it."""
    return _(KINDS[code])


def reason(code: Reason) -> str:
    """Why a story is rejected."""
    return _(REASONS[code])


def pile(code: Pile) -> str:
    """A pile, as people call it."""
    return _(PILES[code])


def warning(found: Warned) -> str:
    """One warning about a quote, in one line."""
    if found.sign is Sign.TOGETHER:
        return _(TOGETHER)
    return _(SIGNS[found.sign]).format(words=words.listed(found.words, len(found.words)))


def title(name: str, service: str | None) -> str:
    """What a text of a story answers."""
    if name in FIELDS:
        return _(FIELDS[name])
    number = name.partition(":")[2]
    return _("Step {number}: {service}").format(number=number, service=service or _("a service not named"))
