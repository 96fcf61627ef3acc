"""From questions to an XLSForm workbook: three sheets, a column for each language, names that come back the same."""

import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any, assert_never

from insight.intake.questions import (
    UNKNOWN,
    Choice,
    ConsentTo,
    Days,
    Feeling,
    LongText,
    Lookup,
    Number,
    Option,
    Question,
    QuestionSet,
    StepQuestion,
    Steps,
    When,
    Wording,
    YesNo,
)
from insight.language import LANGUAGES, _, speaking
from insight.surveys.publishing import languages_of
from insight.surveys.xlsform.model import (
    DAYS_UNITS,
    READ_OUT,
    THANKS,
    TITLE,
    WELCOME,
    YES_NO,
    length_check,
    number_check,
)

Cells = dict[str, str | Wording]
PLAIN = ("type", "name")
TRANSLATED = ("label", "hint", "guidance_hint")
BEHIND = ("required", "constraint", "constraint_message", "appearance", "relevant")
WIDTHS = {"type": 24, "name": 22, "label": 46, "hint": 46, "guidance_hint": 34}
NAMES = {
    "service": "Write the name of the service as you know it. There is no list on this form.",
    "organisation": "Write the name as you know it. There is no list on this form.",
}


def to_xlsform(questions: QuestionSet) -> bytes:
    """An XLSForm workbook (.xlsx) of a question set, which pyxform converts and :func:`from_xlsform` reads back."""
    from openpyxl import Workbook

    languages = languages_of(questions)
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    _fill(survey, list(_survey_rows(questions, languages)), _survey_columns(languages))
    choices = _choice_rows(questions, languages)
    _fill(book.create_sheet("choices"), list(choices), ["list_name", "name", *_in("label", languages)])
    english = _header(languages[0])
    settings: Cells = {
        "form_title": questions.title["en"],
        "form_id": questions.code.replace("-", "_"),
        "version": str(questions.version),
        "default_language": english,
    }
    _fill(book.create_sheet("settings"), [settings], list(settings))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _survey_rows(questions: QuestionSet, languages: tuple[str, ...]) -> Iterator[Cells]:
    yield {"type": "note", "name": TITLE, "label": questions.title}
    if questions.welcome:
        yield {"type": "note", "name": WELCOME, "label": questions.welcome}
    for question in questions.question:
        if isinstance(question, Steps):
            yield from _steps_rows(question, languages)
        else:
            yield from _rows(question, question.id, languages)
    if questions.thanks:
        yield {"type": "note", "name": THANKS, "label": questions.thanks}


def _steps_rows(steps: Steps, languages: tuple[str, ...]) -> Iterator[Cells]:
    yield _asked(steps, "begin_repeat")
    for page in steps.page:
        yield {"type": "begin_group", "name": page.id, "label": page.text, "appearance": "field-list"}
        for name in page.questions:
            yield from _rows(steps.by_id(name), f"step_{name}", languages)
        yield {"type": "end_group"}
    yield {"type": "end_repeat"}


def _rows(question: StepQuestion | ConsentTo, list_name: str, languages: tuple[str, ...]) -> Iterator[Cells]:
    """A question as one row, or as a group of plain ones where XLSForm has no such question."""
    match question:
        case Choice() | Feeling():
            yield _asked(question, f"select_one {list_name}")
        case YesNo():
            yield _asked(question, f"select_one {YES_NO}")
        case LongText():
            yield _asked(question, "text") | {"constraint": length_check(question.most), "appearance": "multiline"}
        case Lookup():
            yield _asked(question, "text") | {"hint": question.help or {"en": NAMES[question.list]}}
        case Number():
            yield _asked(question, "decimal") | {"constraint": number_check(question.most)}
        case When():
            yield _asked(question, "begin_group") | {"appearance": "field-list"}
            limits = {"day": ". >= 1 and . <= 31", "month": ". >= 1 and . <= 12", "year": ". >= 1900"}
            words = _in_each(_field_words, languages)
            for part, limit in limits.items():
                label = words[part]
                yield {"type": "integer", "name": f"{question.id}_{part}", "label": label, "constraint": limit}
            yield {"type": "end_group"}
        case Days():
            yield _asked(question, "begin_group") | {"appearance": "field-list"}
            words = _in_each(_field_words, languages)
            number = {"type": "integer", "name": f"{question.id}_number", "constraint": ". >= 0"}
            yield {**number, "label": words["number"]}
            yield {"type": f"select_one {DAYS_UNITS}", "name": f"{question.id}_unit", "label": words["unit"]}
            yield {"type": "end_group"}
        case ConsentTo():
            yield _asked(question, f"select_multiple {list_name}") | {"required": ""}
            yield {"type": "note", "name": READ_OUT, "label": question.read_out, "relevant": "false()"}
        case _:
            assert_never(question)


def _asked(question: Question | StepQuestion, kind: str) -> Cells:
    return {
        "type": kind,
        "name": question.id,
        "label": question.text,
        "hint": question.help or {},
        "guidance_hint": question.why or {},
        "required": "yes" if question.required and not kind.startswith("begin") else "",
    }


def _choice_rows(questions: QuestionSet, languages: tuple[str, ...]) -> Iterator[Cells]:
    for question in questions.question:
        if isinstance(question, Choice | Feeling | ConsentTo):
            yield from _options(question.id, question.options)
    for asked in questions.steps.question:
        if isinstance(asked, Choice | Feeling):
            yield from _options(f"step_{asked.id}", asked.options)
    for list_name, words in ((YES_NO, _yes_no_words), (DAYS_UNITS, _unit_words)):
        for code, label in _in_each(words, languages).items():
            yield {"list_name": list_name, "name": code, "label": label}


def _options(list_name: str, options: Iterable[Option]) -> Iterator[Cells]:
    for option in options:
        yield {"list_name": list_name, "name": option.code, "label": option.text}


def _yes_no_words() -> dict[str, str]:
    return {"yes": _("Yes"), "no": _("No"), UNKNOWN: _("I do not know")}


def _unit_words() -> dict[str, str]:
    return {"days": _("days"), "weeks": _("weeks"), "months": _("months"), UNKNOWN: _("I do not know")}


def _field_words() -> dict[str, str]:
    return {"day": _("Day"), "month": _("Month"), "year": _("Year"), "number": _("How many"), "unit": _("Unit")}


def _in_each(words: Callable[[], dict[str, str]], languages: tuple[str, ...]) -> dict[str, Wording]:
    """The product's own words in each language, from its catalogues."""
    told: dict[str, Wording] = {}
    for code in languages:
        with speaking(code):
            for name, said in words().items():
                told.setdefault(name, {})[code] = said
    return told


def _survey_columns(languages: tuple[str, ...]) -> list[str]:
    return [*PLAIN, *(header for column in TRANSLATED for header in _in(column, languages)), *BEHIND]


def _in(column: str, languages: tuple[str, ...]) -> list[str]:
    return [f"{column}::{_header(code)}" for code in languages]


def _header(code: str) -> str:
    return "English (en)" if code == "en" else f"{LANGUAGES[code].name} ({code})"


def _fill(sheet: Any, rows: list[Cells], columns: list[str]) -> None:
    from openpyxl.styles import Alignment, Font

    used = [column for column in columns if column in PLAIN or any(_cell(row, column) for row in rows)]
    for place, column in enumerate(used, 1):
        _write(sheet, 1, place, column).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, place).column_letter].width = WIDTHS.get(column.split("::")[0], 20)
        for number, row in enumerate(rows, 2):
            if text := _cell(row, column):
                _write(sheet, number, place, text).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "C2"


def _write(sheet: Any, row: int, column: int, text: str) -> Any:
    """A cell with a text: it stays one though it may begin like a formula, and it refers to no other answer."""
    cell = sheet.cell(row, column, text.replace("${", "$ {"))
    cell.data_type = "s"
    return cell


def _cell(row: Cells, column: str) -> str:
    name, _sep, header = column.partition("::")
    value = row.get(name, "")
    if isinstance(value, str):
        return value
    return value.get(header.rpartition("(")[2].rstrip(")"), "") if header else ""
