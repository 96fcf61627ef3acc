"""From what is stored to what a teller reads, pure: every answer with its question, in the language spoken now."""

from collections.abc import Iterable, Mapping
from typing import Any

from insight.intake.model import Obstacle, Source
from insight.intake.questions import (
    Choice,
    ConsentTo,
    LongText,
    Lookup,
    Question,
    QuestionSet,
    StepQuestion,
    Steps,
    said,
)
from insight.intake.rules import is_blank
from insight.intake.saying import in_words
from insight.intake.tables import StoryRow
from insight.language import _
from insight.receipts.model import Answer, StepHeld

LONGEST_REPLY = 5_000


def answers_held(questions: QuestionSet, answers: Mapping[str, Any]) -> tuple[Answer, ...]:
    """What was answered about the whole journey, in the order asked; steps and consents stand apart."""
    asked = (question for question in questions.question if not isinstance(question, Steps | ConsentTo))
    return _answered(asked, answers)


def steps_held(questions: QuestionSet, answers: Mapping[str, Any]) -> tuple[StepHeld, ...]:
    """What was answered about each step."""
    asked = next((question for question in questions.question if isinstance(question, Steps)), None)
    if asked is None:
        return ()
    steps = answers.get(asked.id) or ()
    return tuple(StepHeld(number, _answered(asked.question, step)) for number, step in enumerate(steps, 1))


def equality_held(questions: QuestionSet, answers: Mapping[str, Any]) -> tuple[Answer, ...]:
    """What the teller said about themselves."""
    return _answered((question for question in questions.question if isinstance(question, Choice)), answers)


def _answered(questions: Iterable[Question | StepQuestion], answers: Mapping[str, Any]) -> tuple[Answer, ...]:
    return tuple(
        Answer(
            question.id,
            said(question.text),
            in_words(question, answers[question.id]),
            answers[question.id],
            isinstance(question, LongText | Lookup),
        )
        for question in questions
        if not is_blank(answers.get(question.id))
    )


def consent_question(questions: QuestionSet) -> ConsentTo | None:
    """The question that asks what may be done with the story."""
    return next((question for question in questions.question if isinstance(question, ConsentTo)), None)


def asked_to(questions: QuestionSet, scope: str) -> str:
    """What agreeing to a scope allows, in the words that were asked."""
    question = consent_question(questions)
    options = question.options if question else ()
    return next((said(option.text) for option in options if option.code == scope), scope)


def agreeing(answers: Mapping[str, Any], questions: QuestionSet, scope: str, given: bool) -> dict[str, Any]:
    """Answers in which one agreement is given or not, and nothing else is changed."""
    question = consent_question(questions)
    if question is None:
        return dict(answers)
    told = set(answers.get(question.id) or ()) - {scope} | ({scope} if given else set())
    return {**answers, question.id: [option.code for option in question.options if option.code in told]}


def noted(story: StoryRow, survey: str | None) -> tuple[Answer, ...]:
    """What was kept beside the answers."""
    minutes = None if story.seconds is None else str(max(1, round(story.seconds / 60)))
    feeling = None if story.overall_feeling is None else str(story.overall_feeling)
    kept: tuple[tuple[str, str, Any, str | None], ...] = (
        ("source", _("How it reached us"), story.source, source_in_words(story.source)),
        ("survey", _("The survey it answers"), survey, survey),
        ("campaign", _("The poster or link that led you here"), story.campaign, story.campaign),
        ("seconds", _("How long the form was open, in minutes"), story.seconds, minutes),
        ("overall_feeling", _("How it felt, from -2 (very bad) to 2 (very good)"), story.overall_feeling, feeling),
        ("obstacles", _("What got in the way, as staff noted it"), story.obstacles, _listed(story.obstacles)),
        ("obstacle_text", _("What staff wrote about it"), story.obstacle_text, story.obstacle_text),
        ("external_id", _("Its number in the file it came from"), story.external_id, story.external_id),
    )
    return tuple(Answer(name, asked, said, value, name == "obstacle_text") for name, asked, value, said in kept if said)


def source_in_words(source: str) -> str:
    """How a story reached the place."""
    return {
        Source.SELF_WEB: _("You told it online"),
        Source.STAFF_PHONE: _("Staff wrote it down on the phone"),
        Source.STAFF_FACE_TO_FACE: _("Staff wrote it down when you met"),
        Source.STAFF_OBSERVED: _("Staff wrote down what they saw"),
        Source.STAFF_PAPER: _("It was typed in from paper"),
        Source.IMPORT: _("It came in a file"),
        Source.DEMO: _("It is invented"),
    }.get(Source(source), source)


def _listed(obstacles: Iterable[str]) -> str:
    words = {
        Obstacle.RULES: _("Rules"),
        Obstacle.FUNDING: _("Funding"),
        Obstacle.SYSTEMS: _("Computer systems"),
        Obstacle.DATA_SHARING: _("Sharing information"),
        Obstacle.TARGETS: _("Targets"),
        Obstacle.WORKLOAD: _("Workload"),
        Obstacle.OTHER: _("Something else"),
    }
    return "\n".join(words.get(Obstacle(code), code) for code in obstacles)
