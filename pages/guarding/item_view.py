"""One item: what is known, the story once somebody asks for it, what to do, the decision, and the history."""

from datetime import datetime
from html import escape

import streamlit as st

from insight import safeguarding
from insight.access import Actor
from insight.intake import ConsentScope, Step, Story
from insight.language import _, noted, spoken
from insight.safeguarding import Decision, Item, Reading, State
from pages.guarding import moves, words
from pages.guarding.queue_view import STYLES, facts
from pages.kit import look
from pages.kit import words as said
from pages.kit.a11y import Field, Page
from pages.kit.outcome import Outcome
from pages.kit.questions import error_line
from pages.sharing.frame import summary_of

STORY = """<style>
.tl-told{border-left:4px solid #b1b4b6;padding:.1rem 0 .1rem .9rem;margin:.2rem 0 1rem}
.st-key-tl-column [data-testid=stRadioGroup]{gap:.6rem}
.tl-told p{margin:0;white-space:pre-line;overflow-wrap:anywhere}.tl-told mark{background:#fff1a8;color:#0b0c0c}
.tl-told .tl-hint{margin-top:.2rem}.tl-history{padding-left:1.2rem !important}.tl-history p{margin:.1rem 0 .5rem}
</style>"""
DONE = {
    Decision.REFER: noted("Recorded: referred. The item stays open."),
    Decision.RELEASE: noted("Recorded: released. The next analysis may use the story, as its teller agreed."),
    Decision.WITHHOLD: noted("Recorded: withheld. The story stays out of everything else."),
    Decision.REOPEN: noted("Recorded: opened again. The clock has started anew."),
}
AGREED = {
    ConsentScope.ANALYSE: noted("Analysis with other journeys"),
    ConsentScope.QUOTE: noted("Quotes without a name"),
    ConsentScope.CONTACT: noted("A reply, which they find with their reference"),
}
WHAT_TO_DO = (
    noted("If somebody seems to be in danger now, call 999 before you do anything here."),
    noted(
        "If a child or an adult at risk may be harmed, follow your local safeguarding procedure today. Record below "
        "to whom you referred it."
    ),
    noted("We do not know who told this story unless staff logged it: then their name stands above it."),
    noted(
        "A story that is neither about harm now nor points to a person can be released. If you are in doubt, withhold "
        "it."
    ),
)


def render(actor: Actor, number: int, now: datetime, page: Page) -> str:
    """Draw one item; gives the key or id to which the focus moves."""
    item = safeguarding.item(actor, number)
    reading, outcome = moves.reading_of(item), moves.last()
    title = _("Item {number} - Safeguarding - Throughline").format(number=item.id)
    st.set_page_config(page_title=_("Error: {title}").format(title=title) if outcome.wrong else title)
    st.html(STYLES + STORY)
    back = _("Back to the queue")
    st.button(back, icon=":material/arrow_back:", type="tertiary", on_click=moves.leave, key="tl-back")
    with st.container(width=820, key="tl-column"):
        if outcome.wrong:
            summary_of([(moves.field(name) if name else "", message) for name, message in outcome.wrong])
        if outcome.done:
            done = escape(_(DONE[Decision(outcome.done)]))
            st.html(f'<div class="tl-saved" id="saved" role="status"><p>{done}</p></div>')
        st.html(f'<h1 class="tl-h1">{escape(_("Item {number}").format(number=item.id))}</h1>{facts(item, now)}')
        _story(actor, item, reading, now)
        _decision(actor, item, reading, page, outcome)
        _history(item, now)
    return "error-summary" if outcome.wrong else "saved" if outcome.done else "story" if reading else ""


def _story(actor: Actor, item: Item, reading: Reading | None, now: datetime) -> None:
    if reading is not None:
        st.html(_told(reading, now))
    elif item.state is not State.ERASED:
        told = _(
            "The story is shown when you ask for it. <strong>Each reading is recorded</strong> with your name and the "
            "time."
        )
        look.note(f"<p>{told}</p>")
        st.button(_("Read the story"), type="primary", on_click=moves.read, args=(actor, item.id), key="guard-read")


def _told(reading: Reading, now: datetime) -> str:
    story = reading.story
    scopes = {consent.scope for consent in story.consents if consent.given}
    agreed = [_(use) for scope, use in AGREED.items() if scope in scopes]
    rows = {
        _("What they needed help with"): said.need(story.need),
        _("Who told it"): said.teller(story.teller_role),
        _("How it reached us"): _reached(story.source, reading.logged_by),
        _("Received"): words.on_the_clock(reading.received_at, now),
        _("What its teller agreed to"): "\n".join(agreed) or _("Nothing"),
    }
    about = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(told)}</dd></div>" for name, told in rows.items())
    recorded = _("Your reading is recorded. Nobody outside the safeguarding role can open it.")
    return (
        f'<h2 class="tl-h2" id="story" tabindex="-1">{escape(_("The story"))}</h2>'
        f'<div class="tl-note"><p>{escape(recorded)}</p></div>'
        f'<dl class="tl-summary">{about}</dl><div{_lang(story)}>{_answers(reading)}{_steps(reading)}</div>'
    )


def _reached(source: str, logged_by: str | None) -> str:
    how = said.source(source)
    return _("{how}, by {name}").format(how=how, name=logged_by) if logged_by else how


def _lang(story: Story) -> str:
    return "" if story.language == spoken().code else f' lang="{escape(story.language, quote=True)}" dir="auto"'


def _answers(reading: Reading) -> str:
    story = reading.story
    asked = (
        (_("What happened"), story.what_happened),
        (_("What would have made it better"), story.what_better),
        (_("What was good"), story.what_good),
        (_("What got in the way, as staff see it"), story.obstacle_text),
    )
    return "".join(
        f'<h3 class="tl-h3" lang="{spoken().tag}">{escape(title)}</h3>'
        f'<div class="tl-told"><p>{_marked(text, reading)}</p></div>'
        for title, text in asked
        if text
    )


def _steps(reading: Reading) -> str:
    return "".join(_step(number, step, reading) for number, step in enumerate(reading.story.steps, 1))


def _step(number: int, step: Step, reading: Reading) -> str:
    named = step.service or step.organisation or _("a service not named")
    heading = _("Step {number}: {service}").format(number=number, service=named)
    about = (
        said.remembered(step.happened_on, step.precision),
        said.channel(step.channel) if step.channel else None,
        _("felt {feeling}").format(feeling=said.feeling(step.feeling)) if step.feeling is not None else None,
    )
    note = f"<p>{_marked(step.note, reading)}</p>" if step.note else ""
    quiet = " · ".join(fact for fact in about if fact) or _("No more was told")
    return (
        f'<h3 class="tl-h3" lang="{spoken().tag}">{escape(heading)}</h3><div class="tl-told">{note}'
        f'<p class="tl-hint" lang="{spoken().tag}">{escape(quiet)}</p></div>'
    )


def _marked(text: str, reading: Reading) -> str:
    """A text with the sentences in which something was found marked; every word is as it was told."""
    parts, at = [], 0
    for start, end in reading.marks.get(text, ()):
        parts += [escape(text[at:start]), f"<mark>{escape(text[start:end])}</mark>"]
        at = end
    return "".join([*parts, escape(text[at:])])


def _decision(actor: Actor, item: Item, reading: Reading | None, page: Page, outcome: Outcome) -> None:
    wrong = dict(outcome.wrong)
    if item.state is State.OPEN and reading is not None:
        lines = "".join(_line(_(text)) for text in WHAT_TO_DO)
        st.html(f'<h2 class="tl-h2">{escape(_("What to do"))}</h2><ul class="tl-prose">{lines}</ul>')
        with st.form("guard-decide", border=False, enter_to_submit=False):
            st.html(f'<h2 class="tl-h2">{escape(_("Your decision"))}</h2>')
            _choice(page, wrong)
            why = _("Why? For a referral, also to whom. Leave out names and what the story says.")
            _reason(why, page, wrong)
            record = _("Record the decision")
            st.form_submit_button(record, type="primary", on_click=moves.decide, args=(actor, item))
    elif item.state in (State.RELEASED, State.WITHHELD):
        with st.form("guard-reopen", border=False, enter_to_submit=False):
            st.html(f'<h2 class="tl-h2">{escape(_("Open it again"))}</h2>')
            why = _("Why does it need another look? Leave out names and what the story says.")
            _reason(why, page, wrong)
            st.form_submit_button(_("Open again"), on_click=moves.reopen, args=(actor, item))


def _line(text: str) -> str:
    return f"<li>{escape(text)}</li>"


def _choice(page: Page, wrong: dict[str, str]) -> None:
    label = _("What happens with this story?")
    _ask(moves.CHOICE, label, page, wrong)
    st.radio(
        label,
        list(words.DECISIONS),
        index=None,
        format_func=words.decision,
        key=moves.field(moves.CHOICE),
        label_visibility="collapsed",
    )


def _reason(label: str, page: Page, wrong: dict[str, str]) -> None:
    _ask(moves.NOTE, label, page, wrong)
    moves.put_back_note()
    st.text_area(label, key=moves.field(moves.NOTE), height=120, label_visibility="collapsed")


def _ask(name: str, label: str, page: Page, wrong: dict[str, str]) -> None:
    """The words over a field, and what is wrong with it."""
    key = moves.field(name)
    error = error_line(key, wrong[name]) if name in wrong else ""
    st.html(f'<div class="tl-ask"><p class="tl-label">{escape(label)}</p>{error}</div>')
    page.fields.append(Field(key, f"{key}-error" if error else "", bool(error)))


def _history(item: Item, now: datetime) -> None:
    raised = f"{words.raised_by(item)} {words.when(item.raised_at, now)}"
    rows = [f"<li>{escape(raised)}</li>"]
    for event in item.events:
        note = f"<p>{escape(event.note)}</p>" if event.note else ""
        rows.append(f"<li>{escape(words.event(event, now))}{note}</li>")
    st.html(f'<h2 class="tl-h2">{escape(_("History"))}</h2><ol class="tl-prose tl-history">{"".join(rows)}</ol>')
