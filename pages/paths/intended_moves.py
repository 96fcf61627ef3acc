"""What the buttons do where an intended journey is drawn. Whatever fails, what was typed stays."""

import logging
from dataclasses import replace
from typing import Any

import streamlit as st

from insight import intake, journeys
from insight.access import Actor
from insight.errors import BadInput, Conflict, InsightError
from insight.intake import Place
from insight.journeys.mining.intended import Intended, load_intended
from insight.journeys.views import IntendedVersion
from insight.language import _
from pages.paths import asking, intended_draft
from pages.paths.intended_draft import Draft, Row, RowError

log = logging.getLogger("throughline")
DRAFT, WRONG, SAVED = "plan-draft", "plan-wrong", "plan-saved"
PARTS = ("name", "optional", "days", "way")


def begin() -> None:
    """Forget a draft that was left, before another is begun."""
    left: Draft | None = st.session_state.get(DRAFT)
    _forget(DRAFT, WRONG, SAVED, *(_inputs(left) if left else ()))


def _inputs(draft: Draft) -> list[str]:
    """The keys of all that a draft is typed into."""
    return ["plan-text", "plan-name", "plan-need", *(key_of(row, part) for row in draft.rows for part in PARTS)]


def _forget(*keys: str) -> None:
    for key in keys:
        st.session_state.pop(key, None)


def draft_of(newest: IntendedVersion | None) -> Draft:
    """The draft as it stands in the inputs, or a new one."""
    code = newest.code if newest else ""
    held: Draft | None = st.session_state.get(DRAFT)
    if held is None or held.code != code:
        begin()
        held = Draft()
        if newest:
            held = intended_draft.from_intended(load_intended(newest.toml), code, newest.version, newest.toml)
        st.session_state[DRAFT] = held
    return held


def typed() -> Draft:
    """The draft with what stands in the inputs now."""
    draft: Draft = st.session_state[DRAFT]
    state = st.session_state
    if draft.text is not None:
        return replace(draft, text=str(state.get("plan-text", draft.text)))
    rows = tuple(replace(row, **{part: _value(row, part) for part in PARTS}) for row in draft.rows)
    need = state.get("plan-need", draft.need)
    return replace(draft, name=str(state.get("plan-name", draft.name)), need=need or None, rows=rows)


def _drawn(row: int = -1) -> bool:
    """Whether this is still being drawn: a button of an older drawing does nothing."""
    draft: Draft | None = st.session_state.get(DRAFT)
    return draft is not None and row < len(draft.rows)


def _value(row: Row, part: str) -> Any:
    value = st.session_state.get(key_of(row, part), getattr(row, part))
    return value if value is not None else ""


def key_of(row: Row, part: str) -> str:
    """The key of one input of a row."""
    return f"plan-{part}-{row.number}"


def start(key: str, value: Any) -> str:
    """Put a first value into an input that is new on the screen; gives the input's key."""
    if key not in st.session_state:
        st.session_state[key] = value
    return key


def other_way() -> None:
    """Go from form to text or back; what cannot go along stays where it is, with a word on why."""
    if not _drawn():
        return
    draft = typed()
    try:
        if draft.text is None:
            st.session_state.pop("plan-text", None)
            draft = replace(draft, text=intended_draft.to_intended(draft).to_toml())
        else:
            draft = _as_rows(draft, load_intended(draft.text))
        st.session_state.pop(WRONG, None)
    except InsightError as problem:
        _tell(problem, draft)
    st.session_state[DRAFT] = draft


def _as_rows(draft: Draft, intended: Intended) -> Draft:
    if not intended_draft.can_be_rows(intended):
        raise BadInput(_("A choice has more ways than the form has. Go on writing it as text."))
    _forget(*_inputs(draft))
    return intended_draft.from_intended(intended, draft.code, draft.version, "")


def edit(what: str, place: int) -> None:
    """Change the rows as one asked; the focus goes along."""
    if not _drawn(place):
        return
    draft = typed()
    focus = f"plan-{what}-{draft.rows[place].number}"
    if what in ("up", "down"):
        draft = intended_draft.moved(draft, place, -1 if what == "up" else 1)
    elif what == "below":
        draft = intended_draft.with_row(draft, place)
        focus = key_of(draft.rows[place + 1], "name")
    elif what == "remove":
        draft = intended_draft.without_row(draft, place)
        focus = key_of(draft.rows[min(place, len(draft.rows) - 1)], "name")
    st.session_state[DRAFT] = draft
    st.session_state.pop(WRONG, None)
    if what != "way":
        _move_focus(focus)


def _move_focus(key: str) -> None:
    st.session_state[asking.FOCUS] = key
    st.session_state[asking.TURN] = st.session_state.get(asking.TURN, 0) + 1


def made() -> Intended:
    """What stands in the inputs, as an intended journey."""
    draft = typed()
    return intended_draft.to_intended(draft) if draft.text is None else load_intended(draft.text)


def save(actor: Actor, place: Place) -> None:
    """Save what was typed as a new version. Whatever fails, it stays on the page."""
    if not _drawn():
        return
    draft = typed()
    st.session_state[DRAFT] = draft
    try:
        text = draft.text if draft.text is not None else made().to_toml()
        if not draft.code:
            _must_be_new(actor, place, load_intended(text))
        saved = journeys.save_intended(actor, place, text, draft.code or None, draft.version or None)
    except InsightError as problem:
        if isinstance(problem, Conflict) and draft.code:
            newest = journeys.versions_of(actor, place, draft.code)[0].version
            st.session_state[DRAFT] = replace(draft, version=newest)
        _tell(problem, draft)
        return
    except Exception as fault:
        log.error("intended journeys: saving failed: %s", type(fault).__name__)
        _tell(InsightError(_("Sorry, that could not be saved just now. What you wrote is still here.")), draft)
        return
    begin()
    st.session_state[SAVED] = _("Saved: {name}, version {number}.").format(name=saved.name, number=saved.version)
    asking.forget("draw", "version")
    st.query_params["intended"] = saved.code
    _move_focus("saved")


def _must_be_new(actor: Actor, place: Place, intended: Intended) -> None:
    known = journeys.intended_journeys(actor, place)
    taken = {one.name.casefold() for one in known} | {one.code for one in known}
    if intended.name.casefold() in taken or intake.slug(intended.name) in taken:
        raise RowError(
            _("There is an intended journey of this name. Choose another name, or change that one."), -1, "name"
        )


def _tell(problem: InsightError, draft: Draft) -> None:
    """Say what is wrong on the next drawing, at the input that it is about."""
    key = "plan-text" if draft.text is not None else "plan-name"
    if isinstance(problem, RowError) and draft.text is None and problem.row >= 0:
        key = key_of(draft.rows[problem.row], problem.part)
    st.session_state[WRONG] = (key, str(problem))
    _move_focus("error-summary")


def stop() -> None:
    """Leave without saving."""
    begin()
    asking.forget("draw")
