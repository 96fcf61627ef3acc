"""The phases of the journey map: a designer names them and says which services belong to each."""

from collections.abc import Callable
from dataclasses import replace
from html import escape

import streamlit as st

from insight import journeys
from insight.access import Actor
from insight.intake import Place
from insight.language import _, ngettext
from pages.kit import look, words
from pages.kit.a11y import Field, Page
from pages.kit.questions import error_line
from pages.pain import address
from pages.paths import asking, phases_moves
from pages.paths.phases_moves import Draft, Typed
from pages.sharing.frame import summary_of

STYLES = """<style>
[class*=st-key-tl-card-phase] button,.st-key-tl-phases-onwards button{min-height:44px}
.tl-back a{display:inline-flex;align-items:center;min-height:44px}
</style>"""


def render(actor: Actor, place: Place) -> None:
    """The screen on which the phases for a need, or for all needs, are drawn."""
    page, offered = Page(), journeys.choices(actor, place)
    asked = st.query_params.get("need")
    need = asked if asked in offered["need"] else None
    draft = phases_moves.draft_for(actor, place, need)
    look.title(
        _("Phases of the map"),
        _("Name the phases of the journey in your words, and say which services belong to each."),
    )
    if draft.problems:
        st.set_page_config(page_title=_("Error: Phases of the map - Throughline"))
    back = asking.link("journeys", need=need)
    st.html(f'{STYLES}<p class="tl-back"><a href="{back}" data-go="1">{escape(_("Back to the map"))}</a></p>')
    _choose_need(offered["need"])
    _outcome(draft)
    known = tuple(dict.fromkeys([*offered["service"], *(name for one in draft.phases for name in one.services)]))
    for position in range(len(draft.phases)):
        _card(draft, page, position, known)
    _onwards(actor, place, need, draft, known)
    page.finish(f"phases/{need}/{draft.turn}", "error-summary" if draft.problems else draft.focus)


def _choose_need(needs: tuple[str, ...]) -> None:
    address.take("need", needs)
    st.selectbox(
        _("Phases for"),
        needs,
        index=None,
        format_func=words.need,
        placeholder=_("All needs"),
        key="need",
        on_change=address.put,
        args=("need",),
    )


def _outcome(draft: Draft) -> None:
    if draft.problems:
        summary_of(draft.problems)
    elif draft.done:
        st.html(f'<div class="tl-saved" id="saved" role="status"><p>{escape(draft.done)}</p></div>')
    if not draft.saved:
        look.note(
            escape(_("Nobody has drawn phases here: the map goes by first step, second step, and so on. Begin below."))
        )
    elif draft.borrowed:
        look.note(escape(_("These are the phases for all needs. Save them to give this need phases of its own.")))


def _card(draft: Draft, page: Page, position: int, known: tuple[str, ...]) -> None:
    """One phase: its name, its services, and its place among the others."""
    phase = draft.phases[position]
    called = phase.name or _("phase {number}").format(number=position + 1)
    with st.container(key=f"tl-card-phase-{phase.number}", border=True):
        name, services = draft.key(phase.number, "name"), draft.key(phase.number, "services")
        _mark(draft, page, name)
        st.session_state.setdefault(name, phase.name)
        st.text_input(
            _("Name of phase {number}").format(number=position + 1),
            key=name,
            max_chars=journeys.LONGEST_PHASE,
            autocomplete="off",
        )
        _mark(draft, page, services)
        st.session_state.setdefault(services, list(phase.services))
        st.multiselect(
            _("Services in phase {number}").format(number=position + 1),
            known,
            key=services,
            placeholder=_("Choose services"),
        )
        draft.phases[position] = replace(
            phase, name=str(st.session_state[name] or ""), services=tuple(st.session_state[services])
        )
        with st.container(horizontal=True, gap="small"):
            if position:
                _button(draft, page, phase, "up", _("Move up"), called, phases_moves.move, (draft, position, -1))
            if position < len(draft.phases) - 1:
                _button(draft, page, phase, "down", _("Move down"), called, phases_moves.move, (draft, position, 1))
            if len(draft.phases) > 1:
                _button(draft, page, phase, "remove", _("Remove"), called, phases_moves.remove, (draft, position))


def _mark(draft: Draft, page: Page, key: str) -> None:
    """The message above an input that is to be mended, tied to it."""
    wrong = dict(draft.problems).get(key)
    if wrong:
        st.html(error_line(key, wrong))
    page.fields.append(Field(key, f"{key}-error" if wrong else "", bool(wrong)))


def _button(
    draft: Draft,
    page: Page,
    phase: Typed,
    part: str,
    label: str,
    called: str,
    press: Callable[..., None],
    args: tuple[object, ...],
) -> None:
    key = draft.key(phase.number, part)
    page.fields.append(Field(key, name=f"{label}: {called}", button=True))
    st.button(label, key=key, on_click=press, args=args)


def _onwards(actor: Actor, place: Place, need: str | None, draft: Draft, known: tuple[str, ...]) -> None:
    """What comes after the last phase: add one, save, go back; and which services are left over."""
    taken = {service for one in draft.phases for service in one.services}
    left = [service for service in known if service not in taken]
    if left:
        told = ngettext(
            "{number} service is in no phase. Its steps stand last on the map, as other steps: {services}.",
            "{number} services are in no phase. Their steps stand last on the map, as other steps: {services}.",
            len(left),
        ).format(number=len(left), services=words.listed(left, 12))
        st.html(f'<p class="tl-hint">{escape(told)}</p>')
    with st.container(horizontal=True, gap="small", key="tl-phases-onwards"):
        if len(draft.phases) < journeys.MOST_PHASES:
            st.button(_("Add a phase"), key=f"{draft.name}-add", on_click=phases_moves.add, args=(draft,))
        st.button(
            _("Save the phases"),
            key=f"{draft.name}-save",
            type="primary",
            on_click=phases_moves.save,
            args=(actor, place, need, draft),
        )
        if draft.saved:
            st.button(
                _("Go back to steps by position"),
                key=f"{draft.name}-back",
                on_click=phases_moves.take_back,
                args=(actor, place, need, draft),
            )
