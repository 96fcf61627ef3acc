"""Records cut and put together: some of a record's journeys in any order, and the parts of one as a whole. Pure."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from insight.columns import NONE
from insight.journeys.mining.log import Ints, Longs, offsets
from insight.journeys.record import JOURNEY_WORDS, STEP_WORDS, Record

WORDS = (*JOURNEY_WORDS, *STEP_WORDS)
JOURNEY_COLUMNS = ("key", *JOURNEY_WORDS, "kind")
STEP_COLUMNS = tuple(f.name for f in fields(Record) if f.name not in (*JOURNEY_COLUMNS, "first", "words"))


def of_journeys(record: Record, rows: Longs) -> Record:
    """The journeys of these rows, in the order of ``rows`` (m,), with their steps."""
    lengths = np.diff(record.first)[rows]
    first = offsets(lengths)
    steps = np.arange(first[-1]) + np.repeat(record.first[rows] - first[:-1], lengths)
    taken: dict[str, Any] = {name: getattr(record, name)[rows] for name in JOURNEY_COLUMNS}
    taken |= {name: getattr(record, name)[steps] for name in STEP_COLUMNS}
    return Record(first=first, words=record.words, **taken)


def joined(records: Sequence[Record]) -> Record:
    """Records one after the other as one; a word that several of them know has one code. ValueError without any."""
    if not records:
        raise ValueError("there is nothing to join")
    words = {name: tuple(dict.fromkeys(word for r in records for word in r.words[name])) for name in WORDS}
    whole: dict[str, Any] = {}
    for name in (*JOURNEY_COLUMNS, *STEP_COLUMNS):
        columns = [getattr(record, name) for record in records]
        if name in words:
            columns = [_recoded(record, name, words[name]) for record in records]
        whole[name] = np.concatenate(columns)
    return Record(first=offsets(np.concatenate([np.diff(record.first) for record in records])), words=words, **whole)


def renamed(codes: Ints, new: Sequence[int]) -> Ints:
    """Codes under the numbers in ``new``, one per old code; -1 stays -1."""
    return np.append(np.asarray(new, np.int32), np.int32(NONE))[codes]  # code -1 reads what was appended


def _recoded(record: Record, name: str, words: tuple[str, ...]) -> Ints:
    codes: Ints = getattr(record, name)
    if record.words[name] == words:
        return codes
    places = {word: code for code, word in enumerate(words)}
    return renamed(codes, [places[word] for word in record.words[name]])
