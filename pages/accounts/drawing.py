"""From a template to an answer: what the pages of signing in look like, their headers, and the page that says no."""

import hashlib
from base64 import b64encode
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from insight.access import Permission, may
from insight.language import _, day, ngettext, spoken
from insight.settings import settings
from pages.accounts import words
from pages.form.drawing import STYLES as FORM_STYLES

if TYPE_CHECKING:
    from pages.accounts.desk import Ask

HERE = Path(__file__).parent
STYLES = FORM_STYLES + (HERE / "static" / "accounts.css").read_text("utf-8")
SCRIPT = (HERE / "static" / "show_password.js").read_text("utf-8")


def _hash(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_hash(STYLES)}'; script-src 'sha256-{_hash(SCRIPT)}'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@lru_cache
def environment() -> Environment:
    """The templates, each compiled once."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.policies["ext.i18n.trimmed"] = True
    made.filters.update(day=day, when=words.when, role=words.role)
    made.globals.update(styles=STYLES, script=SCRIPT)
    return made


def page(ask: "Ask", template: str, status: int = 200, **context: Any) -> Response:
    """Draw a page. ``wrong`` are problems as (id of the field or "", message); ``done`` says what was just done."""
    told = {
        "language": spoken(),
        "token": ask.token(),
        "stale": ask.stale,
        "demo": settings().demo_mode,
        "actor": ask.actor,
        "has_account": ask.actor.account is not None and may(ask.actor, Permission.OWN_ACCOUNT),
        "wrong": (),
        "done": "",
    }
    html = environment().get_template(template).render(told | context)
    return HTMLResponse(html.encode("utf-8", "replace"), 403 if ask.stale else status)


def message(ask: "Ask", heading: str, sentence: str, status: int) -> Response:
    """A page that says one thing, and leads on."""
    return page(ask, "message.html", status, heading=heading, sentence=sentence)
