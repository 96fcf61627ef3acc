"""Cells to values: what counts as blank, yes and no, channels, roles, lengths of time."""

import re
from functools import lru_cache
from typing import TypeVar

from insight.intake import rules
from insight.intake.importing.dates import Unreadable
from insight.intake.model import Channel, NeedMet, Sorted, TellerRole
from insight.intake.questions import UNKNOWN, Choice, question_set
from insight.language import _

BLANK = frozenset(
    [
        "",
        "-",
        "--",
        "---",
        "–",
        "—",
        ".",
        "..",
        "?",
        "n/a",
        "na",
        "n.a.",
        "n.a",
        "#n/a",
        "<na>",
        "null",
        "nan",
        "nil",
        "blank",
        "(blank)",
        "did not answer",
        "didn't answer",
        "not answered",
        "no answer",
        "not applicable",
        "no response",
        "no reply",
        "not stated",
        "not recorded",
        "not provided",
        "prefer not to say",
        "prefer not to answer",
        "skipped",
        "missing",
        "unanswered",
    ]
)
BLANK_FACT = BLANK | frozenset(
    ["none", "unknown", "not known", "don't know", "dont know", "do not know", "unsure", "not sure"]
)
"""What says nothing where a fact was asked for, though it may be an answer in somebody's own words."""

ERRORS = frozenset({"#ref!", "#value!", "#name?", "#div/0!", "#num!", "#null!", "#spill!", "#calc!"})
YES = frozenset(["yes", "y", "true", "1", "t", "agreed", "agree", "given", "consented", "x", "✓", "✔", "ie", "oes"])
NO = frozenset(["no", "n", "false", "0", "f", "refused", "declined", "withheld", "nage"])
DAYS = {"d": 1, "day": 1, "w": 7, "wk": 7, "week": 7, "month": 30, "mth": 30, "year": 365, "yr": 365}
LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*?)s?\.?")
MOST_DAYS = 36_500
MOST_NEED = 80

CHANNEL_WORDS: dict[Channel, str] = {
    Channel.PHONE: "phone|telephone|call|phone call|telephone call|by phone|helpline|call centre|contact centre",
    Channel.FACE_TO_FACE: "face to face|in person|walk in|office|reception|counter|appointment|visit|clinic|desk|f2f",
    Channel.HOME_VISIT: "home visit|at home|home",
    Channel.WEB_FORM: "web|website|online|online form|web form|internet|portal|webform|digital|self service",
    Channel.APP: "app|mobile app",
    Channel.EMAIL: "email|mail|by email|e mail",
    Channel.POST: "post|letter|by post|paper|paper form",
    Channel.SMS: "sms|text|text message|txt",
    Channel.WEBCHAT: "webchat|chat|live chat|web chat|chatbot",
    Channel.VIDEO: "video|video call|teams|zoom|video consultation",
    Channel.SOCIAL_MEDIA: "social media|facebook|twitter|x|instagram|whatsapp",
    Channel.OUTREACH: "outreach|event|street",
    Channel.THIRD_PARTY: "third party|advocate|representative|agent",
}
NEED_MET_WORDS: dict[NeedMet, str] = {
    NeedMet.YES: "yes|y|true|1|fully|met|resolved|completely|yes fully|yes completely",
    NeedMet.PARTLY: "partly|partially|in part|somewhat|to some extent|yes partly|yes to some extent",
    NeedMet.NO: "no|n|false|0|not met|unmet|not resolved|unresolved|not at all",
    NeedMet.TOO_EARLY: "too early|too early to say|too soon|ongoing|not yet|in progress",
    NeedMet.UNKNOWN: "unknown|don t know|do not know|not sure|unsure",
}
SORTED_WORDS: dict[Sorted, str] = {
    Sorted(met.value): words for met, words in NEED_MET_WORDS.items() if met is not NeedMet.TOO_EARLY
}
ROLE_WORDS: dict[TellerRole, str] = {
    TellerRole.SELF: "self|me|patient|service user|resident|customer|client|tenant|the patient|myself|citizen",
    TellerRole.CARER: "carer|care giver|caregiver|unpaid carer|family carer",
    TellerRole.PARENT: "parent|guardian|parent or guardian|mother|father|mum|dad|parent carer",
    TellerRole.FRIEND: "friend|relative|family|family member|partner|spouse|friend or relative|neighbour",
    TellerRole.STAFF: "staff|member of staff|employee|worker|professional|practitioner",
}


Code = TypeVar("Code")


def tidy(text: str) -> str:
    """Text as it is kept, without control characters or space around it. Most is plain and needs no closer look."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return rules.clean(text) or ""


def plain(text: str) -> str:
    """Letters and digits in lower case with single spaces: how words are compared."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def is_blank(text: str, fact: bool = False) -> bool:
    """Whether a tidy cell says nothing."""
    return len(text) <= 24 and text.lower() in (BLANK_FACT if fact else BLANK)


def _by_word(words: dict[Code, str]) -> dict[str, Code]:
    return {word: code for code, told in words.items() for word in told.split("|")}


@lru_cache
def _choices(question: str) -> dict[str, str]:
    """The question set's own codes and wordings, plain, to codes."""
    questions = question_set()
    for asked in (*questions.question, *questions.steps.question):
        if asked.id == question and isinstance(asked, Choice):
            worded = {plain(said): option.code for option in asked.options for said in option.text.values()}
            return worded | {plain(option.code): option.code for option in asked.options}
    raise LookupError(question)


CHANNELS = _by_word(CHANNEL_WORDS)
NEEDS_MET = _by_word(NEED_MET_WORDS)
SORTED = _by_word(SORTED_WORDS)
ROLES = _by_word(ROLE_WORDS)


def read_channel(text: str) -> Channel | None:
    """How a step took place, or :class:`Unreadable`."""
    word = plain(text)
    told = _choices("channel").get(word)
    if told == UNKNOWN:
        return None
    say = _("Use a channel such as phone, in person, email or letter")
    return Channel(told) if told else _known(CHANNELS, word, say)


def read_need_met(text: str) -> NeedMet:
    """Whether the need was met, or :class:`Unreadable`."""
    word = plain(text)
    told = _choices("need_met").get(word)
    return NeedMet(told) if told else _known(NEEDS_MET, word, _("Use yes, partly, no, too early or unknown"))


def read_sorted(text: str) -> Sorted:
    """Whether a step sorted it out, or :class:`Unreadable`."""
    return _known(SORTED, plain(text), _("Use yes, partly, no or unknown"))


def read_role(text: str) -> TellerRole:
    """Who told it, or :class:`Unreadable`."""
    word = plain(text)
    told = _choices("teller_role").get(word)
    return TellerRole(told) if told else _known(ROLES, word, _("Use self, carer, parent, friend or staff"))


def read_need(text: str) -> str:
    """A need: its code where it is on the question set's list, else in the file's own words."""
    if len(text) > MOST_NEED:
        raise Unreadable(_("Shorten this to {most} characters or fewer").format(most=MOST_NEED))
    return _choices("need").get(plain(text), text)


def read_yes_no(text: str) -> bool:
    """Yes or no, or :class:`Unreadable`."""
    word = text.strip().lower()
    if word in YES or word.split(",")[0].split(" ")[0] in ("yes", "ie", "oes"):
        return True
    if word in NO or word.split(",")[0].split(" ")[0] in ("no", "nage"):
        return False
    raise Unreadable(_("Use yes or no"))


def read_days(text: str) -> int:
    """A length of time in days, from a number of days or such as "3 weeks"; or :class:`Unreadable`."""
    found = LENGTH.fullmatch(text.strip().lower().replace(",", ""))
    unit = DAYS.get(found[2] or "d") if found else None
    if not found or not unit:
        raise Unreadable(_("Give a number of days, or such as 3 weeks"))
    days = round(float(found[1]) * unit) if len(found[1]) < 12 else MOST_DAYS + 1
    if days > MOST_DAYS:
        raise Unreadable(_("That is longer than a lifetime. Check the number"))
    return days


def read_language(text: str) -> str:
    """A language's code, or :class:`Unreadable`."""
    word = text.strip().lower()
    known = {"english": "en", "welsh": "cy", "cymraeg": "cy"}.get(word, word)
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})?", known):
        raise Unreadable(_("Use a language's code, such as en or cy"))
    return known


def _known(words: dict[str, Code], word: str, otherwise: str) -> Code:
    if word not in words:
        raise Unreadable(otherwise)
    return words[word]
