"""Changing the language, at any point and without losing an answer."""

from contextlib import suppress
from dataclasses import replace

from starlette.responses import Response

from insight import intake
from insight.access import RESIDENT
from insight.errors import InsightError
from insight.language import LANGUAGES, speak
from pages.form.desk import Ask, Handler
from pages.kit.plain import go


def speak_from_now(ask: Ask, code: str) -> None:
    """Go on in another language: in this browser, and in the journey that is being told."""
    if code not in LANGUAGES:
        return
    ask.language = code
    ask.visit = replace(ask.here, language=code)
    speak(code)
    if ask.here.draft:
        with suppress(InsightError):  # a journey that is gone: the page that follows says so, in the language wished
            intake.choose_language(RESIDENT, ask.here.draft, code)


def in_the_language_wished(page: Handler, *, stay: bool = False) -> Handler:
    """A page that takes ``?lang=``, then leads to itself without it, so that Back does not change it again."""

    def wished(ask: Ask) -> Response:
        code = ask.query.get("lang", "")
        if ask.posted or code not in LANGUAGES:
            return page(ask)
        speak_from_now(ask, code)
        then = ask.query.get("then", "")
        return page(ask) if stay else go(ask.path + (f"?then={then}" if then in ("check", "steps") else ""))

    return wished
