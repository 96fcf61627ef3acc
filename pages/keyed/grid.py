"""The screen to key a paper form in: the same order and the same codes as on paper, and nothing but the Tab key."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import streamlit as st

from insight import paper
from insight.access import Actor
from insight.intake import ConsentHow, Place, PlaceLists, Problem, Provenance, QuestionSet, Source, said
from insight.intake.questions import (
    Choice,
    ConsentTo,
    Days,
    Feeling,
    LongText,
    Lookup,
    Number,
    StepQuestion,
    Steps,
    When,
    YesNo,
)
from insight.language import LANGUAGES, _, noted
from pages.keyed import moves
from pages.keyed.echo import Echo
from pages.keyed.pad import Pad
from pages.kit.a11y import Field, Page
from pages.kit.questions import error_line

LANGUAGE = "language"
HINTS: dict[type, str] = {
    When: noted("14 3 2026, or 3 2026, or 2026"),
    Days: noted("3w for 3 weeks, 10d for days, 2m for months, ? for I do not know"),
    Number: noted("A number, such as 4 or 2.50"),
    Lookup: noted("The name as it is written, or one from the list that opens as you type"),
}
WEIGHTS: dict[type, float] = {Lookup: 3.2, LongText: 3.6}
WIDEST = 12.0
Asked = StepQuestion | ConsentTo


class Grid:
    """One drawing of the screen: what is on it, and what it is told about its fields."""

    def __init__(self, pad: Pad, questions: QuestionSet, lists: PlaceLists, page: Page) -> None:
        self.pad, self.questions, self.lists, self.page = pad, questions, lists, page
        self.echoes: list[Echo] = []
        self.legends: dict[str, str] = {}
        self.wrong = {problem.path: problem.message for problem in moves.last(pad.name).problems if problem.path}

    def draw(self, actor: Actor, place: Place) -> None:
        """The whole form."""
        with st.form(self.pad.key("form"), border=False, enter_to_submit=False):
            self._language()
            for question in self.questions.question:
                if isinstance(question, Steps):
                    self._steps(question)
                else:
                    self._question(question)
            with st.container(horizontal=True, gap="small", key="tl-onwards"):
                save = (actor, place, self.pad, self.read)
                st.form_submit_button(_("Save"), key="paper-save", type="primary", on_click=moves.keep, args=save)

    def read(self, pad: Pad) -> tuple[dict[str, Any], list[Problem]]:
        """The answers as they were typed, with what paper says about them; and what is wrong with the language."""
        typed = pad.typed(self.questions)
        told = paper.answers_typed(self.questions, typed, self.lists.services, self.lists.organisations)
        language = str(pad.value(LANGUAGE) or "").strip().lower()
        told |= {
            "language": language,
            "source": Source.STAFF_PAPER.value,
            "provenance": Provenance.OWN_WORDS.value,
            "consent_how": ConsentHow.WRITTEN.value,
            "consent_wording": next((q.wording for q in self.questions.question if isinstance(q, ConsentTo)), ""),
        }
        one_of = _("Type one of {codes}").format(codes=", ".join(LANGUAGES))
        return told, [] if language in LANGUAGES else [Problem(LANGUAGE, one_of)]

    def _language(self) -> None:
        codes = " · ".join(paper.form_id(self.questions, code).removeprefix(self._form()) for code in LANGUAGES)
        hint = _("Type the letters after {form}. One of: {codes}. Anything else is another form: log that one.")
        told = hint.format(form=self._form(), codes=codes)
        key = self._head(LANGUAGE, _("What stands at the foot of the paper"), told)
        self.pad.start(LANGUAGE, self.pad.usual.get(LANGUAGE, "en"))
        label = _("Language at the foot of the paper")
        st.text_input(label, key=key, width=96, autocomplete="off", label_visibility="collapsed")

    def _form(self) -> str:
        return f"{self.questions.code}-{self.questions.version}-"

    def _question(self, question: Asked) -> None:
        label = f"{question.id}. {said(question.text)}"
        key = self._head(question.id, label, legend(question))
        self.pad.start(question.id, "")
        if isinstance(question, LongText):
            st.text_area(label, key=key, height=110, label_visibility="collapsed")
        else:
            place = f"{key}-echo"
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                width = 420 if isinstance(question, Lookup) else 160
                st.text_input(label, key=key, width=width, autocomplete="off", label_visibility="collapsed")
                st.html(f'<p class="tl-echo" id="{place}" role="status"></p>', width="stretch")
            self._echo(question, key, place)

    def _head(self, path: str, label: str, hint: str) -> str:
        """Label, codes and error over an input; gives the input's key."""
        key = self.pad.key(path)
        html = f'<p class="tl-label">{escape(label)}</p>'
        html += f'<p class="tl-hint" id="{key}-hint">{escape(hint)}</p>' if hint else ""
        html += error_line(key, self.wrong[path]) if path in self.wrong else ""
        st.html(f'<div class="tl-ask">{html}</div>')
        ids = [f"{key}-hint" if hint else "", f"{key}-error" if path in self.wrong else ""]
        self.page.fields.append(Field(key, " ".join(filter(None, ids)), path in self.wrong))
        return key

    def _steps(self, question: Steps) -> None:
        st.html(f'<h2 class="tl-h2">{escape(said(question.text))}</h2>' + self._legends(question))
        for row in range(self.pad.rows):
            with st.container(key=f"tl-row-{row}", gap="small"):
                self._row(question, row)
        first = question.question[0].id
        st.form_submit_button(_("Add a step"), key="paper-more", on_click=moves.add_step, args=(self.pad.name, first))

    def _legends(self, question: Steps) -> str:
        """What the codes of the steps' questions mean, once for all rows, and once for all that take the same."""
        lines = "".join(
            f'<div id="{self._legend_id(group[0])}"><dt>{", ".join(one.id for one in group)}</dt>'
            f"<dd>{escape(legend(group[0]))}</dd></div>"
            for group in alike(question.question)
        )
        self.legends = {one.id: self._legend_id(group[0]) for group in alike(question.question) for one in group}
        return f'<dl class="tl-codes">{lines}</dl>'

    def _legend_id(self, asked: StepQuestion) -> str:
        return f"{self.pad.key('legend')}-{asked.id}"

    def _row(self, question: Steps, row: int) -> None:
        """One step on two lines. Errors stand above, since a cell is too narrow for words."""
        place = self.pad.key(f"{question.id}.{row}") + "-echo"
        for asked in question.question:
            path = f"{question.id}.{row}.{asked.id}"
            if path in self.wrong:
                st.html(error_line(self.pad.key(path), f"{row + 1}.{asked.id}: {self.wrong[path]}"))
        for line in lines_of(question.question):
            for cell, asked in zip(st.columns([weight(one) for one in line]), line, strict=True):
                with cell:
                    self._cell(question, row, asked, place)
        st.html(f'<p class="tl-echo" id="{place}" role="status"></p>')

    def _cell(self, question: Steps, row: int, asked: StepQuestion, place: str) -> None:
        path, label = f"{question.id}.{row}.{asked.id}", f"{row + 1}.{asked.id}"
        key = self.pad.start(path, "")
        st.text_input(label, key=key, autocomplete="off")
        ids = [self.legends.get(asked.id, ""), f"{key}-error" if path in self.wrong else ""]
        name = f"{label}. {said(asked.text)}"
        self.page.fields.append(Field(key, " ".join(filter(None, ids)), path in self.wrong, name))
        self._echo(asked, key, place)

    def _echo(self, asked: Asked, key: str, place: str) -> None:
        """Numbers are said in words as they are typed; names are offered from the place's list.

        A select box of Streamlit's would offer them too, but forgets what was typed when Tab is pressed.
        """
        boxes = paper.boxes_of(asked) if not isinstance(asked, Days) else ()
        codes, words = [box.code for box in boxes], [box.words for box in boxes]
        listed = asked.list if isinstance(asked, Lookup) else ""
        if boxes or listed:
            self.echoes.append(Echo(key, place, codes, words, isinstance(asked, ConsentTo), listed))


def legend(asked: Asked) -> str:
    """What may be typed for a question."""
    if isinstance(asked, Choice | Feeling | YesNo | ConsentTo):
        listed = " · ".join(f"{box.code} {box.words}" for box in paper.boxes_of(asked))
        return _("Each number that is ticked: {codes}").format(codes=listed) if isinstance(asked, ConsentTo) else listed
    return _(HINTS[type(asked)]) if type(asked) in HINTS else ""


def alike(asked: Sequence[StepQuestion]) -> list[list[StepQuestion]]:
    """Questions that take the same, in order; those that take anything are left out."""
    groups: dict[str, list[StepQuestion]] = {}
    for one in asked:
        if legend(one):
            groups.setdefault(legend(one), []).append(one)
    return list(groups.values())


def weight(asked: Asked) -> float:
    """How wide a question's cell is beside others."""
    return WEIGHTS.get(type(asked), 1.4)


def lines_of(asked: Sequence[StepQuestion]) -> Iterator[list[StepQuestion]]:
    """A step's questions on as few lines as are wide enough."""
    line: list[StepQuestion] = []
    for one in asked:
        if line and sum(map(weight, line)) + weight(one) > WIDEST:
            yield line
            line = []
        line.append(one)
    if line:
        yield line
