"""Each type of question as a template draws it: which inputs, with which names, and what stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from insight.intake import PlaceLists
from insight.intake.questions import (
    UNKNOWN,
    Choice,
    ConsentTo,
    Days,
    Feeling,
    LongText,
    Lookup,
    Number,
    Option,
    When,
    Wording,
    YesNo,
)
from insight.language import _
from pages.form.drawing import in_its_language
from pages.form.parsing import Asked

MANY = 10  # more answers than this stand in a list that opens, as on the Streamlit page
MOST_NAMES = 150  # more names than this would weigh more than the page: they come when somebody starts to type
RATHER_NOT = ""


@dataclass(frozen=True, slots=True)
class Input:
    """One input of a question: its name and id, its label, what stands in it; ``on`` for one to tick."""

    name: str
    id: str
    label: str
    value: str = ""
    on: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A question on a page. ``kind`` names the macro that draws it; ``error`` is what is wrong with its answer."""

    id: str
    kind: str
    text: Wording
    help: Wording | None
    why: Wording | None
    error: str
    inputs: tuple[Input, ...]
    row: bool = False
    names: tuple[str, ...] = ()
    fetch: bool = False
    units: tuple[Input, ...] = ()

    @property
    def first(self) -> str:
        """The id of the first input, where an error's link leads."""
        return self.inputs[0].id

    @property
    def described_by(self) -> str:
        """The ids of what describes the field."""
        return " ".join([f"{self.id}-hint"] * bool(self.help) + [f"{self.id}-error"] * bool(self.error))


def field(question: Asked, value: Any, error: str, lists: PlaceLists) -> Field:
    """A question with its saved answer, whatever that is: a draft may hold anything."""
    more: dict[str, Any] = {}
    match question:
        case Choice() | Feeling():
            kind, inputs = _choice(question, value)
        case YesNo():
            kind, more = "radios", {"row": True}
            inputs = _radios(question.id, _yes_no(), value, _("Rather not say"))
        case LongText():
            kind, inputs = "text", (_single(question.id, value),)
        case Lookup():
            kind, inputs = "lookup", (_single(question.id, value),)
            names = tuple(lists.services if question.list == "service" else lists.organisations)
            few = len(names) <= MOST_NAMES
            more = {"names": names if few else (), "fetch": not few}
        case When():
            kind, inputs = "when", _date(question.id, value if isinstance(value, Mapping) else {})
        case Days():
            saved = value if isinstance(value, Mapping) else {"unit": value if value == UNKNOWN else "days"}
            kind, inputs = "days", (_part(question.id, "number", _("How many"), saved),)
            more = {"units": _radios(f"{question.id}-unit", _units(), saved.get("unit") or "days")}
        case Number():
            kind, inputs = "number", (_single(question.id, value),)
        case ConsentTo():
            kind, inputs = "ticks", _ticks(question.id, question.options, value)
        case _:
            assert_never(question)
    return Field(question.id, kind, question.text, question.help, question.why, error, inputs, **more)


def _single(name: str, value: Any) -> Input:
    return Input(name, name, "", "" if value is None else str(value))


def _choice(question: Choice | Feeling, value: Any) -> tuple[str, tuple[Input, ...]]:
    options = [(option.code, in_its_language(option.text)) for option in question.options]
    if len(options) > MANY:
        return "select", _radios(question.id, options, value)
    return "radios", _radios(question.id, options, value, "" if question.required else _("I would rather not say"))


def _radios(name: str, options: list[tuple[str, Any]], value: Any, rather_not: str = "") -> tuple[Input, ...]:
    every = [*options, (RATHER_NOT, rather_not)] if rather_not else options
    return tuple(
        Input(name, name if not index else f"{name}-{index + 1}", label, code, on=value == code)
        for index, (code, label) in enumerate(every)
    )


def _ticks(name: str, options: tuple[Option, ...], value: Any) -> tuple[Input, ...]:
    given = value if isinstance(value, list | tuple) else ()
    return tuple(
        Input(name, name if not index else f"{name}-{index + 1}", in_its_language(o.text), o.code, on=o.code in given)
        for index, o in enumerate(options)
    )


def _date(name: str, saved: Mapping[str, Any]) -> tuple[Input, ...]:
    labels = {"day": _("Day"), "month": _("Month"), "year": _("Year")}
    return tuple(_part(name, part, label, saved, wide=part == "year") for part, label in labels.items())


def _part(name: str, part: str, label: str, saved: Mapping[str, Any], wide: bool = False) -> Input:
    return Input(f"{name}-{part}", f"{name}-{part}", label, str(saved.get(part) or ""), wide=wide)


def _yes_no() -> list[tuple[str, Any]]:
    return [("yes", _("Yes")), ("no", _("No")), (UNKNOWN, _("I do not know"))]


def _units() -> list[tuple[str, Any]]:
    return [("days", _("days")), ("weeks", _("weeks")), ("months", _("months")), (UNKNOWN, _("I do not know"))]
