"""Draws any question of the typed model with Streamlit's inputs, and reads what was put into them.

Each question stands under its own label, hint and error, so that the three are always in the same place; the input's
own label says the same words to a screen reader.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, assert_never

import streamlit as st

from insight.intake import PlaceLists, said
from insight.intake.questions import (
    UNKNOWN,
    Choice,
    ConsentTo,
    Days,
    Feeling,
    LongText,
    Lookup,
    Number,
    StepQuestion,
    When,
    YesNo,
)
from insight.language import _
from pages.kit.a11y import Field, Page

Asked = StepQuestion | ConsentTo
RATHER_NOT = ""
MANY = 10
UNITS = ("days", "weeks", "months", UNKNOWN)
DATE_PARTS = {"day": 72, "month": 72, "year": 96}  # the width of each input, in pixels


@dataclass(frozen=True, slots=True)
class Sheet:
    """What drawing one page needs: where fields are reported, the place's lists, the page's errors by key."""

    page: Page
    lists: PlaceLists
    wrong: Mapping[str, str]
    language: str | None = None


def yes_no() -> dict[str, str]:
    """The answers to a question of yes or no, by code."""
    return {"yes": _("Yes"), "no": _("No"), UNKNOWN: _("I do not know"), RATHER_NOT: _("Rather not say")}


def units() -> dict[str, str]:
    """The units of a length of time, by code."""
    return dict(zip(UNITS, (_("days"), _("weeks"), _("months"), _("I do not know")), strict=True))


def date_parts() -> dict[str, str]:
    """The parts of a date, by code."""
    return {"day": _("Day"), "month": _("Month"), "year": _("Year")}


def draw(sheet: Sheet, question: Asked, value: Any, key: str, *, heading_says_it: bool = False) -> None:
    """Draw a question with its saved answer. The heading of the page may already say its words."""
    described_by = _head(sheet, question, key, heading_says_it)
    label, wrong = said(question.text, sheet.language), key in sheet.wrong
    single = Field(key, described_by, wrong)
    match question:
        case Choice() | Feeling():
            _choice(question, label, value, key, sheet.language)
        case YesNo():
            answers = yes_no()
            _start(key, value if value in answers else None)
            st.radio(label, list(answers), key=key, index=None, format_func=answers.__getitem__, **_inline())
        case LongText():
            _start(key, value or "")
            st.text_area(label, key=key, height=220 if heading_says_it else 150, label_visibility="collapsed")
        case Lookup():
            _lookup(question, label, value, key, sheet.lists)
        case When():
            _when(sheet, label, value, key, described_by)
        case Days():
            _days(sheet, label, value, key, described_by)
        case Number():
            _start(key, "" if value is None else str(value))
            st.text_input(label, key=key, width=140, label_visibility="collapsed")
        case ConsentTo():
            _consent(question, value, key, sheet.language)
        case _:
            assert_never(question)
    sheet.page.fields.append(
        Field(f"{key}-group", described_by, name=label, group=True)
        if isinstance(question, When | Days | ConsentTo)
        else single
    )


def read(question: Asked, key: str) -> Any:
    """The answer that stands in a question's inputs, as the draft keeps it; None when there is none."""
    state = st.session_state
    match question:
        case Choice() | Feeling() | YesNo() | LongText() | Lookup() | Number():
            return state.get(key) or None
        case When():
            parts = {part: str(state.get(f"{key}-{part}") or "").strip() for part in DATE_PARTS}
            return parts if any(parts.values()) else None
        case Days():
            number, unit = str(state.get(f"{key}-number") or "").strip(), state.get(f"{key}-unit") or "days"
            if not number:
                return UNKNOWN if unit == UNKNOWN else None
            return {"number": number, "unit": "days" if unit == UNKNOWN else unit}
        case ConsentTo():
            return [option.code for option in question.options if state.get(f"{key}-{option.code}")]
        case _:
            assert_never(question)


def first_input(question: Asked, key: str) -> str:
    """The key of a question's first input, where an error's link leads."""
    match question:
        case When():
            return f"{key}-day"
        case Days():
            return f"{key}-number"
        case ConsentTo():
            return f"{key}-{question.options[0].code}"
        case Choice() | Feeling() | YesNo() | LongText() | Lookup() | Number():
            return key
        case _:
            assert_never(question)


def error_line(key: str, message: str) -> str:
    """The error above a field, in the same words as in the summary."""
    unseen = f'<span class="tl-unseen">{escape(_("Error:"))} </span>'
    return f'<p class="tl-field-error" id="{key}-error">{unseen}{escape(message)}</p>'


def _head(sheet: Sheet, question: Asked, key: str, heading_says_it: bool) -> str:
    """Label, hint and error over the input; gives the ids that describe it."""
    parts, ids = [], []
    if not heading_says_it:
        parts.append(f'<p class="tl-label">{escape(said(question.text, sheet.language))}</p>')
    if question.help:
        parts.append(f'<p class="tl-hint" id="{key}-hint">{escape(said(question.help, sheet.language))}</p>')
        ids.append(f"{key}-hint")
    if key in sheet.wrong:
        parts.append(error_line(key, sheet.wrong[key]))
        ids.append(f"{key}-error")
    if parts:
        st.html(f'<div class="tl-ask">{"".join(parts)}</div>')
    return " ".join(ids)


def _start(key: str, value: Any) -> None:
    """Put a saved answer into an input that is drawn anew; Streamlit forgets inputs that left the screen."""
    if key not in st.session_state:
        st.session_state[key] = value


def _inline() -> dict[str, Any]:
    return {"horizontal": True, "label_visibility": "collapsed"}


def _choice(question: Choice | Feeling, label: str, value: Any, key: str, language: str | None) -> None:
    words = {option.code: said(option.text, language) for option in question.options}
    _start(key, value if value in words else None)
    if len(words) > MANY:
        st.selectbox(
            label,
            list(words),
            key=key,
            index=None,
            format_func=words.__getitem__,
            placeholder=_("Choose one, or start typing"),
            label_visibility="collapsed",
        )
        return
    if not question.required:
        words[RATHER_NOT] = _("I would rather not say")
    st.radio(label, list(words), key=key, index=None, format_func=words.__getitem__, label_visibility="collapsed")


def _lookup(question: Lookup, label: str, value: Any, key: str, lists: PlaceLists) -> None:
    names = list(lists.services if question.list == "service" else lists.organisations)
    _start(key, value or None)
    st.selectbox(
        label,
        names if not value or value in names else [value, *names],
        key=key,
        index=None,
        accept_new_options=True,
        placeholder=_("Start typing"),
        label_visibility="collapsed",
    )


def _when(sheet: Sheet, label: str, value: Any, key: str, described_by: str) -> None:
    saved = value if isinstance(value, Mapping) else {}
    with st.container(key=f"{key}-group", horizontal=True, gap="small"):
        for part, words in date_parts().items():
            _start(f"{key}-{part}", str(saved.get(part) or ""))
            st.text_input(words, key=f"{key}-{part}", width=DATE_PARTS[part], autocomplete="off")
            sheet.page.fields.append(Field(f"{key}-{part}", described_by, key in sheet.wrong, f"{words}. {label}"))


def _days(sheet: Sheet, label: str, value: Any, key: str, described_by: str) -> None:
    saved = value if isinstance(value, Mapping) else {"unit": value if value == UNKNOWN else "days"}
    _start(f"{key}-number", str(saved.get("number") or ""))
    _start(f"{key}-unit", saved.get("unit") or "days")
    with st.container(key=f"{key}-group", horizontal=True, gap="medium", vertical_alignment="bottom", wrap=True):
        st.text_input(_("How many"), key=f"{key}-number", width=112, autocomplete="off")
        unit_words = units()
        unit_label = _("Unit: {question}").format(question=label)
        st.radio(unit_label, list(UNITS), key=f"{key}-unit", format_func=unit_words.__getitem__, **_inline())
    how_many = _("How many. {question}").format(question=label)
    sheet.page.fields.append(Field(f"{key}-number", described_by, key in sheet.wrong, how_many))


def _consent(question: ConsentTo, value: Any, key: str, language: str | None) -> None:
    given = value if isinstance(value, list | tuple) else ()
    with st.container(key=f"{key}-group", gap="small"):
        for option in question.options:
            _start(f"{key}-{option.code}", option.code in given)
            st.checkbox(said(option.text, language), key=f"{key}-{option.code}", wrap=True)
