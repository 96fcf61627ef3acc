"""From the fields of a posted form to answers: the same values that the Streamlit page makes of its inputs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, assert_never
from urllib.parse import parse_qs

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
    StepQuestion,
    When,
    YesNo,
)
from insight.intake.rules import as_listed

Asked = StepQuestion | ConsentTo
Form = Mapping[str, Sequence[str]]
DATE_PARTS = ("day", "month", "year")
MOST_FIELDS = 200


def read_form(body: bytes) -> Form:
    """The fields of a form as a browser posts them. What is not UTF-8 is replaced; too many fields are no form."""
    try:
        return parse_qs(
            body.decode("ascii", "replace"), keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS
        )
    except ValueError:
        return {}


def one(form: Form, name: str) -> str:
    """A field's value, empty when it is not there. Line ends are what people count: one character."""
    return next(iter(form.get(name, ())), "").replace("\r\n", "\n").replace("\r", "\n")


def answers_in(asked: Iterable[Asked], form: Form, lists: PlaceLists) -> dict[str, Any]:
    """What was answered to the questions of a page."""
    return {question.id: answer_in(question, form, lists) for question in asked}


def answer_in(question: Asked, form: Form, lists: PlaceLists) -> Any:
    """The answer to a question, as the draft keeps it; None when there is none."""
    name = question.id
    match question:
        case Choice() | Feeling() | YesNo() | LongText() | Number():
            return one(form, name) or None
        case Lookup():
            names = lists.services if question.list == "service" else lists.organisations
            return as_listed(one(form, name), names) or None
        case When():
            parts = {part: one(form, f"{name}-{part}").strip() for part in DATE_PARTS}
            return parts if any(parts.values()) else None
        case Days():
            number, unit = one(form, f"{name}-number").strip(), one(form, f"{name}-unit") or "days"
            if not number:
                return UNKNOWN if unit == UNKNOWN else None
            return {"number": number, "unit": "days" if unit == UNKNOWN else unit}
        case ConsentTo():
            ticked = set(form.get(name, ()))
            return [option.code for option in question.options if option.code in ticked]
        case _:
            assert_never(question)
