"""The codebook out and in: as a table or a REFI-QDA file; what a file would change is shown before anything changes."""

from collections.abc import Iterator
from html import escape

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from insight import codebook, coding
from insight.access import Actor, Permission, may
from insight.codebook import Book
from insight.coding import Incoming
from insight.errors import InsightError
from insight.intake import Place, slug
from insight.language import _, ngettext
from pages.book import outcome, parts
from pages.book.outcome import Done
from pages.book.parts import name, quoted
from pages.kit import charts, look
from pages.kit.a11y import Page

MOST = 200


def render(actor: Actor, place: Place, page: Page) -> None:
    """Draw both ways."""
    if may(actor, Permission.EXPORT):
        _out(actor, place)
    _in(actor, place)


def _out(actor: Actor, place: Place) -> None:
    told = _("The names and descriptions of themes, and what stands under what: no passage and no journey.")
    st.html(f'<h2 class="tl-h2">{escape(_("Take the codebook out"))}</h2><p>{escape(told)}</p>')
    file = f"codebook-{slug(place.name)}"
    with st.container(horizontal=True, gap="small", key="tl-onwards"):
        st.download_button(
            _("Download as a table (CSV)"),
            lambda: coding.as_csv(actor, place),
            f"{file}.csv",
            "text/csv",
            key="book-csv",
            on_click="ignore",
        )
        st.download_button(
            _("Download for other coding programs (REFI-QDA)"),
            lambda: coding.as_qdc(actor, place),
            f"{file}.qdc",
            "application/xml",
            key="book-qdc",
            on_click="ignore",
        )


def _in(actor: Actor, place: Place) -> None:
    st.html(f'<h2 class="tl-h2">{escape(_("Bring a codebook in"))}</h2>')
    form = outcome.form()
    file = st.file_uploader(
        _("A codebook as a table (.csv) or from another coding program (.qdc)"),
        type=["csv", "qdc"],
        key=f"book-file-{form}",
        max_upload_size=5,
        help=_("A table needs a column called name. Nothing changes before you have seen what would."),
    )
    if file is None:
        return
    try:
        seen = coding.preview(actor, place, file.name, file.getvalue())
    except InsightError as problem:
        look.problem(str(problem))
        return
    book = codebook.book(actor, place.id)
    _preview(book, seen)
    if any(step.changes for step in seen.steps):
        why = f"book-in-why-{form}"
        parts.why(why)
        args = (actor, place, file, seen, why, form)
        st.button(_("Make these changes"), type="primary", key="book-bring-in", on_click=_bring_in, args=args)


def _bring_in(actor: Actor, place: Place, file: UploadedFile, seen: Incoming, why: str, form: int) -> None:
    def change() -> Done:
        made = coding.bring_in(actor, place, file.name, file.getvalue(), seen, parts.said(why))
        new = ngettext("{number} theme added", "{number} themes added", len(seen.new)).format(number=len(seen.new))
        changed = ngettext("{number} changed", "{number} changed", len(seen.changed)).format(number=len(seen.changed))
        return Done(_("Brought in: {new}, {changed}.").format(new=new, changed=changed), tuple(made))

    outcome.act(actor, place, form, change)


def _preview(book: Book, seen: Incoming) -> None:
    """What the file would change, theme by theme."""
    same = len(seen.steps) - len(seen.new) - len(seen.changed)
    told = _("This file would add {new} and change {changed}; {same} are as they are here already.").format(
        new=ngettext("{number} theme", "{number} themes", len(seen.new)).format(number=len(seen.new)),
        changed=len(seen.changed),
        same=same,
    )
    look.note(f"<p><strong>{escape(told)}</strong> {escape(_('It takes nothing away.'))}</p>")
    rows = list(_rows(book, seen))
    if rows:
        st.html(charts.table((_("Theme"), _("What would change")), rows[:MOST]))
    if len(rows) > MOST:
        st.caption(_("and {number} more").format(number=len(rows) - MOST))
    if seen.merged:
        left = _("Left alone, since they were merged here into other themes: {themes}.")
        st.html(f"<p>{escape(left.format(themes=parts.all_quoted(seen.merged)))}</p>")


def _rows(book: Book, seen: Incoming) -> Iterator[tuple[str, str]]:
    for step in (*seen.new, *seen.changed):
        changes = []
        if step.number is None:
            changes.append(_("new"))
        elif step.label:
            changes.append(_("renamed from {old}").format(old=quoted(name(book, step.number))))
        if step.says:
            changes.append(_("description"))
        if step.under:
            changes.append(_("under {themes}").format(themes=parts.all_quoted(step.under)))
        yield step.read.name, ", ".join(changes)
