"""Answers in words, as a person would read them back. A draft may hold anything, so nothing here fails on it. Pure."""

from collections.abc import Mapping
from typing import Any

from insight.intake.questions import UNKNOWN, Choice, ConsentTo, Feeling, Question, StepQuestion, said
from insight.intake.rules import is_blank
from insight.language import _, month_name, ngettext


def in_words(question: Question | StepQuestion, value: Any, language: str | None = None) -> str:
    """One answer as a person would read it back, in a language (the one spoken now, unless named)."""
    if is_blank(value):
        return _("Not answered")
    if isinstance(question, Choice | Feeling | ConsentTo):
        texts = {option.code: said(option.text, language) for option in question.options}
        codes = value if isinstance(value, list) else [value]
        return "\n".join(texts.get(code, str(code)) for code in codes)
    if value == UNKNOWN:
        return _("I do not know")
    if isinstance(value, Mapping):
        return when(value) if "year" in value else length_in_words(value)
    return {"yes": _("Yes"), "no": _("No")}.get(value, str(value)) if question.type == "yes_no" else str(value)


def when(value: Mapping[str, Any]) -> str:
    """A date as remembered: 14 March 2026, March 2026, or 2026."""
    day, month, year = (str(value.get(part) or "").strip() for part in ("day", "month", "year"))
    if month.isascii() and month.isdigit() and 1 <= int(month) <= 12:
        month = month_name(int(month))
    return " ".join(part for part in (day, month, year) if part)


def length_in_words(value: Mapping[str, Any]) -> str:
    """A length of time as it was given: 3 weeks. What is no number is read back as it was typed."""
    typed, unit = str(value.get("number") or "").strip(), value.get("unit") or "days"
    number = int(typed[:12]) if typed.isascii() and typed.isdigit() else 2
    words = {
        "days": ngettext("{number} day", "{number} days", number),
        "weeks": ngettext("{number} week", "{number} weeks", number),
        "months": ngettext("{number} month", "{number} months", number),
    }
    return words[unit].format(number=typed) if unit in words and typed else typed
