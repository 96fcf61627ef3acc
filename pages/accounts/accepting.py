"""Taking an invitation up: the link's token leaves the address at once, then a name, a login and a password."""

from dataclasses import replace

from starlette.responses import Response

from insight import accounts
from insight.errors import Conflict, InsightError, NotFound
from insight.language import _
from pages.accounts import drawing, provider, words
from pages.accounts.desk import Ask, status_of
from pages.accounts.entering import onwards
from pages.kit.plain import go

LONGEST_TOKEN = 200


def follow(ask: Ask) -> Response:
    """Keep a link's token in a cookie of this browser, and lead on to an address without it."""
    ask.door = replace(ask.door.inside(), invitation=ask.parts["token"][:LONGEST_TOKEN])
    return go("/sign-in/first")


def ask_for_account(ask: Ask) -> Response:
    """Show what the invitation is for, and ask for what an account needs."""
    return _page(ask, _seen(ask))


def take_account(ask: Ask) -> Response:
    """Make the account, or set the new password, and sign in with it."""
    seen, token = _seen(ask), ask.door.invitation
    name, login, password = (ask.typed(field) for field in ("name", "login", "password"))
    needed = {"password": (password, _("Write a password"))}
    if not seen.reset:
        needed = {"name": (name, _("Write your name")), "login": (login, _("Write a login"))} | needed
    missing = tuple((field, why) for field, (typed, why) in needed.items() if not typed.strip())
    if missing:
        return _page(ask, seen, missing, 422)
    try:
        account = accounts.accept(token, login, name, password)
    except NotFound:
        raise
    except InsightError as problem:
        return _page(ask, seen, ((_field(problem), str(problem)),), status_of(problem))
    ask.door = replace(ask.door, invitation="")
    return onwards(ask, accounts.sign_in(account.login, password, ask.asker))


def _seen(ask: Ask) -> accounts.InvitationSeen:
    if not ask.door.invitation:
        raise NotFound(_("Open the link of your invitation again, in this browser."))
    return accounts.seen_invitation(ask.door.invitation)


def _field(problem: InsightError) -> str:
    """The field that a message is about: it is said there, too."""
    return "login" if isinstance(problem, Conflict) else ""


def _page(
    ask: Ask, seen: accounts.InvitationSeen, wrong: tuple[tuple[str, str], ...] = (), status: int = 200
) -> Response:
    return drawing.page(
        ask,
        "accept.html",
        status,
        wrong=wrong,
        seen=seen,
        what_for=words.what_for(seen.role),
        name=ask.typed("name"),
        login=ask.typed("login"),
        provider="" if seen.reset else provider.label(),
    )
