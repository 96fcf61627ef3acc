"""The pages of a resident's journey: a page of questions, and checking."""

from collections.abc import Sequence
from functools import partial
from html import escape

import streamlit as st

from insight import intake
from insight.intake import PlaceLists, Problem, said
from insight.intake.questions import LongText, Question, StepQuestion, Steps
from insight.intake.rules import is_blank
from insight.intake.saying import in_words
from insight.language import _
from pages.kit import questions as inputs
from pages.kit.a11y import Page
from pages.kit.journey_line import journey_line
from pages.sharing import moves
from pages.sharing.address import CHECK, Where, backwards, onwards, out_of_step, page_of
from pages.sharing.frame import back_words, foot, heading, languages, paragraphs, summary_of
from pages.sharing.moves import Desk
from pages.sharing.words import line_steps


def questions(desk: Desk, here: Where, page: Page, wrong: Sequence[Problem]) -> None:
    """One page of questions: a question of its own, or some questions about one step."""
    asked = desk.asked_at(here)
    words, above = _heading_words(desk, here)
    keys = {desk.path_of(here, question): desk.key_of(here, question) for question in asked}
    found = {keys[problem.path]: problem.message for problem in wrong if problem.path in keys}
    with st.form(f"{desk.name}-{here.name}", border=False, enter_to_submit=False):
        back = backwards(desk.questions, here)
        st.form_submit_button(back_words(), type="tertiary", on_click=moves.leave, args=(desk, here, back))
        languages(desk, here, st.form_submit_button)
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
    foot(desk, here)


def _forward_buttons(desk: Desk, here: Where) -> None:
    there = onwards(desk.questions, here)
    st.form_submit_button(_("Continue"), type="primary", on_click=moves.carry_on, args=(desk, here, there))
    if here.step is not None and there.step is not None:
        done = out_of_step(here)
        st.form_submit_button(_("Finish this step"), on_click=moves.carry_on, args=(desk, here, done))


def _heading_words(desk: Desk, here: Where) -> tuple[str, str]:
    language = desk.draft.language
    if here.step is not None:
        parts = desk.questions.steps.page
        part = next(i for i, one in enumerate(parts) if one.id == here.part)
        return said(parts[part].text, language), _("Step {number}, page {page} of {pages}").format(
            number=here.step + 1, page=part + 1, pages=len(parts)
        )
    return said(desk.questions.by_id(here.page).text, language), position(desk, here)


def position(desk: Desk, here: Where) -> str:
    """How far somebody has come."""
    order = [question.id for question in desk.questions.question]
    return _("Question {number} of {count}").format(number=order.index(here.page) + 1, count=len(order))


def _saved(desk: Desk, here: Where) -> dict[str, object]:
    if here.step is None:
        return desk.draft.answers
    steps = desk.steps
    return steps[here.step] if here.step < len(steps) else {}


def check(desk: Desk, page: Page, wrong: Sequence[Problem]) -> None:
    """Everything that was told, with links to change it, and Send."""
    back = backwards(desk.questions, Where(CHECK))
    st.button(back_words(), type="tertiary", on_click=moves.open_page, args=(desk, back), key="tl-back")
    languages(desk, Where(CHECK), st.button)
    if wrong:
        links = [page_of(p.path, desk.questions).link(desk.draft.key) if p.path else "" for p in wrong]
        summary_of([(link, problem.message) for link, problem in zip(links, wrong, strict=True)])
    heading(_("Check your answers"), wrong=bool(wrong))
    lists = intake.place_lists(desk.actor, desk.draft.place)
    st.html(journey_line(line_steps(desk.questions, desk.steps, lists), _("Your journey")) + _summary(desk))
    st.html(
        f'<div class="tl-prose"><h2>{escape(_("Send your journey"))}</h2>'
        + paragraphs(
            _(
                "When you send it, we give you a reference. Until then only somebody with the address of this page "
                "can read it."
            )
        )
        + "</div>"
    )
    st.button(_("Send"), type="primary", on_click=moves.send, args=(desk,), key="share-send")
    foot(desk, Where(CHECK))


def _summary(desk: Desk) -> str:
    """All answers as a list, each with its Change link."""
    html = f'<h2 class="tl-h2">{escape(_("Your answers"))}</h2><dl class="tl-summary">'
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
        number = index + 1
        html += f'<h3 class="tl-h3">{escape(_("Step {number}").format(number=number))}</h3><dl class="tl-summary">'
        for part in question.page:
            link = Where(question.id, index, part.id, CHECK).link(key)
            for asked in (question.by_id(question_id) for question_id in part.questions):
                if not is_blank(step.get(asked.id)):
                    html += _row(asked, step.get(asked.id), link, language, number)
        first = Where(question.id, index, question.page[0].id, CHECK).link(key)
        words = _("Change or complete step {number}").format(number=number)
        html += f'</dl><p><a href="{escape(first)}" data-go="1">{escape(words)}</a></p>'
    change = Where(question.id, then=CHECK).link(key)
    words = _("Add, move or remove steps") if html else _("Add the steps of your journey")
    return html + f'<p class="tl-steps-link"><a href="{escape(change)}" data-go="1">{escape(words)}</a></p>'


def _row(question: Question | StepQuestion, value: object, link: str, language: str, step: int = 0) -> str:
    words, asked = in_words(question, value, language), said(question.text, language)
    quiet = ' class="tl-quiet"' if is_blank(value) else ""
    of = _("{question} in step {number}").format(question=asked, number=step) if step else asked
    return (
        f'<div><dt>{escape(asked)}</dt><dd{quiet}>{escape(words)}</dd><dd><a href="{escape(link)}" data-go="1">'
        f'{escape(_("Change"))}<span class="tl-unseen">: {escape(of)}</span></a></dd></div>'
    )
