"""From answers to a story that can be kept, or to the problems that somebody can mend."""

from collections.abc import Sequence
from typing import Any

from insight.errors import BadInput
from insight.intake import conversion, rules
from insight.intake.model import Story
from insight.intake.questions import QuestionSet
from insight.intake.rules import Problem
from insight.language import _
from insight.moments import now


class AnswersNeedMending(BadInput):
    """Some answers cannot be kept as they are; ``problems`` says which and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(_("Some answers need mending: ") + "; ".join(p.message for p in problems[:3]))
        self.problems = tuple(problems)


def checked_story(questions: QuestionSet, answers: dict[str, Any], services: rules.ServiceList) -> Story:
    """The story that answers tell, or :class:`AnswersNeedMending`."""
    found = rules.problems(questions, answers, now().date())
    if found:
        raise AnswersNeedMending(found)
    if not rules.has_content(answers):
        raise AnswersNeedMending([Problem("what_happened", _("Tell us what happened, or add a step, before you send"))])
    return conversion.as_story(questions, answers, services)


def storable(answers: dict[str, Any]) -> dict[str, Any]:
    """Answers without what a database cannot hold: NUL and lone surrogates. All else is kept as it was written."""

    def mend(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace("\0", "").encode("utf-8", "ignore").decode()
        if isinstance(value, dict):
            return {str(mend(key)): mend(part) for key, part in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [mend(part) for part in value]
        return value

    mended: dict[str, Any] = mend(answers)
    return mended
