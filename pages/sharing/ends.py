"""Before the first question and after the last: what this is and who reads it; the reference and what happens next."""

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from insight.access import Actor
from insight.concerns import HelpLine
from insight.intake import Draft, Invitation, Place, QuestionSet, said
from insight.language import _
from pages.sharing import moves
from pages.sharing.address import START, Where
from pages.sharing.frame import heading, language_links, languages, paragraphs
from pages.sharing.moves import Desk


def start(actor: Actor, invited: Invitation, desk: Desk | None) -> None:
    """Before the first question: what this is, who reads it, what is kept."""
    questions = desk.questions if desk else invited.questions
    if desk is None:
        language_links()
    else:
        languages(desk, Where(START), st.button)
    heading(said(questions.title))
    st.html(f'<div class="tl-prose">{_welcome(invited.place, questions)}</div>{_safety()}')
    if desk is not None:
        first = Where(questions.question[0].id)
        st.button(_("Continue"), type="primary", on_click=moves.open_page, args=(desk, first), key="share-begin")
    elif invited.open:
        begin = partial(moves.begin, actor, invited.survey)
        st.button(_("Start now"), type="primary", on_click=begin, key="share-begin")
    else:
        st.html(paragraphs(_("This survey is not open today.")))


def _welcome(place: Place, questions: QuestionSet) -> str:
    """What somebody is told before they begin; a survey may say it in its own words."""
    lead = _(
        "Tell {place} what happened when you needed help: which services you dealt with, in what order, and how it "
        "went."
    ).format(place=place.name)
    if questions.welcome:
        lead = said(questions.welcome)
    readers = _(
        "People who design and run public services here. They read many journeys together, to see where it goes wrong "
        "for people and what helps."
    )
    kept = _(
        "Your answers, and nothing else about you: we do not ask for your name. You decide at the end what may be done "
        "with them."
    )
    leave_out = _("Please leave out names, addresses and phone numbers, yours and other people’s.")
    return (
        f'<p class="tl-lead">{escape(lead)}</p>'
        f"<p>{escape(_how_long(questions))}</p>"
        f"<h2>{escape(_('Who reads it'))}</h2>{paragraphs(readers)}"
        f"<h2>{escape(_('What is kept'))}</h2>{paragraphs(kept, leave_out)}"
    )


def _how_long(questions: QuestionSet) -> str:
    if questions.may_be_passed_by:
        return _("It takes about five minutes. You may skip any question, and stop and come back.")
    return _("It takes about five minutes. You can stop and come back.")


def _safety() -> str:
    """Who to call now, and what cannot be kept secret."""
    exception = _(
        "We keep what you tell to ourselves, with one exception: if somebody seems to be at risk of serious harm, a "
        "trained person may have to act on it."
    )
    complaint = _("This is not a way to complain: a complaint goes to the service itself, and has time limits.")
    return (
        f'<div class="tl-note"><p><strong>{escape(_("In danger, or is someone else? Call 999."))}</strong> '
        f"{escape(_('Nobody reads this straight away.'))}</p>{paragraphs(exception, complaint)}</div>"
    )


def receipt(draft: Draft, help_lines: Sequence[HelpLine]) -> None:
    """The story was sent: its reference, who to call if it spoke of harm, and what happens next."""
    heading(_("Thank you. Your journey was changed") if draft.amends else _("Thank you. Your journey was sent"))
    st.html(_panel(draft.reference or ""))
    if help_lines:
        st.html(_help(help_lines))
    thanks = paragraphs(said(draft.questions.thanks)) if draft.questions.thanks else ""
    keep_it = _(
        "Write it down or take a photo of this page. We did not ask who you are, so this reference is the only link "
        "between you and your story."
    )
    with_it = escape(_("With your reference you can see, change or withdraw your story"))
    st.html(
        f'<div class="tl-prose">{thanks}{paragraphs(keep_it)}'
        f'<p><a href="/tell/receipt" target="_self">{with_it}</a></p>{_what_next()}</div>'
        f'<p class="tl-again"><a href="/share" target="_self">{escape(_("Tell another journey"))}</a></p>'
    )


def _panel(reference: str) -> str:
    aloud = ", ".join(" ".join(group) for group in reference.split("-"))
    return (
        f'<div class="tl-panel"><p>{escape(_("Your reference"))}</p><p class="tl-reference" dir="ltr">'
        f'<span aria-hidden="true">{reference}</span><span class="tl-unseen">{aloud}</span></p></div>'
    )


def _what_next() -> str:
    patterns = _(
        "Those who run the services see where journeys hurt most, which services that runs across, and what helps. "
        "They see patterns, not people."
    )
    steps = (
        _("Your story is kept as you sent it."),
        _("If you agreed to it, it is read together with the journeys of other people here."),
        patterns,
    )
    listed = "".join(f"<li>{escape(one)}</li>" for one in steps)
    return f"<h2>{escape(_('What happens next'))}</h2><ol>{listed}</ol>"


def _help(lines: Sequence[HelpLine]) -> str:
    rows = "".join(
        f'<li><strong>{escape(line.name)}</strong>: <a href="{escape(line.dial)}" dir="ltr">{escape(line.number)}</a>. '
        f"{escape(line.what_for)} {escape(line.open)}</li>"
        for line in lines
    )
    title = escape(_("You can talk to somebody now"))
    return f'<div class="tl-note tl-prose"><h2>{title}</h2><ul>{rows}</ul></div>'


def lost() -> None:
    """The key opens nothing."""
    heading(_("We cannot find that journey"))
    check = paragraphs(_("The address may be incomplete: check that all of it was copied."))
    again = escape(_("Start a new journey"))
    st.html(f'<div class="tl-prose">{check}<p><a href="/share" target="_self">{again}</a></p></div>')
