"""Signing in, for now: in demo mode a person at this machine picks a role; otherwise staff screens stay shut."""

from html import escape
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from insight.access import Role
from insight.language import LANGUAGES, _, best_of, noted, speaking, spoken
from insight.settings import settings
from pages.kit.session import DEMO_COOKIE

ROLES = {
    Role.RESIDENT: (noted("Resident"), noted("Tell a journey, on your own.")),
    Role.FRONTLINE: (noted("Frontline staff"), noted("Log what you hear, or bring in what you already hold.")),
    Role.DESIGNER: (
        noted("Service designer"),
        noted("Open the board of pain points, read the evidence, run an analysis."),
    ),
    Role.SAFEGUARDING: (
        noted("Safeguarding lead"),
        noted("Read the stories that speak of harm, and decide what happens with them."),
    ),
    Role.ADMIN: (noted("Administrator"), noted("Everything but the safeguarding queue.")),
}

STAFF_LANGUAGES = ("en", "cy")

PAGE = """<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} - Throughline</title><style>
body{{font:1.1rem/1.5 "Source Sans Pro","Segoe UI",system-ui,sans-serif;color:#0b0c0c;margin:0 auto;max-width:44rem;
padding:1.5rem}}h1{{font-size:2rem;line-height:1.2}}form{{margin:0}}button{{display:block;width:100%;text-align:start;
font:inherit;color:inherit;background:#fff;border:2px solid #6b7275;border-radius:4px;padding:.8rem 1rem;
margin:.6rem 0;cursor:pointer}}button:hover{{background:#f1f4f6}}button:focus-visible,a:focus-visible{{
outline:3px solid #0b0c0c;outline-offset:2px}}button b{{display:block;color:#12436d}}a{{color:#12436d}}
.note{{border-inline-start:8px solid #12436d;padding:.2rem 1rem;background:#f1f4f6}}</style></head><body>
<main>{body}</main></body></html>"""


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    title, language = escape(title), spoken()
    html = PAGE.format(title=title, body=f"<h1>{title}</h1>{body}", lang=language.tag, dir=language.direction)
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store", "Vary": "Accept-Language"})


def safe_next(target: str) -> str:
    """Where to go afterwards: a path of this product, never another site."""
    parts = urlsplit(target)
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return target if inside and "\n" not in target and "\r" not in target else "/"


def _language(request: Request) -> str:
    """The language of the page: the one in its address, else the browser's; English where staff words have no other."""
    asked = request.query_params.get("lang", "")
    code = asked if asked in LANGUAGES else best_of(request.headers.get("accept-language", ""))
    return code if code in STAFF_LANGUAGES else "en"


async def choose(request: Request) -> Response:
    """Show the roles to pick from."""
    with speaking(_language(request)):
        return _roles(request) if settings().demo_mode else _shut()


def _shut() -> HTMLResponse:
    why = _(
        "Staff screens are shut until this place has a way to sign in. To look around with invented data, run "
        "{command} on your own machine."
    )
    body = f"<p>{escape(why).format(command='<code>make run</code>')}</p>"
    body += f'<p><a href="/">{escape(_("Back to the start"))}</a></p>'
    return _page(_("Signing in is not set up yet"), body, 403)


def _roles(request: Request) -> HTMLResponse:
    target = escape(safe_next(request.query_params.get("next", "/")), quote=True)
    asked = escape(request.query_params.get("lang", ""), quote=True)
    note = escape(
        _("This is a demo with an invented place. Nobody has to sign in, so it is open to this machine only.")
    )
    buttons = "".join(
        f'<button name="role" value="{role}"><b>{escape(_(name))}</b>{escape(_(what))}</button>'
        for role, (name, what) in ROLES.items()
    )
    return _page(
        _("Who are you today?"),
        f'<p class="note">{note}</p><form method="post"><input type="hidden" name="next" value="{target}">'
        f'<input type="hidden" name="lang" value="{asked}">{buttons}</form>',
    )


async def take(request: Request) -> Response:
    """Remember the role that was picked, in this browser; a language that was asked for goes along."""
    if not settings().demo_mode:
        return await choose(request)
    form = parse_qs((await request.body())[:4096].decode("utf-8", "replace"))
    picked, asked = form.get("role", [""])[0], form.get("lang", [""])[0]
    if picked not in set(Role):
        return RedirectResponse("/sign-in", 303)
    target = safe_next(form.get("next", ["/"])[0])
    if asked in LANGUAGES:
        target += f"{'&' if '?' in target else '?'}lang={asked}"
    answer = RedirectResponse(target, 303)
    answer.set_cookie(DEMO_COOKIE, picked, httponly=True, samesite="strict", path="/")
    return answer


routes = [
    Route("/sign-in", choose, methods=["GET"]),
    Route("/sign-in", take, methods=["POST"]),
]
