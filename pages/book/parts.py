"""What all views of the codebook say and offer in the same way: a theme's name, standing and numbers, and a choice."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from insight.codebook import Book, LastingTheme
from insight.coding import ThemeLine
from insight.language import _, ngettext
from insight.privacy import count_in_words
from pages.kit import charts, words
from pages.pain import address, ways
from pages.paths import asking
from pages.paths.said import journeys

NOWHERE = "none"  # in the address: the passages that fit no theme
LONGEST = 120

STYLES = """<style>
[class*=st-key-book-row]{flex-wrap:nowrap !important;align-items:flex-start;border-top:1px solid #b1b4b6;
padding-top:.5rem}
[class*=st-key-book-row] [data-testid=stCheckbox]{flex:none}
[class*=st-key-book-row-1]{margin-inline-start:1.6rem;width:auto}
[class*=st-key-book-row-2]{margin-inline-start:3.2rem;width:auto}
[class*=st-key-book-row-3]{margin-inline-start:4.8rem;width:auto}
.tl-theme h3{font-size:1.12rem;line-height:1.3;margin:0;padding:.45rem 0 0}.tl-theme p{margin:.15rem 0}
.tl-theme h3 a{display:inline-block;min-height:24px}
.tl-mark{color:#3d4548;font-size:.9rem}.tl-mark b{color:#0b0c0c;font-weight:600}
.tl-theme .tl-quoted{border-inline-start:4px solid #b1b4b6;padding-inline-start:.7rem}
.tl-who{font-size:.9rem;color:#3d4548;margin:.2rem 0 0}.tl-who strong{color:#0b0c0c}
.st-key-book-done{border-inline-start:8px solid #00703c;background:#eef6f1;padding:.5rem 1rem}
.st-key-book-done p{margin:0;font-size:1.1rem}.st-key-book-done button{min-height:44px}
[class*=st-key-book-event]{border-top:1px solid #b1b4b6;padding-top:.4rem}
[class*=st-key-book-event] p{margin:0;overflow-wrap:anywhere}[class*=st-key-book-event] button{min-height:44px}
.tl-undone{color:#505a5f;text-decoration:line-through}
[class*=st-key-book-panel]{background:#f1f4f6;padding:.8rem 1rem}
[class*=st-key-book-panel] button,[class*=st-key-book-] [data-testid=stExpander] button{min-height:44px}
[class*=st-key-book-] [data-testid=stExpander] summary{min-height:44px}
.tl-news{margin:0 !important;padding-inline-start:1.2rem !important}
@media (min-width:900px){div:has(>[class*=st-key-book-panel]),[class*=st-key-book-panel]{position:sticky;top:4rem;
z-index:1}}
@media (max-width:480px){[class*=st-key-book-row-1]{margin-inline-start:.8rem}
[class*=st-key-book-row-2],[class*=st-key-book-row-3]{margin-inline-start:1.4rem}}
</style>"""


def themes_asked() -> list[int | None]:
    """The themes in the address by number, None for the passages that fit none; what it cannot mean is passed over."""
    said = st.query_params.get("theme", "")
    if said == NOWHERE:
        return [None]
    return [number for one in said.split(".") if (number := address.as_number(one)) is not None]


def in_address(theme: int | None) -> str:
    """A theme, or the passages that fit none, as the address says it."""
    return NOWHERE if theme is None else str(theme)


def go(theme: int | None, do: str = "") -> None:
    """Open a theme, or a step of changing it."""
    asking.forget("page", "order", "do", "view")
    st.query_params["theme"] = in_address(theme)
    if do:
        st.query_params["do"] = do


def leave() -> None:
    """Back to all themes."""
    asking.forget("page", "order", "do", "theme", "view")


def way_to(theme: int | None, label: str) -> str:
    """A link to a theme."""
    return ways.to(label, "codebook", theme=in_address(theme))


def back(label: str, **asked: str) -> None:
    """The way back, over the heading."""
    st.html(f'<p class="tl-ways">{ways.to(label, "codebook", **asked)}</p>')


def name(book: Book, number: int) -> str:
    """What a theme is called, as it lives on."""
    return book.themes[number].label if number in book.themes else str(number)


def quoted(label: str) -> str:
    """A name within a sentence."""
    return f"“{label}”"


def all_quoted(labels: Sequence[str]) -> str:
    """Names within a sentence: “a”, “b” and 3 more."""
    return words.listed([quoted(label) for label in labels], 4)


def passages(number: int | None) -> str:
    """So many passages; None is too few to be shown."""
    if number is None:
        return _("{few} passages").format(few=count_in_words(None))
    return ngettext("{number} passage", "{number} passages", number).format(number=f"{number:,}")


def standing(line: ThemeLine) -> str:
    """Who named a theme, and how far it can be relied on."""
    if line.theme.named:
        return f"<b>{escape(_('Named by people'))}</b>"
    if not line.theme.by_machine:
        return f"<b>{escape(_('Made by people'))}</b>"
    if line.theme.known:
        return escape(_("Named from the list of common pains"))
    firm = _("Named by the machine, firm") if line.firm else _("Named by the machine, tentative")
    return escape(firm)


def numbers(line: ThemeLine) -> str:
    """How much is said of a theme; of a broader one, with what is under it."""
    told = f"{journeys(line.journeys)}, {passages(line.passages)}" if line.own else _("No passage of its own")
    if line.children:
        more = _("{journeys} with the themes under it").format(journeys=journeys(line.family))
        return f"{told}. {more}"
    return told


def tag(line: ThemeLine) -> str:
    """Whether it hurts, works well or is mixed."""
    return f"{charts.tag(line.kind)} " if line.kind else ""


def choose_theme(label: str, themes: Mapping[int, LastingTheme], key: str, hint: str = "") -> None:
    """A choice among many themes: typing finds them."""
    st.selectbox(
        label,
        sorted(themes, key=lambda number: themes[number].label.casefold()),
        index=None,
        format_func=lambda number: themes[number].label,
        placeholder=hint or _("Type to find a theme"),
        key=key,
        on_change="ignore",
    )


def new_name(label: str, key: str, hint: str | None = None) -> None:
    """Room for the name of a theme."""
    st.text_input(label, key=key, max_chars=LONGEST, autocomplete="off", placeholder=hint, on_change="ignore")


def why(key: str) -> None:
    """Room for a reason: it stands in the history."""
    st.text_input(_("Why (if you want to say)"), key=key, max_chars=300, autocomplete="off", on_change="ignore")


def said(key: str) -> str:
    """What stands in a text input; "" where there is none."""
    return str(st.session_state.get(key) or "").strip() if key else ""
