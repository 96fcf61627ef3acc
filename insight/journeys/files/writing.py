"""Journeys on their way out: under which names and in which order they may leave, and as a table of steps (CSV)."""

import csv
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any

import numpy as np

from insight.columns import NONE
from insight.journeys.joining import WORDS, of_journeys, renamed
from insight.journeys.mining.log import DAY, NO_TIME, Bools, Ints, Longs
from insight.journeys.record import JOURNEY_WORDS, NOT_FELT, STEP_WORDS, Record
from insight.sheets import plain

ANOTHER = {"service": "another service", "organisation": "another organisation"}  # in place of rare names
PSEUDONYM_BYTES = 10  # with a million journeys two are alike once in two trillion exports
AT_ONCE = 50_000  # steps
YES_OR_NO = ("false", "true", "")  # -1, not told, reads the last one
JOURNEY_HEAD = ("journey", *JOURNEY_WORDS, "steps")
STEP_HEAD = (
    "journey",
    "step",
    "service",
    "organisation",
    "channel",
    "day",
    "feeling",
    "waited_days",
    "promised_days",
    "told_again",
    "sent_elsewhere",
    "sorted_out",
)


@dataclass(frozen=True)
class Outgoing:
    """n journeys as they may leave. ``names`` are their pseudonyms, (n,): new ones each time, told by nothing else.

    ``record`` holds them in a random order, with rare words taken out of ``record.words``; ``rare`` counts those words
    by column. ``threshold`` is the number of journeys below which a word is rare.
    """

    record: Record
    names: tuple[str, ...]
    rare: dict[str, int]
    threshold: int

    @property
    def unnamed(self) -> int:
        """Steps whose service was not told: CSV alone holds them, since an event needs a name."""
        return int((self.record.service < 0).sum())


def outgoing(record: Record, kept: Bools, threshold: int) -> Outgoing:
    """Make journeys ready to leave: ``kept`` is (n,) of ``record``.

    The keys stay behind. Each export gives journeys fresh random names and a fresh random order, so that neither joins
    two exports. A word that fewer than ``threshold`` of the journeys have is not written: a service or organisation
    becomes "another service" or "another organisation", any other word is left empty.
    """
    rows = np.flatnonzero(kept & record.present())
    order = np.random.default_rng(secrets.randbits(128)).permutation(rows)
    chosen = of_journeys(record, order)
    columns: dict[str, Any] = {"key": np.arange(len(order)), "kind": np.full(len(order), NONE, np.int32)}
    words, rare = {}, {}
    for name in WORDS:
        columns[name], words[name], rare[name] = _common_words(chosen, name, threshold)
    return Outgoing(replace(chosen, words=words, **columns), _pseudonyms(len(order)), rare, threshold)


def _pseudonyms(count: int) -> tuple[str, ...]:
    drawn, width = secrets.token_bytes(PSEUDONYM_BYTES * count).hex(), 2 * PSEUDONYM_BYTES
    return tuple(drawn[start : start + width] for start in range(0, len(drawn), width))


def _common_words(record: Record, name: str, threshold: int) -> tuple[Ints, tuple[str, ...], int]:
    """A column without the words that too few journeys have, its words, and how many were taken out."""
    codes: Ints = getattr(record, name)
    journeys = _journeys_with(record, name)
    common = [code for code, n in enumerate(journeys) if n >= threshold]
    words = tuple(dict.fromkeys(record.words[name][code] for code in common))
    rare = int(((journeys > 0) & (journeys < threshold)).sum())
    if name in ANOTHER and rare:
        words = (*(word for word in words if word != ANOTHER[name]), ANOTHER[name])
    new = np.full(len(journeys), len(words) - 1 if name in ANOTHER and rare else NONE)
    for code in common:
        new[code] = words.index(record.words[name][code])
    return renamed(codes, new.tolist()), words, rare


def _journeys_with(record: Record, name: str) -> Longs:
    """How many journeys have each word, (words,)."""
    codes: Ints = getattr(record, name)
    told, width = np.flatnonzero(codes >= 0), len(record.words[name])
    if name not in STEP_WORDS:
        return np.bincount(codes[told], minlength=width)
    pairs = np.unique(codes[told].astype(np.int64) * max(record.journeys, 1) + record.journey[told])
    return np.bincount(pairs // max(record.journeys, 1), minlength=width)


def cells(codes: Ints, words: Sequence[str]) -> list[str]:
    """The word of each code; "" where none was told."""
    listed = [*words, ""]
    return [listed[code] for code in codes.tolist()]


def day_cells(time: Longs) -> list[str]:
    """The day (UTC) of each time; "" where not dated."""
    dated = time != NO_TIME
    shown = np.datetime_as_string(np.where(dated, time // DAY, 0).astype("datetime64[D]"))
    listed: list[str] = np.where(dated, shown, "").tolist()
    return listed


def write_journeys(out: Outgoing, into: IO[str]) -> None:
    """One row for each journey: what was told of it as a whole."""
    record, writer = out.record, csv.writer(into)
    writer.writerow(JOURNEY_HEAD)
    told = [cells(getattr(record, name), _safe(record.words[name])) for name in JOURNEY_WORDS]
    writer.writerows(zip(out.names, *told, np.diff(record.first).tolist(), strict=True))


def write_steps(out: Outgoing, into: IO[str]) -> None:
    """One row for each step, journey after journey, in the order in which they were told (or happened)."""
    writer = csv.writer(into)
    writer.writerow(STEP_HEAD)
    for columns in _columns(out):
        writer.writerows(zip(*columns, strict=True))


def _columns(out: Outgoing) -> Iterator[list[list[Any]]]:
    """The columns of ``STEP_HEAD``, some thousand steps at a time."""
    record = out.record
    words = {name: _safe(record.words[name]) for name in STEP_WORDS}
    for start in range(0, len(record.position), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        journeys = record.journey[part]
        yield [
            [out.names[journey] for journey in journeys.tolist()],
            (np.arange(start, start + len(journeys)) - record.first[journeys] + 1).tolist(),
            *(cells(getattr(record, name)[part], words[name]) for name in ("service", "organisation", "channel")),
            day_cells(record.time[part]),
            _number_cells(record.feeling[part], NOT_FELT),
            _number_cells(record.waited[part], NONE),
            _number_cells(record.promised[part], NONE),
            [YES_OR_NO[code] for code in record.told_again[part].tolist()],
            [YES_OR_NO[code] for code in record.sent_elsewhere[part].tolist()],
            cells(record.sorted_out[part], words["sorted_out"]),
        ]


def _safe(words: Sequence[str]) -> list[str]:
    return [str(plain(word)) for word in words]


def _number_cells(numbers: Any, blank: int) -> list[int | str]:
    return ["" if number == blank else number for number in numbers.tolist()]
