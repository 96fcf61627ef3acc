"""Every text of a survey, to be read and changed by its path. Pure."""

from collections.abc import Iterator
from typing import Any

from insight.errors import BadInput, NotFound
from insight.intake.questions import Wording
from insight.intake.rules import clean
from insight.language import LANGUAGES
from insight.surveys.model import Missing, Phrase, Role, Working

SURVEY = "survey"
MOST = 2_000
MOST_TITLE = 200
SLOTS = {
    "title": Role.TITLE,
    "welcome": Role.WELCOME,
    "thanks": Role.THANKS,
    "text": Role.QUESTION,
    "help": Role.HELP,
    "why": Role.WHY,
    "read_out": Role.READ_OUT,
}
OPTIONAL = ("welcome", "thanks", "help", "why")


def phrases(working: Working) -> Iterator[Phrase]:
    """Every text in the order in which people meet it, of questions that are left out too."""
    body = working.model_dump()
    yield from _of(SURVEY, body, ("title", "welcome"))
    for question in body["question"]:
        yield from _of_question(question["id"], question)
        for page in question.get("page", ()):
            yield Phrase(f"steps.page.{page['id']}:text", f"steps.page.{page['id']}", Role.PAGE, page["text"], False)
            for asked in (asked for asked in question["question"] if asked["id"] in page["questions"]):
                yield from _of_question(f"{question['id']}.{asked['id']}", asked)
    yield from _of(SURVEY, body, ("thanks",))


def parts(working: Working) -> dict[str, list[Phrase]]:
    """The texts by what they belong to, without those of questions that are left out."""
    found: dict[str, list[Phrase]] = {}
    for phrase in phrases(working):
        if is_asked(working, phrase.part):
            found.setdefault(phrase.part, []).append(phrase)
    return found


def is_asked(working: Working, part: str) -> bool:
    """Whether a part is asked in the survey: it and what it stands in are not left out, nor all of a page."""
    first, _, rest = part.partition(".")
    if rest.startswith("page."):
        page = next(page for page in working.steps.page if page.id == rest[5:])
        return any(f"{first}.{name}" not in working.dropped for name in page.questions)
    return part not in working.dropped


def missing(working: Working) -> tuple[Missing, ...]:
    """Every text that is not written in a language that is offered."""
    return tuple(
        Missing(phrase, language)
        for of_part in parts(working).values()
        for phrase in of_part
        if phrase.wording is not None
        for language in working.languages
        if not (phrase.wording.get(language) or "").strip()
    )


def word(working: Working, path: str, language: str, text: str) -> Working:
    """Write one text in one language. An optional text that is emptied in English is gone in every language."""
    phrase = next((phrase for phrase in phrases(working) if phrase.path == path), None)
    if phrase is None or language not in LANGUAGES:
        raise NotFound("There is no such text in this survey. Open the survey again.")
    body = working.model_dump()
    holder, slot = _holder(body, path)
    holder[slot] = _worded(phrase, language, clean(text))
    return Working.model_validate(body)


def _worded(phrase: Phrase, language: str, text: str | None) -> Wording | None:
    most = MOST_TITLE if phrase.role is Role.TITLE else MOST
    if text and len(text) > most:
        raise BadInput(f"Shorten this to {most:,} characters or fewer. It has {len(text):,}.")
    told = dict(phrase.wording or {})
    if text:
        if language != "en" and not told.get("en"):
            raise BadInput("Write this in English first: English stands in for a language that is missing.")
        return told | {language: text}
    if language != "en":
        told.pop(language, None)
        return told or None
    if not phrase.optional:
        raise BadInput(f"Write the words in English: {phrase.role.lower()}.")
    return None


def _of_question(part: str, question: dict[str, Any]) -> Iterator[Phrase]:
    slots = ("text", "help", "why", "read_out") if question["type"] == "consent" else ("text", "help", "why")
    yield from _of(part, question, slots, fixed=question["type"] == "consent")
    for option in question.get("options", ()):
        yield Phrase(f"{part}:option.{option['code']}", part, Role.OPTION, option["text"], False)


def _of(part: str, holder: dict[str, Any], slots: tuple[str, ...], *, fixed: bool = False) -> Iterator[Phrase]:
    for slot in slots:
        if not fixed or holder[slot] is not None:
            yield Phrase(f"{part}:{slot}", part, SLOTS[slot], holder[slot], slot in OPTIONAL and not fixed)


def _holder(body: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """The dictionary that holds a text, and the key it has there."""
    part, _, slot = path.partition(":")
    holder = part_of(body, part)
    if slot.startswith("option."):
        return next(option for option in holder["options"] if option["code"] == slot[7:]), "text"
    return holder, slot


def part_of(body: dict[str, Any], part: str) -> dict[str, Any]:
    """What a part names, within a dumped working copy."""
    if part == SURVEY:
        return body
    first, _, rest = part.partition(".")
    holder: dict[str, Any] = _with_id(body["question"], first)
    if rest.startswith("page."):
        return _with_id(holder["page"], rest[5:])
    return _with_id(holder["question"], rest) if rest else holder


def _with_id(items: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    return next(item for item in items if item["id"] == wanted)
