"""The script of a call: what to say for each question, in the caller's language, and where to note the answer."""

from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from insight.access import Actor
from insight.concerns import concerns_in
from insight.intake import ConsentHow, Place, PlaceLists, Problem, Provenance, QuestionSet, Source, said
from insight.intake.questions import Choice, ConsentTo, Feeling, LongText, Lookup, StepQuestion, Steps
from insight.intake.rules import as_listed, is_blank
from insight.language import LANGUAGES, _, noted
from pages.keyed import moves
from pages.keyed.aloud import opening, say, who_to_call
from pages.keyed.echo import Echo
from pages.keyed.pad import Pad
from pages.kit import questions as inputs
from pages.kit.a11y import Field, Page

PROVENANCE = "provenance"
WORDS_OF = {
    Provenance.PARAPHRASE.value: noted("My summary of what they said"),
    Provenance.OWN_WORDS.value: noted("Their own words"),
}
Asked = StepQuestion | ConsentTo


class Script:
    """One drawing of the script."""

    def __init__(self, pad: Pad, questions: QuestionSet, lists: PlaceLists, page: Page, language: str) -> None:
        self.pad, self.questions, self.page, self.language = pad, questions, page, LANGUAGES[language]
        self.paths: dict[str, Asked] = dict(zip(pad.paths(questions), self._asked(), strict=True))
        problems = {problem.path: problem.message for problem in moves.last(pad.name).problems if problem.path}
        self.wrong = {pad.key(path): message for path, message in problems.items()}
        self.lists, self.echoes = lists, list[Echo]()
        self.sheet = inputs.Sheet(page, lists, self.wrong)
        self.heard: dict[str, str] = st.session_state.setdefault(pad.key("heard"), {})

    def draw(self, actor: Actor, place: Place) -> None:
        """The whole script."""
        say(self.language, opening(self.language), _("Say"))
        with st.form(self.pad.key("form"), border=False, enter_to_submit=False):
            for question in self.questions.question:
                if isinstance(question, Steps):
                    self._steps(question)
                else:
                    self._question(question.id, question)
            whose = self.pad.start(PROVENANCE, Provenance.PARAPHRASE.value)
            label = _("Whose words did you write?")
            st.radio(label, list(WORDS_OF), key=whose, format_func=lambda code: _(WORDS_OF[code]))
            with st.container(horizontal=True, gap="small", key="tl-onwards"):
                save = (actor, place, self.pad, self.read)
                st.form_submit_button(_("Save"), key="phone-save", type="primary", on_click=moves.keep, args=save)

    def read(self, pad: Pad) -> tuple[dict[str, Any], list[Problem]]:
        """The answers as they were noted."""
        told = {path: self._noted(question, pad.key(path)) for path, question in self.paths.items()}
        answers = with_steps(told)
        consent = next((one for one in self.questions.question if isinstance(one, ConsentTo)), None)
        return answers | {
            "language": self.language.code,
            "source": Source.STAFF_PHONE.value,
            "provenance": pad.value(PROVENANCE) or Provenance.PARAPHRASE.value,
            "consent_how": ConsentHow.VERBAL.value,
            "consent_wording": consent.staff_wording if consent else "",
        }, []

    def _noted(self, question: Asked, key: str) -> Any:
        told = inputs.read(question, key)
        if not isinstance(question, Lookup) or not told:
            return told
        return as_listed(told, self.lists.services if question.list == "service" else self.lists.organisations)

    def first_input(self, path: str) -> str:
        """The key of the input to which an error's link leads."""
        return inputs.first_input(self.paths[path], self.pad.key(path)) if path in self.paths else ""

    def _asked(self) -> list[Asked]:
        asked: list[Asked] = []
        for question in self.questions.question:
            if isinstance(question, Steps):
                asked += list(question.question) * self.pad.rows
            else:
                asked.append(question)
        return asked

    def _question(self, path: str, question: Asked, *, alone: bool = False) -> None:
        """What to say, and the input. What is ``alone`` in its part was said by the part."""
        key, code = self.pad.key(path), self.language.code
        if isinstance(question, Lookup):
            self._name(path, question)
            return
        if isinstance(question, ConsentTo):
            note = _("Read this out, word for word (wording {wording})").format(wording=question.staff_wording)
            say(self.language, [said(question.read_out, code)], note)
        elif not alone:
            options = question.options if isinstance(question, Choice | Feeling) else ()
            say(self.language, [said(question.text, code)], _("Say"), [said(option.text, code) for option in options])
        inputs.draw(self.sheet, question, None, key, heading_says_it=True)
        if isinstance(question, LongText):
            self.page.keeps[key] = partial(self._hear, path)
            if concerns_in([self.heard.get(path, "")]):
                at_risk = _("What you wrote may mean that somebody is at risk. Say who can help.")
                who_to_call(self.language, at_risk, now=True)

    def _name(self, path: str, question: Lookup) -> None:
        """A name, as it is said or from the place's list."""
        key = self.pad.start(path, "")
        if key in self.wrong:
            st.html(inputs.error_line(key, self.wrong[key]))
        st.text_input(said(question.text), key=key, autocomplete="off")
        self.page.fields.append(Field(key, f"{key}-error" if key in self.wrong else "", key in self.wrong))
        self.echoes.append(Echo(key, "", [], [], listed=question.list))

    def _hear(self, path: str, text: str) -> None:
        """What is being typed, so that help can be offered before the call ends. It stays in this session."""
        self.heard[path] = text

    def _steps(self, question: Steps) -> None:
        st.html(f'<h2 class="tl-h2">{escape(said(question.text))}</h2>')
        code = self.language.code
        say(self.language, [said(words, code) for words in (question.text, question.help) if words], _("Say"))
        for row in range(self.pad.rows):
            with st.container(key=f"tl-row-{row}"):
                st.html(f'<h3 class="tl-h3">{escape(_("Step {number}").format(number=row + 1))}</h3>')
                for part in question.page:
                    say(self.language, [said(part.text, code)], _("Say"))
                    for asked in map(question.by_id, part.questions):
                        self._question(f"{question.id}.{row}.{asked.id}", asked, alone=len(part.questions) == 1)
        first = question.question[0].id
        st.form_submit_button(_("Add a step"), key="phone-more", on_click=moves.add_step, args=(self.pad.name, first))


def with_steps(by_path: Mapping[str, Any]) -> dict[str, Any]:
    """Answers by question from answers by path. Empty steps stay, so that a path names a row; those at the end go."""
    told: dict[str, Any] = {}
    rows: dict[str, list[dict[str, Any]]] = {}
    for path, value in by_path.items():
        question, *rest = path.split(".")
        if not rest:
            told[question] = value
            continue
        steps = rows.setdefault(question, [])
        if int(rest[0]) == len(steps):
            steps.append({})
        if value is not None:
            steps[-1][rest[1]] = value
    for question, steps in rows.items():
        while steps and not steps[-1]:
            steps.pop()
        told[question] = steps
    return {name: value for name, value in told.items() if not is_blank(value)}
