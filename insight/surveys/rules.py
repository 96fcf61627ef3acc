"""What can be done to a working copy: pure edits, each giving a new copy or saying why not."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from insight.errors import BadInput, NotFound
from insight.intake.questions import Choice, ConsentTo, Question, QuestionSet, StepQuestion, Steps
from insight.intake.rules import clean
from insight.language import LANGUAGES
from insight.surveys.model import OWN, State, Working
from insight.surveys.phrases import part_of

KEPT = {
    "need": "It is always asked: journeys with the same need are read together.",
    "what_happened": "It is always asked: people's own words are what is read.",
    "steps": "They are always asked: a journey is its steps.",
    "steps.service": "It is always asked: without it nobody knows whom a step was with.",
    "steps.channel": "It is always asked: it shows where one way in works and another does not.",
    "steps.feeling": "It is always asked: it shows where a journey hurts.",
    "consent": "It is always asked, and last: no story may be used that nobody allowed us to use.",
}
KINDS = {
    "choice": "Choose one answer",
    "yes_no": "Yes or no",
    "text": "Own words",
    "number": "A number",
    "days": "A length of time",
}
LARGEST = 1_000_000
MOST_OPTIONS = 30
MOST_QUESTIONS = 60
ID_LENGTH = 40
QUESTION: TypeAdapter[Question] = TypeAdapter(Question)


def started_from(base: QuestionSet, title: str) -> Working:
    """A working copy with every question of a question set, in every language that it has, under a title."""
    words = clean(title)
    if not words or len(words) > 200:
        raise BadInput("Give the survey a title of at most 200 characters.")
    languages = tuple(code for code in LANGUAGES if code in base.title)
    return Working(base=f"{base.code}-{base.version}", languages=languages, title={"en": words}, question=base.question)


def is_own(path: str) -> bool:
    """Whether a question was added to the survey, and is not the journey's own."""
    return path.startswith(OWN)


def drop(working: Working, path: str) -> Working:
    """Leave a question out, of the survey or of each step. It is kept, and can be put back."""
    find(working, path)
    if path in KEPT:
        raise BadInput(KEPT[path])
    return working if path in working.dropped else working.model_copy(update={"dropped": (*working.dropped, path)})


def restore(working: Working, path: str) -> Working:
    """Put back a question that was left out."""
    return working.model_copy(update={"dropped": tuple(name for name in working.dropped if name != path)})


def add(working: Working, question: Question) -> Working:
    """Add a question before the consent; one that is there already, left out perhaps, is put back."""
    if any(known.id == question.id for known in working.question):
        return restore(working, question.id)
    if not is_own(question.id) or isinstance(question, Steps | ConsentTo):
        raise BadInput(f"The id of an added question starts with {OWN}.")
    if len(working.question) >= MOST_QUESTIONS:
        raise BadInput(f"A survey has at most {MOST_QUESTIONS} questions. Leave some out first.")
    return _in_order(working, (*working.question, question))


def own_question(working: Working, kind: str, text: str, options: Iterable[str] = ()) -> Question:
    """A question of one's own, in English, with an id made from its words that no other question has."""
    words = clean(text)
    if kind not in KINDS:
        raise BadInput("Choose what kind of answer it takes.")
    if not words or len(words) > 500:
        raise BadInput("Write the question, in at most 500 characters.")
    body: dict[str, Any] = {"id": new_id(working, words), "type": kind, "text": {"en": words}}
    if kind == "choice":
        body["options"] = as_options(options)
    if kind == "number":
        body["most"] = LARGEST
    return QUESTION.validate_python(body)


def as_options(texts: Iterable[str]) -> list[dict[str, Any]]:
    """Answers to choose from, in English, each with a code made from its words."""
    made: list[dict[str, Any]] = []
    for text in texts:
        if words := clean(text):
            made.append(_option(words, {option["code"] for option in made}))
    _check_options(made)
    return made


def add_option(working: Working, path: str, text: str) -> Working:
    """Add an answer to a question of one's own."""
    words = clean(text)
    if not words:
        raise BadInput("Write the answer.")

    def added(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [*options, _option(words, {option["code"] for option in options})]

    return _with_options(working, path, added)


def remove_option(working: Working, path: str, code: str) -> Working:
    """Take an answer away from a question of one's own; two stay at least."""
    return _with_options(working, path, lambda options: [option for option in options if option["code"] != code])


def move_option(working: Working, path: str, code: str, by: int) -> Working:
    """Move an answer up (-1) or down (+1) among the answers of a question of one's own."""

    def moved(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
        codes = [option["code"] for option in options]
        return _shifted(options, codes.index(code), by) if code in codes else options

    return _with_options(working, path, moved)


def require(working: Working, path: str, required: bool) -> Working:
    """Ask a question of one's own so that it must be answered, or may be skipped."""
    return _with_part(_owned(working, path), path, {"required": required})


def limit(working: Working, path: str, most: int) -> Working:
    """The largest number that a number question of one's own takes."""
    if find(_owned(working, path), path).type != "number" or not 1 <= most <= 10**9:
        raise BadInput("Give the largest number that makes sense, from 1 to 1,000,000,000.")
    return _with_part(working, path, {"most": most})


def move(working: Working, path: str, by: int) -> Working:
    """Move a question up (-1) or down (+1), past those that are left out. The consent stays last."""
    find(working, path)
    asked = [question.id for question in working.question if question.id not in working.dropped]
    if path not in asked or isinstance(working.by_id(path), ConsentTo):
        return working
    there = asked.index(path) + by
    if not 0 <= there < len(asked) - 1:
        return working
    order = [question.id for question in working.question]
    return _in_order(
        working, _shifted(working.question, order.index(path), order.index(asked[there]) - order.index(path))
    )


def offer(working: Working, languages: Iterable[str]) -> Working:
    """Which languages the survey is offered in. What was written in others is kept."""
    chosen = set(languages) | {"en"}
    return working.model_copy(update={"languages": tuple(code for code in LANGUAGES if code in chosen)})


def state_on(today: date, published: bool, opens_on: date | None, closes_on: date | None) -> State:
    """Whether people can answer on a day; both dates count as open."""
    if not published:
        return State.NOT_PUBLISHED
    if closes_on is not None and closes_on < today:
        return State.CLOSED
    return State.NOT_YET_OPEN if opens_on is not None and today < opens_on else State.OPEN


def typed_day(parts: Mapping[str, str] | None, named: str) -> date | None:
    """A day as typed in three fields, None where all are empty."""
    if parts is None or not any(part.strip() for part in parts.values()):
        return None
    try:
        return date(*(int(parts[name].strip()[:6]) for name in ("year", "month", "day")))
    except (KeyError, ValueError):
        raise BadInput(f"The {named} must be a real date with day, month and year, such as 27 11 2026.") from None


def find(working: Working, path: str) -> Question | StepQuestion:
    """The question with this path, or :class:`~insight.errors.NotFound`."""
    try:
        return working.by_id(path)
    except StopIteration:
        raise NotFound("That question is not in this survey. Open the survey again.") from None


def new_id(working: Working, words: str) -> str:
    """An id from a wording: ``x_`` and its first words, with a number where it is taken."""
    return untaken(OWN + code_of(words, ID_LENGTH, "_"), {question.id for question in working.question}, "_")


def code_of(words: str, most: int, between: str) -> str:
    """A code from words: small letters without accents, and digits, at most so long; ``item`` where none is left."""
    plain = unicodedata.normalize("NFKD", words.lower().replace("ł", "l"))
    kept = "".join(c if c.isascii() and c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split()
    code = ""
    for part in kept:
        if len(code) + len(part) + 1 > most:
            break
        code = f"{code}{between}{part}" if code else part
    return code or (kept[0][:most] if kept else "item")


def untaken(code: str, taken: set[str], between: str) -> str:
    """The code, with the first number behind it that makes it a new one where it is taken."""
    number, made = 2, code
    while made in taken:
        made, number = f"{code}{between}{number}", number + 1
    return made


def _option(words: str, taken: set[str]) -> dict[str, Any]:
    return {"code": untaken(code_of(words, ID_LENGTH, "_"), taken, "_"), "text": {"en": words}}


def _check_options(options: list[dict[str, Any]]) -> None:
    texts = [option["text"]["en"].casefold() for option in options]
    if len(options) < 2:
        raise BadInput("Give at least two answers to choose from, one on each line.")
    if len(options) > MOST_OPTIONS:
        raise BadInput(f"Give at most {MOST_OPTIONS} answers to choose from.")
    if len(set(texts)) < len(texts):
        raise BadInput("Two of the answers are the same. Change one of them.")
    if any(len(text) > 200 for text in texts):
        raise BadInput("Shorten the answers to 200 characters or fewer each.")


def _with_options(
    working: Working, path: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]
) -> Working:
    question = find(_owned(working, path), path)
    if not isinstance(question, Choice):
        raise BadInput("This question has no answers to choose from.")
    options = change([option.model_dump() for option in question.options])
    _check_options(options)
    return _with_part(working, path, {"options": options})


def _owned(working: Working, path: str) -> Working:
    if not is_own(path):
        raise BadInput("This is one of the journey's own questions: its words can change, and nothing else.")
    find(working, path)
    return working


def _with_part(working: Working, path: str, values: dict[str, Any]) -> Working:
    body = working.model_dump()
    part_of(body, path).update(values)
    return Working.model_validate(body)


def _in_order(working: Working, questions: Iterable[Question]) -> Working:
    """With these questions, the consent behind all others."""
    ordered = sorted(questions, key=lambda question: isinstance(question, ConsentTo))
    return working.model_copy(update={"question": tuple(ordered)})


def _shifted(items: Iterable[Any], index: int, by: int) -> list[Any]:
    moved = list(items)
    item = moved.pop(index)
    moved.insert(max(0, min(index + by, len(moved))), item)
    return moved
