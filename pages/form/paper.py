"""The form on paper: a page to print, in every language, and the same as a PDF where there is one."""

import hashlib
import re
from base64 import b64encode
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.responses import Response

from insight import intake, paper
from insight.access import RESIDENT
from insight.intake import Invitation
from insight.language import LANGUAGES, _
from insight.paper import Size
from insight.paper.model import REFERENCE_PLACES
from insight.settings import settings
from pages.form import drawing
from pages.form.desk import Ask, screen
from pages.kit.stated import StatedRoute

STYLES = (drawing.HERE / "templates" / "paper" / "form.css").read_text("utf-8")
EACH_PAGE = (
    '@page{size:A4;margin:15mm 15mm 18mm;@bottom-left{content:"%s"}'
    '@bottom-right{content:counter(page) " / " counter(pages)}}'
)
KEPT = 64
_made: dict[tuple[object, ...], bytes] = {}


def show(ask: Ask) -> Response:
    """The form as a page to read and to print."""
    invited, size = _invited(ask), _size(ask)
    form = paper.paper_form(invited.questions, invited.place, ask.language, website=_website())
    styles = STYLES + EACH_PAGE % re.sub(r"[^\w -]", "", form.id)
    answer = drawing.page(
        ask,
        "paper/form.html",
        form=form,
        size=size.value,
        sizes=[(_link(ask, size=one.value), words, one is size) for one, words in _sizes().items()],
        pdf=_link(ask, ".pdf", size=size.value) if paper.fits_pdf(ask.language) else "",
        tongues=[(one, _link(ask, size=size.value, lang=one.code)) for one in LANGUAGES.values()],
        print_styles=Markup(styles),  # noqa: S704  # nosec B704  (our own file, and a form's id that was stripped above)
        reference_places=REFERENCE_PLACES,
    )
    allowed = b64encode(hashlib.sha256(styles.encode()).digest()).decode()
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'sha256-{allowed}'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return answer


def pdf(ask: Ask) -> Response:
    """The form as a PDF; in a language that has none, the page to print instead."""
    if not paper.fits_pdf(ask.language):
        return show(ask)
    invited, size = _invited(ask), _size(ask)
    name = f"{invited.questions.code}-{invited.questions.version}-{ask.language}-{size.value}.pdf"
    return Response(
        _pdf_of(invited, ask.language, size),
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "Content-Security-Policy": "frame-ancestors 'none'",  # a browser's own viewer needs styles and scripts
        },
    )


def _pdf_of(invited: Invitation, language: str, size: Size) -> bytes:
    """The PDF, kept for the next who asks: writing it takes a quarter of a second."""
    wanted = (invited.questions.digest, invited.questions.code, invited.place, language, size, _website())
    if wanted not in _made:
        while len(_made) >= KEPT:
            _made.pop(next(iter(_made)), None)
        _made[wanted] = paper.form_pdf(invited.questions, invited.place, language, size.value, website=_website())
    return _made[wanted]


def _invited(ask: Ask) -> Invitation:
    return intake.invitation(RESIDENT, ask.query.get("place") or None, ask.query.get("survey") or None)


def _size(ask: Ask) -> Size:
    return Size.LARGE if ask.query.get("size") == Size.LARGE else Size.A4


def _sizes() -> dict[Size, str]:
    return {Size.A4: _("Ordinary print"), Size.LARGE: _("Large print")}


def _website() -> str:
    """Where a teller comes back with the reference, as it is written on paper."""
    return settings().public_url.removeprefix("https://").rstrip("/") + "/tell/receipt" if settings().public_url else ""


def _link(ask: Ask, ending: str = "", **chosen: str) -> str:
    carried = {name: ask.query[name] for name in ("place", "survey") if ask.query.get(name)}
    return f"/tell/paper{ending}?{urlencode(carried | {'lang': ask.language} | chosen)}"


paper_routes: list[StatedRoute] = [
    *screen("/tell/paper", show),
    *screen("/tell/paper.pdf", pdf),
]
