"""The files that leave: journeys as CSV, XES or OCEL, with a Frictionless Data Package that says what is in them."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import IO, Any

from insight.journeys.files.ocel import write_ocel
from insight.journeys.files.writing import JOURNEY_HEAD, STEP_HEAD, Outgoing, write_journeys, write_steps
from insight.journeys.files.xes_out import write_xes

PACKAGE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE = "https://datapackage.org/profiles/2.0/dataresource.json"
Field = dict[str, Any]


class Form(StrEnum):
    """What a log can be taken out as."""

    CSV = "csv"
    XES = "xes"
    OCEL = "ocel"


FILE_NAMES = {Form.CSV: "journeys-csv.zip", Form.XES: "journeys.xes.gz", Form.OCEL: "journeys-ocel.zip"}
MEANING: dict[str, tuple[str, str]] = {  # of each column: its type, and what it says
    "journey": ("string", "A random name for the journey, new in every export: it joins no two exports."),
    "step": ("integer", "The place of the step in its journey, from 1."),
    "service": ("string", "The service; empty where none was told, 'another service' where too few journeys met it."),
    "organisation": ("string", "The organisation; empty where none was told, 'another organisation' where rare."),
    "channel": ("string", "How the step took place, such as phone or letter."),
    "day": ("date", "The day of the step; empty where the day was not told."),
    "feeling": ("integer", "How the step felt, from -2 (very bad) to 2 (very good)."),
    "waited_days": ("integer", "Days waited before the step, as told. Unit: days."),
    "promised_days": ("integer", "Days that had been promised, as told. Unit: days."),
    "told_again": ("boolean", "Whether the same things had to be told again."),
    "sent_elsewhere": ("boolean", "Whether the person was sent elsewhere."),
    "sorted_out": ("string", "Whether the step sorted it out."),
    "need": ("string", "What help was needed with, as a code."),
    "source": ("string", "How the journey reached us, as a code."),
    "teller": ("string", "Who told it, as a code."),
    "month": ("string", "The month in which it was told, such as 2026-03."),
    "need_met": ("string", "Whether the need was met, as a code."),
    "steps": ("integer", "How many steps the journey has."),
}
LIMITS = {"feeling": {"minimum": -2, "maximum": 2}, "step": {"minimum": 1}, "waited_days": {"minimum": 0}}
MUST = ("journey", "step", "steps")


@dataclass(frozen=True, slots=True)
class Made:
    """How an export came to be: from what, with which filters, when. ``synthetic``: the place is invented."""

    place: str
    source: str
    filters: str
    at: datetime
    synthetic: bool

    @property
    def title(self) -> str:
        """What stands over the export."""
        title = f"Journeys through public services: {self.place}"
        return f"{title} (invented, about nobody)" if self.synthetic else title


def write_export(out: Outgoing, form: Form, made: Made, into: IO[bytes]) -> None:
    """Write one export: a zip with its package for CSV and OCEL; XES says everything itself."""
    if form is Form.XES:
        with gzip.GzipFile(filename="", fileobj=into, mode="wb") as packed, _text(packed) as text:
            write_xes(out, {"concept:name": made.title, "description": description(out, made)}, text)
        return
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as file:
        for name, write in _parts(form).items():
            with file.open(name, "w", force_zip64=True) as part, _text(part) as text:
                write(out, text)
        file.writestr("datapackage.json", json.dumps(package(out, form, made), indent=2, ensure_ascii=False))


def _parts(form: Form) -> Mapping[str, Callable[[Outgoing, IO[str]], None]]:
    if form is Form.CSV:
        return {"steps.csv": write_steps, "journeys.csv": write_journeys}
    return {"journeys.ocel.json": write_ocel}


@contextmanager
def _text(binary: IO[bytes] | gzip.GzipFile) -> Iterator[IO[str]]:
    """Text into a stream that stays open; what no file may hold (half a character) becomes a question mark."""
    text = io.TextIOWrapper(binary, "utf-8", errors="replace", newline="")
    yield text
    text.flush()
    text.detach()


def package(out: Outgoing, form: Form, made: Made) -> dict[str, Any]:
    """The description of an export as a Frictionless Data Package (version 2)."""
    resources = [_csv_steps(), _csv_journeys()] if form is Form.CSV else [_ocel()]
    return {
        "$schema": PACKAGE,
        "name": f"journeys-{form.value}",
        "title": made.title,
        "description": description(out, made),
        "created": made.at.isoformat(timespec="seconds"),
        "sources": [{"title": f"{made.source}, {made.place}"}],
        "resources": resources,
    }


def description(out: Outgoing, made: Made) -> str:
    """What an export holds, what it does not, and how it was made."""
    rare = sum(out.rare.values())
    told = [
        f"{out.record.journeys:,} journeys with {len(out.record.position):,} steps. {made.source}; {made.filters}.",
        "One row is one person's journey or step: it names nobody, but a rare path may be recognised. Treat it as "
        "personal data. It holds nothing that people wrote, no references, and no names of people.",
        "Journeys have random names and stand in a random order, both new in every export.",
        f"A name or code that fewer than {out.threshold} of these journeys have was left out ({rare:,} were): such a "
        "service or organisation is called 'another service' or 'another organisation', anything else is empty.",
        "No licence is given: whoever is responsible for this data decides who may use it, and for what.",
    ]
    if out.unnamed:
        told.append(f"{out.unnamed:,} steps without a service's name are in CSV exports alone.")
    if made.synthetic:
        told.insert(0, "Everything here is invented; it is about nobody.")
    return " ".join(told)


def _csv_steps() -> dict[str, Any]:
    return _csv("steps", "One row for each step, in the order of the journey.", STEP_HEAD, ["journey", "step"]) | {
        "title": "Steps"
    }


def _csv_journeys() -> dict[str, Any]:
    return _csv("journeys", "One row for each journey.", JOURNEY_HEAD, ["journey"]) | {"title": "Journeys"}


def _csv(name: str, told: str, head: tuple[str, ...], key: list[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in head], "missingValues": [""], "primaryKey": key}
    if name == "steps":
        schema["foreignKeys"] = [{"fields": ["journey"], "reference": {"resource": "journeys", "fields": ["journey"]}}]
    escaped = (
        "A name that begins with = + - or @ has an apostrophe before it, so that no spreadsheet takes it for a sum."
    )
    return {
        "$schema": RESOURCE,
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "description": f"{told} {escaped}",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(name: str) -> Field:
    kind, told = MEANING[name]
    limits: dict[str, Any] = dict(LIMITS.get(name, {}))
    if name in MUST:
        limits["required"] = True
    field: Field = {"name": name, "type": kind, "description": told}
    return field | ({"constraints": limits} if limits else {})


def _ocel() -> dict[str, Any]:
    told = (
        "Steps as events, with journeys, services and organisations as objects (OCEL 2.0, JSON). The time of an event "
        "keeps the order of the journey; its attribute 'day' holds the day as told, and is missing where none was."
    )
    return {
        "$schema": RESOURCE,
        "name": "journeys",
        "title": "Journeys as an object-centric event log",
        "path": "journeys.ocel.json",
        "description": told,
        "format": "json",
        "mediatype": "application/json",
        "encoding": "utf-8",
    }
