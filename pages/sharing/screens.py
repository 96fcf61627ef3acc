"""The screens of a resident's journey: the start, a page of questions, checking, and the receipt."""

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from insight import intake
from insight.access import Actor
from insight.intake import Place, PlaceLists, Problem, said
from insight.intake.questions import LongText, Question, StepQuestion, Steps
from pages.kit import questions as inputs
from pages.kit.a11y import Page
from pages.kit.journey_line import journey_line
from pages.sharing import moves
from pages.sharing.address import CHECK, Where, backwards, onwards, out_of_step, page_of
from pages.sharing.moves import Desk
from pages.sharing.words import NOTHING, in_words, line_steps

BACK = ":material/arrow_back: Back"
SAFETY = (
    '<div class="tl-note"><p><strong>In danger, or is someone else? Call 999.</strong> Nobody reads this straight '
    "away. It is not a way to complain either: a complaint goes to the service itself, and has time limits.</p></div>"
)
LATER = (
    '<details class="tl-later"><summary>Stop and come back later</summary><p>Everything is saved as you go. '
    "The address of this page is your way back: bookmark it or copy it. Anyone who has the address "
    "can read your answers until you send them, so keep it to yourself, and close the page on a shared computer.</p>"
    "</details>"
)


def heading(words: str, *, above: str = "", wrong: bool = False) -> None:
    """The one heading of a page, also in the browser's tab."""
    st.set_page_config(page_title=f"{'Error: ' if wrong else ''}{words} - Tell your journey - Throughline")
    before = f'<p class="tl-above">{escape(above)}</p>' if above else ""
    st.html(f'{before}<h1 class="tl-h1">{escape(words)}</h1>')


def summary_of(problems: Sequence[tuple[str, str]]) -> None:
    """The error summary: (link or input's key, message), each leading to where it can be mended."""
    items = "".join(f"<li>{_problem_link(target, message)}</li>" for target, message in problems)
    st.html(f'<div class="tl-error" id="error-summary" role="alert"><h2>There is a problem</h2><ul>{items}</ul></div>')


def _problem_link(target: str, message: str) -> str:
    if not target:
        return f"<span>{escape(message)}</span>"
    go = 'data-go="1"' if target.startswith("?") else f'data-field="{target}"'
    href = escape(target if target.startswith("?") else f"#{target}", quote=True)
    return f'<a href="{href}" {go}>{escape(message)}</a>'


def start(actor: Actor, place: Place, desk: Desk | None) -> None:
    """Before the first question: what this is, who reads it, what is kept."""
    heading("Tell your journey")
    st.html(
        f'<div class="tl-prose"><p class="tl-lead">Tell {escape(place.name)} what happened when you needed help: which '
        "services you dealt with, in what order, and how it went.</p>"
        "<p>It takes about five minutes. <strong>You may skip any question</strong>, and stop and come back.</p>"
        "<h2>Who reads it</h2><p>People who design and run public services here. They read many journeys together, to "
        "see where it goes wrong for people and what helps.</p>"
        "<h2>What is kept</h2><p>Your answers, and nothing else about you: we do not ask for your name. You decide at "
        "the end what may be done with them.</p>"
        "<p>Please leave out names, addresses and phone numbers, yours and other people&rsquo;s.</p></div>" + SAFETY
    )
    if desk is None:
        st.button("Start now", type="primary", on_click=moves.begin, args=(actor,), key="share-begin")
    else:
        first = Where(desk.questions.question[0].id)
        st.button("Continue", type="primary", on_click=moves.open_page, args=(desk, first), key="share-begin")


def questions(desk: Desk, here: Where, page: Page, wrong: Sequence[Problem]) -> None:
    """One page of questions: a question of its own, or some questions about one step."""
    asked = desk.asked_at(here)
    words, above = _heading_words(desk, here)
    keys = {desk.path_of(here, question): desk.key_of(here, question) for question in asked}
    found = {keys[problem.path]: problem.message for problem in wrong if problem.path in keys}
    with st.form(f"{desk.name}-{here.name}", border=False, enter_to_submit=False):
        back = backwards(desk.questions, here)
        st.form_submit_button(BACK, type="tertiary", on_click=moves.leave, args=(desk, here, back))
        if wrong:
            firsts = {desk.path_of(here, q): inputs.first_input(q, desk.key_of(here, q)) for q in asked}
            summary_of([(firsts.get(problem.path, ""), problem.message) for problem in wrong])
        heading(words, above=above, wrong=bool(wrong))
        lists = intake.place_lists(desk.actor, desk.draft.place) if here.step is not None else PlaceLists({}, ())
        sheet = inputs.Sheet(page, lists, found, desk.draft.language)
        saved = _saved(desk, here)
        for question in asked:
            key = desk.key_of(here, question)
            inputs.draw(sheet, question, saved.get(question.id), key, heading_says_it=len(asked) == 1)
            if isinstance(question, LongText):
                page.keeps[key] = partial(moves.keep_typed, desk, here, question.id)
        with st.container(horizontal=True, gap="small", key="tl-onwards"):
            _forward_buttons(desk, here)
    st.html(LATER)


def _forward_buttons(desk: Desk, here: Where) -> None:
    there = onwards(desk.questions, here)
    st.form_submit_button("Continue", type="primary", on_click=moves.carry_on, args=(desk, here, there))
    if here.step is not None and there.step is not None:
        done = out_of_step(here)
        st.form_submit_button("Finish this step", on_click=moves.carry_on, args=(desk, here, done))


def _heading_words(desk: Desk, here: Where) -> tuple[str, str]:
    language = desk.draft.language
    if here.step is not None:
        parts = desk.questions.steps.page
        position = next(i for i, part in enumerate(parts) if part.id == here.part)
        return said(parts[position].text, language), f"Step {here.step + 1}, page {position + 1} of {len(parts)}"
    return said(desk.questions.by_id(here.page).text, language), _position(desk, here)


def _position(desk: Desk, here: Where) -> str:
    order = [question.id for question in desk.questions.question]
    return f"Question {order.index(here.page) + 1} of {len(order)}"


def _saved(desk: Desk, here: Where) -> dict[str, object]:
    if here.step is None:
        return desk.draft.answers
    steps = desk.steps
    return steps[here.step] if here.step < len(steps) else {}


def check(desk: Desk, page: Page, wrong: Sequence[Problem]) -> None:
    """Everything that was told, with links to change it, and Send."""
    back = backwards(desk.questions, Where(CHECK))
    st.button(BACK, type="tertiary", on_click=moves.open_page, args=(desk, back), key="tl-back")
    if wrong:
        links = [page_of(p.path, desk.questions).link(desk.draft.key) if p.path else "" for p in wrong]
        summary_of([(link, problem.message) for link, problem in zip(links, wrong, strict=True)])
    heading("Check your answers", wrong=bool(wrong))
    lists = intake.place_lists(desk.actor, desk.draft.place)
    st.html(journey_line(line_steps(desk.questions, desk.steps, lists), "Your journey") + _summary(desk))
    st.html(
        '<div class="tl-prose"><h2>Send your journey</h2><p>When you send it, we give you a reference. Until then '
        "only somebody with the address of this page can read it.</p></div>"
    )
    st.button("Send", type="primary", on_click=moves.send, args=(desk,), key="share-send")
    st.html(LATER)


def _summary(desk: Desk) -> str:
    """All answers as a list, each with its Change link."""
    html = '<h2 class="tl-h2">Your answers</h2><dl class="tl-summary">'
    for question in desk.questions.question:
        if isinstance(question, Steps):
            html += "</dl>" + _steps_summary(desk, question) + '<dl class="tl-summary">'
        else:
            link = Where(question.id, then=CHECK).link(desk.draft.key)
            html += _row(question, desk.draft.answers.get(question.id), link, desk.draft.language)
    return html + "</dl>"


def _steps_summary(desk: Desk, question: Steps) -> str:
    key, language = desk.draft.key, desk.draft.language
    html = ""
    for index, step in enumerate(desk.steps):
        html += f'<h3 class="tl-h3">Step {index + 1}</h3><dl class="tl-summary">'
        for part in question.page:
            link = Where(question.id, index, part.id, CHECK).link(key)
            for asked in (question.by_id(question_id) for question_id in part.questions):
                if in_words(asked, step.get(asked.id)) != NOTHING:
                    html += _row(asked, step.get(asked.id), link, language, f" in step {index + 1}")
        first = Where(question.id, index, question.page[0].id, CHECK).link(key)
        html += f'</dl><p><a href="{escape(first)}" data-go="1">Change or complete step {index + 1}</a></p>'
    change = Where(question.id, then=CHECK).link(key)
    words = "Add, move or remove steps" if html else "Add the steps of your journey"
    return html + f'<p class="tl-steps-link"><a href="{escape(change)}" data-go="1">{words}</a></p>'


def _row(question: Question | StepQuestion, value: object, link: str, language: str, of: str = "") -> str:
    words, asked = in_words(question, value, language), escape(said(question.text, language))
    quiet = ' class="tl-quiet"' if words == NOTHING else ""
    return (
        f'<div><dt>{asked}</dt><dd{quiet}>{escape(words)}</dd><dd><a href="{escape(link)}" data-go="1">Change'
        f'<span class="tl-unseen">: {asked}{of}</span></a></dd></div>'
    )


def receipt(reference: str) -> None:
    """The story was sent: its reference, and what happens next."""
    heading("Thank you. Your journey was sent")
    aloud = ", ".join(" ".join(group) for group in reference.split("-"))
    st.html(
        f'<div class="tl-panel"><p>Your reference</p><p class="tl-reference">'
        f'<span aria-hidden="true">{reference}</span><span class="tl-unseen">{aloud}</span></p></div>'
        '<div class="tl-prose"><p>Write it down or take a photo of this page. We did not ask who you are, so this '
        "reference is the only link between you and your story.</p>"
        "<h2>What happens next</h2><ol><li>Your story is kept as you sent it.</li>"
        "<li>If you agreed to it, it is read together with the journeys of other people here.</li>"
        "<li>Those who run the services see where journeys hurt most, which services that runs across, and what helps. "
        "They see patterns, not people.</li></ol></div>"
    )
    st.html('<p class="tl-again"><a href="/share" target="_self">Tell another journey</a></p>')


def lost() -> None:
    """The key opens nothing."""
    heading("We cannot find that journey")
    st.html(
        '<div class="tl-prose"><p>The address may be incomplete: check that all of it was copied.</p>'
        '<p><a href="/share" target="_self">Start a new journey</a></p></div>'
    )
