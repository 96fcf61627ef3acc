"""The accessibility statement: in the public sector's form, with what the last full test found."""

import json
from datetime import date
from functools import lru_cache
from typing import Any

from starlette.responses import Response

from insight import intake
from insight.language import day
from insight.settings import ROOT, settings
from pages.form import drawing
from pages.form.addresses import HOME
from pages.form.desk import Ask

RECORD = ROOT / "data" / "accessibility" / "tested.json"


@lru_cache
def tested() -> dict[str, Any]:
    """What ``tests/browser/test_accessibility.py`` last wrote down: when, with what, how many states, what it found."""
    record: dict[str, Any] = json.loads(RECORD.read_text("utf-8"))
    return record


def show(ask: Ask) -> Response:
    """Draw the statement."""
    record = tested()
    return drawing.page(
        ask,
        "accessibility.html",
        place=intake.current_place(),
        contact=settings().contact,
        tested=record,
        tested_on=day(date.fromisoformat(record["on"])),
        back=HOME,
    )
