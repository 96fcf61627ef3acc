"""Where somebody is found online: email, links, social media names."""

import re
from collections.abc import Iterator

from insight.identifiers.lists import ordinary
from insight.identifiers.model import Kind, Mark
from insight.identifiers.plain import mark

_DOTTED = re.compile(r"\.[A-Za-z]")
_SIGNS = ("@", "//", "dot", "DOT", "Dot", "at)", "at]", "AT)", "AT]")
_EMAIL = re.compile(
    r"(?<![\w.+%\-'])[\w.+%\-']{1,64}(?:@| @ )(?:[\w\-]{1,63}\.){1,5}[a-z]{2,24}(?![\w@])", re.IGNORECASE
)
_DOT = r"(?:\s?[\[({]dot[\])}]\s?|\sdot\s|\.)"
_SPELT = re.compile(
    r"(?<![\w.+%\-'])[\w.+%\-']{1,64}(?:\s?[\[({]at[\])}]\s?|\sat\s)"
    rf"(?!(?:the|a|an|my|this|that)\s)[\w\-]{{1,63}}(?:{_DOT}(?:[\w\-]{{1,63}}{_DOT}){{0,3}})"
    r"(?:com|org|net|uk|eu|info|wales|scot|cymru|me|io|pl|ie|de|fr|ro|in|pk)\b",
    re.IGNORECASE,
)
_MAIL_HOUSES = re.compile(
    r"\sat\s(?:gmail|googlemail|hotmail|outlook|live|icloud|yahoo|ymail|msn|aol|sky|btinternet|virginmedia|"
    r"talktalk|protonmail|"
    r"proton|me|mac|ntlworld|tiscali)\.",
    re.IGNORECASE,
)
_SPELT_SIGN = re.compile(r"\bdot\b|[\[({]at[\])}]", re.IGNORECASE)


def _is_online(text: str) -> bool:
    """Whether anything in a text could be an address: most texts end here."""
    return any(sign in text for sign in _SIGNS) or _DOTTED.search(text) is not None


def emails(text: str) -> Iterator[Mark]:
    """Email addresses, also with a space about the @ or spelt "at" and "dot"."""
    if not _is_online(text):
        return
    yield from (mark(found, Kind.EMAIL) for found in _EMAIL.finditer(text))
    for found in _SPELT.finditer(text):
        if _SPELT_SIGN.search(found[0]) or _MAIL_HOUSES.search(found[0]):
            yield mark(found, Kind.EMAIL)


_LINK = re.compile(r"(?:\bhttps?://|\bwww\.)[^\s<>\"\x00]{2,2000}", re.IGNORECASE)
_PATH = re.compile(
    r"(?<![\w@./\-])(?:[a-z0-9\-]{1,63}\.){1,4}(?:com|org|net|uk|io|me|be|gl|co|tv|info|eu|ly|app|link|site|"
    r"online|shop|blog|de|pl|ie|fr|wales|scot|"
    r"cymru|ro|in|pk|us|gg|to|ms|page|dev)/(?=[\w~@])[^\s<>\"\x00]{1,2000}",
    re.IGNORECASE,
)
_OWN_SITE = re.compile(
    r"(?<![\w@./\-])[a-z0-9\-]{1,63}\.(?:wordpress|blogspot|wixsite|weebly|substack|tumblr|github)\.(?:com|"
    r"co\.uk|io)\b",
    re.IGNORECASE,
)
_THREE_WORDS = re.compile(r"///[a-z]{2,20}\.[a-z]{2,20}\.[a-z]{2,20}", re.IGNORECASE)
_PUBLIC = re.compile(
    r"(?:https?://)?(?:[a-z0-9\-]{1,63}\.){0,4}(?:gov\.uk|nhs\.uk|police\.uk|parliament\.uk|gov\.wales|"
    r"llyw\.cymru|gov\.scot|"
    r"nhs\.wales|nhs\.scot|bbc\.co\.uk|bbc\.com)(?:/[a-z\-/#.]*)?$",
    re.IGNORECASE,
)


def links(text: str) -> Iterator[Mark]:
    """Web addresses, save pages of public bodies whose address holds no number, name or query."""
    if not _is_online(text):
        return
    for pattern in (_LINK, _PATH, _OWN_SITE, _THREE_WORDS):
        for found in pattern.finditer(text):
            words = found[0].rstrip(".,;:!?)]}'")
            if not _PUBLIC.fullmatch(words):
                yield Mark(found.start(), found.start() + len(words), Kind.LINK)


_AT = re.compile(
    r"(?<![\w@.])@(?!(?:home|work|school|the|all|least|night)\b)(?=[\w.]{0,30}[a-z])[a-z_][\w.]{1,30}(?<!\.)",
    re.IGNORECASE,
)
_PLACES = (
    r"insta(?:gram)?|ig|snap(?:chat)?|tik ?tok|twitter|facebook|fb|discord|telegram|skype|user ?name|gamer ?tag|"
    r"psn|xbox|"
    r"handle|x account|threads|bluesky|mastodon|twitch|reddit"
)
_CUED = re.compile(
    rf"\b(?:{_PLACES})\b((?:\s(?:is|was|handle|name|account|page|profile|as|at|under|"
    rf"id)\b){{0,3}}\s{{0,2}}[:=\-]?)\s{{0,2}}@?"
    r"((?:live:)?[a-z0-9_][\w.#\-]{2,40})(?<![.\-])",
    re.IGNORECASE,
)
_HANDLE_SIGNS = (
    "insta", " ig", "ig ", "snap", "tok", "twit", "face", "fb", "discord", "telegram", "skype", "name", "tag",
    "psn", "xbox", "handle",
    "x account", "threads", "bluesky", "mastodon", "reddit",
)  # fmt: skip
_LINKING = re.compile(r"\b(?:is|was|as)\b|[:=\-]", re.IGNORECASE)
_PLACE_SIGN = re.compile(rf"\b(?:{_PLACES})\b", re.IGNORECASE)


def handles(text: str) -> Iterator[Mark]:
    """@names, and what follows "my insta is" unless it is an ordinary word."""
    if "@" in text:
        yield from (mark(found, Kind.HANDLE) for found in _AT.finditer(text))
    low = text.lower()
    if not any(sign in low for sign in _HANDLE_SIGNS):
        return
    for found in _CUED.finditer(text):
        name = found[2].lower()
        odd = any(letter in "_.#:" or letter.isdigit() for letter in name) and not name.replace(".", "").isdigit()
        plain = name.strip("._-") in ordinary() or _PLACE_SIGN.fullmatch(name)
        if not plain and (odd or _LINKING.search(found[1])):
            yield mark(found, Kind.HANDLE, 2)
