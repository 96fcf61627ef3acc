"""One's own account: password, second factor, recovery codes, and where one is signed in."""

from collections.abc import Callable

from starlette.responses import Response

from insight import accounts
from insight.access import RESIDENT
from insight.errors import InsightError, NotFound
from insight.intake import places
from insight.language import _
from insight.settings import settings
from pages.accounts import drawing, words
from pages.accounts.desk import Ask, sign_in_first, status_of
from pages.accounts.picture import again, shown
from pages.kit.plain import go
from pages.kit.words import when

Wrong = tuple[tuple[str, str], ...]


def signed_in(handler: Callable[[Ask], Response]) -> Callable[[Ask], Response]:
    """Let only somebody with an account in; anybody else signs in first, and comes back."""

    def guarded(ask: Ask) -> Response:
        if settings().demo_mode:
            raise NotFound(_("In demo mode nobody has an account: nobody signs in."))
        if ask.actor.account is None:
            return sign_in_first("/account" if ask.posted else ask.path)
        return handler(ask)

    return guarded


@signed_in
def overview(ask: Ask) -> Response:
    """Who one is here, and where one is signed in."""
    return _overview(ask, said(ask.query.get("done", "")))


def said(done: str) -> str:
    """What was just done, from its name in the address."""
    known = {
        "password": _("Your password is changed. You are signed out everywhere else."),
        "dropped": _("Your second factor is taken away."),
        "ended": _("That browser is signed out."),
    }
    return known.get(done, "")


@signed_in
def ask_password(ask: Ask) -> Response:
    """Ask for the password now and the new one."""
    return drawing.page(ask, "password.html")


@signed_in
def take_password(ask: Ask) -> Response:
    """Change the password."""
    try:
        accounts.change_password(ask.actor, ask.typed("old"), ask.typed("new"), ask.session)
    except InsightError as problem:
        return drawing.page(ask, "password.html", status_of(problem), wrong=(("", str(problem)),))
    return go("/account?done=password")


@signed_in
def ask_before_second_factor(ask: Ask) -> Response:
    """Ask for the password before the second factor is changed."""
    return _before_second_factor(ask)


@signed_in
def begin_second_factor(ask: Ask) -> Response:
    """Show a new second factor to set up."""
    try:
        enrolment = accounts.begin_second_factor(ask.actor, ask.typed("password"))
    except InsightError as problem:
        return _before_second_factor(ask, (("password", str(problem)),), status_of(problem))
    return drawing.page(ask, "second_factor.html", enrolment=shown(enrolment))


@signed_in
def finish_second_factor(ask: Ask) -> Response:
    """Use it from now on; the recovery codes are shown this once."""
    if ask.stale or not ask.posted:
        return go("/account/second-factor")
    try:
        codes = accounts.finish_second_factor(ask.actor, ask.typed("code"), ask.session)
    except NotFound:
        raise
    except InsightError as problem:
        wrong = (("code", str(problem)),)
        enrolment = shown(again(ask.typed("uri")))
        return drawing.page(ask, "second_factor.html", status_of(problem), wrong=wrong, enrolment=enrolment)
    return _codes(ask, codes, _("Your second factor is set up. You are signed out everywhere else."))


@signed_in
def drop_second_factor(ask: Ask) -> Response:
    """Sign in by password alone from now on."""
    if ask.stale or not ask.posted:
        return go("/account/second-factor")
    try:
        accounts.drop_second_factor(ask.actor, ask.typed("password-to-drop"))
    except InsightError as problem:
        return _before_second_factor(ask, (("password-to-drop", str(problem)),), status_of(problem))
    return go("/account?done=dropped")


@signed_in
def ask_before_recovery_codes(ask: Ask) -> Response:
    """Ask for the password before new recovery codes are made."""
    return _before_recovery_codes(ask)


@signed_in
def make_recovery_codes(ask: Ask) -> Response:
    """Make ten new recovery codes, shown this once."""
    try:
        codes = accounts.new_recovery_codes(ask.actor, ask.typed("password"))
    except InsightError as problem:
        return _before_recovery_codes(ask, (("password", str(problem)),), status_of(problem))
    return _codes(ask, codes, _("The codes you had before no longer work."))


@signed_in
def end_session(ask: Ask) -> Response:
    """Sign another browser out."""
    number = ask.typed("number")
    if ask.stale or not ask.posted:
        return go("/account")
    if not (number.isascii() and number.isdecimal() and len(number) <= 18):
        raise NotFound(_("That browser is signed out already."))
    accounts.end_session(ask.actor, int(number))
    return go("/account?done=ended")


@signed_in
def everywhere(ask: Ask) -> Response:
    """Sign out everywhere, here too."""
    if ask.stale or not ask.posted:
        return go("/account")
    accounts.sign_out_everywhere(ask.actor)
    ask.session, ask.door, ask.actor = None, ask.door.inside(), RESIDENT
    return drawing.page(ask, "signed_out.html", leaving="")


def _overview(ask: Ask, done: str) -> Response:
    account = accounts.my_account(ask.actor)
    held = [
        {
            "number": one.number,
            "this": one.this,
            "how": words.how(one.how),
            "since": when(one.made_at),
            "last": when(one.last_used_at),
        }
        for one in accounts.my_sessions(ask.actor, ask.session)
    ]
    named = words.place_names(account.places, places())
    return drawing.page(ask, "account.html", account=account, places=named, sessions=held, done=done)


def _before_second_factor(ask: Ask, wrong: Wrong = (), status: int = 200) -> Response:
    has_one = accounts.my_account(ask.actor).second_factor
    heading = _("Change your second factor") if has_one else _("Set up your second factor")
    why = _(
        "A second factor is a code from an app on your phone. It keeps others out even if they learn your password."
    )
    if has_one:
        why = _("The app that you use now works until the new one is set up.")
    return drawing.page(
        ask,
        "ask_password.html",
        status,
        wrong=wrong,
        heading=heading,
        why=why,
        action="/account/second-factor",
        can_drop=has_one,
        dropping=any(field == "password-to-drop" for field, _why in wrong),
    )


def _before_recovery_codes(ask: Ask, wrong: Wrong = (), status: int = 200) -> Response:
    return drawing.page(
        ask,
        "ask_password.html",
        status,
        wrong=wrong,
        heading=_("Make new recovery codes"),
        why=_("You get ten new codes. The ones you have now stop working."),
        action="/account/recovery-codes",
        can_drop=False,
        dropping=False,
    )


def _codes(ask: Ask, codes: tuple[str, ...], changed: str) -> Response:
    return drawing.page(ask, "codes.html", codes=codes, onwards="/account", changed=changed)
