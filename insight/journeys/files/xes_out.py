"""Journeys as XES (IEEE 1849-2023), written journey after journey in constant memory."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import IO
from xml.sax.saxutils import quoteattr  # nosec B406  (it only writes)

from insight.journeys.files.events import KINDS, Event, Value, events, journey_attributes
from insight.journeys.files.writing import Outgoing

NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")  # characters XML 1.0 forbids
EXTENSIONS = (("Concept", "concept"), ("Time", "time"), ("Organizational", "org"), ("Lifecycle", "lifecycle"))
COMPLETE = '<string key="lifecycle:transition" value="complete"/>'
OPENING = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2023" xes.features="" xmlns="http://www.xes-standard.org/">
{extensions}  <global scope="trace"><string key="concept:name" value=""/></global>
  <global scope="event"><string key="concept:name" value=""/><date key="time:timestamp" \
value="1970-01-01T00:00:00+00:00"/><string key="lifecycle:transition" value="complete"/></global>
  <classifier name="Step" keys="concept:name"/>
"""


def write_xes(out: Outgoing, said: Mapping[str, str], into: IO[str]) -> None:
    """Write the steps that have a name. ``said`` is what the log says of itself, such as how it was made."""
    named = "".join(
        f'  <extension name="{name}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
        for name, prefix in EXTENSIONS
    )
    into.write(OPENING.format(extensions=named))
    into.writelines(f"  {_tag('string', key, value)}\n" for key, value in said.items())
    written = _lines(out)
    lengths = out.record.log("service").lengths.tolist()
    for name, told, length in zip(out.names, journey_attributes(out), lengths, strict=True):
        attributes = "".join(_tag("string", key, value) for key, value in told.items())
        into.write(f"  <trace>{_tag('string', 'concept:name', name)}{attributes}\n")
        into.writelines(islice(written, length))
        into.write("  </trace>\n")
    into.write("</log>\n")


def _lines(out: Outgoing) -> Iterator[str]:
    words = out.record.words
    services = [_tag("string", "concept:name", name) for name in words["service"]]
    organisations = [*(_tag("string", "org:group", name) for name in words["organisation"]), ""]  # -1 reads the last
    for event in events(out):
        yield _line(event, services, organisations)


def _line(event: Event, services: Sequence[str], organisations: Sequence[str]) -> str:
    told = "".join(_tag(KINDS[key], key, value) for key, value in event.attributes.items())
    when = f'<date key="time:timestamp" value="{event.moment}"/>'
    step = f'<int key="step" value="{event.step}"/>'
    return (
        f"    <event>{services[event.service]}{when}{COMPLETE}{step}{organisations[event.organisation]}{told}</event>\n"
    )


@lru_cache(4_096)  # the same few values stand on most steps
def _tag(kind: str, key: str, value: Value) -> str:
    if isinstance(value, bool):
        return f'<{kind} key="{key}" value="{str(value).lower()}"/>'
    if isinstance(value, int):
        return f'<{kind} key="{key}" value="{value}"/>'
    return f'<{kind} key="{key}" value={quoteattr(NOT_XML.sub(" ", value))}/>'
