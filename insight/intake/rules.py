"""What counts as an answer: checks and conversions, pure. Every way in uses these, so that all accept the same."""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, assert_never

from insight.intake.model import (
    Channel,
    Consent,
    ConsentScope,
    NeedMet,
    Precision,
    Sorted,
    Step,
    Story,
    TellerRole,
)
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
)

Answers = Mapping[str, Any]
DAYS_IN = {"days": 1, "weeks": 7, "months": 30}
EARLIEST_YEAR = 1900


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
        return f"Answer the question: {question.text['en']}"
    match question:
        case Choice() | Feeling():
            return None if value in {option.code for option in question.options} else "Choose one of the answers"
        case YesNo():
            return None if value in ("yes", "no", UNKNOWN) else "Choose yes, no, or I do not know"
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
            return None if fits else "Choose from the list"
        case Steps():
            return _steps_problem(value, question.most)
        case _:
            assert_never(question)


def _text_problem(value: object, most: int) -> str | None:
    if not isinstance(value, str):
        return "Write this in words"
    if len(value) > most:
        return f"Shorten this to {most:,} characters or fewer. It has {len(value):,}"
    return None


def _steps_problem(value: object, most: int) -> str | None:
    if not isinstance(value, list | tuple) or not all(isinstance(step, Mapping) for step in value):
        return "Add the steps one by one"
    return f"Tell us about {most} steps or fewer. You have {len(value)}" if len(value) > most else None


def _whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        return int(value.strip()[:12])
    return None


def _when_problem(value: object, today: date) -> str | None:
    if not isinstance(value, Mapping):
        return "Give a year, a month and year, or a day, month and year"
    parts = {name: value.get(name) for name in ("day", "month", "year")}
    numbers = {name: _whole(part) for name, part in parts.items()}
    for name, part in parts.items():
        if not is_blank(part) and numbers[name] is None:
            return f"The {name} must be a number"
    problem = None
    if numbers["year"] is None:
        problem = "Add the year, as in 2026"
    elif numbers["day"] is not None and numbers["month"] is None:
        problem = "Add the month, or leave out the day"
    elif not EARLIEST_YEAR <= numbers["year"] <= today.year:
        problem = f"The year must be between {EARLIEST_YEAR} and {today.year}"
    if problem:
        return problem
    try:
        first = date(numbers["year"] or 0, numbers["month"] or 1, numbers["day"] or 1)
    except ValueError:
        return "That is not a real date. Check the day and the month"
    return "The date must not be in the future" if first > today else None


def _days_problem(value: object, most: int) -> str | None:
    if value == UNKNOWN:
        return None
    if not isinstance(value, Mapping) or value.get("unit", "days") not in DAYS_IN:
        return "Give a number of days, weeks or months"
    number = _whole(value.get("number"))
    if number is None:
        return "Give a whole number, such as 3"
    return (
        "That is longer than a lifetime. Check the number"
        if number * DAYS_IN[value.get("unit", "days")] > most
        else None
    )


def _number_problem(value: object, most: int) -> str | None:
    number = as_number(value)
    if number is None:
        return "Give a number, such as 4 or 2.50"
    return None if 0 <= number <= most else f"Give a number from 0 to {most:,}"


def as_number(value: object) -> float | None:
    """A number however it was typed (£ and commas allowed), or None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str):
        return None
    try:
        number = float(value.replace("£", "").replace(",", "").strip())
    except ValueError:
        return None
    return number if math.isfinite(number) else None


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
    """Whether anything was told at all: a need alone is not a story."""
    return any(
        clean(answers.get(field)) for field in ("what_happened", "what_better", "what_good", "obstacle_text")
    ) or any(any(not is_blank(value) for value in step.values()) for step in answers.get("steps") or ())


def as_story(questions: QuestionSet, answers: Answers, services: ServiceList) -> Story:
    """The story that checked answers tell. "I do not know" becomes None: it is an answer, but not a value."""
    consent = next(question for question in questions.question if isinstance(question, ConsentTo))
    agreed = set(answers.get(consent.id) or ())
    return Story(
        need=clean(answers.get("need")),
        what_happened=clean(answers.get("what_happened")),
        steps=tuple(as_step(step, services) for step in answers.get("steps") or () if not _is_empty_step(step)),
        need_met=NeedMet(answers["need_met"]) if answers.get("need_met") else None,
        what_better=clean(answers.get("what_better")),
        what_good=clean(answers.get("what_good")),
        teller_role=TellerRole(answers["teller_role"]) if answers.get("teller_role") else None,
        consents=tuple(
            Consent(ConsentScope(option.code), option.code in agreed, wording=consent.wording)
            for option in consent.options
        ),
    )


def _is_empty_step(step: Answers) -> bool:
    return all(is_blank(value) for value in step.values())


def as_step(step: Answers, services: ServiceList) -> Step:
    """One step from its answers; a service on the list brings its code, and its organisation if none was named."""
    service = clean(step.get("service"))
    code, organisation = services.services.get(service or "", (None, None))
    happened_on, precision = as_date(step.get("when"))
    pounds = as_number(step.get("pounds"))
    return Step(
        service=service,
        service_code=code,
        organisation=clean(step.get("organisation")) or organisation,
        channel=Channel(step["channel"]) if step.get("channel") not in (None, "", UNKNOWN) else None,
        happened_on=happened_on,
        precision=precision,
        waited_days=as_days(step.get("waited")),
        promised_days=as_days(step.get("promised")),
        feeling=None if is_blank(step.get("feeling")) else int(step["feeling"]),
        told_again=as_bool(step.get("told_again")),
        sent_elsewhere=as_bool(step.get("sent_elsewhere")),
        sorted_out=Sorted(step["sorted_out"]) if not is_blank(step.get("sorted_out")) else None,
        note=clean(step.get("note")),
        hours=as_number(step.get("hours")),
        pence=None if pounds is None else round(pounds * 100),
    )


def as_date(value: Any) -> tuple[date | None, Precision | None]:
    """The first day of what was remembered, and how exactly it was."""
    if is_blank(value) or not isinstance(value, Mapping):
        return None, None
    day, month, year = (_whole(value.get(part)) for part in ("day", "month", "year"))
    if year is None:
        return None, None
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    return date(year, month or 1, day or 1), precision


def as_days(value: Any) -> int | None:
    """A length of time in days."""
    if is_blank(value) or not isinstance(value, Mapping):
        return None
    number = _whole(value.get("number"))
    return None if number is None else number * DAYS_IN[value.get("unit", "days")]


def as_bool(value: Any) -> bool | None:
    """Yes, no, or not known."""
    return {"yes": True, "no": False}.get(value) if isinstance(value, str) else None
