"""What is typed from paper, as answers: boxes by the code beside them, dates and lengths by a few keys. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
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
    QuestionSet,
    StepQuestion,
    Steps,
    When,
    YesNo,
    said,
)
from insight.intake.rules import as_listed, is_blank
from insight.intake.staff_rules import as_length
from insight.language import _
from insight.paper.model import Box

LENGTH_CODES = ("d", "w", "m", "?")
YES_NO_CODES = ("yes", "no", UNKNOWN)
SHORT = {"y": "yes", "n": "no", "?": UNKNOWN}
MOST_SINGLE_DIGITS = 9
NUMBER = re.compile(r"-?[0-9]+")


def boxes_of(question: StepQuestion | ConsentTo, language: str | None = None) -> tuple[Box, ...]:
    """The boxes under a question, in order, each with the code printed beside it."""
    match question:
        case Choice() | Feeling() | ConsentTo():
            return tuple(Box(str(n), said(option.text, language)) for n, option in enumerate(question.options, 1))
        case YesNo():
            return tuple(Box(str(n), words) for n, words in enumerate((_("Yes"), _("No"), _("I do not know")), 1))
        case Days():
            words = (_("days"), _("weeks"), _("months"), _("I do not know"))
            return tuple(Box(code, unit) for code, unit in zip(LENGTH_CODES, words, strict=True))
        case LongText() | Lookup() | Number() | When():
            return ()
        case _:
            assert_never(question)


def typed_answer(  # noqa: PLR0911
    question: StepQuestion | ConsentTo, typed: str, names: Iterable[str] = ()
) -> Any:
    """The answer that was typed; None for nothing. What cannot be read stays as typed, for the checks to speak of."""
    words = typed.strip()
    if not words:
        return None
    match question:
        case Choice() | Feeling():
            return _one_of(words, [option.code for option in question.options])
        case YesNo():
            return _one_of(SHORT.get(words.lower(), words), YES_NO_CODES)
        case ConsentTo():
            return _any_of(words, [option.code for option in question.options])
        case Days():
            return UNKNOWN if words in ("?", UNKNOWN) else as_length(words)
        case When():
            return _date(words)
        case Lookup():
            return as_listed(words, names)
        case LongText() | Number():
            return words
        case _:
            assert_never(question)


def answers_typed(
    questions: QuestionSet, typed: Mapping[str, str], services: Iterable[str] = (), organisations: Iterable[str] = ()
) -> dict[str, Any]:
    """All answers from what was typed, by path: ``need``, or ``steps.0.service`` for the first step.

    Empty steps in between stay, so that a problem's path names the row on the screen; those at the end go.
    """
    names = {"service": tuple(services), "organisation": tuple(organisations)}
    told: dict[str, Any] = {}
    for question in questions.question:
        if isinstance(question, Steps):
            told[question.id] = _steps_typed(question, typed, names)
        else:
            told[question.id] = typed_answer(question, typed.get(question.id, ""), _names(question, names))
    return {name: value for name, value in told.items() if not is_blank(value)}


def _steps_typed(question: Steps, typed: Mapping[str, str], names: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    numbers = [int(path.split(".")[1]) for path in typed if path.startswith(f"{question.id}.")]
    steps: list[dict[str, Any]] = []
    for index in range(max(numbers, default=-1) + 1):
        step = {
            asked.id: typed_answer(asked, typed.get(f"{question.id}.{index}.{asked.id}", ""), _names(asked, names))
            for asked in question.question
        }
        steps.append({name: value for name, value in step.items() if value is not None})
    while steps and not steps[-1]:
        steps.pop()
    return steps


def _names(question: StepQuestion | ConsentTo, names: Mapping[str, Sequence[str]]) -> Sequence[str]:
    return names[question.list] if isinstance(question, Lookup) else ()


def _one_of(words: str, codes: Sequence[str]) -> str:
    """By the number beside the box, or by a code in letters. A feeling's own codes, -2 to 2, are not on paper."""
    if not NUMBER.fullmatch(words):
        return words.lower() if words.lower() in codes else words
    number = int(words) if len(words) < 4 else 0
    return codes[number - 1] if 1 <= number <= len(codes) else f"box {words}"


def _any_of(words: str, codes: Sequence[str]) -> list[str]:
    """Numbers in any order: ``13``, ``1 3`` or ``1,3``."""
    parts = re.split(r"[\s,;.+]+", words)
    if len(codes) <= MOST_SINGLE_DIGITS:
        parts = [one for part in parts for one in (part if part.isascii() and part.isdigit() else [part])]
    return list(dict.fromkeys(_one_of(part, codes) for part in parts if part))


def _date(words: str) -> dict[str, str] | str:
    """``14 3 2026``, ``3/2026`` or ``2026``; zeros before a number do not matter to the checks."""
    parts = [part for part in re.split(r"[\s/.,-]+", words) if part]
    names = {1: ("year",), 2: ("month", "year"), 3: ("day", "month", "year")}.get(len(parts))
    return dict(zip(names, parts, strict=True)) if names else words
