"""The resident path stays light: what it loads, and what its process weighs."""

import json
import subprocess
import sys

import pytest

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
