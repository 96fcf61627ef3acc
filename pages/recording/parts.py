"""What the views of records share: styles, error summary, questions, tables that become cards on a narrow screen."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from insight.language import _
from pages.kit.a11y import Field, Page
from pages.kit.questions import error_line
from pages.recording import moves
from pages.sharing.frame import summary_of

STYLES = """<style>
.tl-rec{border-collapse:collapse;width:100%;margin:.4rem 0 1rem}
.tl-rec th,.tl-rec td{text-align:start;vertical-align:top;padding:.45rem .8rem .45rem 0;border-bottom:1px solid #b1b4b6;
overflow-wrap:anywhere}.tl-rec .l{display:none}
.tl-unkept{color:#942514;font-weight:600}
.tl-document{border:1px solid #b1b4b6;padding:.4rem 1rem 1rem}.tl-document h3{font-size:1.15rem;margin:1.2rem 0 .3rem}
.tl-document table{border-collapse:collapse;width:100%}.tl-document th,.tl-document td{text-align:start;
vertical-align:top;padding:.4rem .8rem .4rem 0;border-bottom:1px solid #b1b4b6;overflow-wrap:anywhere;min-width:4.2rem}
.tl-document .open,.tl-open{border-inline-start:6px solid #942514;padding-inline-start:.8rem}
.tl-wide{overflow-x:auto}
@media (max-width:640px){.tl-rec thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.tl-rec tr{display:block;border-bottom:1px solid #b1b4b6;padding:.5rem 0}
.tl-rec td{display:block;border:0;padding:.1rem 0}.tl-rec .l{display:inline;font-weight:600}
.tl-summary>div{grid-template-columns:minmax(0,1fr)}}
</style>"""


def summary_of_problems() -> None:
    """At the top of the page: what is wrong with what was typed, or that it is done."""
    if moves.last().wrong:
        summary_of(moves.last().wrong)


def done() -> None:
    """Say what the last button did."""
    if moves.last().done:
        st.html(f'<div class="tl-saved" id="{moves.SAVED}" role="status"><p>{escape(moves.last().done)}</p></div>')


def heading(words: str, *more: str) -> None:
    """A heading within a view, with paragraphs."""
    st.html(f'<h2 class="tl-h2">{escape(words)}</h2>{paragraphs(*more)}')


def paragraphs(*words: str) -> str:
    """Texts as paragraphs, escaped."""
    return "".join(f'<p class="tl-prose">{escape(one)}</p>' for one in words)


def label(page: Page, key: str, words: str, hint: str = "") -> None:
    """A question above its field, with a hint and what is wrong with it; the field hides its own label."""
    wrong = dict(moves.last().wrong).get(key, "")
    hinted = f'<p class="tl-hint" id="{key}-hint">{escape(hint)}</p>' if hint else ""
    st.html(
        f'<div class="tl-ask"><p class="tl-label">{escape(words)}</p>{hinted}'
        f"{error_line(key, wrong) if wrong else ''}</div>"
    )
    named = [f"{key}-hint"] * bool(hint) + [f"{key}-error"] * bool(wrong)
    page.fields.append(Field(key, " ".join(named), wrong=bool(wrong)))


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table that becomes a list of cards on a narrow screen and stays a table to a screen reader. Cells are HTML."""
    head = "".join(f'<th role="columnheader" scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(f'<tr role="row">{_cells(heads, row)}</tr>' for row in rows)
    return (
        f'<table class="tl-rec" role="table"><caption class="tl-unseen">{escape(caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _cells(heads: Sequence[str], row: Sequence[str]) -> str:
    return "".join(
        f'<td role="cell"><span class="l" aria-hidden="true">{escape(name)}: </span>{cell}</td>'
        for name, cell in zip(heads, row, strict=True)
    )


def one_of(page: Page, key: str, words: str, hint: str, options: dict[str, str], chosen: str | None) -> None:
    """A choice from a list; nothing is chosen beforehand that was not chosen before."""
    label(page, key, words, hint)
    st.selectbox(
        words,
        list(options),
        index=list(options).index(chosen) if chosen in options else None,
        format_func=lambda code: options[code],
        key=key,
        placeholder=_("Choose one"),
        label_visibility="collapsed",
    )
