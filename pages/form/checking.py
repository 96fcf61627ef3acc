"""Check your answers, send, and what somebody is given then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from insight import intake, receipts
from insight.access import RESIDENT
from insight.intake import Draft, Problem
from insight.intake.questions import Question, StepQuestion, Steps, Wording
from insight.intake.rules import is_blank
from insight.intake.saying import in_words
from insight.language import _
from pages.form import drawing, keeping
from pages.form.addresses import SENT, path_to
from pages.form.desk import Ask, draft_of
from pages.form.helping import help_lines
from pages.form.line import line_of
from pages.kit.plain import go
from pages.sharing.address import CHECK, Where, backwards, page_of


@dataclass(frozen=True, slots=True)
class Row:
    """One answer as it is read back; ``of`` names its step to those who hear the Change links alone."""

    question: Wording
    words: str
    change: str
    blank: bool
    of: str = ""


@dataclass(frozen=True, slots=True)
class StepRows:
    """The answers about one step."""

    number: int
    rows: tuple[Row, ...]
    change: str


@dataclass(frozen=True, slots=True)
class Part:
    """A run of answers on the checking page: some about the whole, or the steps."""

    rows: tuple[Row, ...] = ()
    steps: tuple[StepRows, ...] | None = None
    change: str = ""


def check(ask: Ask, wrong: Sequence[Problem] = (), status: int = 200) -> Response:
    """Everything that was told, with links to change it, and Send."""
    draft = draft_of(ask)
    if draft.reference:
        return go(SENT)
    lists = intake.place_lists(RESIDENT, draft.place)
    return drawing.page(
        ask,
        "check.html",
        status,
        back=path_to(backwards(draft.questions, Where(CHECK))),
        parts=list(_parts(draft)),
        line=line_of(draft.questions, keeping.steps_of(draft), lists),
        amends=draft.amends,
        wrong=[
            (path_to(page_of(problem.path, draft.questions)) if problem.path else "", problem.message)
            for problem in wrong
        ],
    )


def send(ask: Ask) -> Response:
    """Turn the draft into a story. Sent twice, it is one story with one reference."""
    try:
        draft = draft_of(ask)
        send_it = receipts.send_change if draft.amends else intake.submit
        send_it(RESIDENT, draft.key)
    except intake.AnswersNeedMending as mending:
        return check(ask, mending.problems, 422)
    return go(SENT)


def sent(ask: Ask) -> Response:
    """The reference, and what can be done with it."""
    draft = draft_of(ask)
    if not draft.reference:
        return go(path_to(Where(CHECK)))
    aloud = ", ".join(" ".join(group) for group in draft.reference.split("-"))
    return drawing.page(
        ask,
        "sent.html",
        reference=draft.reference,
        aloud=aloud,
        thanks=draft.questions.thanks,
        amends=draft.amends,
        help_lines=help_lines(draft),
    )


def _parts(draft: Draft) -> Iterator[Part]:
    rows: list[Row] = []
    for question in draft.questions.question:
        if isinstance(question, Steps):
            yield Part(tuple(rows))
            yield Part(steps=tuple(_steps(draft, question)), change=path_to(Where(question.id, then=CHECK)))
            rows = []
        else:
            where = Where(question.id, then=CHECK)
            rows.append(_row(question, draft.answers.get(question.id), where))
    yield Part(tuple(rows))


def _steps(draft: Draft, question: Steps) -> Iterator[StepRows]:
    for index, step in enumerate(keeping.steps_of(draft)):
        of = _("step {number}").format(number=index + 1)
        rows = tuple(
            _row(question.by_id(asked), step.get(asked), Where(question.id, index, part.id, CHECK), of)
            for part in question.page
            for asked in part.questions
            if not is_blank(step.get(asked))
        )
        yield StepRows(index + 1, rows, path_to(Where(question.id, index, question.page[0].id, CHECK)))


def _row(question: Question | StepQuestion, value: Any, where: Where, of: str = "") -> Row:
    return Row(question.text, in_words(question, value), path_to(where), is_blank(value), of)
