"""Every address of the form. The application mounts ``routes``; there is nothing else under ``/tell``."""

from starlette.requests import Request
from starlette.responses import Response

from insight.access import Permission
from insight.errors import NotFound
from insight.language import _
from pages.form import asking, checking, leaving, returning, starting, statement
from pages.form.about_you import about_you_routes
from pages.form.desk import Ask, screen
from pages.form.drawing import SCRIPT
from pages.form.language import in_the_language_wished as wished
from pages.form.paper import paper_routes
from pages.form.receipt import receipt_routes
from pages.kit.plain import go
from pages.kit.stated import StatedRoute


async def script(request: Request) -> Response:
    """The small script that every page but the first may use; its address changes when it does."""
    return Response(
        SCRIPT, media_type="text/javascript", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


def nowhere(ask: Ask) -> Response:
    """There is no such page; an address that was copied with a slash too many leads to the start."""
    if not ask.parts.get("rest"):
        return go("/tell")
    raise NotFound(_("There is no page at this address. Check the address, or start again."))


first = wished(starting.start, stay=True)
page = wished(asking.show)

routes: list[StatedRoute] = [
    StatedRoute("/tell/tell.js", script, permission=Permission.TELL),
    *screen("/tell", first, starting.begin),
    *screen("/tell/s/{survey}", first, starting.begin),
    *screen("/tell/privacy", wished(starting.privacy)),
    *screen("/tell/q/{page}", page, asking.take),
    *screen("/tell/q/{page}/{n}/{part}", page, asking.take),
    *screen("/tell/check", wished(checking.check)),
    *screen("/tell/send", wished(checking.check), checking.send),
    *screen("/tell/sent", wished(checking.sent)),
    *screen("/tell/later", wished(returning.later)),
    *screen("/tell/resume", wished(returning.ask_for_words), returning.take_words),
    *screen("/tell/r/{words}", wished(returning.confirm_words), returning.follow_words),
    *screen("/tell/continue", wished(returning.confirm_key), returning.take_key),
    *screen("/tell/pictures", starting.to_pictures),
    *screen("/tell/names/{question}", starting.names),
    *screen("/tell/leave", leaving.leave),
    *screen("/tell/kiosk", leaving.kiosk),
    *screen("/tell/kiosk/reset", leaving.reset),
    *screen("/tell/accessibility", wished(statement.show)),
    *about_you_routes,
    *receipt_routes,
    *paper_routes,
    *screen("/tell/{rest:path}", wished(nowhere), nowhere),
]
