"""The page on which an intended journey is drawn: step by step in a form, or as text; checked while one writes."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from insight import intake, journeys
from insight.access import Actor
from insight.errors import BadInput
from insight.intake import Place
from insight.intake.questions import Choice
from insight.journeys.model import Asked
from insight.journeys.views import IntendedVersion
from insight.language import _
from pages.kit import words
from pages.kit.questions import error_line
from pages.paths import intended_line, said
from pages.paths import intended_moves as moves
from pages.paths.intended_draft import EVERYBODY, WAYS, Draft, Row
from pages.sharing.frame import summary_of

STYLES = """<style>
[class*=st-key-plan-row],[class*=st-key-plan-way-of]{border-top:1px solid #d5dade;padding-top:.6rem}
[class*=-of-] [data-testid^=stBaseButton]{min-height:44px}
[class*=st-key-plan-way-of]{border-inline-start:6px solid #12436d;padding-inline-start:.8rem}
.st-key-plan-text textarea{font-family:monospace}
</style>"""


def say_saved() -> None:
    """Say once that a journey was saved."""
    if told := st.session_state.pop(moves.SAVED, ""):
        st.html(f'<div class="tl-saved" id="saved" role="status"><p>{escape(told)}</p></div>')


def render(actor: Actor, place: Place, asked: Asked, source: str, newest: IntendedVersion | None) -> None:
    """Draw the form, or the text, with what it makes beside it."""
    st.html(STYLES)
    draft = moves.draft_of(newest)
    st.subheader(_("Change an intended journey") if draft.code else _("Draw an intended journey"), anchor=False)
    wrong: tuple[str, str] | None = st.session_state.get(moves.WRONG)
    if wrong:
        summary_of([wrong])
    _how_to_write(draft)
    told = journeys.choices(actor, place, source)["service"]
    services = tuple(dict.fromkeys([*intake.place_lists(actor, place).services, *told]))
    left, right = st.columns([2, 1], gap="large")
    with left:
        if draft.text is None:
            _form(draft, services)
        else:
            _mark("plan-text")
            st.text_area(_("The intended journey as TOML"), key=moves.start("plan-text", draft.text), height=520)
        with st.container(horizontal=True, gap="small"):
            st.button(_("Save"), type="primary", key="plan-save", on_click=moves.save, args=(actor, place))
            st.button(_("Stop without saving"), key="plan-stop", on_click=moves.stop)
    with right:
        _preview(actor, place, asked, source, services)


def _mark(key: str) -> None:
    """The message above the input that is to be mended."""
    wrong: tuple[str, str] | None = st.session_state.get(moves.WRONG)
    if wrong and wrong[0] == key:
        st.html(error_line(*wrong))


def _how_to_write(draft: Draft) -> None:
    st.session_state["plan-as"] = draft.text is not None
    st.segmented_control(
        _("Write it"),
        [False, True],
        format_func=lambda as_text: _("as text") if as_text else _("step by step"),
        key="plan-as",
        on_change=moves.other_way,
        required=True,
    )


def _form(draft: Draft, services: Sequence[str]) -> None:
    """Name, need and a row per step. ``services`` are those of the place and those that its journeys name."""
    _mark("plan-name")
    st.text_input(_("Name"), key=moves.start("plan-name", draft.name), autocomplete="off", max_chars=200)
    st.selectbox(
        _("Which need it is for"),
        ["", *dict.fromkeys([*_needs(), *([draft.need] if draft.need else [])])],
        key=moves.start("plan-need", draft.need or ""),
        format_func=lambda code: words.need(code) if code else _("Any need"),
    )
    st.html(f'<p class="tl-hint">{escape(_hint())}</p>')
    for number, row in enumerate(draft.rows):
        _row(number, row, services, len(draft.rows))


def _hint() -> str:
    return _(
        "Steps stand in the order in which they are meant to happen. Where people take one of several ways, give the "
        "steps of the first way the letter A, and those of the next, right after them, the letter B."
    )


def _needs() -> list[str]:
    asked = next(question for question in intake.question_set().question if question.id == "need")
    return [option.code for option in asked.options] if isinstance(asked, Choice) else []


def _row(place: int, row: Row, services: Sequence[str], rows: int) -> None:
    number = place + 1
    on_way = "row" if row.way == EVERYBODY else "way"
    with st.container(key=f"plan-{on_way}-of-{row.number}", gap="small"):
        for part in moves.PARTS:
            _mark(moves.key_of(row, part))
        with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
            with st.container(width=330, gap=None):
                _name(number, row, services)
            with st.container(width=150, gap=None):
                key = moves.start(moves.key_of(row, "days"), row.days)
                st.text_input(_("Promised days, step {number}").format(number=number), key=key, autocomplete="off")
            with st.container(width=150, gap=None):
                _way(number, row)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            key = moves.start(moves.key_of(row, "optional"), row.optional)
            st.checkbox(_("People may leave it out, step {number}").format(number=number), key=key, width="content")
            _buttons(place, row, rows)


def _name(number: int, row: Row, services: Sequence[str]) -> None:
    st.selectbox(
        _("Step {number}").format(number=number),
        list(dict.fromkeys([*([row.name] if row.name else []), *services])),
        key=moves.start(moves.key_of(row, "name"), row.name or None),
        index=None,
        accept_new_options=True,
        placeholder=_("Start typing"),
    )


def _way(number: int, row: Row) -> None:
    st.selectbox(
        _("Who takes it, step {number}").format(number=number),
        [EVERYBODY, *WAYS],
        key=moves.start(moves.key_of(row, "way"), row.way),
        format_func=lambda way: _("Way {letter}").format(letter=way) if way else _("Everybody"),
        on_change=moves.edit,
        args=("way", number - 1),
    )


def _buttons(place: int, row: Row, rows: int) -> None:
    number = place + 1
    offered = {
        "up": _("Move {number} up") if place else "",
        "down": _("Move {number} down") if place < rows - 1 else "",
        "below": _("Add a step after {number}"),
        "remove": _("Remove {number}"),
    }
    for what, label in offered.items():
        if label:
            key = f"plan-{what}-{row.number}"
            st.button(label.format(number=number), key=key, type="tertiary", on_click=moves.edit, args=(what, place))


def _preview(actor: Actor, place: Place, asked: Asked, source: str, services: Sequence[str]) -> None:
    """What the draft makes, and how many journeys go that way already."""
    st.html(f'<h3 class="tl-h3">{escape(_("What you are drawing"))}</h3>')
    try:
        made = moves.made()
        st.html(intended_line.plan(made))
    except BadInput as problem:
        st.html(f'<p class="tl-hint">{escape(_("Not complete yet."))} {escape(str(problem))}</p>')
        return
    known = {name.casefold() for name in services}
    if strange := [step.name for step in made.steps if step.name.casefold() not in known]:
        told = _("No service here goes by this name, so no journey will match: {names}. Check the spelling.")
        st.html(f'<p class="tl-note">{escape(told.format(names=words.listed(strange)))}</p>')
    narrowed = intended_line.for_need(asked, made.need, source)
    found = journeys.conformance_of_draft(actor, place, made.to_toml(), narrowed, source)
    if found.journeys is None:
        st.html(f'<p class="tl-hint">{escape(_("Too few journeys to compare it with."))}</p>')
        return
    told = _("Go just this way already: {share} journeys.").format(share=said.share(found.as_intended))
    st.html(f'<p class="tl-note">{escape(told)}</p>')
