"""Event logs as XES (IEEE 1849): read as a stream, so that only codes and times are kept, never the document.

A document type, and with it every entity, is refused before it is looked at, as defusedxml does; defusedxml itself has
no parser that is fed a block at a time.
"""

from array import array
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from xml.parsers import expat

import numpy as np
import pyarrow as pa

from insight.errors import BadInput
from insight.journeys.files.raw import Coded, Progress, Raw
from insight.journeys.files.times import TimeColumn
from insight.journeys.files.unpacking import unpacked
from insight.journeys.mining.log import Longs
from insight.language import _, noted

NAME, TIME, CHANNEL, LIFECYCLE = "concept:name", "time:timestamp", "channel", "lifecycle:transition"
GROUP, RESOURCE = "org:group", "org:resource"
CODED = (NAME, GROUP, RESOURCE, CHANNEL)
WANTED = frozenset((*CODED, TIME, LIFECYCLE))
UNSET = "__INVALID__"  # what OpenXES writes as the default of an attribute that has none
HOMELESS = noted("in no trace")
BLOCK = 2**20  # bytes
LONGEST = 16 * 2**20  # bytes of one tag, which the parser has to hold
DEEPEST = 100
TIMES_AT_ONCE = 100_000


def read_xes(path: Path, progress: Progress) -> Raw:
    """Read an XES file. Raises BadInput for XML that is broken, that declares anything, or that is no log."""
    reader = Reader(path.name)
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        with unpacked(path) as stream:
            while block := stream.read(BLOCK):
                parser.Parse(block, False)
                if stream.given - parser.CurrentByteIndex > LONGEST:
                    raise BadInput(_too_long(path, parser.CurrentLineNumber))
                progress(_("Reading the log"), stream.passed, stream.size)
            parser.Parse(b"", True)
    except expat.ExpatError as fault:
        told = _("{file} is broken XES: line {line} cannot be read ({reason}). Write the file anew.")
        reason = expat.errors.messages[fault.code]
        raise BadInput(told.format(file=path.name, line=fault.lineno, reason=reason)) from None
    except (LookupError, ValueError):  # an encoding that Python does not know, or cannot read byte by byte
        told = _("{file} has an unknown encoding: write it as UTF-8, then try again.")
        raise BadInput(told.format(file=path.name)) from None
    return reader.finish()


def _too_long(path: Path, line: int) -> str:
    told = _("{file} has a value longer than {number} MB after line {line}, which is not like any log.")
    return told.format(file=path.name, number=LONGEST // 2**20, line=line)


class Codes:
    """Words as they come, each kept once."""

    def __init__(self) -> None:
        self.codes = array("i")
        self.known: dict[str, int] = {}

    def add(self, word: str | None) -> None:
        """One more row; -1 if the word is blank."""
        if word is None or not word.strip():
            self.codes.append(-1)
        else:
            self.codes.append(self.known.setdefault(word, len(self.known)))

    def finish(self) -> Coded:
        """The column as one."""
        return Coded(np.array(self.codes, np.int32), pa.array(list(self.known), pa.string()))


class Reader:
    """Where in the document the parser is, and the columns so far.

    Elements count by their depth: the log, then traces and globals, then events, then attributes of events. Attributes
    of attributes are deeper and pass unseen.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.depth = 0
        self.prefix = ""
        self.within = ""  # trace, or global for the defaults of events
        self.in_event = False
        self.attributes: dict[str, str] = {}  # of this event
        self.trace: dict[str, str] = {}  # attributes of this trace
        self.defaults: dict[str, str] = {}
        self.columns = {key: Codes() for key in CODED}
        self.times, self.waiting = TimeColumn(), list[str | None]()
        self.journeys, self.channels = Codes(), Codes()  # a row for each trace
        self.lengths = array("q")  # events of each trace
        self.events = self.unnamed = self.homeless = 0
        self.lifecycles: Counter[str] = Counter()

    def refuse(self, *_declared: object) -> None:
        """A document type: nothing that a log needs, and all that an attack needs."""
        told = _("{file} declares a document type (DOCTYPE), which can hide an attack: write it without one.")
        raise BadInput(told.format(file=self.file))

    def start(self, name: str, found: Mapping[str, str]) -> None:
        """An element begins."""
        self.depth = depth = self.depth + 1
        if depth == 4:
            if self.in_event and found.get("key") in WANTED:
                self.attributes[found["key"]] = found.get("value", "")
        elif depth == 3:
            self._part(name, found)
        elif depth == 2:
            self._section(name.removeprefix(self.prefix), found)
        elif depth == 1:
            self._log(name)
        elif depth > DEEPEST:
            told = _("{file} has elements nested more than {number} deep, which is not like any log.")
            raise BadInput(told.format(file=self.file, number=DEEPEST))

    def end(self, _name: str) -> None:
        """An element ends."""
        self.depth -= 1
        if self.depth == 2 and self.in_event:
            self._end_event()
        elif self.depth == 1 and self.within == "trace":
            self._end_trace()

    def _log(self, name: str) -> None:
        self.prefix = name[: name.rfind(":") + 1]
        if name.removeprefix(self.prefix) != "log":
            told = _("{file} is XML but no XES: it begins with <{name}> in place of <log>.")
            raise BadInput(told.format(file=self.file, name=name[:40]))

    def _section(self, kind: str, found: Mapping[str, str]) -> None:
        self.within = kind if kind == "trace" or (kind, found.get("scope")) == ("global", "event") else ""
        self.trace = {}
        self.homeless += kind == "event"  # the standard allows it, but it is in no journey

    def _part(self, name: str, found: Mapping[str, str]) -> None:
        key, value = found.get("key", ""), found.get("value", "")
        if self.within == "trace":
            if name.removeprefix(self.prefix) == "event":
                self.in_event, self.attributes = True, {}
            elif key in (NAME, CHANNEL):
                self.trace[key] = value
        elif self.within == "global" and key in CODED and value != UNSET:
            self.defaults[key] = value

    def _end_event(self) -> None:
        self.in_event = False
        self.events += 1
        get = self.attributes.get
        for key, column in self.columns.items():
            column.add(get(key) or self.defaults.get(key))
        self.lifecycles[get(LIFECYCLE) or ""] += 1
        self.waiting.append(get(TIME) or None)
        if len(self.waiting) >= TIMES_AT_ONCE:
            self._read_times()

    def _end_trace(self) -> None:
        name = self.trace.get(NAME, "")
        if not name.strip():
            self.unnamed += 1
            name = _("(trace {number}, without a name)").format(number=len(self.lengths) + 1)
        self.journeys.add(name)
        self.channels.add(self.trace.get(CHANNEL))
        self.lengths.append(self.events)
        self.events, self.within = 0, ""

    def _read_times(self) -> None:
        self.times.add(pa.array(self.waiting, pa.string()))
        self.waiting = []

    def finish(self) -> Raw:
        """All events as one table."""
        self._read_times()
        trace = np.repeat(np.arange(len(self.lengths)), np.array(self.lengths, np.int64))
        journeys = self.journeys.finish()
        group = next((key for key in (GROUP, RESOURCE) if self.columns[key].known), None)
        return Raw(
            journey=Coded(journeys.codes[trace], journeys.words),
            step=self.columns[NAME].finish(),
            times=self.times.finish(),
            organisation=self.columns[group].finish() if group else None,
            channel=self._channel(trace),
            left_out={HOMELESS: self.homeless} if self.homeless else {},
            notes=tuple(self._notes(group)),
        )

    def _channel(self, trace: Longs) -> Coded | None:
        """The event's own channel, else its trace's."""
        own, common = self.columns[CHANNEL].finish(), self.channels.finish()
        if not self.columns[CHANNEL].known and not self.channels.known:
            return None
        words = list(dict.fromkeys([*own.words.to_pylist(), *common.words.to_pylist()]))
        place = {word: code for code, word in enumerate(words)}
        codes = np.array([*(place[word] for word in common.words.to_pylist()), -1], np.int32)[common.codes]
        return Coded(np.where(own.codes >= 0, own.codes, codes[trace]), pa.array(words, pa.string()))

    def _notes(self, group: str | None) -> list[str]:
        notes = []
        if group == RESOURCE:
            notes.append(_("The log names no groups (org:group): who did each step (org:resource) stands for them."))
        if self.unnamed:
            told = _("Traces without a name (concept:name) were kept, each as a journey of its own: {number}.")
            notes.append(told.format(number=f"{self.unnamed:,}"))
        if len(self.lifecycles) > 1:
            seen = ", ".join(f"{name or _('none')} {number:,}" for name, number in sorted(self.lifecycles.items()))
            told = _("Steps have several states (lifecycle:transition: {states}); each record counts as a step.")
            notes.append(told.format(states=seen))
        return notes
