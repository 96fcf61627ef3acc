"""The languages of the product: which there are, which one is spoken now, and the words of the catalogues.

Texts in the code are English and stand in ``_("...")``; ``data/languages/<code>.po`` holds them in the others. What is
spoken now belongs to the context (a request, or one run of a page), never to the process.
"""

import gettext as catalogues
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from insight.settings import ROOT

FOLDER = ROOT / "data" / "languages"


@dataclass(frozen=True, slots=True)
class Language:
    """A language as people call it themselves; ``tag`` is what a browser is told, ``direction`` is ltr or rtl."""

    code: str
    name: str
    tag: str
    direction: str = "ltr"


LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("en", "English", "en-GB"),
        Language("cy", "Cymraeg", "cy"),
        Language("pl", "Polski", "pl"),
        Language("ur", "اردو", "ur", "rtl"),
        Language("ar", "العربية", "ar", "rtl"),
    )
}
ENGLISH = LANGUAGES["en"]
STAFF_LANGUAGES = ("en", "cy")  # in these every text exists; in the others those that residents meet
_spoken: ContextVar[str] = ContextVar("language", default="en")


def spoken() -> Language:
    """The language spoken now."""
    return LANGUAGES[_spoken.get()]


def speak(code: str) -> None:
    """From here on in this context, speak this language; English if there is no such one."""
    _spoken.set(code if code in LANGUAGES else "en")


@contextmanager
def speaking(code: str) -> Iterator[Language]:
    """Speak a language for the length of a block."""
    before = _spoken.set(code if code in LANGUAGES else "en")
    try:
        yield spoken()
    finally:
        _spoken.reset(before)


def _(message: str) -> str:
    """A text in the language spoken now; in English where the catalogue does not have it."""
    code = _spoken.get()
    return message if code == "en" else _catalogue(code).gettext(message)


def noted(message: str) -> str:
    """Mark a text for the catalogues where it stands in a constant: it is translated when it is drawn, by ``_``."""
    return message


def ngettext(one: str, many: str, number: int) -> str:
    """A text that depends on a number, in the form that the language spoken now has for that number."""
    code = _spoken.get()
    if code == "en":
        return one if number == 1 else many
    return _catalogue(code).ngettext(one, many, number)


def day(moment: date | datetime) -> str:
    """A day as people write it in the language spoken now: 22 November 2026."""
    return f"{moment.day} {month_name(moment.month)} {moment.year}"


def month_name(number: int) -> str:
    """A month, from 1 to 12, as it is written within a date."""
    return _month_names(_spoken.get())[number - 1]


def best_of(accepted: str) -> str:
    """The language that suits a browser best, from its ``Accept-Language`` header."""
    wishes: list[tuple[float, str]] = []
    for wish in accepted.split(",")[:20]:
        tag, _sep, weight = wish.strip().partition(";q=")
        code = tag.split("-")[0].lower()
        if code in LANGUAGES:
            wishes.append((-_weight(weight), code))
    return min(wishes, key=lambda wish: wish[0])[1] if wishes else "en"


def _weight(written: str) -> float:
    try:
        return float(written) if written else 1.0
    except ValueError:
        return 0.0


@lru_cache
def _month_names(code: str) -> tuple[str, ...]:
    from babel.dates import get_month_names

    names = get_month_names("wide", context="format", locale=code)
    return tuple(names[number] for number in range(1, 13))


@lru_cache
def _catalogue(code: str) -> catalogues.NullTranslations:
    """A language's texts, compiled in memory: there is no file to build, and none to forget."""
    path = FOLDER / f"{code}.po"
    return read_catalogue(path) if path.exists() else catalogues.NullTranslations()


def read_catalogue(path: Path) -> catalogues.NullTranslations:
    """Read one ``.po`` file. Texts that are marked fuzzy count: they are shown, and wait for a reader."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue, use_fuzzy=True)
    compiled.seek(0)
    return catalogues.GNUTranslations(compiled)
