"""What was just saved: its reference, large, and the answers read back to be held against the paper or the caller."""

from collections.abc import Iterator
from html import escape

import streamlit as st

from insight.intake import QuestionSet, said
from insight.intake.questions import Steps
from insight.intake.rules import is_blank
from insight.intake.saying import in_words
from insight.language import _
from pages.keyed.moves import Outcome


def saved(questions: QuestionSet, outcome: Outcome, what_next: str) -> None:
    """Draw the reference, what to do with it, and the answers as they were kept."""
    aloud = ", ".join(" ".join(group) for group in outcome.reference.split("-"))
    rows = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(words)}</dd></div>"
        for label, words in _read_back(questions, outcome)
    )
    title, read_back = escape(_("Saved. The reference")), escape(_("Read back what was saved"))
    log_a_story = f'<a href="/log" target="_self">{escape(_("Log a story"))}</a>'
    wrong = escape(_("Something is wrong? Change it under {log_a_story}, where it stands first in the list."))
    st.html(
        f'<div class="tl-panel" id="saved" role="status"><p>{title}</p><p class="tl-reference" dir="ltr">'
        f'<span aria-hidden="true">{outcome.reference}</span><span class="tl-unseen">{aloud}</span></p></div>'
        f'<p class="tl-hint">{escape(what_next)}</p><details class="tl-later"><summary>{read_back}</summary>'
        f'<dl class="tl-summary">{rows}</dl><p>{wrong.format(log_a_story=log_a_story)}</p></details>'
    )


def _read_back(questions: QuestionSet, outcome: Outcome) -> Iterator[tuple[str, str]]:
    """Each answer with its question's code, in the order of the form."""
    for question in questions.question:
        value = outcome.answers.get(question.id)
        if isinstance(question, Steps):
            for number, step in enumerate(value or (), 1):
                for asked in question.question:
                    if not is_blank(step.get(asked.id)):
                        yield f"{number}.{asked.id}", in_words(asked, step[asked.id])
        elif not is_blank(value):
            yield f"{question.id}. {said(question.text)}", in_words(question, value)
