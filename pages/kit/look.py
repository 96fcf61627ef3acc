"""The product's look beyond the theme: a few styles, the top bar, and how problems are said."""

from html import escape
from urllib.parse import quote

import streamlit as st

from insight.access import Actor, Role
from insight.settings import settings

STYLES = """<style>
:focus-visible{outline:3px solid #0b0c0c !important;outline-offset:2px;box-shadow:0 0 0 3px #ffdd00 !important}
[data-testid="stRadioOption"],[data-testid="stCheckbox"] label{min-height:44px;align-items:center}
[data-testid="stMainBlockContainer"]{max-width:76rem;padding-top:4.5rem}
.tl-narrow{max-width:44rem}
.tl-note{border-left:8px solid #12436d;background:#f1f4f6;padding:.8rem 1.1rem;margin:.4rem 0 1rem}
.tl-error{border:4px solid #b10e1e;padding:.8rem 1.1rem;margin:.4rem 0 1rem}
.tl-error h2{font-size:1.25rem;margin:0 0 .4rem;padding:0}
.tl-error a,.tl-field-error{color:#b10e1e;font-weight:700}
.tl-field-error{margin:0}
.tl-synthetic{display:inline-block;background:#801650;color:#fff;padding:.1rem .6rem;border-radius:4px;font-size:.9rem}
.tl-bar{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;align-items:center;font-size:.95rem;margin-bottom:.4rem}
.tl-bar a{color:#12436d}
@media (max-width:480px){[data-testid="stMainBlockContainer"]{padding-left:1rem;padding-right:1rem}
h1{font-size:1.9rem !important}}
@media (prefers-reduced-motion:reduce){*{animation:none !important;transition:none !important}}
</style>"""

ROLE_NAMES = {
    Role.RESIDENT: "a resident",
    Role.FRONTLINE: "frontline staff",
    Role.DESIGNER: "a service designer",
    Role.ADMIN: "an administrator",
}


def apply() -> None:
    """Put the product's styles on the page."""
    st.html(STYLES)


def top_bar(actor: Actor) -> None:
    """In demo mode: say so on every page, and as whom one is here."""
    if settings().demo_mode:
        st.html(
            '<div class="tl-bar"><span class="tl-synthetic">Demo: invented place and people</span>'
            f'<span>You are here as {ROLE_NAMES[actor.role]}. <a href="/sign-in" target="_self">Change</a></span></div>'
        )


def title(words: str, lead: str | None = None) -> None:
    """The one heading of a screen, also in the browser's tab, with a sentence on what the screen is for."""
    st.set_page_config(page_title=f"{words} - Throughline")
    st.title(words, anchor=False)
    if lead:
        st.markdown(lead)


def problem(message: str) -> None:
    """Something a person can mend."""
    st.html(f'<div class="tl-error" role="alert"><h2>There is a problem</h2><p>{escape(message)}</p></div>')


def refused(what: str, message: str, path: str) -> None:
    """This screen is not for this role."""
    title(f"{what}: not for this role")
    st.html(
        f'<div class="tl-note"><p>{escape(message)}</p>'
        f'<p><a href="/sign-in?next=%2F{quote(path)}" target="_self">Sign in</a></p></div>'
    )


def note(html: str) -> None:
    """Something to know before one goes on. The caller escapes what people wrote."""
    st.html(f'<div class="tl-note">{html}</div>')
