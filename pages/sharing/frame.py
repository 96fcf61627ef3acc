"""What stands around every page of a journey: heading, error summary, languages, and how to come back later."""

from collections.abc import Callable, Sequence
from html import escape
from urllib.parse import urlencode

import streamlit as st

from insight.language import LANGUAGES, _, spoken
from pages.sharing import moves
from pages.sharing.address import Where
from pages.sharing.moves import Desk


def back_words() -> str:
    """What the way back is called, with its arrow."""
    return f":material/arrow_back: {_('Back')}"


def paragraphs(*words: str) -> str:
    """Texts as paragraphs, escaped."""
    return "".join(f"<p>{escape(one)}</p>" for one in words)


def heading(words: str, *, above: str = "", wrong: bool = False) -> None:
    """The one heading of a page, also in the browser's tab."""
    title = _("{heading} - Tell your journey - Throughline").format(heading=words)
    st.set_page_config(page_title=_("Error: {title}").format(title=title) if wrong else title)
    before = f'<p class="tl-above">{escape(above)}</p>' if above else ""
    st.html(f'{before}<h1 class="tl-h1">{escape(words)}</h1>')


def summary_of(problems: Sequence[tuple[str, str]]) -> None:
    """The error summary: (link or input's key, message), each leading to where it can be mended."""
    items = "".join(f"<li>{_problem_link(target, message)}</li>" for target, message in problems)
    title = escape(_("There is a problem"))
    st.html(f'<div class="tl-error" id="error-summary" role="alert"><h2>{title}</h2><ul>{items}</ul></div>')


def _problem_link(target: str, message: str) -> str:
    if not target:
        return f"<span>{escape(message)}</span>"
    go = 'data-go="1"' if target.startswith("?") else f'data-field="{target}"'
    href = escape(target if target.startswith("?") else f"#{target}", quote=True)
    return f'<a href="{href}" {go}>{escape(message)}</a>'


def languages(desk: Desk, here: Where, button: Callable[..., object]) -> None:
    """The languages to choose from; what stands on the page is kept."""
    with st.container(horizontal=True, gap="small", key="tl-languages"):
        for other in LANGUAGES.values():
            if other is not spoken():
                args = (desk, here, other.code)
                key = f"{desk.name}-{here.name}-lang-{other.code}"
                button(other.name, type="tertiary", on_click=moves.change_language, args=args, key=key)


def language_links() -> None:
    """The languages to choose from before anything was told."""
    links = " ".join(
        f'<a href="?lang={other.code}" target="_self" lang="{other.tag}" hreflang="{other.tag}">{other.name}</a>'
        for other in LANGUAGES.values()
        if other is not spoken()
    )
    st.html(f'<nav class="tl-languages" aria-label="{escape(_("Language"), quote=True)}">{links}</nav>')


def foot(desk: Desk, here: Where) -> None:
    """How to come back later, and the same page without pictures."""
    later = _(
        "Everything is saved as you go. The address of this page is your way back: bookmark it or copy it. Anyone who "
        "has the address can read your answers until you send them, so keep it to yourself, and close the page on a "
        "shared computer."
    )
    light = "/tell/continue?" + urlencode({"draft": desk.draft.key, "page": here.page})
    simpler = escape(_("Use the simpler page, which works on any phone"))
    st.html(
        f'<details class="tl-later"><summary>{escape(_("Stop and come back later"))}</summary>{paragraphs(later)}'
        f'</details><p class="tl-light"><a href="{escape(light, quote=True)}" target="_self">{simpler}</a></p>'
    )
