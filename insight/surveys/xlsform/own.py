"""A form's own questions: each as the question of ours that comes nearest, or not at all, with the reason."""

import re
from typing import Any

from insight.intake.questions import Question
from insight.surveys import rules
from insight.surveys.model import OWN
from insight.surveys.xlsform import reasons
from insight.surveys.xlsform.model import YES_NO_CODES, Node, Row
from insight.surveys.xlsform.rows import Reading, stands_for

LARGEST = re.compile(r"^\.\s*<=?\s*(\d{1,9})$")
NOT_NEGATIVE = re.compile(r"^\.\s*(>=\s*0|>\s*-1)$")
LENGTH = re.compile(r"^string-length\(\s*\.\s*\)\s*<=?\s*(\d{1,6})$")
CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
OWN_ID = re.compile(rf"{OWN}[a-z0-9_]{{1,{rules.ID_LENGTH + 4}}}")


def own_question(reading: Reading, node: Node, taken: set[str]) -> Question | None:
    """A row as a question of the survey's own, under an id that is not ``taken``; None where it cannot be asked."""
    row = node.row
    body = _typed(reading, node)
    if body is None:
        return None
    text = reading.wording(row, "label") or reading.wording(row, "hint")
    if not text:
        reading.lose(row, reasons.NO_WORDS)
        return None
    hint = reading.wording(row, "hint") if "label" in row.texts else {}
    why = reading.wording(row, "guidance_hint")
    body |= {
        "id": _id(row, text.get("en", ""), taken),
        "text": {"en": ""} | text,
        "help": {"en": ""} | hint if hint else None,
        "why": {"en": ""} | why if why else None,
        "required": reading.required(row),
    }
    understood = body["type"] in ("text", "number")  # what their checks say besides has been noted
    reading.columns(row, row.cells.get("constraint", "") if understood else "")
    return rules.QUESTION.validate_python(body)


def _typed(reading: Reading, node: Node) -> dict[str, Any] | None:
    """The type of a question with what belongs to it; None, with a reason, for one that we do not have."""
    row = node.row
    kind = row.type.split(" ")[0]
    if special := stands_for(node):
        return {"type": special}
    if kind in ("text", "string"):
        return {"type": "text"} | _length(reading, row)
    if kind in ("integer", "int", "decimal", "range"):
        return {"type": "number", "most": _largest(reading, row)}
    if kind == "date":
        return {"type": "when"}
    if kind == "select_one":
        return _chosen(reading, row)
    reading.lose(row, reasons.OF_TYPE.get(kind, reasons.UNKNOWN_TYPE))
    return None


def _chosen(reading: Reading, row: Row) -> dict[str, Any] | None:
    listed = reading.answers(row)
    if {option.name for option in listed} in YES_NO_CODES:
        return {"type": "yes_no"}
    options: list[dict[str, Any]] = []
    for option in listed:
        text = reading.wording(option, "label", "choices") or {"en": option.name}
        if any(name in reasons.MEDIA for name in option.cells):
            reading.lose(option, reasons.OF_COLUMN["image"], "choices")
        code = option.name if CODE.fullmatch(option.name) else rules.code_of(option.name, rules.ID_LENGTH, "_")
        code = rules.untaken(code, {made["code"] for made in options}, "_")
        options.append({"code": code, "text": {"en": ""} | text})
    if row.type.endswith(("or_other", "or specify other")):
        reading.lose(row, reasons.OTHER)
        if "other" not in {option["code"] for option in options}:
            options.append({"code": "other", "text": {"en": "Other"}})
    if 2 <= len(options) <= rules.MOST_OPTIONS:
        return {"type": "choice", "options": options}
    reading.lose(row, reasons.NO_LIST if len(options) < 2 else reasons.MANY_ANSWERS.format(most=rules.MOST_OPTIONS))
    return None


def _largest(reading: Reading, row: Row) -> int:
    """The largest number that the file's check allows; what else it checks is not carried."""
    largest, rest = rules.LARGEST, []
    for part in (part.strip() for part in row.cells.get("constraint", "").split(" and ")):
        if found := LARGEST.match(part):
            largest = max(1, int(found.group(1)))
        elif part and not NOT_NEGATIVE.match(part):
            rest.append(part)
    if rest:
        reading.lose(row, reasons.OF_COLUMN["constraint"])
    return largest


def _length(reading: Reading, row: Row) -> dict[str, int]:
    written = row.cells.get("constraint", "").strip()
    found = LENGTH.match(written)
    if written and not found:
        reading.lose(row, reasons.OF_COLUMN["constraint"])
    return {"most": max(1, int(found.group(1)))} if found else {}


def _id(row: Row, words: str, taken: set[str]) -> str:
    if OWN_ID.fullmatch(row.name) and row.name not in taken:
        return row.name
    return rules.untaken(OWN + rules.code_of((row.name or words).removeprefix(OWN), rules.ID_LENGTH, "_"), taken, "_")
