"""Journeys as OCEL 2.0 JSON: journeys, services and organisations as objects, steps as events. Written as a stream."""

import json
from collections.abc import Iterable, Iterator
from typing import IO, Any

import numpy as np

from insight.journeys.files.events import KINDS, Event, events, journey_attributes
from insight.journeys.files.writing import ANOTHER, Outgoing
from insight.journeys.record import JOURNEY_WORDS

ALWAYS = "1970-01-01T00:00:00Z"  # an object's attribute that never changed has this time
TYPES = {"string": "string", "int": "integer", "boolean": "boolean", "date": "time"}
STRING = "string"


def write_ocel(out: Outgoing, into: IO[str]) -> None:
    """Write the steps that have a name as events, each with its journey, its service and its organisation."""
    into.write('{"objectTypes": ')
    into.write(json.dumps(_object_types()))
    into.write(',\n"eventTypes": ')
    into.write(json.dumps(_event_types(out)))
    into.write(',\n"objects": [')
    _listed(_objects(out), into)
    into.write('],\n"events": [')
    _listed((_event(out, event) for event in events(out)), into)
    into.write("]}\n")


def _listed(items: Iterable[dict[str, Any]], into: IO[str]) -> None:
    for place, item in enumerate(items):
        into.write(",\n" if place else "\n")
        into.write(json.dumps(item))


def _object_types() -> list[dict[str, Any]]:
    name = [{"name": "name", "type": STRING}]
    told = [{"name": attribute, "type": STRING} for attribute in JOURNEY_WORDS]
    return [
        {"name": "journey", "attributes": told},
        {"name": "service", "attributes": name},
        {"name": "organisation", "attributes": name},
    ]


def _event_types(out: Outgoing) -> list[dict[str, Any]]:
    attributes = [{"name": "step", "type": "integer"}]
    attributes += [{"name": name, "type": TYPES[kind]} for name, kind in KINDS.items()]
    return [{"name": service, "attributes": attributes} for service in out.record.words["service"]]


def _objects(out: Outgoing) -> Iterator[dict[str, Any]]:
    words = out.record.words
    for name in words["organisation"]:
        yield _object(f"organisation:{name}", "organisation", {"name": name})
    run_by = _run_by(out)
    for code, name in enumerate(words["service"]):
        relations = [
            {"objectId": f"organisation:{words['organisation'][by]}", "qualifier": "run by"} for by in run_by[code]
        ]
        yield _object(f"service:{name}", "service", {"name": name}) | {"relationships": relations}
    for journey, told in zip(out.names, journey_attributes(out), strict=True):
        yield _object(f"journey:{journey}", "journey", told)


def _object(identity: str, kind: str, told: dict[str, str]) -> dict[str, Any]:
    attributes = [{"name": name, "time": ALWAYS, "value": value} for name, value in told.items()]
    return {"id": identity, "type": kind, "attributes": attributes, "relationships": []}


def _run_by(out: Outgoing) -> list[list[int]]:
    """The organisations at which each service was met; "another service" is tied to none."""
    record, words = out.record, out.record.words
    together = (record.service >= 0) & (record.organisation >= 0)
    pairs = np.unique(np.stack([record.service[together], record.organisation[together]], axis=1), axis=0)
    found: list[list[int]] = [[] for _service in words["service"]]
    for service, organisation in pairs.tolist():
        if words["service"][service] != ANOTHER["service"]:
            found[service].append(organisation)
    return found


def _event(out: Outgoing, event: Event) -> dict[str, Any]:
    words, journey = out.record.words, out.names[event.journey]
    service = words["service"][event.service]
    relations = [
        {"objectId": f"journey:{journey}", "qualifier": "step of"},
        {"objectId": f"service:{service}", "qualifier": "touchpoint of"},
    ]
    if event.organisation >= 0:
        name = words["organisation"][event.organisation]
        relations.append({"objectId": f"organisation:{name}", "qualifier": "handled by"})
    attributes = [{"name": name, "value": value} for name, value in {"step": event.step, **event.attributes}.items()]
    return {
        "id": f"{journey}-{event.step}",
        "type": service,
        "time": event.moment,
        "attributes": attributes,
        "relationships": relations,
    }
