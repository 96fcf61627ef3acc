"""The pages of a questionnaire in their order, as both previews draw them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from insight.intake import QuestionSet
from insight.intake.questions import Steps, Wording
from pages.kit.questions import Asked


@dataclass(frozen=True, slots=True)
class Shown:
    """One page: its heading, words that lead into it, and what is asked on it."""

    heading: Wording | None
    lead: Wording | None = None
    asked: Sequence[Asked] = ()


def pages_of(questions: QuestionSet) -> Iterator[Shown]:
    """Each page in its order, with the survey's own words before the first and after the last."""
    yield Shown(questions.title, questions.welcome)
    for question in questions.question:
        if isinstance(question, Steps):
            yield Shown(question.text, question.help)
            for page in question.page:
                yield Shown(page.text, None, [question.by_id(name) for name in page.questions])
        else:
            yield Shown(question.text, None, [question])
    if questions.thanks:
        yield Shown(None, questions.thanks)
