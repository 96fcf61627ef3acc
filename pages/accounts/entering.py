"""The way in: a role in demo mode; else a login and a password, then a code, or a second factor to set up first."""

from dataclasses import replace
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from insight import accounts
from insight.access import Role
from insight.errors import BadInput, InsightError, NotFound
from insight.language import LANGUAGES, _
from insight.settings import settings
from pages.accounts import drawing, provider, words
from pages.accounts.desk import Ask, come_in, safe_next, status_of
from pages.accounts.picture import shown
from pages.kit.plain import go
from pages.kit.session import DEMO_COOKIE


def ask_who(ask: Ask) -> Response:
    """Ask for a role in demo mode, else for a login and a password."""
    if settings().demo_mode:
        return _roles(ask)
    target = _target(ask)
    if ask.actor.account is not None and not ask.posted:
        return drawing.page(ask, "signed_in.html", target=target)
    ask.door = replace(ask.door, target=target, ticket="", enrol=False)
    return _password(ask)


def take_who(ask: Ask) -> Response:
    """Take the role, or the login and the password."""
    if settings().demo_mode:
        return _take_role(ask)
    ask.door = replace(ask.door, target=_target(ask))
    login, password = ask.typed("login"), ask.typed("password")
    missing = [("login", _("Write your email address or login name"))] if not login.strip() else []
    if not password:
        missing.append(("password", _("Write your password")))
    if missing:
        return _password(ask, tuple(missing), 422)
    try:
        entry = accounts.sign_in(login, password, ask.asker)
    except InsightError as problem:
        return _password(ask, (("login", str(problem)),), status_of(problem))
    return onwards(ask, entry)


def onwards(ask: Ask, entry: accounts.Entry) -> Response:
    """What comes after a right password: in, a code, or a second factor to set up."""
    match entry:
        case accounts.SignedIn():
            target = ask.door.target
            come_in(ask, entry)
            return go(safe_next(target))
        case accounts.NeedsCode(ticket):
            ask.door = replace(ask.door, ticket=ticket, enrol=False, invitation="")
            return go("/sign-in/code")
        case accounts.MustEnrol(ticket):
            ask.door = replace(ask.door, ticket=ticket, enrol=True, invitation="")
            return go("/sign-in/second-factor")


def ask_code(ask: Ask) -> Response:
    """Ask for a code of the second factor."""
    if not ask.door.ticket or ask.door.enrol:
        return go("/sign-in")
    return _code(ask)


def take_code(ask: Ask) -> Response:
    """Take a code of the app, or a recovery code."""
    if not ask.door.ticket or ask.door.enrol:
        return go("/sign-in")
    named = "recovery" if "recovery" in ask.form else "code"
    typed = ask.typed(named)
    if not typed.strip():
        return _code(ask, ((named, _("Write the code")),), 422)
    try:
        return onwards(ask, accounts.confirm(ask.door.ticket, typed, ask.asker))
    except NotFound:
        raise
    except InsightError as problem:
        return _code(ask, ((named, str(problem)),), status_of(problem))


def ask_second_factor(ask: Ask) -> Response:
    """Show a second factor that has to be set up before one comes in."""
    if not ask.door.ticket or not ask.door.enrol:
        return go("/sign-in")
    return _enrol(ask)


def take_second_factor(ask: Ask) -> Response:
    """Come in with its first code; the recovery codes are shown this once."""
    if not ask.door.ticket or not ask.door.enrol:
        return go("/sign-in")
    target = safe_next(ask.door.target)
    try:
        enrolled = accounts.finish_enrolment(ask.door.ticket, ask.typed("code"), ask.asker)
    except NotFound:
        raise
    except InsightError as problem:
        return _enrol(ask, (("code", str(problem)),), status_of(problem))
    come_in(ask, enrolled.signed_in)
    return drawing.page(ask, "codes.html", codes=enrolled.recovery_codes, onwards=target, changed="")


def _target(ask: Ask) -> str:
    """Where somebody wants to go; a language that was asked for by itself does not change it."""
    asked = ask.typed("next") or ask.query.get("next", "")
    return safe_next(asked) if asked else ask.door.target


def _password(ask: Ask, wrong: tuple[tuple[str, str], ...] = (), status: int = 200) -> Response:
    target = ask.door.target
    return drawing.page(
        ask,
        "sign_in.html",
        status,
        wrong=wrong,
        login=ask.typed("login"),
        target=target,
        onwards=urlencode({"next": target}),
        provider=provider.label(),
        contact=settings().contact,
    )


def _code(ask: Ask, wrong: tuple[tuple[str, str], ...] = (), status: int = 200) -> Response:
    return drawing.page(ask, "code.html", status, wrong=wrong, lost="recovery" in ask.form)


def _enrol(ask: Ask, wrong: tuple[tuple[str, str], ...] = (), status: int = 200) -> Response:
    enrolment = shown(accounts.begin_enrolment(ask.door.ticket))
    return drawing.page(ask, "enrol.html", status, wrong=wrong, enrolment=enrolment)


def _roles(ask: Ask) -> Response:
    return drawing.page(
        ask,
        "roles.html",
        roles=[(role.value, words.role(role), words.what_for(role)) for role in words.ROLES],
        target=safe_next(ask.typed("next") or ask.query.get("next", "/")),
        asked=ask.query.get("lang", ""),
    )


def _take_role(ask: Ask) -> Response:
    """Remember the role that was picked, in this browser; a language that was asked for goes along."""
    picked, asked = ask.typed("role"), ask.typed("lang")
    if picked not in set(Role):
        raise BadInput(_("Choose one of the roles."))
    target = safe_next(ask.typed("next"))
    if asked in LANGUAGES:
        target += f"{'&' if '?' in target else '?'}lang={asked}"
    answer = RedirectResponse(target, 303)
    answer.set_cookie(DEMO_COOKIE, picked, httponly=True, samesite="strict", path="/")
    return answer
