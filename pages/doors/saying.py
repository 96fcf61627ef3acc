"""A small page that says kindly what a door refused, in the language of whoever asks. It needs no other file."""

from html import escape
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse
from starlette.types import Scope

from insight.language import LANGUAGES, _, best_of, spoken
from pages.doors.proxies import REQUEST_ID
from pages.form.visit import COOKIE, read_visit
from pages.kit.plain import hash_of

STYLES = (
    'body{font:1.1rem/1.5 "Source Sans Pro","Segoe UI",system-ui,sans-serif;color:#0b0c0c;background:#fff;'
    "margin:0 auto;max-width:44rem;padding:1.5rem}h1{font-size:2rem;line-height:1.2}a{color:#12436d}"
    "a:focus-visible{outline:3px solid #0b0c0c;outline-offset:2px}small{color:#505a5f}"
)
POLICY = (
    f"default-src 'none'; style-src {hash_of(STYLES)}; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE = """<!doctype html><html lang="{lang}" dir="{dir}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} - Throughline</title>
<link rel="icon" href="data:,"><style>{styles}</style></head><body><main><h1>{title}</h1>{sentences}{number}</main>
</body></html>"""


def language_of(scope: Scope) -> str:
    """The language to answer in: the one in the address, else the one chosen for the form, else the browser's."""
    asked: str = parse_qs(scope.get("query_string", b"").decode("ascii", "replace")).get("lang", [""])[0]
    if asked in LANGUAGES:
        return asked
    connection = HTTPConnection(scope)
    visit = read_visit(connection.cookies.get(COOKIE))
    if visit and visit.language:
        return visit.language
    return best_of(str(connection.headers.get("accept-language", "")))


def kind_page(scope: Scope, status: int, title: str, *sentences: str, wait: int = 0) -> HTMLResponse:
    """The page, in the language spoken now. ``wait`` says after how many seconds trying again helps."""
    language, number = spoken(), scope.get(REQUEST_ID, "")
    html = PAGE.format(
        lang=language.tag,
        dir=language.direction,
        title=escape(title),
        styles=STYLES,
        sentences="".join(f"<p>{escape(sentence)}</p>" for sentence in sentences),
        number=f"<p><small>{escape(_('Number of this request: {number}').format(number=number))}</small></p>"
        if number
        else "",
    )
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Vary": "Accept-Language, Cookie"}
    answer = HTMLResponse(html, status, headers=headers)
    if wait:
        MutableHeaders(raw=answer.raw_headers)["Retry-After"] = str(wait)
    return answer
