"""Bring the catalogues up to date with the texts in the code: ``make languages``.

New texts come in empty, texts that are gone leave, translations stay. The files carry no dates and no line numbers, so
that they change only when a text does.
"""

import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "languages"
KEYWORDS = {"_": None, "noted": None, "gettext": None, "ngettext": (1, 2)}
# What a resident meets is said in every language; the rest, which staff see, in English and Welsh.
RESIDENT = (
    "insight/concerns/",
    "insight/equality/",
    "insight/intake/",
    "insight/limits.py",
    "insight/paper/",
    "insight/receipts/",
    "insight/surveys/posters.py",
    "insight/surveys/xlsform/writing.py",
    "pages/form/",
    "pages/home.py",
    "pages/keyed/aloud.py",
    "pages/kit/journey_line.py",
    "pages/kit/look.py",
    "pages/kit/menu.py",
    "pages/kit/questions.py",
    "pages/main.py",
    "pages/share.py",
    "pages/sharing/",
)
# Of those rooms, what only staff meet.
STAFF = ("insight/intake/importing/", "insight/intake/service.py", "insight/intake/staff_rules.py")
Message = str | tuple[str, str]


def texts() -> dict[Message, list[str]]:
    """Every text in the code, with the files it stands in. A text with a number is (one, many)."""
    found: dict[Message, list[str]] = {}
    for path, method in _sources():
        named = path.relative_to(ROOT).as_posix()
        for message in method(path):
            if named not in found.setdefault(message, []):
                found[message].append(named)
    return found


def for_residents(files: list[str]) -> bool:
    """Whether a text stands on the resident's path."""
    return any(file.startswith(RESIDENT) and not file.startswith(STAFF) for file in files)


def _sources() -> Iterator[tuple[Path, Callable[[Path], Iterator[Message]]]]:
    for folder in ("insight", "pages"):
        yield from ((path, _in_module) for path in sorted((ROOT / folder).rglob("*.py")))
        yield from ((path, _in_template) for path in sorted((ROOT / folder).rglob("*.html")))


def _in_module(path: Path) -> Iterator[Message]:
    """A module's texts, from its syntax tree: Babel's own reader passes over what stands within f-strings."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        if isinstance(call.func, ast.Name) and call.func.id in KEYWORDS:
            words = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if words:
                yield words[0] if len(words) == 1 else (words[0], words[1])


def _in_template(path: Path) -> Iterator[Message]:
    options = {"trimmed": "true", "silent": "false"}
    for _line, message, _comments, _context in extract_from_file("jinja2", path, KEYWORDS, options=options):
        yield message if isinstance(message, str) else (message[0], message[1])


def update(code: str, resident_only: bool) -> tuple[int, int]:
    """Rewrite one catalogue; gives how many texts it has, and how many of them wait for a translation."""
    path = FOLDER / f"{code}.po"
    old = Catalog(locale=code)
    if path.exists():
        with path.open("rb") as file:
            old = read_po(file, locale=code)
    new = Catalog(locale=code, project="Throughline", charset="utf-8", fuzzy=False)
    for message, files in texts().items():
        if resident_only and not for_residents(files):
            continue
        known = old.get(message[0] if isinstance(message, tuple) else message)
        string = known.string if known is not None and _fits(known.string, message) else None
        new.add(
            message, string or ("" if isinstance(message, str) else ("",) * new.num_plurals), [(f, 0) for f in files]
        )
    with path.open("wb") as file:
        write_po(file, new, width=120, include_lineno=False, omit_header=False, sort_output=False)
    _without_dates(path)
    missing = sum(1 for message in new if message.id and not _translated(message.string))
    return len(new), missing


def _fits(string: object, message: Message) -> bool:
    return isinstance(string, tuple | list) == isinstance(message, tuple)


def _translated(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


def _without_dates(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    dated = (
        '"POT-Creation-Date',
        '"PO-Revision-Date',
        '"Last-Translator',
        '"Language-Team',
        '"Generated-By',
        '"Project-Id',
        '"Report-Msgid',
        "# ",
    )
    kept = [line for line in lines if not line.startswith(dated)]
    path.write_text("".join(kept), "utf-8")


if __name__ == "__main__":
    for language in ("cy", "pl", "ur", "ar"):
        count, waiting = update(language, resident_only=language != "cy")
        sys.stdout.write(f"{language}: {count} texts, {waiting} to translate\n")
