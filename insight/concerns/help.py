"""Who can be called: the lines of ``data/safeguarding/help.toml``, and those that a place adds or replaces."""

import re
import tomllib
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from insight.concerns.model import ConcernKind, HelpLine
from insight.settings import ROOT

FOLDER = ROOT / "data" / "safeguarding"
EVERYONE = "all"
PLACE_CODE = re.compile(r"[\w-]+")


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kinds: tuple[ConcernKind | Literal["all"], ...]
    number: str
    dial: str
    name: dict[str, str]
    open: dict[str, str]
    what_for: dict[str, str]


def help_for(kinds: Collection[ConcernKind], language: str, place_code: str = "") -> list[HelpLine]:
    """Who can help with these concerns, in a language, emergency services first.

    Without a concern, those who can help anybody. A place's own lines stand in ``places/<code>.toml``: a line with a
    known id replaces that line, any other comes after them.
    """
    wanted = {EVERYONE, *kinds}
    return [_in(line, language) for line in _lines(place_code) if wanted & set(line.kinds)]


def _in(line: _Line, language: str) -> HelpLine:
    name, hours, what_for = ({"en": ""} | told for told in (line.name, line.open, line.what_for))
    return HelpLine(
        line.id,
        name.get(language) or name["en"],
        line.number,
        line.dial,
        hours.get(language) or hours["en"],
        what_for.get(language) or what_for["en"],
    )


@lru_cache
def _lines(place_code: str) -> tuple[_Line, ...]:
    lines = {line.id: line for line in _read(FOLDER / "help.toml")}
    own = FOLDER / "places" / f"{place_code}.toml"
    if PLACE_CODE.fullmatch(place_code) and own.exists():
        lines |= {line.id: line for line in _read(own)}
    return tuple(lines.values())


def _read(path: Path) -> list[_Line]:
    return [_Line.model_validate(line) for line in tomllib.loads(path.read_text("utf-8"))["line"]]
