"""Signing out: of this browser, and of the place's own provider where one was used."""

from starlette.responses import Response

from insight import accounts
from insight.access import RESIDENT
from insight.settings import settings
from pages.accounts import drawing, provider
from pages.accounts.desk import Ask
from pages.kit.plain import go


def ask_to_leave(ask: Ask) -> Response:
    """Ask before signing out; in demo mode there is nothing to sign out of."""
    if settings().demo_mode:
        return go("/sign-in")
    return drawing.page(ask, "sign_out.html")


def leave(ask: Ask) -> Response:
    """End the session, here and in the database; then the provider's.

    The provider is reached by a page that leads on, since a form's answer may not lead to another site.
    """
    accounts.sign_out(ask.session)
    leaving = provider.LEAVING if provider.knows(ask.cookies) and provider.label() else ""
    ask.session, ask.door = None, ask.door.inside()
    ask.actor = RESIDENT
    answer = drawing.page(ask, "signed_out.html", leaving=leaving)
    if leaving:
        answer.headers["Refresh"] = f"0; url={leaving}"
    return answer
