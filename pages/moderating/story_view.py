"""One story: its words as told with what is hidden marked, the marks, the decision, and what may leave the place."""

from html import escape

import streamlit as st

from insight.access import Actor
from insight.identifiers import Kind
from insight.intake import Place
from insight.language import _, day, spoken
from insight.moderation import Opened, Sentence, State, Text
from pages.kit import look
from pages.kit import words as said
from pages.kit.a11y import Field, Page
from pages.kit.questions import error_line
from pages.moderating import moves, words
from pages.sharing.frame import summary_of

STYLES = """<style>
.tl-told{border-inline-start:4px solid #b1b4b6;padding:.1rem .9rem;margin:.2rem 0 1rem}
.tl-told p{margin:0;white-space:pre-line;overflow-wrap:anywhere}.tl-told mark{background:#fff1a8;color:#0b0c0c}
.tl-told .tl-kind{font-size:.9rem;font-weight:700}.tl-warn{margin:.1rem 0 .6rem 1.9rem;padding:0}
.tl-warn li{margin:.1rem 0}
</style>"""


def render(actor: Actor, place: Place, number: int, page: Page) -> str:
    """Draw one story; gives the key or id to which the focus moves."""
    story, outcome = moves.read_of(number), moves.last()
    title = _("Story {number} - Moderation - Throughline").format(number=number)
    st.set_page_config(page_title=_("Error: {title}").format(title=title) if outcome.wrong else title)
    st.html(STYLES)
    back = _("Back to the queue")
    st.button(back, icon=":material/arrow_back:", type="tertiary", on_click=moves.leave, key="tl-back")
    with st.container(width=820, key="tl-column"):
        if outcome.wrong:
            summary_of([(moves.field(name) if name else "", message) for name, message in outcome.wrong])
        if outcome.done:
            st.html(
                f'<div class="tl-saved" id="saved" role="status"><p>{escape(_(moves.DONE[outcome.done]))}</p></div>'
            )
        st.html(f'<h1 class="tl-h1">{escape(_("Story {number}").format(number=number))}</h1>')
        if story is None:
            _ask_first(actor, place, number)
        else:
            _opened(actor, place, story, page)
    return "error-summary" if outcome.wrong else "saved" if outcome.done else "story" if story else ""


def _ask_first(actor: Actor, place: Place, number: int) -> None:
    told = _("The story is shown when you ask for it. Each reading is recorded with your name and the time.")
    look.note(f"<p>{escape(told)}</p>")
    st.button(_("Read the story"), type="primary", on_click=moves.read, args=(actor, place, number), key="tl-read")


def _opened(actor: Actor, place: Place, story: Opened, page: Page) -> None:
    st.html(_about(story))
    st.html(f'<div lang="{escape(story.language, quote=True)}" dir="auto">{"".join(map(_text, story.texts))}</div>')
    _marks(actor, place, story, page)
    _decision(actor, place, story, page)
    _quotes(actor, place, story, page)


def _about(story: Opened) -> str:
    state = _(words.STATES[story.state])
    if story.reason:
        state = f"{state}: {words.reason(story.reason)}"
    if story.changed:
        state = _("{state}. Its teller changed it since").format(state=state)
    rows = {
        _("How far it is"): state,
        _("Received"): day(story.received_at),
        _("How it reached us"): said.source(story.source),
        _("Quotes"): _("Its teller allows quoting it without a name.") if story.may_quote else _("Not for quoting."),
    }
    listed = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(told)}</dd></div>" for name, told in rows.items())
    recorded = _("Your reading is recorded. Marked words are hidden from everybody who reads the story later.")
    return (
        f'<h2 class="tl-h2" id="story" tabindex="-1">{escape(_("The story as it was told"))}</h2>'
        f'<div class="tl-note"><p>{escape(recorded)}</p></div><dl class="tl-summary">{listed}</dl>'
    )


def _text(text: Text) -> str:
    parts, at = [], 0
    for mark in text.marks:
        kind = f'<span class="tl-kind" lang="{spoken().tag}">[{escape(words.kind(mark.kind))}]</span>'
        parts += [escape(text.told[at : mark.start]), f"<mark>{escape(text.told[mark.start : mark.end])} {kind}</mark>"]
        at = mark.end
    told = "".join([*parts, escape(text.told[at:])])
    heading = escape(words.title(text.name, text.service))
    return f'<h3 class="tl-h3" lang="{spoken().tag}">{heading}</h3><div class="tl-told"><p>{told}</p></div>'


def _marks(actor: Actor, place: Place, story: Opened, page: Page) -> None:
    st.html(f'<h2 class="tl-h2">{escape(_("What is hidden"))}</h2>')
    marks = [(text, mark) for text in story.texts for mark in text.marks]
    if not marks:
        st.html(f'<p class="tl-prose">{escape(_("Nothing is hidden in this story."))}</p>')
    for number, (text, mark) in enumerate(marks):
        key, hidden = f"moderate-unhide-{number}", text.told[mark.start : mark.end]
        by = _("set by {name}").format(name=mark.by) if mark.by else _("found by the machine")
        with st.container(key=f"tl-row-{number}", horizontal=True, vertical_alignment="center"):
            st.html(f"<p><strong>{escape(hidden)}</strong> [{escape(words.kind(mark.kind))}], {escape(by)}</p>")
            which = (actor, place, story, text.name, mark.start)
            st.button(_("Show again"), key=key, on_click=moves.unhide, args=which)
        page.fields.append(Field(key, name=_("Show again: {words}").format(words=hidden), button=True))
    with st.form("moderate-hide", border=False, enter_to_submit=False):
        _ask(moves.WORDS, _("Words to hide, as they stand in the story"), page)
        st.text_input(_("Words to hide"), key=moves.field(moves.WORDS), label_visibility="collapsed")
        st.selectbox(_("What they are"), list(Kind), format_func=words.kind, key=moves.field(moves.KIND))
        st.form_submit_button(_("Hide these words"), on_click=moves.hide, args=(actor, place, story))


def _decision(actor: Actor, place: Place, story: Opened, page: Page) -> None:
    st.html(f'<h2 class="tl-h2">{escape(_("Can it stay?"))}</h2>')
    if story.state is not State.ACCEPTED or story.changed:
        st.button(_("Accept the story"), type="primary", on_click=moves.accept, args=(actor, place, story))
    if story.state is not State.WAITING:
        st.button(_("Let it wait again"), on_click=moves.take_back, args=(actor, place, story))
    if story.state is not State.REJECTED:
        with st.form("moderate-reject", border=False, enter_to_submit=False):
            _ask(moves.REASON, _("Why it is rejected"), page)
            st.selectbox(
                _("Why it is rejected"),
                list(words.REASONS),
                index=None,
                format_func=words.reason,
                placeholder=_("Choose a reason"),
                key=moves.field(moves.REASON),
                label_visibility="collapsed",
            )
            st.form_submit_button(_("Reject the story"), on_click=moves.reject, args=(actor, place, story))


def _ask(name: str, label: str, page: Page) -> None:
    """The words over a field, and what is wrong with it."""
    key, wrong = moves.field(name), dict(moves.last().wrong)
    error = error_line(key, wrong[name]) if name in wrong else ""
    st.html(f'<div class="tl-ask"><p class="tl-label">{escape(label)}</p>{error}</div>')
    page.fields.append(Field(key, f"{key}-error" if error else "", bool(error)))


def _quotes(actor: Actor, place: Place, story: Opened, page: Page) -> None:
    if not story.may_quote or story.state is State.REJECTED:
        return
    st.html(f'<h2 class="tl-h2">{escape(_("What may leave the place"))}</h2>')
    if story.state is not State.ACCEPTED or story.changed:
        first = _("Accept the story first. Until then none of its sentences leaves the place.")
        st.html(f'<p class="tl-prose">{escape(first)}</p>')
        return
    st.html(f'<p class="tl-prose">{escape(_how_checked(story))}</p>')
    with st.form("moderate-release", border=False, enter_to_submit=False):
        for number, sentence in enumerate(story.sentences):
            _sentence(number, sentence, page)
        st.form_submit_button(_("Keep what may leave"), on_click=moves.release, args=(actor, place, story))


def _how_checked(story: Opened) -> str:
    told = _("Tick the sentences that may be published, printed or shown outside. The notes are hints: you decide.")
    if story.compared is None:
        return f"{told} {_('There are too few stories here to say which words are rare.')}"
    return told


def _sentence(number: int, sentence: Sentence, page: Page) -> None:
    key, notes = moves.field(f"sentence-{number}"), f"tl-warn-{number}"
    st.checkbox(words.as_it_stands(sentence.text), value=sentence.released, key=key, wrap=True)
    if sentence.warnings:
        lines = "".join(f"<li>{escape(words.warning(one))}</li>" for one in sentence.warnings)
        st.html(f'<ul class="tl-warn" id="{notes}">{lines}</ul>')
        page.fields.append(Field(key, notes))
