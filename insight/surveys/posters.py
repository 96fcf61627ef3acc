"""Posters: an address with where it hangs in it, its QR code, and what the poster says in one language. Pure."""

import io
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from urllib.parse import urlencode

import segno

from insight.errors import BadInput
from insight.intake import Place
from insight.intake.questions import Wording, said
from insight.language import Language, _, speaking
from insight.surveys.rules import code_of

CAMPAIGN_LENGTH = 40
QUIET_ZONE = 4  # modules of white around the code, as its standard asks


class Size(StrEnum):
    """The paper."""

    A4 = "A4"
    A5 = "A5"


@dataclass(frozen=True, slots=True)
class Poster:
    """What stands on a poster. ``url`` is in the QR code; ``address`` is what people type."""

    language: Language
    place: str
    title: str
    lead: str
    scan: str
    url: str
    type_in: str
    address: str
    about: tuple[str, ...]
    danger: str
    synthetic: str


def campaign_code(name: str) -> str:
    """A campaign's name as it stands in the address, such as ``library-at-the-bridge``; empty for an empty name."""
    return code_of(name, CAMPAIGN_LENGTH, "-") if name.strip() else ""


def address(base: str, survey: str | None = None, **query: str) -> str:
    """Where a poster leads: the place's front page or a survey's. Empty parts of the query are left out."""
    path = f"/tell/s/{survey}" if survey else "/tell"
    told = urlencode({name.rstrip("_"): value for name, value in query.items() if value})
    return base.rstrip("/") + path + (f"?{told}" if told else "")


def qr(url: str, kind: str = "svg") -> bytes:
    """A QR code as ``svg`` or ``png``, black on white, readable with up to 15 % of it worn off."""
    written = io.BytesIO()
    code = _code(url)
    if kind == "svg":
        code.save(written, kind="svg", border=QUIET_ZONE, scale=8, title=_("QR code"), omitsize=True, nl=False)
    else:
        code.save(written, kind="png", border=QUIET_ZONE, scale=16)
    return written.getvalue()


def modules(url: str) -> list[list[bool]]:
    """The squares of a QR code, row by row, without the white around it."""
    return [[bool(dark) for dark in row] for row in _code(url).matrix]


def poster(place: Place, language: str, url: str, short: str, title: Wording | None = None) -> Poster:
    """What a poster says in a language. ``title`` is a survey's own."""
    with speaking(language) as spoken:
        return Poster(
            language=spoken,
            place=place.name,
            title=said(title) if title else _("Tell us about your journey"),
            lead=_(
                "Tell us what happened when you needed help: which services you dealt with, in what order, and how "
                "it went."
            ),
            scan=_("Point the camera of a phone at this square."),
            url=url,
            type_in=_("Or type this address:"),
            address=short.split("://", maxsplit=1)[-1],
            about=(
                _("It takes about five minutes. You may skip any question, and stop and come back."),
                _("We do not ask for your name."),
                _(
                    "People who design and run public services in {place} read it, together with the journeys of "
                    "others, to see where it goes wrong for people and what helps."
                ).format(place=place.name),
            ),
            danger=_("Nobody reads it straight away. In danger? Call 999."),
            synthetic=_("An invented place: a poster to look at, not to put up.") if place.synthetic else "",
        )


def fits_pdf(language: Language) -> bool:
    """Whether the PDF can be written: its writer cannot join letters or turn lines, as Arabic script needs."""
    return language.direction == "ltr"


def as_pdf(shown: Poster, size: Size) -> bytes:
    """The poster as a PDF of one page; :class:`~insight.errors.BadInput` where only the page can show the language."""
    if not fits_pdf(shown.language):
        raise BadInput("There is no PDF in this language. Take the page, open it in a browser, and print it there.")
    from insight.surveys.poster_pdf import written  # the PDF library is loaded by who prints

    return written(shown, size)


def as_page(shown: Poster, size: Size) -> str:
    """The poster as a page of its own that a browser prints on one sheet, in any language."""
    language, small = shown.language, 1 if size is Size.A4 else 0.71
    about = "".join(f"<li>{escape(line)}</li>" for line in shown.about)
    synthetic = f'<p class="synthetic">{escape(shown.synthetic)}</p>' if shown.synthetic else ""
    code = qr(shown.url).decode().split("?>", maxsplit=1)[-1]
    return (
        f'<!doctype html><html lang="{language.tag}" dir="{language.direction}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(shown.title)}</title>'
        f"<style>{_STYLES % {'size': size.value, 'base': f'{13 * small:.1f}pt'}}</style></head><body><main>"
        f'{synthetic}<p class="place">{escape(shown.place)}</p><h1>{escape(shown.title)}</h1>'
        f'<p class="lead">{escape(shown.lead)}</p><div class="way">{code}<p>{escape(shown.scan)}</p>'
        f'<p>{escape(shown.type_in)}<br><b dir="ltr">{escape(shown.address)}</b></p></div>'
        f'<ul>{about}</ul><p class="danger">{escape(shown.danger)}</p></main></body></html>'
    )


def _code(url: str) -> segno.QRCode:
    return segno.make_qr(url, error="m", boost_error=False)


_STYLES = """@page{size:%(size)s;margin:0}*{box-sizing:border-box}
html{font:%(base)s/1.4 "DejaVu Sans","Noto Sans","Noto Naskh Arabic",Arial,sans-serif;color:#0b0c0c;background:#fff}
body{margin:0}main{max-width:46em;margin:0 auto;padding:3em 3.2em}
h1{font-size:3em;line-height:1.15;margin:0 0 .3em}.place{font-size:1.2em;font-weight:700;margin:0 0 .3em;color:#12436d}
.lead{font-size:1.45em;margin:0 0 1em}.way{text-align:center;margin:0 0 1em}.way p{margin:.2em 0 .6em;font-size:1.2em}
.way b{font-size:1.25em;overflow-wrap:anywhere}.way svg{width:17em;max-width:100%%;height:auto}
ul{padding-inline-start:1.2em;margin:0 0 1em}li{margin:0 0 .3em}
.danger{border:3px solid #0b0c0c;padding:.6em .9em;font-weight:700;margin:0}
.synthetic{border:3px solid #801650;color:#801650;padding:.3em .8em;font-weight:700;margin:0 0 1em}"""
