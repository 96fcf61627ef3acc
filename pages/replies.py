"""Replies: tellers who asked for one, the longest waiting first. They read it with their reference."""

from dataclasses import dataclass
from html import escape

import streamlit as st

from insight import receipts
from insight.access import Actor
from insight.errors import InsightError
from insight.intake import Place
from insight.language import LANGUAGES, _, ngettext, speak
from insight.receipts import REQUESTS_SHOWN, Answer, Request
from pages.kit import look, words
from pages.kit.a11y import Field, Page
from pages.kit.placing import choose_place
from pages.kit.questions import error_line
from pages.kit.session import chosen_language
from pages.sharing.frame import summary_of

STYLES = """<style>
.tl-answers{margin:0;padding:0 !important}.tl-answers dt{font-weight:600;margin:.5rem 0 0}
.tl-answers dd{margin:0;white-space:pre-line;overflow-wrap:anywhere;unicode-bidi:plaintext}
.tl-asked h2{font-size:1.25rem;margin:0 0 .2rem;padding:0}.tl-asked h3{font-size:1.05rem;margin:.8rem 0 0;padding:0}
.tl-asked>p{margin:0 0 .4rem;color:#505a5f}
</style>"""
OUTCOME, PAGE = "replies-outcome", "replies-page"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the last button led to: a reply sent, or what is wrong with which one; ``turn`` moves the focus."""

    turn: int = 0
    sent: bool = False
    number: int = 0
    wrong: str = ""


def render(actor: Actor) -> None:
    """Draw the requests, each with the story and a box to write in."""
    st.html(STYLES)
    page, outcome, shown = Page(), _last(), int(st.session_state.get(PAGE, 1))
    if outcome.wrong:
        summary_of([(_box(outcome.number), outcome.wrong)])
    lead = _(
        "Tellers who asked for a reply. They come back and read it with their reference. You do not see who they are."
    )
    look.title(_("Replies"), lead)
    if outcome.sent:
        sent = escape(_("The reply was sent."))
        st.html(f'<div class="tl-saved" id="saved" role="status"><p>{sent}</p></div>')
    place = choose_place(actor)
    waiting, total = receipts.waiting_for_reply(actor, place, shown)
    st.html(f'<p class="tl-prose">{escape(_how_many(total))}</p>')
    with st.container(width=820, key="tl-column"):
        for request in waiting:
            _request(actor, place, request, page, outcome)
    _turn(shown, total)
    page.finish(f"replies/{outcome.turn}", "error-summary" if outcome.wrong else "saved" if outcome.sent else "")


def _last() -> Outcome:
    found: Outcome = st.session_state.get(OUTCOME) or Outcome()
    return found


def _box(number: int) -> str:
    return f"reply-{number}"


def _how_many(total: int) -> str:
    if not total:
        return _("Nobody waits for a reply.")
    told = ngettext("One teller waits for a reply.", "{number} tellers wait for a reply.", total)
    return told.format(number=f"{total:,}")


def _request(actor: Actor, place: Place, request: Request, page: Page, outcome: Outcome) -> None:
    key = _box(request.number)
    with st.container(border=True):
        st.html(_told(request))
        if request.answers is None:
            return
        wrong = outcome.wrong if outcome.number == request.number else ""
        with st.form(f"{key}-form", border=False, enter_to_submit=False):
            if wrong:
                st.html(error_line(key, wrong))
            st.text_area(_label(request), key=key, height=140)
            page.fields.append(Field(key, f"{key}-error" if wrong else "", wrong=bool(wrong)))
            send = (actor, place, request.number)
            st.form_submit_button(_("Send the reply"), type="primary", on_click=_send, args=send)


def _label(request: Request) -> str:
    language = LANGUAGES.get(request.language)
    asked_on = words.day(request.asked_at)
    if language is None or language.code == "en":
        return _("Your reply to the teller who asked on {day}").format(day=asked_on)
    told_in = _("Your reply to the teller who asked on {day}, who wrote in {language}")
    return told_in.format(day=asked_on, language=language.name)


def _told(request: Request) -> str:
    asked_on = escape(_("Asked on {day}").format(day=words.day(request.asked_at)))
    told_on = escape(_("Told on {day}").format(day=words.day(request.told_at)))
    head = f"<h2>{asked_on}</h2><p>{told_on}</p>"
    if request.answers is None or request.steps is None:
        waits = _(
            "This story waits for the safeguarding lead, or you may not read stories. You can reply once it is "
            "released."
        )
        return f'<div class="tl-asked">{head}<p>{escape(waits)}</p></div>'
    steps = "".join(
        f"<h3>{escape(_('Step {number}').format(number=step.number))}</h3>{_list(step.answers)}"
        for step in request.steps
    )
    return f'<div class="tl-asked">{head}{_list(request.answers)}{steps}</div>'


def _list(answers: tuple[Answer, ...]) -> str:
    rows = "".join(f'<dt>{escape(one.asked)}</dt><dd dir="auto">{escape(one.said)}</dd>' for one in answers)
    return f'<dl class="tl-answers">{rows}</dl>' if rows else ""


def _send(actor: Actor, place: Place, number: int) -> None:
    """Keep the reply; what cannot be kept stays in its box, with what to do."""
    speak(chosen_language())  # buttons are worked off before the page is run
    turn = _last().turn + 1
    try:
        receipts.answer(actor, place, number, str(st.session_state.get(_box(number)) or ""))
    except InsightError as problem:
        st.session_state[OUTCOME] = Outcome(turn, number=number, wrong=str(problem))
    else:
        st.session_state[OUTCOME] = Outcome(turn, sent=True)


def _turn(shown: int, total: int) -> None:
    """To those who have waited longer, and to the next ones."""
    with st.container(horizontal=True):
        if shown > 1:
            st.button(_("Longer waiting"), on_click=_show, args=(shown - 1,))
        if shown * REQUESTS_SHOWN < total:
            st.button(_("Next requests"), on_click=_show, args=(shown + 1,))


def _show(number: int) -> None:
    st.session_state[PAGE], st.session_state[OUTCOME] = number, Outcome(_last().turn + 1)
