"""From a working copy to a version that people answer, and what differs between two versions. Pure."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from insight.intake.questions import ConsentTo, QuestionSet, Wording
from insight.language import LANGUAGES
from insight.surveys.model import Role, Working
from insight.surveys.phrases import is_asked, phrases

WORDINGS = ("text", "help", "why", "read_out", "title", "welcome", "thanks")
NO_WORDS = "No words yet"


def as_questions(
    working: Working, code: str, version: int, base: QuestionSet, before: QuestionSet | None = None
) -> QuestionSet:
    """The questions as people would be asked them: without what is left out, in the languages that are offered.

    ``base`` is the question set that the survey started from, ``before`` the survey's last version: a consent whose
    words are those of one of the two keeps its name, so that a name always stands for the same words.
    """
    body: dict[str, Any] = _in_languages(working.model_dump(), working.languages)
    for name in ("base", "languages", "dropped"):
        del body[name]
    body["question"] = [
        _asked(question, working) for question in body["question"] if question["id"] not in working.dropped
    ]
    body |= {"code": code, "version": version}
    consent = next(question for question in body["question"] if question["type"] == "consent")
    consent.update(_wording_names(consent, working, f"{code}-{version}", base, before))
    return with_digest(body)


def with_digest(body: dict[str, Any]) -> QuestionSet:
    """A question set from its body, with the SHA-256 of the body as it is stored."""
    made = QuestionSet.model_validate(body | {"digest": ""})
    return made.model_copy(update={"digest": hashlib.sha256(stored(made).encode()).hexdigest()})


def stored(questions: QuestionSet) -> str:
    """The body of a question set as it is stored: always the same text for the same questions."""
    return json.dumps(_body(questions), ensure_ascii=False, sort_keys=True)


def _body(questions: QuestionSet) -> dict[str, Any]:
    return questions.model_dump(mode="json", exclude={"digest"})


def same(one: QuestionSet, other: QuestionSet) -> bool:
    """Whether two versions ask the same in the same words."""
    return _content(one) == _content(other)


def differences(before: QuestionSet, after: QuestionSet) -> tuple[str, ...]:
    """What changed from one version to the next, in words for the person who publishes."""
    return (
        *_languages_changed(before, after),
        *_questions_changed("", _named(before.question), _named(after.question)),
        *_questions_changed("About each step: ", _named(before.steps.question), _named(after.steps.question)),
        *_words_changed(before, after),
        *_demands_changed(before, after),
    )


def languages_of(questions: QuestionSet) -> tuple[str, ...]:
    """The languages that a version is offered in."""
    return tuple(code for code in LANGUAGES if code in questions.title)


def _in_languages(value: Any, languages: tuple[str, ...]) -> Any:
    """All texts cut to the languages that are offered."""
    if isinstance(value, dict):
        return {
            name: _cut(part, languages)
            if name in WORDINGS and isinstance(part, dict)
            else _in_languages(part, languages)
            for name, part in value.items()
        }
    if isinstance(value, list | tuple):
        return [_in_languages(part, languages) for part in value]
    return value


def _cut(wording: Wording, languages: tuple[str, ...]) -> Wording:
    """A text in the languages that are offered. Without English, which a version never is, another stands in."""
    kept = {code: wording[code] for code in languages if wording.get(code)}
    return {"en": next(iter(kept.values()), NO_WORDS)} | kept


def _asked(question: dict[str, Any], working: Working) -> dict[str, Any]:
    """A question without what is left out of it, and without the pages that this empties."""
    if question["type"] != "steps":
        return question
    asked = [part for part in question["question"] if is_asked(working, f"{question['id']}.{part['id']}")]
    ids = {part["id"] for part in asked}
    pages = [page | {"questions": [name for name in page["questions"] if name in ids]} for page in question["page"]]
    return question | {"question": asked, "page": [page for page in pages if page["questions"]]}


def _wording_names(
    consent: dict[str, Any], working: Working, name: str, base: QuestionSet, before: QuestionSet | None
) -> dict[str, str]:
    named = {"wording": name, "staff_wording": f"{name}-staff"}
    for known in (base, before):
        asked = next((q for q in known.question if isinstance(q, ConsentTo)), None) if known else None
        if asked is None:
            continue
        told = _in_languages(asked.model_dump(mode="json"), working.languages)
        if all(told[part] == consent[part] for part in ("text", "help", "why", "options")):
            named["wording"] = asked.wording
        if told["read_out"] == consent["read_out"]:
            named["staff_wording"] = asked.staff_wording
    return named


def _content(questions: QuestionSet) -> dict[str, Any]:
    body = _body(questions)
    for question in body["question"]:
        if question["type"] == "consent":
            del question["wording"], question["staff_wording"]
    return {name: part for name, part in body.items() if name not in ("code", "version")}


def _languages_changed(before: QuestionSet, after: QuestionSet) -> Iterator[str]:
    was, now = languages_of(before), languages_of(after)
    yield from (f"Added language: {LANGUAGES[code].name}" for code in now if code not in was)
    yield from (f"No longer offered: {LANGUAGES[code].name}" for code in was if code not in now)


def _named(questions: Any) -> dict[str, Wording]:
    return {question.id: question.text for question in questions}


def _questions_changed(of: str, was: dict[str, Wording], now: dict[str, Wording]) -> Iterator[str]:
    yield from (f"{of}Added: {text['en']}" for name, text in now.items() if name not in was)
    yield from (f"{of}Left out: {text['en']}" for name, text in was.items() if name not in now)
    if [name for name in was if name in now] != [name for name in now if name in was]:
        yield f"{of}The order of the questions"


def _words_changed(before: QuestionSet, after: QuestionSet) -> Iterator[str]:
    """Texts of questions that are in both, in languages that are in both."""
    was, now = _texts(before), _texts(after)
    both = set(languages_of(before)) & set(languages_of(after))
    for path in (*now, *(path for path in was if path not in now)):
        old, new = was.get(path), now.get(path)
        if path.split(":", maxsplit=1)[0] not in {known.split(":", maxsplit=1)[0] for known in (was if new else now)}:
            continue
        codes = [c for c in both if ((old or {}).get(c)) != ((new or {}).get(c))]
        if codes:
            yield _said_change(path, old, new, sorted(codes, key=list(LANGUAGES).index))


def _said_change(path: str, old: Wording | None, new: Wording | None, codes: list[str]) -> str:
    role, words = _role(path), (new or old or {}).get("en", "")
    if old is None or new is None:
        return f"{role} {'added' if old is None else 'removed'}: {words}"
    names = ", ".join(LANGUAGES[code].name for code in codes)
    return f"{role} reworded ({names}): {words}"


def _role(path: str) -> str:
    slot = path.split(":", maxsplit=1)[1]
    named = {"text": Role.QUESTION, "help": Role.HELP, "why": Role.WHY, "read_out": Role.READ_OUT}
    named |= {"title": Role.TITLE, "welcome": Role.WELCOME, "thanks": Role.THANKS}
    return Role.OPTION if slot.startswith("option.") else named[slot]


def _texts(questions: QuestionSet) -> dict[str, Wording]:
    working = Working(
        base="",
        languages=languages_of(questions),
        title=questions.title,
        welcome=questions.welcome,
        thanks=questions.thanks,
        question=questions.question,
    )
    return {phrase.path: phrase.wording for phrase in phrases(working) if phrase.wording is not None}


def _demands_changed(before: QuestionSet, after: QuestionSet) -> Iterator[str]:
    was = {question.id: question for question in before.question}
    for question in after.question:
        old = was.get(question.id)
        if old is None:
            continue
        if old.required != question.required:
            yield f"{'Must be answered' if question.required else 'May be skipped'} now: {question.text['en']}"
        if (most := getattr(question, "most", None)) != getattr(old, "most", None):
            yield f"The most that it takes is {most:,} now: {question.text['en']}"
        codes = [option.code for option in getattr(question, "options", ())]
        if codes != (known := [option.code for option in getattr(old, "options", ())]) and set(codes) == set(known):
            yield f"The order of the answers: {question.text['en']}"
