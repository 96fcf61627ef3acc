"""Log a story: one screen for staff who hear it, keyboard first, and below it what they logged last."""

from html import escape

import streamlit as st

from insight import intake
from insight.access import Actor
from insight.intake import LogEntry
from pages.kit.a11y import Field, Page
from pages.logbook import form, moves
from pages.logbook.sheet import Sheet, current
from pages.sharing.screens import summary_of

FIRST_WORDS = 90


def render(actor: Actor) -> None:
    """Draw the form and the recent entries."""
    page, sheet, outcome = Page(), current(), moves.last()
    words = f"Change entry {sheet.entry.reference}" if sheet.entry else "Log a story"
    st.set_page_config(page_title=f"{'Error: ' if outcome.problems else ''}{words} - Throughline")
    if outcome.problems:
        summary_of([(sheet.key(problem.path) if problem.path else "", problem.message) for problem in outcome.problems])
    if outcome.stale:
        st.button("Open the newest version", key="log-newest", on_click=moves.open_newest, args=(actor,))
    _saved(outcome)
    st.html(
        f'<h1 class="tl-h1">{escape(words)}</h1><p class="tl-hint">For somebody who told you, or for what you saw. It '
        "takes about two minutes. Leave out names, addresses and phone numbers.</p>"
    )
    place = intake.current_place()
    form.draw(actor, place, intake.place_lists(actor, place), intake.question_set(), sheet, page)
    _recent(actor, sheet, page)
    page.finish(f"log/{outcome.turn}", "error-summary" if outcome.problems else outcome.focus)


def _saved(outcome: moves.Outcome) -> None:
    if outcome.reference:
        done = "Changed" if outcome.changed else "Saved"
        st.html(
            f'<div class="tl-saved" id="saved" role="status"><p>{done}. The reference to give them: '
            f"<strong>{escape(outcome.reference)}</strong></p></div>"
        )


def _recent(actor: Actor, sheet: Sheet, page: Page) -> None:
    """What one logged last, each with a way to change it."""
    entries = intake.my_entries(actor)
    if not entries:
        return
    st.html('<h2 class="tl-h2">What you logged last</h2>')
    for entry in entries:
        with st.container(key=f"tl-entry-{entry.reference}", horizontal=True, vertical_alignment="center"):
            st.html(_entry_words(entry), width="stretch")
            key = f"log-edit-{entry.reference}"
            editing = sheet.entry is not None and sheet.entry.reference == entry.reference
            st.button("Edit", key=key, on_click=moves.edit, args=(entry,), disabled=editing)
            page.fields.append(Field(key, name=f"Edit {entry.reference}", button=True))


def _entry_words(entry: LogEntry) -> str:
    when = f"{entry.received_at:%-d %B %Y, %H:%M}" + (" (changed)" if entry.version > 1 else "")
    return (
        f'<p class="tl-entry"><strong>{escape(entry.reference)}</strong> <span class="tl-quiet">{when}</span><br>'
        f"{escape(first_words(entry))}</p>"
    )


def first_words(entry: LogEntry) -> str:
    """The beginning of what was told, to know an entry again."""
    steps = entry.answers.get("steps") or ()
    told = [entry.answers.get("what_happened"), *(step.get("note") or step.get("service") for step in steps)]
    words = " ".join(next((str(part) for part in told if part), "Nothing in words").split())
    return words if len(words) <= FIRST_WORDS else words[:FIRST_WORDS].rsplit(" ", 1)[0] + " …"
