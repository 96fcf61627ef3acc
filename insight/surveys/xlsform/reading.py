"""From an XLSForm to a working copy: as far as our questions go, and a list of all that they cannot hold."""

from collections.abc import Iterator, Sequence

from insight.errors import BadInput
from insight.intake.questions import ConsentTo, Question, QuestionSet, Steps, Wording, question_set
from insight.surveys.model import Working
from insight.surveys.phrases import MOST_TITLE
from insight.surveys.rules import KEPT, MOST_QUESTIONS
from insight.surveys.xlsform import journey, reasons
from insight.surveys.xlsform.model import READ_OUT, THANKS, TITLE, WELCOME, Carried, Node, NotCarried
from insight.surveys.xlsform.own import own_question
from insight.surveys.xlsform.rows import Reading, stands_for
from insight.surveys.xlsform.sheets import is_group, is_repeat, read_form

SHEETS = ("survey", "choices", "settings")


def from_xlsform(data: bytes) -> Carried:
    """A working copy with what a workbook asks, and what could not be carried, row by row.

    The journey's own questions are known by their names; those that the file does not ask are left out, or stay where
    a journey needs them. Raises :class:`~insight.errors.BadInput` for a file that is no XLSForm, or asks nothing.
    """
    form, unread = read_form(data)
    carrier = _Carrier(Reading(form, unread), question_set())
    working = carrier.working()
    return Carried(working, tuple(sorted(carrier.reading.left_out, key=_place)))


def _place(lost: NotCarried) -> tuple[int, int]:
    return (SHEETS.index(lost.sheet) if lost.sheet in SHEETS else len(SHEETS), lost.row)


class _Carrier:
    """What is gathered while a form is read."""

    def __init__(self, reading: Reading, base: QuestionSet) -> None:
        self.reading, self.base = reading, base
        self.found: dict[str, Question] = {}
        self.words: dict[str, Wording] = {}
        self.dropped: tuple[str, ...] = ()

    def working(self) -> Working:
        """The working copy: what a journey needs, what the file asks in its order, the consent last."""
        for question in self._questions(self.reading.form.nodes):
            self.found.setdefault(question.id, question)
        if not self.found:
            raise BadInput("No question in this file can be carried. Check that it is the form you meant.")
        absent = [question for question in self.base.question if question.id not in self.found]
        stays = [question for question in absent if question.id in KEPT]
        left = [question for question in absent if question.id not in KEPT]
        self.reading.left_out += [NotCarried("survey", 0, question.id, reasons.STAYS) for question in stays]
        ordered = [*stays, *self.found.values(), *left]
        title = self.words.get(TITLE) or {"en": self.reading.form.title or "Untitled survey"}
        return Working(
            base=f"{self.base.code}-{self.base.version}",
            languages=self.reading.form.languages,
            title={code: text[:MOST_TITLE] for code, text in title.items()},
            welcome=self.words.get(WELCOME),
            thanks=self.words.get(THANKS),
            question=tuple(sorted(ordered, key=lambda question: isinstance(question, ConsentTo))),
            dropped=(*(question.id for question in left), *self.dropped),
        )

    def _questions(self, nodes: Sequence[Node]) -> Iterator[Question]:
        for node in nodes:
            row = node.row
            if row.type == "note" and row.name in (TITLE, WELCOME, THANKS):
                self.words[row.name] = {"en": ""} | self.reading.wording(row, "label")
            elif row.name == READ_OUT:
                continue
            elif is_group(node) and not stands_for(node):
                self.reading.group(row)
                yield from self._questions(node.children)
            elif (question := self._question(node)) is not None:
                yield question

    def _question(self, node: Node) -> Question | None:
        known = next((question for question in self.base.question if question.id == node.row.name), None)
        if is_repeat(node):
            return self._steps(node, known)
        if known is not None and not isinstance(known, Steps) and (told := journey.over(self.reading, node, known)):
            return told
        if len(self.found) >= MOST_QUESTIONS - len(self.base.question):
            self.reading.lose(node.row, reasons.MANY_QUESTIONS.format(most=MOST_QUESTIONS))
            return None
        return own_question(self.reading, node, {*self.found, *(question.id for question in self.base.question)})

    def _steps(self, node: Node, known: Question | None) -> Question | None:
        if not isinstance(known, Steps):
            self.reading.lose(node.row, reasons.REPEAT)
            return None
        told, self.dropped = journey.steps(self.reading, node, known)
        return told
