"""Posters: say where one will hang, and take it as a PDF or a page, with its QR code and address."""

import base64
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from insight import surveys
from insight.access import Actor
from insight.intake import Place
from insight.language import LANGUAGES
from insight.settings import settings
from insight.surveys import posters
from pages.kit import look
from pages.surveying.desk import hint, language_name


def draw(actor: Actor, place: Place, languages: tuple[str, ...], code: str | None, key: str) -> None:
    """The form of a poster, and below it what can be taken. Without a ``code`` it is for the place's own questions."""
    base = settings().public_url or _here()
    if not settings().public_url:
        look.note(
            "<p>The public address is not set, so posters lead to the address that your browser is at: "
            f"<strong>{escape(base)}</strong>. Set <code>INSIGHT_PUBLIC_URL</code> before you print any.</p>"
        )
    campaign = st.text_input(
        "Where will it hang?",
        key=f"{key}-campaign",
        placeholder="Library at the bridge",
        help="It goes into the QR code, so that the results show where answers came from. Leave it empty for none.",
        autocomplete="off",
        max_chars=80,
    )
    left, right = st.columns(2)
    language = left.selectbox("Language", list(languages), key=f"{key}-poster-language", format_func=language_name)
    size = right.selectbox("Paper", list(posters.Size), key=f"{key}-poster-size", format_func=str)
    made = surveys.poster(actor, place, base, language or "en", campaign, code)
    _look(made)
    _take(made, posters.Size(size or "A4"), f"{code or 'tell'}-{posters.campaign_code(campaign) or 'poster'}", key)


def _here() -> str:
    """The address that the browser is at, without path."""
    at = urlsplit(st.context.url or "")
    return f"{at.scheme}://{at.netloc}" if at.netloc else "http://127.0.0.1:8501"


def _look(made: posters.Poster) -> None:
    picture = base64.b64encode(posters.qr(made.url)).decode()
    st.html(
        '<div class="tl-state" style="gap:1rem;margin:1rem 0">'
        f'<img alt="QR code that leads to {escape(made.url, quote=True)}" width="170" height="170" '
        f'src="data:image/svg+xml;base64,{picture}">'
        f'<div style="flex:1 1 14rem"><p class="tl-meta">The QR code leads to</p><p style="overflow-wrap:anywhere">'
        f"<strong>{escape(made.url)}</strong></p>"
        f'<p class="tl-meta">People who type it write</p><p style="overflow-wrap:anywhere"><strong>'
        f"{escape(made.address)}</strong></p></div></div>"
    )


def _take(made: posters.Poster, size: posters.Size, name: str, key: str) -> None:
    pdf = posters.fits_pdf(made.language)
    if not pdf:
        hint(
            f"There is no PDF in {LANGUAGES[made.language.code].name}: its writer cannot join letters. Take the page, "
            "open it in a browser, and print it there."
        )
    with st.container(key="tl-act-poster", horizontal=True, gap="small"):
        if pdf:
            st.download_button(
                f"Poster (PDF, {size})",
                lambda: posters.as_pdf(made, size),
                file_name=f"{name}-{size.lower()}.pdf",
                mime="application/pdf",
                on_click="ignore",
                type="primary",
                key=f"{key}-pdf",
            )
        for label, data, kind, mime in (
            (f"Page to print ({size})", posters.as_page(made, size).encode(), "html", "text/html"),
            ("QR code (SVG)", posters.qr(made.url), "svg", "image/svg+xml"),
            ("QR code (PNG)", posters.qr(made.url, "png"), "png", "image/png"),
        ):
            st.download_button(
                label, data, file_name=f"{name}.{kind}", mime=mime, on_click="ignore", key=f"{key}-take-{kind}"
            )
