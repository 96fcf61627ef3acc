"""Log a story: one screen for staff who hear it, keyboard first, and below it what they logged last."""

from html import escape

import streamlit as st

from insight import intake
from insight.access import Actor
from insight.intake import LogEntry
from insight.language import _, day
from pages.kit.a11y import Field, Page
from pages.logbook import form, moves
from pages.logbook.sheet import Sheet, current
from pages.sharing.frame import summary_of

FIRST_WORDS = 90


def render(actor: Actor) -> None:
    """Draw the form and the recent entries."""
    page, sheet, outcome = Page(), current(), moves.last()
    words = _("Log a story")
    if sheet.entry:
        words = _("Change entry {reference}").format(reference=sheet.entry.reference)
    title = f"{words} - Throughline"
    st.set_page_config(page_title=_("Error: {title}").format(title=title) if outcome.problems else title)
    if outcome.problems:
        summary_of([(sheet.key(problem.path) if problem.path else "", problem.message) for problem in outcome.problems])
    if outcome.stale:
        st.button(_("Open the newest version"), key="log-newest", on_click=moves.open_newest, args=(actor,))
    _saved(outcome)
    lead = _(
        "For somebody who told you, or for what you saw. It takes about two minutes. Leave out names, addresses and "
        "phone numbers."
    )
    st.html(f'<h1 class="tl-h1">{escape(words)}</h1><p class="tl-hint">{escape(lead)}</p>')
    place = intake.place_for(actor)
    form.draw(actor, place, intake.place_lists(actor, place), intake.question_set(), sheet, page)
    _recent(actor, sheet, page)
    page.finish(f"log/{outcome.turn}", "error-summary" if outcome.problems else outcome.focus)


def _saved(outcome: moves.Outcome) -> None:
    if outcome.reference:
        told = _("Saved. The reference to give them: {reference}")
        if outcome.changed:
            told = _("Changed. The reference to give them: {reference}")
        shown = escape(told).format(reference=f'<strong dir="ltr">{escape(outcome.reference)}</strong>')
        st.html(f'<div class="tl-saved" id="saved" role="status"><p>{shown}</p></div>')


def _recent(actor: Actor, sheet: Sheet, page: Page) -> None:
    """What one logged last, each with a way to change it."""
    entries = intake.my_entries(actor)
    if not entries:
        return
    st.html(f'<h2 class="tl-h2">{escape(_("What you logged last"))}</h2>')
    for entry in entries:
        with st.container(key=f"tl-entry-{entry.reference}", horizontal=True, vertical_alignment="center"):
            st.html(_entry_words(entry), width="stretch")
            key = f"log-edit-{entry.reference}"
            editing = sheet.entry is not None and sheet.entry.reference == entry.reference
            st.button(_("Edit"), key=key, on_click=moves.edit, args=(entry,), disabled=editing)
            name = _("Edit {reference}").format(reference=entry.reference)
            page.fields.append(Field(key, name=name, button=True))


def _entry_words(entry: LogEntry) -> str:
    when = f"{day(entry.received_at)}, {entry.received_at:%H:%M}"
    if entry.version > 1:
        when = _("{when} (changed)").format(when=when)
    return (
        f'<p class="tl-entry"><strong>{escape(entry.reference)}</strong> <span class="tl-quiet">{when}</span><br>'
        f"{escape(first_words(entry))}</p>"
    )


def first_words(entry: LogEntry) -> str:
    """The beginning of what was told, to know an entry again."""
    steps = entry.answers.get("steps") or ()
    told = [entry.answers.get("what_happened"), *(step.get("note") or step.get("service") for step in steps)]
    words = " ".join(next((str(part) for part in told if part), _("Nothing in words")).split())
    return words if len(words) <= FIRST_WORDS else words[:FIRST_WORDS].rsplit(" ", 1)[0] + " …"
