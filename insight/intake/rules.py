"""What counts as an answer: checks and conversions, pure. Every way in uses these, so that all accept the same."""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, assert_never

from insight.intake.questions import (
    UNKNOWN,
    Choice,
    ConsentTo,
    Days,
    Feeling,
    LongText,
    Lookup,
    Number,
    Question,
    QuestionSet,
    StepQuestion,
    Steps,
    When,
    YesNo,
    said,
)
from insight.language import _

Answers = Mapping[str, Any]
DAYS_IN = {"days": 1, "weeks": 7, "months": 30}
EARLIEST_YEAR = 1900
ADDED = "x_"  # how the ids of questions begin that a survey adds


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one answer. ``path`` is the question's id, or ``steps.2.when`` for the third step."""

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class ServiceList:
    """A place's services and organisations as a check needs them: names to codes and to organisations."""

    services: Mapping[str, tuple[str, str | None]]
    organisations: tuple[str, ...] = ()


def clean(text: object) -> str | None:
    """Text as it is kept: composed, without control characters (NUL among them) or space around it; None if empty."""
    if not isinstance(text, str):
        return None
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for c in composed if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.strip() or None


def as_listed(typed: str, names: Iterable[str]) -> str:
    """A name as a list has it, however its letters were cased and spaced; as typed when the list does not have it."""
    wanted = " ".join(typed.casefold().split())
    return next((name for name in names if " ".join(name.casefold().split()) == wanted), typed)


def is_blank(value: object) -> bool:
    """Whether nothing was answered."""
    if isinstance(value, Mapping):
        return all(is_blank(part) for part in value.values() if part not in DAYS_IN)
    return value is None or value in ("", [], ()) or (isinstance(value, str) and not value.strip())


def problem_with(question: Question | StepQuestion, value: Any, today: date) -> str | None:  # noqa: PLR0911
    """What is wrong with a value as an answer to a question, in words that say what to do; None when it is fine."""
    if is_blank(value):
        if not question.required or isinstance(question, ConsentTo):
            return None
        return _("Answer the question: {question}").format(question=said(question.text))
    match question:
        case Choice() | Feeling():
            return None if value in {option.code for option in question.options} else _("Choose one of the answers")
        case YesNo():
            return None if value in ("yes", "no", UNKNOWN) else _("Choose yes, no, or I do not know")
        case LongText() | Lookup():
            return _text_problem(value, question.most)
        case When():
            return _when_problem(value, today)
        case Days():
            return _days_problem(value, question.most)
        case Number():
            return _number_problem(value, question.most)
        case ConsentTo():
            codes = {option.code for option in question.options}
            fits = isinstance(value, list | tuple) and set(value) <= codes
            return None if fits else _("Choose from the list")
        case Steps():
            return _steps_problem(value, question.most)
        case _:
            assert_never(question)


def _text_problem(value: object, most: int) -> str | None:
    if not isinstance(value, str):
        return _("Write this in words")
    if len(value) > most:
        return _("Shorten this to {most} characters or fewer. It has {length}").format(
            most=f"{most:,}", length=f"{len(value):,}"
        )
    return None


def _steps_problem(value: object, most: int) -> str | None:
    if not isinstance(value, list | tuple) or not all(isinstance(step, Mapping) for step in value):
        return _("Add the steps one by one")
    if len(value) <= most:
        return None
    return _("Tell us about {most} steps or fewer. You have {count}").format(most=most, count=len(value))


def whole(value: object) -> int | None:
    """A whole number that is not negative, however it was typed, or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return int(value.strip()[:12])
    return None


def _when_problem(value: object, today: date) -> str | None:
    if not isinstance(value, Mapping):
        return _("Give a year, a month and year, or a day, month and year")
    parts = {name: value.get(name) for name in ("day", "month", "year")}
    numbers = {name: whole(part) for name, part in parts.items()}
    for name, part in parts.items():
        if not is_blank(part) and numbers[name] is None:
            return _part_must_be_a_number(name)
    problem = None
    if numbers["year"] is None:
        problem = _("Add the year, as in 2026")
    elif numbers["day"] is not None and numbers["month"] is None:
        problem = _("Add the month, or leave out the day")
    elif not EARLIEST_YEAR <= numbers["year"] <= today.year:
        problem = _("The year must be between {first} and {last}").format(first=EARLIEST_YEAR, last=today.year)
    if problem:
        return problem
    try:
        first = date(numbers["year"] or 0, numbers["month"] or 1, numbers["day"] or 1)
    except ValueError:
        return _("That is not a real date. Check the day and the month")
    return _("The date must not be in the future") if first > today else None


def _days_problem(value: object, most: int) -> str | None:
    if value == UNKNOWN:
        return None
    if not isinstance(value, Mapping) or value.get("unit", "days") not in DAYS_IN:
        return _("Give a number of days, weeks or months")
    number = whole(value.get("number"))
    if number is None:
        return _("Give a whole number, such as 3")
    too_long = number * DAYS_IN[value.get("unit", "days")] > most
    return _("That is longer than a lifetime. Check the number") if too_long else None


def _part_must_be_a_number(part: str) -> str:
    return {
        "day": _("The day must be a number"),
        "month": _("The month must be a number"),
        "year": _("The year must be a number"),
    }[part]


def _number_problem(value: object, most: int) -> str | None:
    number = as_number(value)
    if number is None:
        return _("Give a number, such as 4 or 2.50")
    return None if 0 <= number <= most else _("Give a number from 0 to {most}").format(most=f"{most:,}")


def as_number(value: object) -> float | None:
    """A number however it was typed, or None: £2.50, 1,200 and, as much of Europe writes it, 2,50."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        return None
    try:
        number = float(_with_a_point(value.replace("£", "").strip()))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _with_a_point(typed: str) -> str:
    """A comma before one or two last digits is a decimal comma; any other only parts the thousands."""
    whole_part, comma, rest = typed.rpartition(",")
    if comma and rest.isdigit() and len(rest) <= 2 and "." not in typed:
        return f"{whole_part.replace(',', '')}.{rest}"
    return typed.replace(",", "")


def problems(questions: QuestionSet, answers: Answers, today: date) -> list[Problem]:
    """Everything that is wrong with a whole set of answers, in the order of the questions."""
    found: list[Problem] = []
    for question in questions.question:
        message = problem_with(question, answers.get(question.id), today)
        if message:
            found.append(Problem(question.id, message))
        elif isinstance(question, Steps):
            found.extend(_problems_in_steps(question, answers.get(question.id) or (), today))
    return found


def _problems_in_steps(question: Steps, steps: Any, today: date) -> Iterator[Problem]:
    for index, step in enumerate(steps):
        for asked in question.question:
            message = problem_with(asked, step.get(asked.id), today)
            if message:
                yield Problem(f"{question.id}.{index}.{asked.id}", message)


def has_content(answers: Answers) -> bool:
    """Whether anything was told at all: a need alone is not a story, an answer to a survey's own question is."""
    if any(name.startswith(ADDED) and not is_blank(value) for name, value in answers.items()):
        return True
    return any(
        clean(answers.get(field)) for field in ("what_happened", "what_better", "what_good", "obstacle_text")
    ) or any(any(not is_blank(value) for value in step.values()) for step in answers.get("steps") or ())
