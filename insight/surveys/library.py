"""Questions that a survey can add: ready to ask, in every language (``data/questions/library-*.toml``)."""

from insight.errors import NotFound
from insight.intake.questions import Question, question_set


def library() -> tuple[Question, ...]:
    """The newest library; empty where there is none."""
    try:
        return question_set("library").question
    except NotFound:
        return ()
