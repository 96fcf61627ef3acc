"""From checked answers to the story that they tell, and from a story back to answers. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from insight.intake.model import Channel, Consent, ConsentScope, NeedMet, Precision, Sorted, Step, Story, TellerRole
from insight.intake.questions import UNKNOWN, ConsentTo, QuestionSet
from insight.intake.rules import ADDED, DAYS_IN, Answers, ServiceList, as_number, clean, is_blank, whole


def as_story(questions: QuestionSet, answers: Answers, services: ServiceList) -> Story:
    """The story that checked answers tell. "I do not know" becomes None: it is an answer, but not a value."""
    consent = next(question for question in questions.question if isinstance(question, ConsentTo))
    agreed = set(answers.get(consent.id) or ())
    return Story(
        need=clean(answers.get("need")),
        what_happened=clean(answers.get("what_happened")),
        steps=tuple(as_step(step, services) for step in answers.get("steps") or () if not _is_empty_step(step)),
        need_met=NeedMet(answers["need_met"]) if answers.get("need_met") else None,
        what_better=clean(answers.get("what_better")),
        what_good=clean(answers.get("what_good")),
        teller_role=TellerRole(answers["teller_role"]) if answers.get("teller_role") else None,
        consents=tuple(
            Consent(ConsentScope(option.code), option.code in agreed, wording=consent.wording)
            for option in consent.options
        ),
        extras=added_words(answers),
    )


def added_words(answers: Answers) -> dict[str, str]:
    """What was answered in words (or by a code) to the questions that a survey added, by their ids."""
    told = {name: clean(value) for name, value in answers.items() if name.startswith(ADDED)}
    return {name: text for name, text in told.items() if text}


def _is_empty_step(step: Answers) -> bool:
    return all(is_blank(value) for value in step.values())


def as_step(step: Answers, services: ServiceList) -> Step:
    """One step from its answers; a service on the list brings its code, and its organisation if none was named."""
    service = clean(step.get("service"))
    code, organisation = services.services.get(service or "", (None, None))
    happened_on, precision = as_date(step.get("when"))
    pounds = as_number(step.get("pounds"))
    return Step(
        service=service,
        service_code=code,
        organisation=clean(step.get("organisation")) or organisation,
        channel=Channel(step["channel"]) if step.get("channel") not in (None, "", UNKNOWN) else None,
        happened_on=happened_on,
        precision=precision,
        waited_days=as_days(step.get("waited")),
        promised_days=as_days(step.get("promised")),
        feeling=None if is_blank(step.get("feeling")) else int(step["feeling"]),
        told_again=as_bool(step.get("told_again")),
        sent_elsewhere=as_bool(step.get("sent_elsewhere")),
        sorted_out=Sorted(step["sorted_out"]) if not is_blank(step.get("sorted_out")) else None,
        note=clean(step.get("note")),
        hours=as_number(step.get("hours")),
        pence=None if pounds is None else round(pounds * 100),
    )


def as_date(value: Any) -> tuple[date | None, Precision | None]:
    """The first day of what was remembered, and how exactly it was."""
    if is_blank(value) or not isinstance(value, Mapping):
        return None, None
    day, month, year = (whole(value.get(part)) for part in ("day", "month", "year"))
    if year is None:
        return None, None
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    return date(year, month or 1, day or 1), precision


def as_days(value: Any) -> int | None:
    """A length of time in days."""
    if is_blank(value) or not isinstance(value, Mapping):
        return None
    number = whole(value.get("number"))
    return None if number is None else number * DAYS_IN[value.get("unit", "days")]


def as_bool(value: Any) -> bool | None:
    """Yes, no, or not known."""
    return {"yes": True, "no": False}.get(value) if isinstance(value, str) else None


def texts_of(story: Story) -> list[str]:
    """Everything that a story says in words."""
    own = (story.what_happened, story.what_better, story.what_good, story.obstacle_text)
    return [text for text in (*own, *(step.note for step in story.steps), *story.extras.values()) if text]


def as_answers(story: Story) -> dict[str, Any]:
    """The answers that tell a story again: what :func:`as_story` makes of them is the same story."""
    told: dict[str, Any] = {
        "need": story.need,
        "what_happened": story.what_happened,
        "steps": [_without_blanks(_step_answers(step)) for step in story.steps],
        "need_met": story.need_met,
        "what_better": story.what_better,
        "what_good": story.what_good,
        "teller_role": story.teller_role,
        "consent": [consent.scope.value for consent in story.consents if consent.given],
        **{name: text for name, text in story.extras.items() if name.startswith(ADDED)},
    }
    return _without_blanks(told)


def _without_blanks(answers: Answers) -> dict[str, Any]:
    return {name: value for name, value in answers.items() if not is_blank(value)}


def _step_answers(step: Step) -> dict[str, Any]:
    return {
        "service": step.service,
        "organisation": step.organisation,
        "channel": step.channel,
        "when": _when_answer(step),
        "waited": None if step.waited_days is None else {"number": str(step.waited_days), "unit": "days"},
        "promised": None if step.promised_days is None else {"number": str(step.promised_days), "unit": "days"},
        "feeling": None if step.feeling is None else str(step.feeling),
        "told_again": _yes_no_answer(step.told_again),
        "sent_elsewhere": _yes_no_answer(step.sent_elsewhere),
        "sorted_out": step.sorted_out,
        "note": step.note,
        "hours": None if step.hours is None else f"{step.hours:g}",
        "pounds": None if step.pence is None else f"{step.pence / 100:.2f}",
    }


def _when_answer(step: Step) -> dict[str, str] | None:
    if step.happened_on is None:
        return None
    parts = {"day": str(step.happened_on.day), "month": str(step.happened_on.month), "year": str(step.happened_on.year)}
    kept = {Precision.YEAR: ("year",), Precision.MONTH: ("month", "year")}.get(step.precision or Precision.DAY)
    return {name: parts[name] for name in kept or parts}


def _yes_no_answer(told: bool | None) -> str | None:
    return None if told is None else "yes" if told else "no"
