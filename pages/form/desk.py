"""One request to the form: read, answered in a thread of its own, and sent back. Every page passes through here."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from traceback import format_tb

from starlette.requests import Request
from starlette.responses import Response

from insight import intake
from insight.access import RESIDENT, Permission
from insight.errors import Busy, InsightError, NotFound
from insight.language import LANGUAGES, _, best_of, speaking
from insight.limits import TooOften, too_often_until
from pages.doors import TOO_OFTEN, client_address, note_role
from pages.doors.limits import LARGEST_FORM
from pages.form import drawing
from pages.form.parsing import Form, one, read_form
from pages.form.visit import COOKIE, PATH, Visit, new_visit, read_visit, write_visit
from pages.kit.plain import Turns, posted
from pages.kit.stated import StatedRoute

log = logging.getLogger("throughline")
BUSY_SECONDS = 60
TURNS = Turns("form", 4)  # with many at a time, the pool opens and closes connections without end


@dataclass(slots=True)
class Ask:
    """What one request asks for. A handler may change ``visit``; ``None`` forgets it.

    ``route`` is the pattern of the path, which may be logged; ``parts`` come from the path. ``stale`` says that a form
    came without this visit's token: nothing may be done, and the page is shown again with what was typed in ``form``.
    So it is while there is a ``wait``, which says for how long. ``asker`` is the address by which tries are counted,
    ``too_often`` the seconds of a window in which it asked too often; ``site`` is how this browser came here.
    """

    route: str
    path: str
    parts: Mapping[str, str]
    query: Mapping[str, str]
    form: Form
    visit: Visit | None
    posted: bool = False
    stale: bool = False
    wait: str = ""
    asker: str = ""
    too_often: int = 0
    site: str = ""
    accepts: str = ""
    language: str = "en"

    def typed(self, name: str) -> str:
        """A field of the form, empty when it is not there."""
        return one(self.form, name)

    @property
    def here(self) -> Visit:
        """The visit, a new one if it was just forgotten."""
        self.visit = self.visit or new_visit()
        return self.visit


Handler = Callable[[Ask], Response]


def screen(path: str, get: Handler, post: Handler | None = None) -> list[StatedRoute]:
    """The routes of one page. A post without the visit's token is answered by the page itself, as it was typed."""

    async def endpoint(request: Request) -> Response:
        note_role(request.scope, RESIDENT.role)
        body = await posted(request, LARGEST_FORM)
        return await TURNS.answer(_answer, path, get, post, request, body)

    methods = ["GET", "POST"] if post else ["GET"]
    return [StatedRoute(path, endpoint, methods=methods, permission=Permission.TELL)]


def draft_of(ask: Ask) -> intake.Draft:
    """The journey that this browser is telling, or :class:`~insight.errors.NotFound`."""
    if not ask.here.draft:
        raise NotFound(_("We cannot find your journey in this browser."))
    return intake.open_draft(RESIDENT, ask.here.draft)


def _answer(route: str, get: Handler, post: Handler | None, request: Request, body: bytes | None) -> Response:
    known = read_visit(request.cookies.get(COOKIE))
    ask = _ask_of(route, request, known, body or b"")
    with speaking(ask.language):
        if body is None:
            answer = drawing.kind(ask, _("That is too long to send"), [_too_long()], 413)
        else:
            answer = _kindly(get, post, ask)
        answer = drawing.finished(ask, answer)
    secure = request.url.scheme == "https"
    if ask.visit is None:
        answer.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="lax", secure=secure)
    elif ask.visit != known:
        write_visit(answer, ask.visit, secure)
    return answer


def _ask_of(route: str, request: Request, known: Visit | None, body: bytes) -> Ask:
    visit = known or new_visit()
    wished = request.query_params.get("lang", "")
    first = visit.language or best_of(request.headers.get("accept-language", ""))
    return Ask(
        route=route,
        path=request.url.path,
        parts=request.path_params,
        query=request.query_params,
        form=read_form(body),
        visit=visit,
        posted=request.method == "POST",
        asker=client_address(request.scope),
        too_often=request.scope.get(TOO_OFTEN, 0),
        site=f"{request.url.scheme}://{request.url.netloc}",
        accepts=request.headers.get("accept-encoding", ""),
        language=wished if wished in LANGUAGES else first,
    )


def _kindly(get: Handler, post: Handler | None, ask: Ask) -> Response:
    """Do what is asked; whatever goes wrong ends in words that help."""
    try:
        if ask.too_often:
            raise too_often_until(ask.too_often)
        ask.stale = ask.posted and not ask.here.owns(ask.typed("token"))
        return post(ask) if post and ask.posted and not ask.stale else get(ask)
    except NotFound as missing:
        return drawing.lost(ask, str(missing))
    except TooOften as often:
        return _later(get, ask, often)
    except Busy:
        return _busy(ask)
    except InsightError as problem:
        return drawing.kind(ask, _("That did not work"), [str(problem)], 409)
    except Exception as fault:  # its text may carry what somebody wrote, so it is neither shown nor logged
        log.error("form: %s failed: %s\n%s", ask.route, type(fault).__name__, "".join(format_tb(fault.__traceback__)))
        return drawing.kind(ask, _("Sorry, something went wrong on our side"), [_safe(), _try_again()], 500)


def _later(get: Handler, ask: Ask, often: TooOften) -> Response:
    """The page once more with what was typed in it; where a page cannot be, one that gives the longer texts back."""
    answer: Response | None = None
    if ask.posted:
        ask.stale, ask.wait = True, str(often)
        with suppress(InsightError):
            answer = get(ask)
    if answer is None or answer.status_code != 429:
        answer = drawing.kind(ask, _("Wait a little"), [str(often)], 429)
    answer.headers["Retry-After"] = str(often.seconds)
    return answer


def _busy(ask: Ask) -> Response:
    """The database is away: what was typed is given back, and a browser or a script is told when to try again."""
    again = _("Wait a minute, go back one page and try again. Sending the same journey twice counts once.")
    answer = drawing.kind(ask, _("We are busy just now"), [_safe(), again], 503)
    answer.headers["Retry-After"] = str(BUSY_SECONDS)
    return answer


def _safe() -> str:
    return _("What you had saved before is safe.")


def _try_again() -> str:
    return _("Go back one page and try again. If it happens again, come back later.")


def _too_long() -> str:
    return _("Go back one page, shorten what you wrote, and press Continue again.")
