"""Pairs of requests by a stranger: one names what there is, the other what there is not, and both look alike.

Left out is what opens something to whoever holds it (``OPENS``): a draft's key, a reference, four words and an open
invitation are the secrets themselves, at the doors that are made for them. Everywhere else they are but texts.
"""

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

from pages.accounts import door
from pages.form import visit
from pages.kit.session import SESSION_COOKIE
from tests.fuzz.asking import Answer, Asked
from tests.fuzz.payloads import encoded
from tests.fuzz.routes import PART, QUERY, SOME_OF, Door, Thrower

OPENS = {
    ("draft", "/tell/continue"),
    ("sent_draft", "/tell/continue"),
    ("reference", "/tell/receipt"),
    ("words", "/tell/resume"),
    ("words", "/tell/r/{words}"),
    ("invitation", "/invitation/{token}"),
}
LEAVING = ("/account/everywhere",)  # they end the session, and take no name
PUBLIC = {"survey", "place"}  # their addresses stand on posters
TOKEN = re.compile(r'(name="token" value=")[^"]+')
CHANGING = ("x-request-id", "date", "content-length", "retry-after")
FORM = b"application/x-www-form-urlencoded"
FOREIGN = "THIS"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two requests that differ in one name alone."""

    there: Asked
    absent: Asked
    names: tuple[str, str]
    told: str


def pairs(thrower: Thrower) -> Iterator[Pair]:
    """For every path and method, every part, query name and field, and everything of others': one pair."""
    for kind in thrower.world.there:
        if kind in PUBLIC:
            continue
        for one in thrower.doors:
            if (kind, one.path) not in OPENS:
                yield from _at(thrower, one, kind)


def _at(thrower: Thrower, one: Door, kind: str) -> Iterator[Pair]:
    names = (thrower.world.there[kind], thrower.world.absent[kind])
    session = thrower.world.sessions.get("far", "")
    for part in PART.findall(one.path):
        yield _pair(kind, names, one, f"part {part}", part=part)
    if "POST" in one.methods:
        for field in thrower.names:
            if field not in ("token", "lang"):
                yield _pair(kind, names, one, f"field {field}", field=field, session=session)
    for name in QUERY:
        yield _pair(kind, names, one, f"query {name}", query=name)
    if kind != "session":  # in a cookie, it is the key itself
        yield _pair(kind, names, one, "cookie", cookie=True)


def _pair(kind: str, names: tuple[str, str], one: Door, where: str, **into: str | bool) -> Pair:
    there, absent = (_request(one, name, into) for name in names)
    return Pair(there, absent, names, f"{there.method} {one.path} {where} {kind}")


def _request(one: Door, name: str, into: dict[str, str | bool]) -> Asked:
    usual = {key: told[0] for key, told in SOME_OF.items()}
    path = PART.sub(lambda found: name if into.get("part") == found[1] else usual.get(found[1], "x"), one.path)
    asked = Asked("POST" if "field" in into else "GET" if "GET" in one.methods else one.methods[0], path)
    if "query" in into:
        asked.query = f"{into['query']}={encoded(name)}"
    session = str(into.get("session", "")) if path.startswith("/account") and path not in LEAVING else ""
    mine, coming = visit.Visit("a stranger"), door.Door("a stranger")
    cookies = f"{visit.COOKIE}={visit._signer().dumps({'id': mine.id})}; {door.COOKIE}={door.write_door(coming)}"
    if "cookie" in into:
        cookies = "; ".join(f"{called}={encoded(name)}" for called in (visit.COOKIE, door.COOKIE, SESSION_COOKIE))
    asked.headers = [(b"cookie", (cookies + (f"; {SESSION_COOKIE}={session}" if session else "")).encode())]
    if "field" in into:
        token = mine.token() if path.startswith("/tell") else door.form_token(session or coming.id)
        others = "&login=x&name=x" if path.startswith("/sign-in") and into["field"] not in ("login", "name") else ""
        secret = "" if into["field"] == "password" else "&password=not-it"
        asked.body = f"token={token}&go=on&{into['field']}={encoded(name)}{others}{secret}".encode()
        asked.headers.append((b"content-type", FORM))
    return asked


def seen(answer: Answer, names: tuple[str, str]) -> list[str]:
    """An answer as a stranger sees it, without what is new each time and without the names asked for."""
    headers = [
        f"{key.decode('latin-1').lower()}: {_read(value.decode('latin-1'), names)}" for key, value in answer.headers
    ]
    kept = [line for line in headers if not line.startswith(CHANGING)]
    whole = "\n".join([str(answer.status), *sorted(kept), TOKEN.sub(r"\1", answer.text)])
    either = "|".join(re.escape(form) for name in names for form in (name, encoded(name)))
    return re.sub(rf"(?<!\w)(?:{either})(?!\w)", FOREIGN, whole).splitlines()


def _read(header: str, names: tuple[str, str]) -> str:
    """A signed cookie as its holder reads it: what it says, without the signature and what is new each time."""
    if header.startswith("_streamlit_xsrf="):
        return "_streamlit_xsrf"
    found = re.match(r"(throughline_\w+)=([\w-]+)\.[^;]*(.*)", header)
    if not found:
        return header
    try:
        told = json.loads(base64.urlsafe_b64decode(found[2] + "=="))
    except ValueError:
        return f"{found[1]}={found[3]}"
    if told.get("draft") and told["draft"] not in names:
        told["draft"] = "a new one"
    return f"{found[1]}={ {name: value for name, value in told.items() if name != 'id'} }{found[3]}"


def difference(there: list[str], absent: list[str]) -> str:
    """What tells the two apart."""
    return " | ".join(line for line in unified_diff(there, absent, "there", "absent", lineterm="", n=0))[:700]
