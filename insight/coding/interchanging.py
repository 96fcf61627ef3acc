"""The codebook out and in: what a file would change is said first, then done as decisions that can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass

from insight import codebook
from insight.access import Actor, Permission, use_case
from insight.codebook import Book, Kind, State, interchange
from insight.codebook.change import LONGEST_LABEL, LONGEST_TEXT, Change, change_of
from insight.codebook.filed import short_enough, themes_of
from insight.codebook.interchange import ReadTheme
from insight.codebook.rules import with_all
from insight.errors import Conflict
from insight.intake import Place
from insight.language import _

PARTS = ("description", "includes", "excludes")
SAME_BOOK = 0.5  # share of numbers that must stand beside their own names before numbers are believed


@dataclass(frozen=True, slots=True)
class Step:
    """What one theme of a file leads to. ``number`` is the theme here that it is, None for a new one.

    ``label`` is the new name or ""; ``says`` the texts where they change, else (); ``under`` names broader themes that
    it does not stand under yet.
    """

    read: ReadTheme
    number: int | None
    label: str
    says: tuple[str, ...]
    under: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Whether it changes anything."""
        return self.number is None or bool(self.label or self.says or self.under)


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a codebook file would change. ``merged`` were merged here into other themes, and are left alone."""

    steps: tuple[Step, ...]
    merged: tuple[str, ...]

    @property
    def new(self) -> tuple[Step, ...]:
        """The themes that there are not here."""
        return tuple(step for step in self.steps if step.number is None)

    @property
    def changed(self) -> tuple[Step, ...]:
        """The themes here that would change."""
        return tuple(step for step in self.steps if step.number is not None and step.changes)


@use_case(Permission.EXPORT, recorded=True)
def as_csv(actor: Actor, place: Place) -> bytes:
    """The codebook as a table."""
    return interchange.as_csv(codebook.book(actor, place.id))


@use_case(Permission.EXPORT, recorded=True)
def as_qdc(actor: Actor, place: Place) -> bytes:
    """The codebook as a REFI-QDA file, for other programs in which texts are coded."""
    return interchange.as_qdc(codebook.book(actor, place.id), place.id)


@use_case(Permission.CODE)
def preview(actor: Actor, place: Place, name: str, body: bytes) -> Incoming:
    """What a codebook file would change, before anything is changed. Raises BadInput where it cannot be used."""
    return _plan(codebook.book(actor, place.id), place.id, interchange.read_codebook(name, body))


@use_case(Permission.CODE, recorded=True)
def bring_in(actor: Actor, place: Place, name: str, body: bytes, seen: Incoming, why: str = "") -> list[int]:
    """Do what the preview ``seen`` said, all or nothing; gives the decisions' ids. Conflict where it holds no more."""
    read = interchange.read_codebook(name, body)
    with change_of(place.id) as change:
        plan = _plan(change.book, place.id, read)
        if plan != seen:
            raise Conflict(_("The codebook was changed meanwhile. Look again at what this file would change."))
        if not any(step.changes for step in plan.steps):
            raise Conflict(_("Everything in this file is in the codebook already."))
        return _apply(actor, change, plan, why)


def _plan(book: Book, place_id: int, read: Sequence[ReadTheme]) -> Incoming:
    numbers = _numbers(book, place_id, read)
    here = {theme.number: theme for theme in themes_of(book)}
    parents = {number: {book.live(one) for one in theme.parents} for number, theme in book.themes.items()}
    steps, merged = [], []
    for theme in read:
        number = numbers[theme.name]
        known = None if number is None else here.get(number)
        if number is not None and known is None:
            merged.append(theme.name)
            continue
        short_enough(theme, LONGEST_LABEL, LONGEST_TEXT)
        held = tuple(getattr(known, part) for part in PARTS) if known else ("", "", "")
        says = tuple(getattr(theme, part) or was for part, was in zip(PARTS, held, strict=True))
        over = set() if number is None else parents[number]
        steps.append(
            Step(
                read=theme,
                number=number,
                label="" if known and known.name == theme.name else theme.name,
                says=says if says != held else (),
                under=tuple(name for name in theme.broader if numbers[name] is None or numbers[name] not in over),
            )
        )
    return Incoming(tuple(steps), tuple(merged))


def _numbers(book: Book, place_id: int, read: Sequence[ReadTheme]) -> dict[str, int | None]:
    """Which theme here each theme of a file is: by its GUID, its number, then its name; each is one at most.

    Numbers are believed where most stand beside the names that they have here: another codebook counts from 0 too.
    """
    names = {theme.name.casefold(): theme.number for theme in reversed(themes_of(book))}
    guids = {interchange.guid(place_id, number): number for number in book.themes}
    counted = [theme for theme in read if theme.number is not None]
    alike = sum(names.get(theme.name.casefold(), -1) == theme.number for theme in counted)
    believed = bool(counted) and alike >= SAME_BOOK * len(counted)
    found: dict[str, int | None] = {}
    ways = (
        lambda theme: guids.get(theme.guid),
        lambda theme: theme.number if believed and theme.number in book.themes else None,
        lambda theme: names.get(theme.name.casefold()),
    )
    for way in ways:
        for theme in read:
            number = way(theme)
            if number is not None and theme.name not in found and number not in found.values():
                found[theme.name] = number
    return {theme.name: found.get(theme.name) for theme in read}


def _apply(actor: Actor, change: Change, plan: Incoming, why: str) -> list[int]:
    made: list[int] = []
    numbers: dict[str, int] = {}
    for step in plan.steps:
        if step.number is not None:
            numbers[step.read.name] = number = step.number
            if step.label:
                label = change.free_label(step.label, number)
                made.append(change.decide(actor, Kind.RENAME, number, {"label": label}, why))
        else:
            number, decision = change.make(actor, step.label, why)
            numbers[step.read.name] = number
            made.append(decision)
        if step.says:
            made.append(change.decide(actor, Kind.DESCRIBE, number, dict(zip(PARTS, step.says, strict=True)), why))
        if step.number is None and step.read.state is State.SET_ASIDE:
            made.append(change.decide(actor, Kind.SET_ASIDE, number, {}, why))
    return made + _nested(actor, change, plan, numbers, why)


def _nested(actor: Actor, change: Change, plan: Incoming, numbers: dict[str, int], why: str) -> list[int]:
    """Themes under their broader ones. Where that would go round in a circle with what stands here, this stays."""
    made = []
    parents: dict[int, tuple[int, ...]] = dict.fromkeys(numbers.values(), ())
    parents |= {number: theme.parents for number, theme in change.book.themes.items()}
    for step in plan.steps:
        number = numbers[step.read.name]
        for name in step.under:
            under = numbers.get(name)
            if under is not None and number not in with_all(under, parents):
                parents[number] = (*parents[number], under)
                made.append(change.decide(actor, Kind.NEST, number, {"under": under}, why))
    return made
