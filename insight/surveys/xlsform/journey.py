"""The journey's own questions in a form: known by their names, with the file's words over ours."""

from collections.abc import Iterator, Sequence
from typing import Any

from insight.intake.questions import (
    Choice,
    ConsentTo,
    Days,
    Feeling,
    LongText,
    Lookup,
    Number,
    StepQuestion,
    Steps,
    When,
    Wording,
    YesNo,
)
from insight.surveys.rules import KEPT
from insight.surveys.xlsform import reasons
from insight.surveys.xlsform.model import READ_OUT, YES_NO_CODES, Node, Row, length_check, number_check
from insight.surveys.xlsform.rows import Reading, stands_for
from insight.surveys.xlsform.sheets import is_group

Asked = StepQuestion | ConsentTo


def over(reading: Reading, node: Node, known: Asked) -> Asked | None:
    """A question of the journey with the file's words; None where the row asks for something of another kind."""
    if not _fits(reading, node, known):
        return None
    row = node.row
    parts: dict[str, Any] = {"text": _text(reading, known.text, row, "label")}
    fixed = isinstance(known, ConsentTo)
    for slot, column in (("help", "hint"), ("why", "guidance_hint")):
        old: Wording | None = getattr(known, slot)
        if column in row.texts:
            parts[slot] = _text(reading, old or {}, row, column)
        elif not fixed:
            parts[slot] = None
    if isinstance(known, Lookup) and known.help is None:
        parts["help"] = None  # what the file says under it is our own note that there is no list
    if isinstance(known, Choice | Feeling | ConsentTo):
        parts["options"] = _options(reading, row, known)
    if isinstance(known, ConsentTo):
        read_out = next((one for one in reading.every() if one.name == READ_OUT), None)
        parts["read_out"] = _text(reading, known.read_out, read_out, "label") if read_out else known.read_out
    elif reading.required(row):
        reading.lose(row, reasons.MAY_BE_SKIPPED)
    reading.columns(row, _check(known))
    return known.model_copy(update=parts)


def steps(reading: Reading, node: Node, known: Steps) -> tuple[Steps, tuple[str, ...]]:
    """The steps with the file's words, and the questions about each that it does not ask and that may be left out."""
    told = {asked.id: asked for asked in _about_steps(reading, node.children, known)}
    pages = {child.row.name: child.row for child in node.children if is_group(child)}
    absent = [f"{known.id}.{asked.id}" for asked in known.question if asked.id not in told]
    row = node.row
    reading.columns(row)
    made = known.model_copy(
        update={
            "text": _text(reading, known.text, row, "label"),
            "help": _text(reading, known.help or {}, row, "hint") or None,
            "page": tuple(
                page.model_copy(update={"text": _text(reading, page.text, pages[page.id], "label")})
                if page.id in pages
                else page
                for page in known.page
            ),
            "question": tuple(told.get(asked.id, asked) for asked in known.question),
        }
    )
    return made, tuple(path for path in absent if path not in KEPT)


def _about_steps(reading: Reading, nodes: Sequence[Node], known: Steps) -> Iterator[StepQuestion]:
    for node in nodes:
        asked = next((asked for asked in known.question if asked.id == node.row.name), None)
        told = over(reading, node, asked) if asked else None
        if told is not None and not isinstance(told, ConsentTo):
            yield told
        elif is_group(node) and not stands_for(node):
            if node.row.name not in {page.id for page in known.page}:
                reading.group(node.row)
            yield from _about_steps(reading, node.children, known)
        else:
            reading.lose(node.row, reasons.STEP)


def _fits(reading: Reading, node: Node, known: Asked) -> bool:
    """Whether a row asks for what a question of ours asks for."""
    kind, codes = node.row.type.split(" ")[0], {row.name for row in reading.answers(node.row)}
    if isinstance(known, Choice | Feeling):
        return kind == "select_one" and bool(codes) and codes <= {option.code for option in known.options}
    if isinstance(known, ConsentTo):
        return kind == "select_multiple" and codes == {option.code for option in known.options}
    if isinstance(known, YesNo):
        return kind == "select_one" and codes in YES_NO_CODES
    if isinstance(known, When | Days):
        return stands_for(node) == known.type or (kind == "date" and isinstance(known, When))
    return kind in (("integer", "int", "decimal") if isinstance(known, Number) else ("text", "string"))


def _text(reading: Reading, old: Wording, row: Row, column: str) -> Wording:
    """A text of the file over one of ours, whose other languages stay only while the English is the same."""
    told = reading.wording(row, column)
    if not told:
        return old
    return old | told if told.get("en", old.get("en")) == old.get("en") else {"en": ""} | told


def _options(reading: Reading, row: Row, known: Choice | Feeling | ConsentTo) -> tuple[Any, ...]:
    listed = {option.name: option for option in reading.answers(row)}
    absent = [option.code for option in known.options if option.code not in listed]
    if absent:
        reading.lose(row, reasons.OWN_ANSWERS.format(names=", ".join(absent)))
    return tuple(
        option.model_copy(update={"text": _text(reading, option.text, listed[option.code], "label")})
        if option.code in listed
        else option
        for option in known.options
    )


def _check(known: Asked) -> str:
    """The check that we write for a question, which says nothing new when it comes back."""
    if isinstance(known, Number):
        return number_check(known.most)
    return length_check(known.most) if isinstance(known, LongText) else ""
