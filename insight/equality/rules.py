"""Which counts of one question are shown, so that no hidden one can be worked out from the others. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from insight.errors import BadInput
from insight.intake.questions import Choice, QuestionSet
from insight.language import _
from insight.privacy import shown

NOT_SAID = "skip"  # the option "Prefer not to say" of every equality question


def told_options(questions: QuestionSet, answers: Mapping[str, Any]) -> dict[str, str]:
    """The options that answers name, by question; what was left blank is left out.

    Raises :class:`~insight.errors.BadInput` for anything that was not asked: it is never kept, since nobody counts it.
    """
    asked = {q.id: {option.code for option in q.options} for q in questions.question if isinstance(q, Choice)}
    told = {name: value for name, value in answers.items() if value not in (None, "")}
    if not all(isinstance(value, str) and value in asked.get(name, ()) for name, value in told.items()):
        raise BadInput(_("Choose one of the answers listed, or leave the question out."))
    return told


def whole_steps(number: int, step: int) -> int:
    """How many of so many tellers are counted: always whole steps, so that no one answer is seen to arrive."""
    return number - number % step


def counts_shown(counts: Sequence[int], threshold: int) -> tuple[int | None, ...]:
    """The counts of one question's answers, whose sum is known to all; None where one is hidden.

    Counts below the threshold are hidden, and then the next smallest (with all that equal it, or its place in the list
    would tell) until what is hidden could be more than one thing. It could not when one count alone is hidden, and when
    all hidden counts are as small, or as large, as counts below the threshold can be: their sum gives each of them.
    """
    seen: list[int | None] = [shown(count, threshold) for count in counts]
    while _given_away([count for count, told in zip(counts, seen, strict=True) if told is None], threshold):
        least = min((told for told in seen if told is not None), default=None)
        if least is None:
            break
        seen = [None if told == least else told for told in seen]
    return tuple(seen)


def _given_away(hidden: Sequence[int], threshold: int) -> bool:
    return len(hidden) == 1 or (bool(hidden) and sum(hidden) in (0, len(hidden) * (threshold - 1)))
