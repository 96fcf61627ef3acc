"""The record of processing and the draft assessment: what people answer, what is still open, and both to take away."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape

import streamlit as st

from insight import records
from insight.access import Actor
from insight.intake import Place
from insight.language import _, ngettext
from insight.records import Document, Particular
from pages.kit.a11y import Page
from pages.recording import moves, parts


def render(actor: Actor, place: Place, page: Page) -> None:
    """Draw what is open, both documents, and the questions."""
    made = records.processing(actor, place)
    told = _(
        "UK GDPR asks for a record of processing (Article 30) and, before something like this begins, for an impact "
        "assessment (Article 35). The product writes what it knows: the settings, the tables, the rules. What only "
        "people can know, you answer below. Both documents are in English."
    )
    st.html(parts.paragraphs(told))
    parts.done()
    _open(made.undecided)
    _document(_("Record of processing"), made.ropa, "record-of-processing")
    _document(_("Draft impact assessment"), made.dpia, "impact-assessment-draft")
    _questions(actor, place, page, made.said)


def _open(undecided: Sequence[str]) -> None:
    if not undecided:
        st.html(parts.paragraphs(_("Every question is answered. Whether the answers are right, people decide.")))
        return
    count = ngettext("{number} thing is still open", "{number} things are still open", len(undecided))
    lines = "".join(f'<li lang="en-GB">{escape(line)}</li>' for line in undecided)
    title = escape(count.format(number=len(undecided)))
    st.html(f'<h2 class="tl-h2">{title}</h2><ul class="tl-open tl-prose">{lines}</ul>')


def _document(title: str, document: Document, name: str) -> None:
    parts.heading(title)
    ways: tuple[tuple[str, str, str, Callable[[Document], bytes]], ...] = (
        (_("Download as a page (HTML)"), "html", "text/html", records.as_html),
        (_("Download as text (Markdown)"), "md", "text/markdown", records.as_markdown),
    )
    with st.container(horizontal=True, gap="small", key=f"tl-onwards-{name}"):
        for label, kind, mime, written in ways:
            st.download_button(
                label, partial(written, document), f"{name}.{kind}", mime, key=f"{name}-{kind}", on_click="ignore"
            )
    with st.expander(_("Read it here")):
        body = records.body(document, 3).replace("<table>", '<div class="tl-wide" tabindex="0"><table>')
        body = body.replace("</table>", "</table></div>")
        st.html(f'<div class="tl-document" lang="en-GB" dir="ltr">{body}</div>')


def _questions(actor: Actor, place: Place, page: Page, said: Mapping[str, str]) -> None:
    parts.heading(_("What only you can say"))
    with st.form("records-processing", border=False, enter_to_submit=False):
        for one in records.PARTICULARS:
            _question(page, place, one, said.get(one.name))
        st.form_submit_button(_("Save"), type="primary", on_click=moves.say, args=(actor, place))


def _question(page: Page, place: Place, one: Particular, said: str | None) -> None:
    key, asked, hint = moves.particular(place, one.name), _(one.asked), _(one.hint) if one.hint else ""
    if one.options:
        parts.one_of(page, key, asked, hint, {code: _(words) for code, words in one.options}, said)
        return
    parts.label(page, key, asked, hint)
    field = st.text_area if one.long else st.text_input
    field(asked, value=said or "", key=key, label_visibility="collapsed")
