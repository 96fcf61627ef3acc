"""The resident path stays light: what it loads, and what its process weighs."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import insight
from insight.settings import ROOT

HEAVY = ("pandas", "sklearn", "nltk", "scipy", "pyarrow", "altair", "sknetwork", "alembic")


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("module", ["pages.share", "pages.home", "pages.main", "app"])
def test_what_a_resident_opens_loads_no_analysis_library(module: str) -> None:
    loaded = json.loads(run(f"import {module}, sys, json; print(json.dumps(sorted(sys.modules)))").splitlines()[-1])
    assert not [name for name in loaded if name.split(".")[0] in HEAVY]


@pytest.mark.parametrize("module", ["pages.pain_points", "pages.runs", "pages.imports", "pages.log"])
def test_staff_pages_load_no_analysis_library_either(module: str) -> None:
    loaded = json.loads(run(f"import {module}, sys, json; print(json.dumps(sorted(sys.modules)))").splitlines()[-1])
    assert not [name for name in loaded if name.split(".")[0] in ("sklearn", "nltk", "scipy", "pandas")]


def test_no_front_door_has_a_file_of_the_same_name_as_what_it_gives() -> None:
    """Importing the file later would put the module in the place of the function."""
    root = Path(insight.__path__[0])
    for door in root.rglob("__init__.py"):
        package = ".".join(("insight", *door.parent.relative_to(root).parts))
        taken = [node for node in ast.walk(ast.parse(door.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
        given = {
            name.name
            for node in taken
            for name in node.names
            if node.module not in (package, f"{package}.{name.name}")  # a file that the door itself loads comes first
        }
        assert not given & {path.stem for path in door.parent.iterdir()}, package
