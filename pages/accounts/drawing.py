"""From a template to an answer: what the pages of signing in look like, their headers, and the page that says no."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment
from starlette.responses import HTMLResponse, Response

from insight.access import Permission, may
from insight.language import day, spoken
from insight.settings import settings
from pages.accounts import words
from pages.form.drawing import STYLES as FORM_STYLES
from pages.kit.plain import hash_of, headers_with, templates
from pages.kit.words import when

if TYPE_CHECKING:
    from pages.accounts.desk import Ask

HERE = Path(__file__).parent
STYLES = FORM_STYLES + (HERE / "static" / "accounts.css").read_text("utf-8")
SCRIPT = (HERE / "static" / "show_password.js").read_text("utf-8")
HEADERS = headers_with(
    f"default-src 'none'; style-src {hash_of(STYLES)}; script-src {hash_of(SCRIPT)}; "
    "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@lru_cache
def environment() -> Environment:
    """The templates, each compiled once."""
    filters: dict[str, Callable[..., str]] = {"day": day, "when": when, "role": words.role}
    return templates(HERE / "templates", filters, styles=STYLES, script=SCRIPT)


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
