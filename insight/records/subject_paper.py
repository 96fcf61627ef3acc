"""What is held of somebody as files: JSON for programs, HTML to read and print. Pure.

The JSON (``throughline-subject-access-1``) holds ``receipt`` (what the teller's own file holds, see
``insight/receipts/paper.py``), ``made_at``, ``gathered_by`` (an organisation, or null where the teller sent it),
``retention`` (``days``, ``due_at``) or null, ``safe_copy`` (``answers``, ``steps``), ``marks`` [``field``, ``words``,
``kind``], ``analyses`` [``number``, ``started_at``, ``shown_to_all``], ``audit`` [``number``, ``at``, ``role``,
``what``] and ``rows``: every stored row that names the story, by table. Moments are ISO 8601 in UTC.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from html import escape
from typing import Any

from insight.language import _, day
from insight.receipts import Answer, Held, StepHeld
from insight.receipts import paper as receipt_paper

FORMAT = "throughline-subject-access-1"
Told = Mapping[str, Any]


def as_json(held: Held, told: Told) -> bytes:
    """Everything, as JSON in UTF-8."""
    said = {"format": FORMAT, "receipt": json.loads(receipt_paper.as_json(held)), **told}
    return json.dumps(said, ensure_ascii=False, indent=2, default=_as_written).encode("utf-8")


def _as_written(told: Any) -> Any:
    if isinstance(told, datetime | date):
        return told.isoformat()
    if is_dataclass(told) and not isinstance(told, type):
        return asdict(told)
    raise TypeError(type(told).__name__)


def as_html(held: Held, told: Told) -> bytes:
    """Everything, as one page that needs no other file: the teller's own, with the rest after it."""
    parts = (
        (_("Who gathered it, and how long it is kept"), _kept(told)),
        (_("The copy that staff read"), _safe(told["safe_copy"]["answers"], told["safe_copy"]["steps"])),
        (_("What was replaced there, since it may point to a person"), _marks(told["marks"])),
        (_("Analyses that it is part of"), _analyses(told["analyses"])),
        (_("What was done with it"), _audit(told["audit"])),
        (_("What is not in this file"), _paragraph(_not_here())),
        (_("Every stored row about it"), "".join(_table(name, rows) for name, rows in told["rows"].items())),
    )
    more = "".join(f"<h2>{escape(title)}</h2>{inside}" for title, inside in parts if inside)
    return receipt_paper.as_html(held, more)


def _not_here() -> str:
    return _(
        "Names of staff; what opens other things; and anything that those who safeguard may hold, whether or not there "
        "is something: ask the safeguarding lead. Backups are not searched: they are replaced in turn."
    )


def _paragraph(words: str) -> str:
    return f"<p>{escape(words)}</p>"


def _kept(told: Told) -> str:
    by = told["gathered_by"]
    who = _("Gathered by {organisation}.").format(organisation=by) if by else _("Sent by the person, or gathered here.")
    rule = told["retention"]
    if rule is None:
        until = _("No rule says yet how long it is kept.")
    else:
        until = _("It is kept for {days} days and falls due on {day}.").format(
            days=f"{rule['days']:,}", day=day(rule["due_at"])
        )
    return _paragraph(who) + _paragraph(until)


def _safe(answers: Iterable[Answer], steps: Iterable[StepHeld]) -> str:
    inside = _list((answer.asked, answer.said) for answer in answers)
    for step in steps:
        title = _("Step {number}").format(number=step.number)
        inside += f"<h3>{escape(title)}</h3>" + _list((answer.asked, answer.said) for answer in step.answers)
    return inside


def _list(pairs: Iterable[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{escape(asked)}</dt><dd>{escape(said)}</dd>" for asked, said in pairs)
    return f"<dl>{rows}</dl>" if rows else ""


def _marks(marks: Iterable[Told]) -> str:
    return _list((f"[{mark['kind']}]", mark["words"]) for mark in marks)


def _analyses(analyses: Iterable[Told]) -> str:
    return "".join(_paragraph(_analysis(run)) for run in analyses) or _paragraph(_("None."))


def _analysis(run: Told) -> str:
    told = (
        _("Analysis {number} of {day}, which everyone here sees")
        if run["shown_to_all"]
        else _("Analysis {number} of {day}")
    )
    return told.format(number=run["number"], day=day(run["started_at"]))


def _audit(entries: Iterable[Told]) -> str:
    told = (f"{day(entry['at'])}: {entry['what']} ({entry['role']})" for entry in entries)
    return "".join(_paragraph(line) for line in told)


def _table(name: str, rows: Iterable[Told]) -> str:
    return f"<h3>{escape(name)}</h3>" + "".join(_list(_pairs(row)) for row in rows)


def _pairs(row: Told) -> Iterable[tuple[str, str]]:
    for name, told in row.items():
        if told is not None:
            written = told if isinstance(told, str) else json.dumps(told, ensure_ascii=False, default=_as_written)
            yield name, written
