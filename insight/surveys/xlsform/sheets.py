"""An XLSForm workbook as rows: columns under one name, texts by language, groups as a tree."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from insight.errors import BadInput
from insight.intake.importing.workbook import spooled_sheet
from insight.intake.questions import Wording
from insight.intake.rules import clean
from insight.language import LANGUAGES
from insight.surveys.xlsform.model import Form, Node, NotCarried, Row
from insight.uploads import Kind, check

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 5_000
TEXTS = ("label", "hint", "guidance_hint")
PARTED = (*TEXTS, "constraint_message", "required_message", "image", "audio", "video", "big-image", "media")
SAME = {
    "caption": "label",
    "command": "type",
    "relevance": "relevant",
    "calculate": "calculation",
    "readonly": "read_only",
    "list name": "list_name",
    "constraining_message": "constraint_message",
    "jr:constraintmsg": "constraint_message",
    "requiredmsg": "required_message",
    "jr:requiredmsg": "required_message",
    "jr:count": "repeat_count",
}
ENGLISH_NAMES = {"english": "en", "welsh": "cy", "polish": "pl", "urdu": "ur", "arabic": "ar"}
NAMES = ENGLISH_NAMES | {language.name.lower(): code for code, language in LANGUAGES.items()}
SELECTS = (
    (re.compile(r"^(add )?select (all that apply|multiple)( from| prompt using)?\s+", re.I), "select_multiple "),
    (re.compile(r"^(add )?select( one|1)( from| prompt using)?\s+", re.I), "select_one "),
    (re.compile(r"^select1\s+", re.I), "select_one "),
)
GROUPS = {"group": "group", "repeat": "repeat", "lgroup": "repeat", "looped group": "repeat", "loop": "repeat"}


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: its name, and for a text the language, None for one that is not ours."""

    name: str
    language: str | None


def read_form(data: bytes) -> tuple[Form, list[NotCarried]]:
    """The form in a workbook, with the sheets and columns that cannot be used; :class:`~insight.errors.BadInput`."""
    if len(data) > MOST_BYTES:
        raise BadInput(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB: too large for a form.")
    stream = io.BytesIO(data)
    check(stream, Kind.WORKBOOK)
    with spooled_sheet(stream, None) as (_text, _faults, sheets, _notes):
        by_name = {name.strip().lower(): name for name in sheets}
    if "survey" not in by_name:
        raise BadInput(f"The workbook has no sheet named survey, so it is no XLSForm. It has: {', '.join(sheets)}.")
    unread = [
        NotCarried(name, 1, name, "This sheet is not carried.")
        for key, name in by_name.items()
        if key not in ("survey", "choices", "settings")
    ]
    settings = _sheet(stream, by_name.get("settings"), "en", unread)
    first = settings[0].cells if settings else {}
    default = _language(first.get("default_language", "")) or "en"
    survey = _sheet(stream, by_name["survey"], default, unread)
    if not any(row.type for row in survey):
        raise BadInput("The sheet named survey has no column named type, or nothing in it. It is no XLSForm.")
    lists: dict[str, list[Row]] = {}
    for row in _sheet(stream, by_name.get("choices"), default, unread):
        lists.setdefault(row.cells.get("list_name", ""), []).append(row)
    spoken = {code for row in survey for text in row.texts.values() for code in text}
    return Form(
        nodes=tuple(_tree(survey)),
        lists={name: tuple(rows) for name, rows in lists.items()},
        title=first.get("form_title", "").strip(),
        languages=tuple(code for code in LANGUAGES if code in spoken | {"en"}),
    ), unread


def _sheet(stream: io.BytesIO, name: str | None, default: str, unread: list[NotCarried]) -> list[Row]:
    if name is None:
        return []
    with spooled_sheet(stream, name) as (text, faults, _sheets, _notes):
        text.seek(0)
        numbered = [(number, cells) for number, cells in enumerate(csv.reader(text), 1) if any(map(str.strip, cells))]
    if len(numbered) > MOST_ROWS:
        raise BadInput(f"The sheet named {name} has more than {MOST_ROWS:,} rows: too many for a form.")
    if not numbered:
        return []
    head = [_column(header, default) for header in numbered[0][1]]
    written = numbered[0][1]
    unread += [
        NotCarried(name, numbered[0][0], header, f"This language is not one of ours. We have {_our_languages()}.")
        for column, header in zip(head, written, strict=True)
        if column.name in TEXTS and column.language is None
    ]
    for number, told in faults.items():
        unread += [NotCarried(name, number, "", f"{message}.") for _place, message in told]
    return [_row(number, head, cells) for number, cells in numbered[1:]]


def _our_languages() -> str:
    return ", ".join(name.capitalize() for name in ENGLISH_NAMES)


def _column(header: str, default: str) -> Column:
    """A header such as ``label::Welsh (cy)``, ``label:cy``, ``bind::relevant`` or ``Hint``."""
    parts = [part.strip() for part in header.split("::")]
    if len(parts) == 1 and ":" in header and header.split(":", maxsplit=1)[0].strip().lower() in PARTED:
        parts = [part.strip() for part in header.split(":")]
    if parts[0].lower() in ("bind", "body", "control", "media") and len(parts) > 1:
        parts = parts[1:]
    name = parts[0].lower()
    name = SAME.get(name, name.replace(" ", "_"))
    if name not in PARTED or len(parts) == 1:
        return Column(name, default)
    return Column(name, _language(parts[-1]))


def _language(written: str) -> str | None:
    """A language of ours, by its code in brackets, its code alone, its English or its own name."""
    bracketed = re.search(r"\(([A-Za-z-]+)\)\s*$", written)
    code = (bracketed.group(1) if bracketed else written).strip().lower().split("-")[0]
    return code if code in LANGUAGES else NAMES.get(written.split("(", maxsplit=1)[0].strip().lower())


def _row(number: int, head: Sequence[Column], cells: Sequence[str]) -> Row:
    plain: dict[str, str] = {}
    texts: dict[str, Wording] = {}
    for column, cell in zip(head, cells, strict=False):
        text = clean(cell)
        if not text:
            continue
        if column.name not in TEXTS:
            plain.setdefault(column.name, text)
        elif column.language:
            texts.setdefault(column.name, {}).setdefault(column.language, text)
    if "name" not in plain and "value" in plain:
        plain["name"] = plain.pop("value")
    for pattern, kind in SELECTS:
        plain["type"] = pattern.sub(kind, plain.get("type", ""))
    return Row(number, plain, texts)


def _tree(rows: Sequence[Row]) -> Iterator[Node]:
    top: list[Node] = []
    within: list[Node] = []
    for row in rows:
        first, _, rest = row.type.replace("_", " ", 1).partition(" ")
        node = Node(row)
        if first == "end" and rest in GROUPS:
            if not within:
                raise BadInput(f"Row {row.number} of the sheet named survey ends a group that was not begun.")
            within.pop()
            continue
        if row.type:
            (within[-1].children if within else top).append(node)
        if first == "begin" and rest in GROUPS:
            within.append(node)
    if within:
        raise BadInput(f"The group in row {within[-1].row.number} of the sheet named survey is begun and not ended.")
    yield from top


def is_group(node: Node) -> bool:
    """Whether a row begins a group of rows."""
    return GROUPS.get(node.row.type.replace("_", " ", 1).removeprefix("begin ")) == "group"


def is_repeat(node: Node) -> bool:
    """Whether a row begins a group that is asked several times."""
    return GROUPS.get(node.row.type.replace("_", " ", 1).removeprefix("begin ")) == "repeat"
