"""The signs in ``data/safeguarding/signs.toml``: read, checked and turned into patterns. Pure.

How a wording is written (``data/safeguarding/README.md`` has examples)::

    word       that word, however it is spelt        word*     any word that begins so
    word+      that word, alone or with an s         a|b_c     either; _ stands for a space within one choice
    word?      that word or nothing                  {group}   anything from that group of wordings
    ~3         up to three words of any kind         .         the end of a sentence
    one & two  both within twelve words, in either order

A text becomes one letter a word before it is searched: every word that some wording names has a letter of its own, and
all others share one. Patterns over such letters are short, and as fast as character classes are.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from insight.concerns.letters import Letters
from insight.concerns.model import ConcernKind
from insight.concerns.words import STOP, in_plain_words, spellings
from insight.settings import ROOT

FILE = ROOT / "data" / "safeguarding" / "signs.toml"
LONGEST_GAP = 12
NEAR = " & "

Words = tuple[Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)], ...]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sign(_Strict):
    """Ways of saying one thing. ``unless``: wordings that look like it and are not."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
    kind: ConcernKind
    language: Literal["en", "cy", "pl", "ur", "ar"] = "en"
    say: Words = Field(min_length=1)
    unless: Words = ()


class SignsFile(_Strict):
    """The whole file; see its own comments."""

    reviewed: dict[str, str]
    spelling: dict[str, str]
    misspelt: Words
    never: Words
    group: dict[str, Words]
    sign: tuple[Sign, ...]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "SignsFile":
        ids = [sign.id for sign in self.sign]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            raise ValueError(f"two signs have the same id: {twice}")
        return self

    @property
    def wordings(self) -> Iterator[str]:
        """Every wording of the file, those of the groups too."""
        yield from self.never
        for group in self.group.values():
            yield from group
        for sign in self.sign:
            yield from (*sign.say, *sign.unless)


@dataclass(frozen=True)
class Wording:
    """One way of saying something, as a pattern over letters. It is compiled when it is first needed.

    ``keys``: letters of which a text must hold one for the wording to be worth trying. ``one_letter``: the pattern is
    any one of these letters, and nothing else.
    """

    pattern: str
    keys: frozenset[str]
    one_letter: frozenset[str] = frozenset()

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern. Gaps are short and end with the sentence, so time grows with the text alone."""
        return re.compile(self.pattern)


class Reader:
    """Makes wordings of what a file says, with its spelling, letters and groups; each word and group is read once."""

    def __init__(self, read: SignsFile) -> None:
        self.spelling = spellings(read.spelling, read.misspelt)
        self.groups: Mapping[str, Words] = read.group
        choices = {choice for written in read.wordings for choice in _choices_in(written)}
        self.letters = Letters(form for choice in choices for form in self._forms(choice))
        self._ready: dict[str, Wording] = {}

    def wording(self, written: str, inside: tuple[str, ...] = ()) -> Wording:
        """A wording of the file; ``inside``: the groups that lead here. Raises ``ValueError`` saying what is wrong."""
        one, near, other = written.partition(NEAR)
        if near:
            return self._either_way(self.wording(one, inside), self.wording(other, inside))
        parts = written.split()
        if not parts or "~" in (parts[0][0], parts[-1][0]):
            raise ValueError(f"{written!r} begins or ends with a gap")
        if len(parts) == 1 and not written.endswith("?"):
            return self._part(written, inside)
        return self._in_order(parts, inside)

    def _in_order(self, parts: Sequence[str], inside: tuple[str, ...]) -> Wording:
        pattern, needed = "", []
        for part in parts:
            if part[0] == "~":
                pattern += _gap(part)
            elif part.endswith("?"):
                pattern += f"(?:{self._part(part[:-1], inside).pattern})?"
            else:
                must = self._part(part, inside)
                pattern += must.pattern
                needed.append(must.keys)
        if not needed:
            raise ValueError(f"nothing to find in {' '.join(parts)!r}: it needs a word that must be there")
        return Wording(pattern, min(needed, key=self.letters.price))

    def _part(self, part: str, inside: tuple[str, ...]) -> Wording:
        """One part of a wording: any of its choices."""
        return _any_of([self._choice(choice, inside) for choice in part.split("|")])

    def _choice(self, choice: str, inside: tuple[str, ...]) -> Wording:
        if choice in inside:
            raise ValueError(f"the group {choice} holds itself")
        if choice not in self._ready:
            group = choice.startswith("{") and choice.endswith("}")
            self._ready[choice] = self._group(choice, inside) if group else self._word(choice)
        return self._ready[choice]

    def _group(self, choice: str, inside: tuple[str, ...]) -> Wording:
        if choice[1:-1] not in self.groups:
            raise ValueError(f"there is no group {choice}")
        return _any_of([self.wording(written, (*inside, choice)) for written in self.groups[choice[1:-1]]])

    def _word(self, choice: str) -> Wording:
        return _any_of([self._in_a_row(form) for form in self._forms(choice)])

    def _in_a_row(self, form: tuple[str, ...]) -> Wording:
        letters = [self.letters.of(word) for word in form]
        pattern = "".join(_one_of(each) for each in letters)
        return Wording(pattern, min(letters, key=self.letters.price), letters[0] if len(letters) == 1 else frozenset())

    def _either_way(self, one: Wording, other: Wording) -> Wording:
        gap = _gap(f"~{LONGEST_GAP}")
        keys = min((one.keys, other.keys), key=self.letters.price)
        return Wording(f"(?:{one.pattern}{gap}{other.pattern}|{other.pattern}{gap}{one.pattern})", keys)

    def _forms(self, choice: str) -> Iterator[tuple[str, ...]]:
        """The words that a choice stands for, in plain words; several where spelling takes one apart."""
        if choice == STOP:
            yield (STOP,)
        elif choice.endswith("*"):
            yield (in_plain_words(choice[:-1], {})[0] + "*",)  # not spelt: a beginning would be put right into a word
        else:
            yield self._spelt(choice.removesuffix("+"))
            if choice.endswith("+"):
                yield self._spelt(choice[:-1] + "s")

    def _spelt(self, word: str) -> tuple[str, ...]:
        words = tuple(one for one in in_plain_words(word.replace("_", " "), self.spelling) if one != STOP)
        if not words or not all(one.isalnum() for one in words):
            raise ValueError(f"{word!r} is not a word")
        return words


@dataclass(frozen=True)
class CompiledSign:
    """A sign ready to look for."""

    id: str
    kind: ConcernKind
    say: tuple[Wording, ...]
    unless: tuple[Wording, ...]


class Lookup:
    """Finds the wordings worth trying on a text, by the letters it holds."""

    def __init__(self, wordings: Iterable[Wording]) -> None:
        self._by_letter: dict[str, list[int]] = {}
        for number, wording in enumerate(wordings):
            for letter in wording.keys:
                self._by_letter.setdefault(letter, []).append(number)

    def worth_trying(self, letters: Iterable[str]) -> list[int]:
        """The numbers of these wordings, in order."""
        found: set[int] = set()
        for letter in letters:
            found.update(self._by_letter.get(letter, ()))
        return sorted(found)


@dataclass(frozen=True)
class Signs:
    """All signs, ready: ``wordings`` pairs each way of saying with its sign, as ``lookup`` numbers them."""

    spelling: Mapping[str, str]
    letters: Letters
    never: tuple[Wording, ...]
    never_lookup: Lookup
    wordings: tuple[tuple[Wording, CompiledSign], ...]
    lookup: Lookup


@lru_cache
def signs(path: Path = FILE) -> Signs:
    """The signs of a file. Raises ``ValueError`` (pydantic's, or ours) naming what is wrong in it."""
    read = SignsFile.model_validate(tomllib.loads(path.read_text("utf-8")))
    reader = Reader(read)
    never = tuple(reader.wording(written) for written in read.never)
    wordings = tuple(_wordings(read.sign, reader))
    lookup = Lookup(wording for wording, _sign in wordings)
    return Signs(reader.spelling, reader.letters, never, Lookup(never), wordings, lookup)


def _wordings(read: Iterable[Sign], reader: Reader) -> Iterator[tuple[Wording, CompiledSign]]:
    for sign in read:
        say = tuple(reader.wording(written) for written in sign.say)
        unless = tuple(reader.wording(written) for written in sign.unless)
        compiled = CompiledSign(sign.id, sign.kind, say, unless)
        yield from ((wording, compiled) for wording in say)


def _choices_in(written: str) -> Iterator[str]:
    """The choices of a wording that are words, not groups."""
    for part in written.split():
        if part != NEAR.strip() and part[0] != "~":
            yield from (choice for choice in part.removesuffix("?").split("|") if not choice.startswith("{"))


def _any_of(choices: Sequence[Wording]) -> Wording:
    letters: frozenset[str] = frozenset().union(*(choice.one_letter for choice in choices))
    longer = list(dict.fromkeys(choice.pattern for choice in choices if not choice.one_letter))
    keys: frozenset[str] = frozenset().union(*(choice.keys for choice in choices))
    alone = [_one_of(letters)] if letters else []
    return Wording(f"(?:{'|'.join(alone + longer)})", keys) if longer else Wording(alone[0], keys, letters)


def _one_of(letters: Iterable[str]) -> str:
    return f"[{''.join(sorted(letters))}]"


def _gap(part: str) -> str:
    """Words of any kind, within the sentence: ``.`` stands for any letter but the one that ends a sentence."""
    most = int(part[1:] or 3)
    if not 1 <= most <= LONGEST_GAP:
        raise ValueError(f"{part!r}: a gap has 1 to {LONGEST_GAP} words")
    return f".{{0,{most}}}?"
