"""Everything that is held, as a file to take away: JSON for programs, HTML to read and print. Pure.

The keys of the JSON are stable: ``format`` (throughline-receipt-1), ``reference``, ``place``, ``language``,
``version``, ``received_at``, ``changed_at``, ``answers`` [``id``, ``question``, ``answer``, ``value``], ``steps``
[``number``, ``answers``], ``noted`` (as answers), ``consents`` [``scope``, ``question``, ``given``, ``recorded_at``,
``withdrawn_at``], ``history`` [``version``, ``changed_at``, ``changed_by``, ``answers``, ``steps``, ``consents``],
``reply`` [``asked_at``, ``answer``, ``answered_at``] or null, ``equality`` (as answers), ``speaks_to`` [``label``,
``done``]. Moments are ISO 8601 in UTC; ``value`` is what is stored; the rest is said in the language spoken now.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from typing import Any

from insight.language import LANGUAGES, _, day, spoken
from insight.receipts.model import Answer, ConsentHeld, Held, PainHeld, ReplyHeld, StepHeld, Version

FORMAT = "throughline-receipt-1"
STYLES = (
    "body{font:1.06rem/1.5 system-ui,sans-serif;color:#0b0c0c;background:#fff;max-width:44rem;margin:0 auto;"
    "padding:1rem}h1{font-size:1.8rem;line-height:1.2}h2{font-size:1.3rem;margin:1.6rem 0 .4rem}"
    "h3{font-size:1.1rem;margin:1rem 0 .2rem}"
    "dl{margin:0}dt{font-weight:600;margin-top:.6rem}dd{margin:0;white-space:pre-line;overflow-wrap:anywhere}"
    "p{white-space:pre-line;overflow-wrap:anywhere}.quiet{color:#505a5f}@media print{h2,h3,dt{break-after:avoid}}"
)


def as_json(held: Held) -> bytes:
    """Everything held, as JSON in UTF-8."""
    told = {
        "format": FORMAT,
        "reference": held.reference,
        "place": held.place,
        "language": held.language,
        "version": held.version,
        "received_at": _moment(held.received_at),
        "changed_at": _moment(held.changed_at),
        "answers": _answers(held.answers),
        "steps": _steps(held.steps),
        "noted": _answers(held.noted),
        "consents": [_consent(consent) for consent in held.consents],
        "history": [_version(version) for version in held.history],
        "reply": _reply(held.reply) if held.reply else None,
        "equality": _answers(held.equality),
        "speaks_to": [{"label": pain.label, "done": pain.done} for pain in held.speaks_to],
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode("utf-8")


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _answers(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    return [{"id": a.id, "question": a.asked, "answer": a.said, "value": a.value} for a in answers]


def _steps(steps: Iterable[StepHeld]) -> list[dict[str, Any]]:
    return [{"number": step.number, "answers": _answers(step.answers)} for step in steps]


def _consent(consent: ConsentHeld) -> dict[str, Any]:
    return {
        "scope": consent.scope,
        "question": consent.asked,
        "given": consent.given,
        "recorded_at": _moment(consent.recorded_at),
        "withdrawn_at": _moment(consent.withdrawn_at),
    }


def _version(version: Version) -> dict[str, Any]:
    return {
        "version": version.number,
        "changed_at": _moment(version.changed_at),
        "changed_by": "teller" if version.by_teller else "staff",
        "answers": _answers(version.answers),
        "steps": _steps(version.steps),
        "consents": list(version.consents),
    }


def _reply(reply: ReplyHeld) -> dict[str, Any]:
    return {
        "asked_at": _moment(reply.asked_at),
        "answer": reply.answer,
        "answered_at": _moment(reply.answered_at),
    }


def as_html(held: Held, more: str = "") -> bytes:
    """Everything held, as one page that needs no other file; ``more`` is HTML that comes after it."""
    language, title = spoken(), _("What we hold under {reference}").format(reference=held.reference)
    parts = [
        f"<h1>{escape(title)}</h1><p>{escape(_arrived(held))}</p>",
        _section(_("Your answers"), _list(held.answers, held.language) + _step_parts(held.steps, held.language)),
        _section(_("What you allow"), "".join(_consent_part(consent) for consent in held.consents)),
        _section(_("Our reply"), _reply_part(held.reply) if held.reply else ""),
        _section(_("What was kept beside your answers"), _list(held.noted, held.language)),
        _section(_("About you"), _list(held.equality, held.language)),
        _section(_("Pain points that your journey speaks to"), _pains(held.speaks_to)),
        *(_version_part(version, held.language) for version in held.history),
    ]
    page = (
        f'<!doctype html><html lang="{language.tag}" dir="{language.direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{STYLES}</style></head><body><main>{''.join(parts)}{more}</main></body></html>"
    )
    return page.encode("utf-8", "replace")


def _arrived(held: Held) -> str:
    received = _("Sent to {place} on {day}.").format(place=held.place, day=day(held.received_at))
    if held.changed_at is None:
        return received
    return received + " " + _("Last changed on {day}.").format(day=day(held.changed_at))


def _section(title: str, inside: str, level: int = 2) -> str:
    return f"<h{level}>{escape(title)}</h{level}>{inside}" if inside else ""


def _list(answers: Sequence[Answer], language: str) -> str:
    rows = "".join(f"<dt>{escape(a.asked)}</dt><dd{in_language(a, language)}>{escape(a.said)}</dd>" for a in answers)
    return f"<dl>{rows}</dl>" if rows else ""


def in_language(answer: Answer, language: str) -> str:
    """The attributes that tell a browser in which language somebody wrote, where it is not the page's."""
    told = LANGUAGES.get(language)
    if not answer.own_words or told is None or told is spoken():
        return ""
    return f' lang="{told.tag}" dir="{told.direction}"'


def _step_parts(steps: Sequence[StepHeld], language: str) -> str:
    return "".join(
        _section(_("Step {number}").format(number=step.number), _list(step.answers, language), 3) for step in steps
    )


def _consent_part(consent: ConsentHeld) -> str:
    return f"<p>{escape(consent.asked)}: <strong>{escape(_standing(consent))}</strong></p>"


def _standing(consent: ConsentHeld) -> str:
    if consent.given:
        return _("yes, since {day}").format(day=day(consent.recorded_at))
    if consent.withdrawn_at:
        return _("no, taken back on {day}").format(day=day(consent.withdrawn_at))
    return _("no")


def _reply_part(reply: ReplyHeld) -> str:
    if reply.answer is None or reply.answered_at is None:
        waiting = _("You asked for a reply on {day}. Nobody has written it yet.").format(day=day(reply.asked_at))
        return f"<p>{escape(waiting)}</p>"
    written = _("Written on {day}").format(day=day(reply.answered_at))
    return f'<p dir="auto">{escape(reply.answer)}</p><p class="quiet">{escape(written)}</p>'


def _pains(pains: Sequence[PainHeld]) -> str:
    return "".join(f"<p>{escape(pain.label)}{escape(': ' + pain.done) if pain.done else ''}</p>" for pain in pains)


def _version_part(version: Version, language: str) -> str:
    title = _("Before {day} it said").format(day=day(version.changed_at))
    agreed = "".join(f"<p>{escape(asked)}: {escape(_('yes'))}</p>" for asked in version.consents)
    return _section(title, _list(version.answers, language) + _step_parts(version.steps, language) + agreed)
