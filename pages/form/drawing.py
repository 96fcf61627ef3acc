"""From a template to an answer: what every page of the form carries, its headers, and the pages that say kindly no."""

import gzip
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jinja2 import Environment
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, RedirectResponse, Response

from insight.intake import said
from insight.language import ENGLISH, LANGUAGES, spoken
from insight.settings import settings
from pages.kit.plain import hash_of, headers_with, templates

if TYPE_CHECKING:
    from pages.form.desk import Ask

HERE = Path(__file__).parent
SMALLEST = 500  # bytes below which packing does not pay
KIOSK_SECONDS = 180


def _tight(path: str) -> str:
    """A small file without the space that only people need."""
    lines = ((HERE / "static" / path).read_text("utf-8")).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip() and not line.strip().startswith("//"))


STYLES, LEAVE, SCRIPT = _tight("tell.css"), _tight("leave.js"), _tight("tell.js")
SCRIPT_PATH = f"/tell/tell.js?{hashlib.sha256(SCRIPT.encode()).hexdigest()[:12]}"
HEADERS = headers_with(
    f"default-src 'none'; style-src {hash_of(STYLES)}; script-src 'self' {hash_of(LEAVE)}; "
    "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def in_its_language(wording: dict[str, str]) -> Markup:
    """A wording in the language spoken now; where it is not translated, in English that says so of itself."""
    if spoken() is ENGLISH or spoken().code in wording:
        return escape(said(wording))
    return Markup('<span lang="{}" dir="ltr">{}</span>').format(ENGLISH.tag, said(wording))


@lru_cache
def environment() -> Environment:
    """The templates, each compiled once."""
    return templates(
        HERE / "templates",
        {"said": in_its_language},
        styles=STYLES,
        leave_script=LEAVE,
        script_path=SCRIPT_PATH,
        languages=tuple(LANGUAGES.values()),
    )


def page(ask: "Ask", template: str, status: int = 200, *, idle: bool = True, **context: Any) -> Response:
    """Draw a page. ``idle`` says that a kiosk forgets it when nobody does anything.

    Every template may use ``language``, ``kiosk``, ``token``, ``stale``, ``wait``, ``wrong`` (the problems, as (link,
    message)), and ``form_id`` (the id of the form to which the buttons outside it belong, if what was typed is kept).
    """
    shown = {
        "language": spoken(),
        "kiosk": ask.here.kiosk,
        "kiosk_seconds": KIOSK_SECONDS if ask.here.kiosk and idle else 0,
        "token": ask.here.token(),
        "stale": ask.stale,
        "wait": ask.wait,
        "demo": settings().demo_mode,
        "wrong": (),
        "form_id": "",
        "switch": switch(ask),
    }
    html = environment().get_template(template).render(shown | context)
    shown_again = 429 if ask.wait else 403
    answer = HTMLResponse(html.encode("utf-8", "replace"), shown_again if ask.stale else status)
    if ask.here.kiosk and idle:
        answer.headers["Refresh"] = f"{KIOSK_SECONDS}; url=/tell/kiosk/reset"
    return answer


def switch(ask: "Ask") -> dict[str, str]:
    """The path of this page in each language, for pages on which nothing can be typed."""
    path = "/tell/check" if ask.path == "/tell/send" else ask.path
    kept = {name: value for name, value in ask.query.items() if name in ("from", "place", "then")}
    return {code: f"{path}?{urlencode(kept | {'lang': code})}" for code in LANGUAGES}


def kind(
    ask: "Ask", title: str, sentences: Sequence[str], status: int, link: tuple[str, str] | None = None
) -> Response:
    """A page that says what did not work and what to do. What had been typed is given back, to be copied."""
    typed = [text for texts in ask.form.values() for text in texts if len(text) > 60]  # not codes and tokens
    return page(
        ask, "kind.html", status, title=title, sentences=sentences, link=link, typed=typed if ask.posted else ()
    )


def lost(ask: "Ask", message: str) -> Response:
    """There is no such page or journey."""
    return page(ask, "lost.html", 404, message=message)


def finished(ask: "Ask", answer: Response) -> Response:
    """The headers of every answer, and its body packed for those who take it so."""
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    if "gzip" in ask.accepts and len(answer.body) >= SMALLEST and "Content-Encoding" not in answer.headers:
        answer.body = gzip.compress(bytes(answer.body), 6, mtime=0)
        answer.headers["Content-Length"] = str(len(answer.body))
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding, Cookie"
    return answer


def leave_for() -> Response:
    """Away from here."""
    return RedirectResponse(settings().exit_url, 303)
