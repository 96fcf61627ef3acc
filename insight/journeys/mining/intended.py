"""A journey as it is meant to be: its steps in order, some of them optional or one of several ways; read from TOML."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from insight.errors import BadInput
from insight.language import _

MOST_PATHS = 200
MOST_STEPS = 100
MOST_DAYS = 3650
LONGEST_TEXT = 100_000
LONGEST_NAME, LONGEST_NEED = 200, 80
TOP_KEYS = ("name", "need", "step")
STEP_KEYS = ("name", "optional", "promised_days")


@dataclass(frozen=True, slots=True)
class IntendedStep:
    """A step that people are meant to take. ``promised_days`` is how long they are meant to wait for it at most."""

    name: str
    optional: bool = False
    promised_days: int | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """People take one of several ways. Each way is at least one step; a way holds no choice of its own."""

    ways: tuple[tuple[IntendedStep, ...], ...]


Part = IntendedStep | Choice


@dataclass(frozen=True)
class Intended:
    """An intended journey: its parts in order. ``need`` is a need's code, or None for any need."""

    name: str
    need: str | None
    parts: tuple[Part, ...]

    @cached_property
    def steps(self) -> tuple[IntendedStep, ...]:
        """Every step in the order in which it was written, those of all ways among them."""
        return tuple(step for part in self.parts for way in _ways(part) for step in way)

    @cached_property
    def paths(self) -> tuple[tuple[int, ...], ...]:
        """Every path through the journey, as numbers of ``steps``; the first ways written come first."""
        numbers = iter(range(len(self.steps)))
        options = [[tuple(next(numbers) for _step in way) for way in _ways(part)] for part in self.parts]
        return tuple(sum(taken, ()) for taken in product(*options))

    def to_toml(self) -> str:
        """This journey as a file that :func:`load_intended` reads again as the same journey."""
        head = [f"name = {_quoted(self.name)}", *([f"need = {_quoted(self.need)}"] if self.need else [])]
        return "\n".join([*head, *(line for part in self.parts for line in _lines(part))]) + "\n"


def load_intended(source: Path | str) -> Intended:
    """Read an intended journey from a file, or from the text of one.

    Raises BadInput with the line or step that is wrong and what to do about it.
    """
    text = _text_of(source) if isinstance(source, Path) else source
    if len(text) > LONGEST_TEXT:
        raise BadInput(_("An intended journey is at most 100,000 characters long. Shorten the text."))
    try:
        held = tomllib.loads(text)
    except (ValueError, RecursionError) as wrong:  # besides what is no TOML, endless numbers and brackets
        raise BadInput(_not_toml(wrong)) from None
    return _Reader(text).journey(held)


def named(name: str, need: str | None, parts: Sequence[Part]) -> Intended:
    """An intended journey put together by a program, checked as one that was read.

    Raises BadInput as :func:`load_intended` does.
    """
    return load_intended(Intended(_tidy(name), need, tuple(parts)).to_toml())


def _ways(part: Part) -> tuple[tuple[IntendedStep, ...], ...]:
    return part.ways if isinstance(part, Choice) else ((part,),)


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > 4 * LONGEST_TEXT:
            raise BadInput(_("An intended journey is at most 100,000 characters long. Shorten the text."))
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise BadInput(_("The intended journey is not text in UTF-8. Save it as UTF-8 and try again.")) from None
    except OSError:
        told = _("The file of the intended journey cannot be read: {file}. Check its name.")
        raise BadInput(told.format(file=path.name)) from None


def _not_toml(wrong: Exception) -> str:
    found = re.search(r"\(at line (\d+), column \d+\)$", str(wrong))
    if found:
        told = _(
            "Line {line} cannot be read. Put texts in double quotes, as in name = {example}, and close every bracket."
        )
        return told.format(line=found[1], example='"Council tax"')
    return _("The text cannot be read to its end. Close every quotation mark and bracket, and check the numbers.")


class _Reader:
    """Reads what TOML gave into a journey; it keeps the text to say on which line a step begins."""

    def __init__(self, text: str) -> None:
        header = re.compile(r"\s*\[\[\s*step\s*\]\]")
        self.line_of = [number for number, line in enumerate(text.splitlines(), 1) if header.match(line)]

    def journey(self, held: dict[str, Any]) -> Intended:
        self._known(held, TOP_KEYS, _("The intended journey"))
        name = self._words(held.get("name"), LONGEST_NAME, _("Give the intended journey a name, as in {example}."))
        need = held.get("need")
        if need is not None:
            need = self._words(need, LONGEST_NEED, _("The need must be a text in quotes, as in {example}."))
        raw = held.get("step")
        if not isinstance(raw, list) or not raw or not all(isinstance(one, dict) for one in raw):
            raise BadInput(_("The intended journey has no steps. Write at least one under a line [[step]]."))
        journey = Intended(name, need, tuple(self._part(place, one) for place, one in enumerate(raw)))
        _within_bounds(journey)
        return journey

    def _part(self, place: int, held: dict[str, Any]) -> Part:
        where = self._where(place)
        if "either" not in held:
            return self._step(held, where)
        if len(held) > 1:
            told = _("{where} has a choice and more beside it. Give a choice a [[step]] of its own.")
            raise BadInput(told.format(where=where))
        ways = held["either"]
        if not isinstance(ways, list) or len(ways) < 2 or not all(isinstance(way, list) and way for way in ways):
            told = _(
                "{where}: a choice needs at least two ways with at least one step each, "
                'as in either = [["Council tax"], ["Housing benefit", "GP surgery"]].'
            )
            raise BadInput(told.format(where=where))
        return Choice(tuple(tuple(self._in_way(one, where) for one in way) for way in ways))

    def _in_way(self, held: Any, where: str) -> IntendedStep:
        if isinstance(held, str):
            return self._step({"name": held}, where)
        if isinstance(held, dict) and "either" not in held:
            return self._step(held, where)
        told = _("{where}: a way holds steps only, each a name in quotes or {{name = ..., promised_days = ...}}.")
        raise BadInput(told.format(where=where))

    def _step(self, held: dict[str, Any], where: str) -> IntendedStep:
        self._known(held, STEP_KEYS, where)
        name = self._words(held.get("name"), LONGEST_NAME, f"{where}: {_('give the step a name, as in {example}.')}")
        optional, days = held.get("optional", False), held.get("promised_days")
        if not isinstance(optional, bool):
            raise BadInput(_("{where}: optional must be true or false, without quotes.").format(where=where))
        if days is not None and (type(days) is not int or not 0 <= days <= MOST_DAYS):
            told = _("{where}: promised_days must be a whole number of days from 0 to 3,650, without quotes.")
            raise BadInput(told.format(where=where))
        return IntendedStep(name, optional, days)

    def _where(self, place: int) -> str:
        if place < len(self.line_of):
            return _("Step {number} (line {line})").format(number=place + 1, line=self.line_of[place])
        return _("Step {number}").format(number=place + 1)

    def _known(self, held: dict[str, Any], keys: tuple[str, ...], where: str) -> None:
        strange = [key for key in held if key not in keys]
        if strange:
            told = _("{where} says “{word}”, which means nothing here. Use one of: {words}.")
            raise BadInput(told.format(where=where, word=strange[0][:40], words=", ".join(keys)))

    def _words(self, said: Any, longest: int, ask: str) -> str:
        words = _tidy(said) if isinstance(said, str) else ""
        if not words:
            raise BadInput(ask.format(example='name = "Council tax"'))
        if len(words) > longest:
            told = _("A name is longer than {number} characters: {start}… Shorten it.")
            raise BadInput(told.format(number=longest, start=words[:30]))
        return words


def _within_bounds(journey: Intended) -> None:
    if len(journey.steps) > MOST_STEPS:
        told = _("An intended journey has at most {number} steps, and this one has {found}. Leave some out.")
        raise BadInput(told.format(number=MOST_STEPS, found=len(journey.steps)))
    paths = prod(len(_ways(part)) for part in journey.parts)
    if paths > MOST_PATHS:
        told = _(
            "The choices make {found} different paths, and at most {number} can be compared. "
            "Use fewer choices, or make steps optional instead."
        )
        raise BadInput(told.format(number=MOST_PATHS, found=paths))


def _tidy(words: str) -> str:
    """One space between words, and no control characters, which TOML does not allow in a text."""
    return "".join(sign for sign in " ".join(words.split()) if sign >= " " and sign != "\x7f")


def _quoted(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _lines(part: Part) -> Iterator[str]:
    yield ""
    yield "[[step]]"
    if isinstance(part, IntendedStep):
        yield from _said(part)
        return
    yield "either = ["
    for way in part.ways:
        yield f"  [{', '.join(_inline(step) for step in way)}],"
    yield "]"


def _said(step: IntendedStep) -> Iterator[str]:
    yield f"name = {_quoted(step.name)}"
    if step.optional:
        yield "optional = true"
    if step.promised_days is not None:
        yield f"promised_days = {step.promised_days}"


def _inline(step: IntendedStep) -> str:
    told = list(_said(step))
    return _quoted(step.name) if len(told) == 1 else "{ " + ", ".join(told) + " }"
