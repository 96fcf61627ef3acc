"""One question: its words in English, and for one that was added its answers and whether it must be answered."""

from functools import partial
from html import escape

import streamlit as st

from insight.intake.questions import Choice, Number, Question
from insight.surveys import phrases, rules
from pages.surveying import moves
from pages.surveying.desk import Desk, h2, hint, named
from pages.surveying.questions_view import kind_of, words_of
from pages.surveying.words_view import phrase_form


def draw(desk: Desk) -> None:
    """Draw the question that the address names."""
    part = desk.part
    question = rules.find(desk.survey.working, part)
    st.html(
        f'<p class="tl-back">{desk.anchor("All questions", "questions")}</p>'
        f'<h2 class="tl-h2">{escape(words_of(question))}</h2><p class="tl-meta">{escape(kind_of(question))}</p>'
    )
    for of in _parts(desk, part):
        phrase_form(desk, of, "en")
    others = [code for code in desk.survey.working.languages if code != "en"]
    if others:
        link = desk.anchor("Write them in other languages", "words", part=part, language=others[0])
        st.html(f"<p>{link}</p>")
    if rules.is_own(part):
        _own(desk, question)


def _parts(desk: Desk, part: str) -> list[str]:
    """The steps have their own words, and each page about a step a heading."""
    if part != "steps":
        return [part]
    return [name for name in phrases.parts(desk.survey.working) if name == part or name.startswith("steps.page.")]


def _own(desk: Desk, question: Question) -> None:
    if isinstance(question, Choice):
        _options(desk, question)
    h2("Answering it")
    key = f"{desk.key}-required-{question.id}-{question.required}"
    with st.form(f"{key}-form", border=False, enter_to_submit=False):
        st.checkbox("It must be answered", value=question.required, key=key)
        most = f"{desk.key}-most-{question.id}"
        if isinstance(question, Number):
            moves.mark(desk.page, most)
            st.text_input("The largest number that makes sense", value=str(question.most), key=most, width=240)
        st.form_submit_button(
            "Save", key=f"{desk.key}-save-demands", on_click=_demand, args=(desk, question, key, most)
        )
    hint("A question that must be answered holds some people up. Ask for as few as you can.")


def _demand(desk: Desk, question: Question, key: str, most: str) -> None:
    required = bool(st.session_state.get(key))
    edits: list[tuple[moves.Edit, str]] = [(partial(rules.require, path=question.id, required=required), key)]
    if isinstance(question, Number):
        typed = str(st.session_state.get(most) or "").replace(",", "").strip()
        number = int(typed[:12]) if typed.isascii() and typed.isdigit() else 0
        edits.append((partial(rules.limit, path=question.id, most=number), most))
    moves.revise_all(desk, edits, "Saved.")


def _options(desk: Desk, question: Choice) -> None:
    h2("Answers to choose from")
    last = len(question.options) - 1
    for place, option in enumerate(question.options):
        said = option.text.get("en") or option.code
        with st.container(key=f"tl-asked-{option.code}", horizontal=True, gap="small", vertical_alignment="center"):
            st.html(f"<div>{escape(said)}</div>", width="stretch")
            if place:
                _move(desk, question.id, option.code, -1, said)
            if place < last:
                _move(desk, question.id, option.code, 1, said)
            edit = partial(rules.remove_option, path=question.id, code=option.code)
            key = named(desk, f"{desk.key}-less-{option.code}", f"Remove: {said}")
            st.button("Remove", key=key, on_click=moves.callback(desk, edit, f"Removed: {said}"))
    with st.form(f"{desk.key}-more-{len(question.options)}", border=False, enter_to_submit=False):
        key = f"{desk.key}-more-text-{len(question.options)}"
        moves.mark(desk.page, key)
        st.text_input("Another answer, in English", key=key, autocomplete="off")
        st.form_submit_button("Add this answer", key=f"{desk.key}-more", on_click=_more, args=(desk, question.id, key))


def _move(desk: Desk, path: str, code: str, by: int, said: str) -> None:
    way = "up" if by < 0 else "down"
    key = f"{desk.key}-{way}-option-{code}"
    edit = partial(rules.move_option, path=path, code=code, by=by)
    label = f"Move {way}"
    st.button(label, key=named(desk, key, f"{label}: {said}"), on_click=moves.callback(desk, edit, "", key))


def _more(desk: Desk, path: str, key: str) -> None:
    text = str(st.session_state.get(key) or "")
    moves.revise(desk, partial(rules.add_option, path=path, text=text), f"Added: {' '.join(text.split())}", field=key)
