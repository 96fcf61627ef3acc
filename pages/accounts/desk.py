"""One request to a page of signing in: read, answered in a thread of its own, and sent back."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from traceback import format_tb
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from insight import accounts
from insight.access import Actor, Permission
from insight.errors import BadInput, Conflict, InsightError, NotAllowed, NotFound
from insight.language import STAFF_LANGUAGES, _, best_of, speaking
from insight.limits import TooOften
from insight.settings import settings
from pages.accounts import cookies, drawing
from pages.accounts.door import COOKIE, SECONDS, Door, form_token, new_door, owns, read_door, write_door
from pages.doors import client_address, note_role
from pages.form.parsing import Form, one, read_form
from pages.kit.plain import Turns, go, posted
from pages.kit.session import SESSION_COOKIE, actor_from, kept_in, public_https, session_token
from pages.kit.stated import StatedRoute

log = logging.getLogger("throughline")
TURNS = Turns("door", 2)  # a password is checked with 32 MiB and most of a core
LARGEST_FORM = 20_000  # bytes


@dataclass(slots=True)
class Ask:
    """What one request asks for. A handler may change ``door`` and ``session``, the token of the cookie.

    ``actor`` is who asks, ``asker`` their address. ``stale`` says that a form came without a token of this browser:
    nothing may be done, and the page is shown again.
    """

    path: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    form: Form = field(repr=False)
    door: Door = field(repr=False)
    session: str | None = field(repr=False)
    actor: Actor
    cookies: Mapping[str, str] = field(repr=False)
    asker: str = ""
    site: str = ""
    posted: bool = False
    stale: bool = False

    def typed(self, name: str) -> str:
        """A field of the form, empty when it is not there."""
        return one(self.form, name)

    @property
    def secret(self) -> str:
        """What the tokens of this browser's forms are made from."""
        return secret_of(self.session, self.door)

    def token(self) -> str:
        """A token for a form of the page that is drawn now."""
        return form_token(self.secret)


Handler = Callable[[Ask], Response]


def secret_of(session: str | None, door: Door) -> str:
    """What the tokens of a browser's forms are made from: its session, else its way in."""
    return session or door.id


def screen(
    path: str, get: Handler, post: Handler | None = None, *, permission: Permission | None = None, why: str = ""
) -> StatedRoute:
    """The route of one page, which states whom it asks for. A post without this browser's token changes nothing."""

    async def endpoint(request: Request) -> Response:
        body = await posted(request, LARGEST_FORM)
        return await TURNS.answer(_answer, path, get, post, request, body)

    methods = ["GET", "POST"] if post else ["GET"]
    return StatedRoute(path, endpoint, methods=methods, permission=permission, why=why)


def safe_next(target: str) -> str:
    """Where to go afterwards: a path of this product, never another site, and never a page of signing in."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    plain = target.isprintable() and "\\" not in target and len(target) <= 2_000
    inside = target.startswith("/") and not target.startswith("//") and not parts.netloc and not parts.scheme
    return target if plain and inside and not parts.path.startswith(("/sign-", "/invitation", "/auth/")) else "/"


def sign_in_first(target: str) -> Response:
    """Lead somebody who is not signed in to the door, and back afterwards."""
    return go("/sign-in?" + urlencode({"next": target}))


def come_in(ask: Ask, signed_in: accounts.SignedIn) -> None:
    """Give this browser its session; nothing of its way in is left, nor of a session before."""
    accounts.sign_out(ask.session)
    ask.session, ask.door = signed_in.token, ask.door.inside()


def _answer(route: str, get: Handler, post: Handler | None, request: Request, body: bytes | None) -> Response:
    known = read_door(kept_in(request.cookies, COOKIE))
    ask = _ask_of(request, known, body or b"")
    note_role(request.scope, ask.actor.role)
    held = ask.session
    secure = request.url.scheme == "https" or public_https()
    with speaking(ask.door.language or _language(request)):
        answer = _kindly(route, get, post, ask, too_long=body is None)
    for name, value in drawing.HEADERS.items():
        answer.headers.setdefault(name, value)
    answer.headers["Vary"] = "Accept-Language, Cookie"
    if ask.door != known:
        cookies.put(answer, COOKIE, write_door(ask.door), secure=secure, seconds=SECONDS)
    if ask.session is None and held is not None:
        cookies.take_away(answer, SESSION_COOKIE, secure=secure)
    elif ask.session is not None and ask.session != held:
        cookies.put(answer, SESSION_COOKIE, ask.session, secure=secure)
    return answer


def _ask_of(request: Request, known: Door | None, body: bytes) -> Ask:
    door = known or new_door()
    asked = request.query_params.get("lang", "")
    return Ask(
        path=request.url.path,
        parts=request.path_params,
        query=request.query_params,
        form=read_form(body),
        door=replace(door, language=asked) if asked in STAFF_LANGUAGES else door,
        session=session_token(request.cookies),
        actor=actor_from(request.cookies),
        cookies=request.cookies,
        asker=client_address(request.scope),
        site=settings().public_url.rstrip("/") or f"{request.url.scheme}://{request.url.netloc}",
        posted=request.method == "POST",
    )


def _language(request: Request) -> str:
    """The browser's language, where staff words have it."""
    code = best_of(request.headers.get("accept-language", ""))
    return code if code in STAFF_LANGUAGES else "en"


def _kindly(route: str, get: Handler, post: Handler | None, ask: Ask, *, too_long: bool) -> Response:
    """Do what is asked; whatever goes wrong ends in words that help."""
    try:
        if too_long:
            raise BadInput(_("That is too long to send. Go back one page and shorten what you typed."))
        ask.stale = ask.posted and not owns(ask.secret, ask.typed("token"))
        return post(ask) if post and ask.posted and not ask.stale else get(ask)
    except InsightError as problem:
        return drawing.message(ask, heading_of(problem), str(problem), status_of(problem))
    except Exception as fault:  # its text may carry what somebody typed, so it is neither shown nor logged
        log.error("sign-in: %s failed: %s\n%s", route, type(fault).__name__, "".join(format_tb(fault.__traceback__)))
        return drawing.message(
            ask, _("Sorry, something went wrong on our side"), _("Go back one page and try again in a moment."), 500
        )


def status_of(problem: InsightError) -> int:
    """The status of an answer that says what did not work."""
    if isinstance(problem, TooOften):
        return 429
    known = {NotFound: 404, NotAllowed: 403, BadInput: 422, Conflict: 409}
    return next((status for kind, status in known.items() if isinstance(problem, kind)), 409)


def heading_of(problem: InsightError) -> str:
    """The heading of a page that says what did not work."""
    if isinstance(problem, TooOften):
        return _("Wait a little")
    return _("This link no longer works") if isinstance(problem, NotFound) else _("That did not work")
