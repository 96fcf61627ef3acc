"""Journeys on their way out: order survives, nothing tells whose they were, and each file keeps its own rules."""

import csv
import gzip
import io
import json
import zipfile
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from defusedxml import ElementTree

from insight.columns import NONE, coded
from insight.journeys.files.events import moments_of
from insight.journeys.files.package import Form, Made, write_export
from insight.journeys.files.writing import ANOTHER, Outgoing, outgoing
from insight.journeys.joining import joined, of_journeys
from insight.journeys.mining.log import DAY, NO_TIME, offsets
from insight.journeys.record import NOT_FELT, Record

MADE = Made("Hallam", "Journeys people told of analysis 3", "all of them", datetime(2026, 11, 22, tzinfo=UTC), False)
XES = "{http://www.xes-standard.org/}"
SERVICES = ("Council tax", "=SUM(A1)", "Tŷ & <Home> \"help\" 'now'", "Bad\x0bbell \U0001f6ce", "Housing")
Step = tuple[str | None, int | None]


def record(journeys: list[list[Step]], month: str = "2026-03") -> Record:
    """A record of journeys whose steps are (service, day since 1970)."""
    steps = [step for journey in journeys for step in journey]
    n, e = len(journeys), len(steps)
    service, services = coded([name for name, _day in steps])
    days = [NO_TIME if day is None else day * DAY for _name, day in steps]
    return Record(
        key=np.arange(n, dtype=np.int64) + 7_000_000_000,
        first=offsets(np.array([len(journey) for journey in journeys], np.int64)),
        need=np.zeros(n, np.int32),
        source=np.zeros(n, np.int32),
        teller=np.full(n, NONE, np.int32),
        month=np.zeros(n, np.int32),
        need_met=np.zeros(n, np.int32),
        kind=np.full(n, 4, np.int32),
        position=np.arange(e, dtype=np.int32),
        service=service,
        organisation=np.where(service >= 0, service % 2, NONE).astype(np.int32),
        channel=np.zeros(e, np.int32),
        sorted_out=np.full(e, NONE, np.int32),
        time=np.array(days, np.int64),
        feeling=np.where(np.arange(e) % 3, np.arange(e) % 5 - 2, NOT_FELT).astype(np.int8),
        waited=np.where(np.arange(e) % 4, np.arange(e), NONE).astype(np.int32),
        promised=np.full(e, 10, np.int32),
        told_again=(np.arange(e) % 3 - 1).astype(np.int8),
        sent_elsewhere=np.full(e, NONE, np.int8),
        words={
            "need": ("housing",),
            "source": ("self_web",),
            "teller": ("self",),
            "month": (month,),
            "need_met": ("yes",),
            "service": services,
            "organisation": ("Council", "+44 Trust"),
            "channel": ("phone",),
            "sorted_out": ("yes",),
        },
    )


def random_record(n: int = 120) -> Record:
    """Journeys with ties, dates out of order, days untold, days before 1970 and steps without a name."""
    random = np.random.default_rng(5)
    journeys: list[list[Step]] = []
    for _journey in range(n):
        length = int(random.integers(1, 8))
        names = [None if random.random() < 0.1 else SERVICES[code] for code in random.integers(0, 5, length)]
        days = [None if random.random() < 0.3 else int(day) for day in random.integers(-40, 40, length)]
        journeys.append(list(zip(names, days, strict=True)))
    return record(journeys)


def leaving(source: Record, threshold: int = 1) -> Outgoing:
    return outgoing(source, np.ones(source.journeys, bool), threshold)


def written(out: Outgoing, form: Form) -> bytes:
    body = io.BytesIO()
    write_export(out, form, MADE, body)
    return body.getvalue()


def paths_of(out: Outgoing) -> dict[str, tuple[str, ...]]:
    log = out.record.log("service")
    return {name: log.steps_of(journey) for journey, name in enumerate(out.names)}


def follows(paths: dict[str, tuple[str, ...]]) -> Counter[tuple[str, str]]:
    return Counter(pair for path in paths.values() for pair in pairwise(path))


def traces(body: bytes) -> list[tuple[str, list[dict[str, str]]]]:
    root = ElementTree.fromstring(gzip.decompress(body))
    found = []
    for trace in root.iter(f"{XES}trace"):
        name = next(one.get("value") for one in trace if one.get("key") == "concept:name")
        events = [{one.get("key"): one.get("value") for one in event} for event in trace.iter(f"{XES}event")]
        found.append((name, events))
    return found


def test_xes_keeps_the_order_of_steps_for_a_reader_that_sorts_by_time() -> None:
    out = leaving(random_record())
    paths = {name: tuple(path) for name, path in paths_of(out).items()}
    read = traces(written(out, Form.XES))
    assert len(read) == 120
    for name, events in read:
        by_time = sorted(events, key=lambda event: datetime.fromisoformat(event["time:timestamp"]))
        assert by_time == events
        told = tuple(event["concept:name"] for event in events)
        assert told == tuple(step.replace("\x0b", " ") for step in paths[name])  # what XML may not hold is a blank
    first = {event["step"]: event for event in read[0][1]}
    day = out.record.time[out.record.first[0] : out.record.first[1]] // DAY
    for step, event in first.items():
        dated = out.record.time[out.record.first[0] + int(step) - 1] != NO_TIME
        assert ("day" in event) == bool(dated)
        if dated:
            assert event["day"][:10] == str(np.datetime64(int(day[int(step) - 1]), "D"))


def test_moments_rise_by_a_second_within_a_day_and_stand_in_where_no_day_was_told() -> None:
    told = record([[("a", None), ("a", 3), ("a", 3), ("a", 1), ("a", 5)], [("a", None), ("a", None)]], "1970-02")
    out = Outgoing(told, ("one", "two"), {}, 1)
    day = 86_400
    expected = [3 * day, 3 * day + 1, 3 * day + 2, 3 * day + 3, 5 * day, 31 * day, 31 * day + 1]
    assert moments_of(out, told.log("service")).tolist() == expected


def test_two_exports_cannot_be_joined() -> None:
    source = random_record()
    one, two = leaving(source), leaving(source)
    assert not set(one.names) & set(two.names)
    assert len(set(one.names)) == 120
    assert one.record.first.tolist() != two.record.first.tolist()  # the order is another one each time
    assert follows(paths_of(one)) == follows(paths_of(two))
    assert sorted(paths_of(one).values()) == sorted(source.log("service").steps_of(j) for j in range(120))
    for form in Form:
        body = written(one, form)
        parts = [gzip.decompress(body)] if form is Form.XES else _parts(body).values()
        assert not any(b"70000000" in part for part in parts)  # no key of a story leaves


def _parts(body: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_ocel_keeps_its_rules_and_the_order() -> None:
    out = leaving(random_record())
    log = json.loads(_parts(written(out, Form.OCEL))["journeys.ocel.json"])
    assert set(log) == {"objectTypes", "eventTypes", "objects", "events"}
    objects = {one["id"]: one for one in log["objects"]}
    assert len(objects) == len(log["objects"])
    assert len({event["id"] for event in log["events"]}) == len(log["events"]) == len(out.record.log("service").code)
    _follows_types(log["objects"], log["objectTypes"])
    _follows_types(log["events"], log["eventTypes"])
    for one in (*log["objects"], *log["events"]):
        assert all(relation["objectId"] in objects and relation["qualifier"] for relation in one["relationships"])
    of_journey: dict[str, list[tuple[datetime, str]]] = {name: [] for name in out.names}
    for event in log["events"]:
        (journey,) = [one["objectId"] for one in event["relationships"] if one["qualifier"] == "step of"]
        of_journey[journey.removeprefix("journey:")].append((datetime.fromisoformat(event["time"]), event["type"]))
    assert {name: tuple(step for _t, step in sorted(events)) for name, events in of_journey.items()} == paths_of(out)


def _follows_types(items: list[dict[str, Any]], types: list[dict[str, Any]]) -> None:
    python = {"string": str, "integer": int, "boolean": bool, "time": str, "float": float}
    declared = {one["name"]: {a["name"]: python[a["type"]] for a in one["attributes"]} for one in types}
    assert len(declared) == len(types)
    for item in items:
        for attribute in item["attributes"]:
            assert type(attribute["value"]) is declared[item["type"]][attribute["name"]]
            if attribute["name"] == "day" or "time" in attribute:
                assert datetime.fromisoformat(attribute.get("time", attribute["value"])).tzinfo


def test_csv_is_described_column_by_column_and_safe_in_a_spreadsheet() -> None:
    out = leaving(random_record())
    parts = _parts(written(out, Form.CSV))
    package = json.loads(parts["datapackage.json"])
    assert "licenses" not in package
    assert [one["path"] for one in package["resources"]] == ["steps.csv", "journeys.csv"]
    for resource in package["resources"]:
        rows = list(csv.DictReader(io.StringIO(parts[resource["path"]].decode())))
        fields = {one["name"]: one for one in resource["schema"]["fields"]}
        assert list(rows[0]) == list(fields)
        assert all(one["description"] for one in fields.values())
        keys = [tuple(row[name] for name in resource["schema"]["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys)
        for row in rows:
            assert all(_fits(row[name], one) for name, one in fields.items())
            assert not any(cell.startswith(("=", "+", "@", "\t")) for cell in row.values())
    steps = list(csv.DictReader(io.StringIO(parts["steps.csv"].decode())))
    assert len(steps) == len(out.record.position)  # a step without a name is here, and in no other form
    assert {"'=SUM(A1)", ""} <= {row["service"] for row in steps}
    assert {row["organisation"] for row in steps} == {"Council", "'+44 Trust", ""}


def _fits(cell: str, field: dict[str, Any]) -> bool:
    if not cell:
        return not field.get("constraints", {}).get("required")
    match field["type"]:
        case "integer":
            return bool(int(cell) >= field.get("constraints", {}).get("minimum", -(10**9)))
        case "boolean":
            return cell in ("true", "false")
        case "date":
            return bool(datetime.fromisoformat(cell))
    return True


def test_rare_names_are_not_written() -> None:
    told: list[list[Step]] = [[("Council tax", 1), ("Housing", 2)] for _ in range(5)]
    told += [[("Mrs Jones at no 4", 1), ("Dr Small", 2), ("Council tax", None)]]
    out = leaving(record(told), threshold=5)
    assert out.rare["service"] == 2
    assert follows(paths_of(out)) == Counter(
        {
            ("Council tax", "Housing"): 5,
            (ANOTHER["service"], ANOTHER["service"]): 1,
            (ANOTHER["service"], "Council tax"): 1,
        }
    )
    for form in Form:
        body = written(out, form)
        parts = [gzip.decompress(body)] if form is Form.XES else _parts(body).values()
        assert not any(b"Jones" in part or b"Small" in part for part in parts)


def test_records_are_cut_and_joined_without_loss() -> None:
    whole = random_record(40)
    halves = [of_journeys(whole, np.arange(start, 40, 2)) for start in (1, 0)]
    renamed = leaving(halves[1]).record  # other codes for the same words
    assert joined(halves).log("service").steps_of(0) == whole.log("service").steps_of(1)
    mixed = joined([halves[0], renamed])
    paths = sorted(mixed.log("service").steps_of(journey) for journey in range(40))
    assert paths == sorted(whole.log("service").steps_of(journey) for journey in range(40))
    with pytest.raises(ValueError, match="nothing to join"):
        joined([])
