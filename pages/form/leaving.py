"""Leaving at once, and the screen in a library that forgets everybody."""

from dataclasses import replace

from starlette.responses import Response

from pages.form import drawing
from pages.form.addresses import HOME
from pages.form.desk import Ask
from pages.kit.plain import go


def leave(ask: Ask) -> Response:
    """Forget this visit and lead to a page that raises no questions; a kiosk leads to its own start."""
    if ask.here.kiosk:
        return reset(ask)
    ask.visit = None
    return drawing.leave_for()


def kiosk(ask: Ask) -> Response:
    """From here on this screen is shared: it forgets after each use, and when nobody does anything."""
    ask.visit = replace(ask.here.forgotten(), kiosk=True)
    return go(HOME)


def reset(ask: Ask) -> Response:
    """Forget who was here; the next person starts anew."""
    ask.visit = ask.here.forgotten()
    return go(HOME)
