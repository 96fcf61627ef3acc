"""Where in the questionnaire somebody is: read from the address and written back into it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from insight.intake import QuestionSet
from insight.intake.questions import Steps

START, CHECK, LIST = "start", "check", "steps"


@dataclass(frozen=True, slots=True)
class Where:
    """A page: a question's id, ``start`` or ``check``; for a step also which one (from 0) and which part of it.

    ``then`` says where a page leads that was opened from check-your-answers: back to ``check``, or for a step to the
    list of ``steps`` from which it was opened, and from there to checking.
    """

    page: str
    step: int | None = None
    part: str | None = None
    then: str = ""

    def query(self, key: str) -> dict[str, str]:
        """The address of this page, as query parameters."""
        query = {"draft": key, "page": self.page}
        if self.step is not None and self.part is not None:
            query |= {"step": str(self.step + 1), "part": self.part}
        return query | ({"then": self.then} if self.then else {})

    def link(self, key: str) -> str:
        """The address of this page, as a link on the same screen."""
        return "?" + urlencode(self.query(key))

    @property
    def name(self) -> str:
        """A name for the page that keys may carry."""
        return self.page if self.step is None else f"{self.page}-{self.step}-{self.part}"


def read_address(questions: QuestionSet, answers: Mapping[str, Any], query: Mapping[str, str]) -> Where:
    """The page that an address names; what it names wrongly leads to the nearest page there is."""
    page = query.get("page", START)
    then = query["then"] if query.get("then") in (CHECK, LIST) else ""
    if page in (START, CHECK):
        return Where(page)
    known = {question.id: question for question in questions.question}
    if page not in known:
        return Where(START)
    asked = known[page]
    number, part = query.get("step", ""), query.get("part")
    if isinstance(asked, Steps) and number.isascii() and number.isdigit() and part in {p.id for p in asked.page}:
        have = len(answers.get(asked.id) or ())
        return Where(page, min(max(int(number[:6]) - 1, 0), have), part, then)
    return Where(page, then=CHECK if then else "")


def onwards(questions: QuestionSet, here: Where) -> Where:
    """The page after this one."""
    if here.step is not None:
        parts = [part.id for part in questions.steps.page]
        position = parts.index(here.part or parts[0])
        return replace(here, part=parts[position + 1]) if position + 1 < len(parts) else out_of_step(here)
    if here.then:
        return Where(CHECK)
    order = [question.id for question in questions.question]
    position = order.index(here.page) + 1 if here.page in order else 0
    return Where(order[position]) if position < len(order) else Where(CHECK)


def backwards(questions: QuestionSet, here: Where) -> Where:
    """The page before this one."""
    if here.step is not None:
        parts = [part.id for part in questions.steps.page]
        position = parts.index(here.part or parts[0])
        return replace(here, part=parts[position - 1]) if position else out_of_step(here)
    if here.then:
        return Where(CHECK)
    order = [question.id for question in questions.question]
    if here.page == CHECK:
        return Where(order[-1])
    position = order.index(here.page) if here.page in order else 0
    return Where(order[position - 1]) if position else Where(START)


def out_of_step(here: Where) -> Where:
    """Where a step leads when it is done: to the list of steps, or back to checking."""
    if here.then == CHECK:
        return Where(CHECK)
    return Where(here.page, then=CHECK if here.then == LIST else "")


def page_of(path: str, questions: QuestionSet) -> Where:
    """The page on which the answer with this path is given, to be mended and checked again."""
    page, *rest = path.split(".")
    if len(rest) < 2:
        return Where(page, then=CHECK)
    part = next(part.id for part in questions.steps.page if rest[1] in part.questions)
    return Where(page, int(rest[0]), part, CHECK)
