"""The questions of a survey: leave out, put back, move, and add some from the library or of one's own."""

from functools import partial
from html import escape

import streamlit as st

from insight.intake.questions import (
    Choice,
    ConsentTo,
    Feeling,
    Question,
    StepQuestion,
    Steps,
)
from insight.surveys import Working, library, rules
from pages.kit import words
from pages.surveying import moves
from pages.surveying.desk import Desk, h2, hint, named

TYPES = {
    **rules.KINDS,
    "feeling": "How it felt",
    "lookup": "A name, from the place's list or typed",
    "when": "A date, as exactly as remembered",
    "consent": "What may be done with the story",
    "steps": "The steps, one by one",
}
NOTHING = ""


def draw(desk: Desk) -> None:
    """The list of questions in their order, what is left out, and two ways to add."""
    working = desk.survey.working
    asked = [question for question in working.question if question.id not in working.dropped]
    hint("In the order in which people are asked. Leaving a question out keeps it: you can put it back.")
    for place, question in enumerate(asked):
        _card(desk, place, question, len(asked))
    _left_out(desk)
    _add(desk)


def _card(desk: Desk, place: int, question: Question, count: int) -> None:
    with st.container(key=f"tl-card-{question.id}", border=True, gap="small"):
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            st.html(_card_words(desk, place, question), width="stretch")
            if not isinstance(question, ConsentTo):
                if place:
                    _move(desk, question, -1, "Move up")
                if place < count - 2:
                    _move(desk, question, 1, "Move down")
            if question.id not in rules.KEPT:
                _drop(desk, question.id, words_of(question))
        if isinstance(question, Steps):
            with st.expander("The questions about each step"):
                _steps(desk, question)


def _card_words(desk: Desk, place: int, question: Question) -> str:
    own = ' <span class="tl-tag tl-own">Added</span>' if rules.is_own(question.id) else ""
    label = "Change" if rules.is_own(question.id) else "Change the words"
    change = desk.anchor(label, "question", f": {words_of(question)}", part=question.id)
    kept = f" {rules.KEPT[question.id]}" if question.id in rules.KEPT else ""
    return (
        f'<div class="tl-asked"><h2 class="tl-h3">{place + 1}. {escape(words_of(question))}{own}</h2>'
        f'<p class="tl-meta">{escape(kind_of(question))}.{escape(kept)}</p><p class="tl-back">{change}</p></div>'
    )


def words_of(question: Question | StepQuestion) -> str:
    """A question's words in English, or what stands for them."""
    return question.text.get("en") or f"{question.id} (no English words yet)"


def kind_of(question: Question | StepQuestion) -> str:
    """What kind of answer a question takes."""
    told = TYPES[question.type]
    if isinstance(question, Choice | Feeling | ConsentTo):
        told += f", of {len(question.options)}"
    if not isinstance(question, ConsentTo) and question.required:
        told += ". Must be answered"
    return told


def _move(desk: Desk, question: Question, by: int, label: str) -> None:
    key = f"{desk.key}-{'up' if by < 0 else 'down'}-{question.id}"
    done = f"Moved {'up' if by < 0 else 'down'}: {words_of(question)}"
    edit = partial(rules.move, path=question.id, by=by)
    st.button(
        label, key=named(desk, key, f"{label}: {words_of(question)}"), on_click=moves.callback(desk, edit, done, key)
    )


def _drop(desk: Desk, path: str, said: str) -> None:
    key = f"{desk.key}-drop-{path.replace('.', '-')}"
    edit = partial(rules.drop, path=path)
    click = moves.callback(desk, edit, f"Left out: {said}")
    st.button("Leave out", key=named(desk, key, f"Leave out: {said}"), on_click=click)


def _restore(desk: Desk, path: str, said: str) -> None:
    key = f"{desk.key}-restore-{path.replace('.', '-')}"
    click = moves.callback(desk, partial(rules.restore, path=path), f"Put back: {said}")
    st.button("Put back", key=named(desk, key, f"Put back: {said}"), on_click=click)


def _steps(desk: Desk, steps: Steps) -> None:
    """The questions about each step, by the page on which they stand."""
    for page in steps.page:
        left = sum(1 for name in page.questions if f"steps.{name}" not in desk.survey.working.dropped)
        none = "" if left else " (not asked: all of it is left out)"
        st.html(f'<h3 class="tl-h3">About each step: {escape(page.text.get("en", page.id))}{none}</h3>')
        for name in page.questions:
            _step_question(desk, steps.by_id(name), f"{steps.id}.{name}")


def _step_question(desk: Desk, question: StepQuestion, path: str) -> None:
    out = path in desk.survey.working.dropped
    with st.container(key=f"tl-asked-{question.id}", horizontal=True, gap="small", vertical_alignment="center"):
        state = ' <span class="tl-tag tl-off">Left out</span>' if out else ""
        change = "" if out else desk.anchor("Change the words", "question", f": {words_of(question)}", part=path)
        st.html(
            f'<div class="tl-asked">{escape(words_of(question))}{state}'
            f'<p class="tl-meta">{escape(kind_of(question))}. {escape(rules.KEPT.get(path, ""))} {change}</p></div>',
            width="stretch",
        )
        if out:
            _restore(desk, path, words_of(question))
        elif path not in rules.KEPT:
            _drop(desk, path, words_of(question))


def _left_out(desk: Desk) -> None:
    working = desk.survey.working
    out = [question for question in working.question if question.id in working.dropped]
    if not out:
        return
    h2("Left out")
    for question in out:
        with st.container(key=f"tl-asked-{question.id}", horizontal=True, gap="small", vertical_alignment="center"):
            st.html(
                f'<div>{escape(words_of(question))}<p class="tl-meta">{escape(kind_of(question))}</p></div>',
                width="stretch",
            )
            _restore(desk, question.id, words_of(question))


def _add(desk: Desk) -> None:
    h2("Add a question")
    with st.container(key="tl-add", gap="small"):
        _from_library(desk)
        _of_ones_own(desk)


def _from_library(desk: Desk) -> None:
    there = {question.id for question in desk.survey.working.question}
    ready = {question.id: question for question in library() if question.id not in there}
    if not ready:
        return
    key = f"{desk.key}-library-{len(there)}"
    moves.mark(desk.page, key)
    st.selectbox(
        "One that is ready, in every language",
        [NOTHING, *ready],
        key=key,
        format_func=lambda code: f"{words_of(ready[code])} ({TYPES[ready[code].type].lower()})" if code else "Choose",
    )
    st.button("Add this question", key=f"{desk.key}-add-ready", on_click=_add_ready, args=(desk, key))


def _add_ready(desk: Desk, key: str) -> None:
    chosen = next((question for question in library() if question.id == st.session_state.get(key)), None)
    if chosen is None:
        moves.tell(desk.tab, wrong="Choose the question to add.", field=key)
    else:
        moves.revise(desk, partial(rules.add, question=chosen), f"Added: {words_of(chosen)}")


def _of_ones_own(desk: Desk) -> None:
    """A form for a question of one's own: it is emptied when the question was added, and kept when it was not."""
    turn = len(desk.survey.working.question)
    name = f"{desk.key}-own-{turn}"
    with st.form(f"{name}-form", border=False, enter_to_submit=False):
        moves.mark(desk.page, f"{name}-text")
        st.text_input("One of your own, in English", key=f"{name}-text", autocomplete="off")
        st.radio("What kind of answer it takes", list(rules.KINDS), key=f"{name}-kind", format_func=rules.KINDS.get)
        st.text_area(
            "Answers to choose from, one on each line (for Choose one answer)", key=f"{name}-options", height=110
        )
        st.form_submit_button("Add your question", key=f"{desk.key}-add-own", on_click=_add_own, args=(desk, name))
    hint("Words in other languages are written under Words.")


def _add_own(desk: Desk, name: str) -> None:
    state = st.session_state
    text, options = str(state.get(f"{name}-text") or ""), str(state.get(f"{name}-options") or "").splitlines()
    kind = str(state.get(f"{name}-kind") or "")
    shown = words.listed([" ".join(text.split())])

    def added(working: Working) -> Working:
        return rules.add(working, rules.own_question(working, kind, text, options))

    moves.revise(desk, added, f"Added: {shown}", field=f"{name}-text")
