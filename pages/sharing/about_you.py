"""Questions about the teller, after the receipt: every one may be left out, and no answer is shown again."""

import logging
from html import escape
from urllib.parse import urlencode

import streamlit as st

from insight import equality
from insight.access import Actor
from insight.errors import InsightError
from insight.intake import Draft, Problem, digest, said
from insight.intake.questions import Choice
from insight.language import _
from pages.kit.a11y import Field, Page
from pages.sharing import moves
from pages.sharing.frame import heading, paragraphs, summary_of

log = logging.getLogger("throughline")
PAGE = "about-you"
STYLES = "<style>.st-key-tl-column [data-testid=stRadioGroup]{gap:.6rem}</style>"
KEPT = "share-about-you-kept"


def link(draft: Draft) -> None:
    """The way to these questions from the receipt, or thanks to somebody who answered them."""
    if st.session_state.get(KEPT) == digest(draft.key):
        thanks = _("Thank you. What you said about yourself is kept apart from your story.")
        st.html(f'<div class="tl-saved" id="notice" role="status"><p>{escape(thanks)}</p></div>')
        return
    title, words = escape(_("Questions about you")), escape(_("Answer questions about you"))
    here = escape("?" + urlencode({"draft": draft.key, "page": PAGE}), quote=True)
    way = f'<p><a href="{here}" data-go="1">{words}</a></p>'
    st.html(f'<div class="tl-prose"><h2>{title}</h2>{paragraphs(_why())}{way}</div>')


def questions(actor: Actor, draft: Draft, page: Page) -> None:
    """All questions on one page, each with nothing chosen."""
    wrong = st.session_state.get(moves.WRONG, ())
    if wrong:
        summary_of([("", problem.message) for problem in wrong])
    heading(_("Questions about you"), wrong=bool(wrong))
    st.html(f'{STYLES}<div class="tl-prose">{paragraphs(_why(), _use())}</div>')
    asked = [one for one in equality.equality_questions(actor).question if isinstance(one, Choice)]
    with st.form("about-you", border=False, enter_to_submit=False):
        for question in asked:
            _radio(question, page)
        save, skip = _("Save these answers"), _("Skip these questions")
        st.form_submit_button(save, type="primary", on_click=_keep, args=(actor, draft, asked), key="share-about-save")
        st.form_submit_button(skip, on_click=_back, args=(draft,), key="share-about-skip")


def _radio(question: Choice, page: Page) -> None:
    key, words = _key(question), {option.code: said(option.text) for option in question.options}
    help_ = f'<p class="tl-hint" id="{key}-hint">{escape(said(question.help))}</p>' if question.help else ""
    st.html(f'<div class="tl-ask"><p class="tl-label">{escape(said(question.text))}</p>{help_}</div>')
    st.radio(
        said(question.text),
        list(words),
        index=None,
        format_func=words.__getitem__,
        key=key,
        label_visibility="collapsed",
    )
    page.fields.append(Field(key, f"{key}-hint" if question.help else ""))


def _key(question: Choice) -> str:
    return f"about-you-{question.id}"


def _keep(actor: Actor, draft: Draft, asked: list[Choice]) -> None:
    told = {question.id: st.session_state.get(_key(question)) for question in asked}
    try:
        equality.keep(actor, draft.key, told)
    except InsightError as problem:
        moves.say_wrong([Problem("", str(problem))])
    except Exception as fault:  # its text may carry what somebody said, so it is neither shown nor logged
        log.error("share: keeping equality answers failed: %s", type(fault).__name__)
        moves.say_wrong([Problem("", _("Sorry, that could not be saved just now. Try again in a moment."))])
    else:
        if any(told.values()):
            st.session_state[KEPT] = digest(draft.key)
        for question in asked:
            st.session_state.pop(_key(question), None)
        _back(draft)


def _back(draft: Draft) -> None:
    moves.clear()
    st.query_params.from_dict({"draft": draft.key})


def _why() -> str:
    return _(
        "A few questions, such as your age group, help us to see whether everyone here is heard. They are kept apart "
        "from your story, and you do not have to answer any."
    )


def _use() -> str:
    return _(
        "They are only counted. Small numbers are hidden, so that nobody can be recognised. They make no difference to "
        "the help you get, and if you erase your story, they are erased too."
    )
