"""Docs are held to the code: settings, permissions, rooms and words stand where a newcomer looks, and paths exist."""

import re
from pathlib import Path

import pytest

from insight.access import MEANING
from insight.settings import ROOT, Settings

DOCS = ROOT / "docs"


def test_every_setting_is_documented_and_no_other() -> None:
    told = set(re.findall(r"`INSIGHT_([A-Z_]+)`", (DOCS / "settings.md").read_text("utf-8")))
    assert told == {name.upper() for name in Settings.model_fields}


def test_every_permission_is_documented_as_it_is_meant() -> None:
    page = (DOCS / "architecture.md").read_text("utf-8")
    for permission, meaning in MEANING.items():
        assert f"| {permission.value} | {meaning} |" in page


def test_every_room_is_on_the_floor_plan() -> None:
    page = (DOCS / "architecture.md").read_text("utf-8")
    rooms = {path.parent.name for path in (ROOT / "insight").glob("*/__init__.py")}
    rooms |= {path.stem for path in (ROOT / "insight").glob("*.py") if not path.stem.startswith("__")}
    screens = {path.name for path in (ROOT / "pages").glob("*.py") if path.name != "__init__.py"}
    assert not [name for name in rooms | screens if name not in page]


MADE_AT_FIRST_USE = ("data/insight.db", "data/backups/", "data/secret.key", "data/text.keys", "data/backup.key")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_paths_named_in_docs_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    named = re.findall(r"`((?:insight|pages|data|tests|benchmarks|docs|\.streamlit)/[\w./-]+)`", text)
    linked = [str((page.parent / link).relative_to(ROOT)) for link in re.findall(r"\]\(((?!http)[\w./-]+)\)", text)]
    missing = [path for path in (*named, *linked) if not (ROOT / path).exists() and "<" not in path]
    assert not [path for path in missing if path not in MADE_AT_FIRST_USE]


def test_the_glossary_holds_the_words_of_the_model() -> None:
    words = (DOCS / "glossary.md").read_text("utf-8").lower()
    for word in ("story", "step", "passage", "theme", "pain point", "run", "cube", "consent", "draft", "reference"):
        assert f"\n| {word} |" in words


def test_no_file_names_a_machine() -> None:
    tracked = [
        path for folder in ("insight", "pages", "docs", "tests", "benchmarks") for path in (ROOT / folder).rglob("*")
    ]
    named = [
        str(path) for path in tracked if path.suffix in (".py", ".md", ".toml") and "/work/" in path.read_text("utf-8")
    ]
    assert [path for path in named if not path.endswith("test_docs.py")] == []
