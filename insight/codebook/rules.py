"""The codebook as it stands, read from what was ever decided and coded. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from insight.codebook.model import Book, Coding, Decision, Kind, LastingTheme, Made, State

Ints = npt.NDArray[np.int32]
Keys = npt.NDArray[np.int64]

NOWHERE = -1  # the theme of a passage that speaks of none
UNHEARD = -2  # of a passage that nobody (or not this witness) spoke about
MACHINE, KEPT, LEARNED, PERSON = range(4)


def undone(decisions: Sequence[Decision]) -> frozenset[int]:
    """The decisions that are not in force: an UNDO that is itself undone takes nothing back."""
    gone: set[int] = set()
    for decision in sorted(decisions, key=lambda one: -one.id):
        if decision.kind is Kind.UNDO and decision.id not in gone:
            gone.add(int(decision.detail["decision"]))
    return frozenset(gone)


def read_book(made: Sequence[Made], decisions: Sequence[Decision], coded: Collection[int] = ()) -> Book:
    """The codebook after all decisions in force, in their order; ``coded`` are themes that people put passages into."""
    gone = undone(decisions)
    told = tuple(replace(one, undone=one.id in gone) for one in sorted(decisions, key=lambda one: one.id))
    themes = {one.number: _as_made(one) for one in made}
    touched = set(coded)
    for decision in told:
        if decision.kind in (Kind.MAKE, Kind.SPLIT):
            _make(themes, decision)
        if not decision.undone and decision.kind is not Kind.UNDO:
            touched |= _about(decision)
            _apply(themes, decision)
    return Book(
        {number: replace(theme, touched=number in touched) for number, theme in sorted(themes.items())},
        told,
    )


def _as_made(made: Made) -> LastingTheme:
    return LastingTheme(
        number=made.number,
        label=made.label,
        named=False,
        description="",
        includes="",
        excludes="",
        state=State.ACTIVE,
        merged_into=None,
        parents=(),
        known=made.known,
        by_machine=made.by_machine,
        made_by=made.by,
        made_at=made.at,
        touched=False,
    )


def _make(themes: dict[int, LastingTheme], decision: Decision) -> None:
    """A theme that a person made keeps its name even where the making was undone; it is then set aside."""
    number = int(decision.detail.get("new", decision.theme))
    if number in themes:
        state = State.SET_ASIDE if decision.undone else State.ACTIVE
        themes[number] = replace(themes[number], label=str(decision.detail["label"]), named=True, state=state)


def _about(decision: Decision) -> set[int]:
    others = (decision.detail.get(name) for name in ("into", "under", "new"))
    return {decision.theme, *(int(other) for other in others if other is not None)}


def _apply(themes: dict[int, LastingTheme], decision: Decision) -> None:
    theme = themes.get(decision.theme)
    if theme is None:
        return
    detail = decision.detail
    if decision.kind is Kind.RENAME:
        theme = replace(theme, label=str(detail["label"]), named=True)
    elif decision.kind is Kind.DESCRIBE:
        says = {name: str(detail.get(name, "")) for name in ("description", "includes", "excludes")}
        theme = replace(theme, description=says["description"], includes=says["includes"], excludes=says["excludes"])
    elif decision.kind is Kind.MERGE:
        theme = _merged(themes, theme, int(detail["into"]))
    elif decision.kind is Kind.SET_ASIDE:
        theme = replace(theme, state=State.SET_ASIDE) if theme.state is State.ACTIVE else theme
    elif decision.kind is Kind.BRING_BACK:
        theme = replace(theme, state=State.ACTIVE, merged_into=None)
    elif decision.kind is Kind.NEST:
        theme = _nested(themes, theme, int(detail["under"]))
    elif decision.kind is Kind.UNNEST:
        theme = replace(theme, parents=tuple(p for p in theme.parents if p != int(detail["under"])))
    themes[decision.theme] = theme


def _merged(themes: Mapping[int, LastingTheme], theme: LastingTheme, into: int) -> LastingTheme:
    """Into a theme that does not itself live on in this one: decisions taken back can leave such circles."""
    seen, at = {theme.number}, into
    while at not in seen and at in themes:
        seen.add(at)
        further = themes[at].merged_into
        if further is None:
            return replace(theme, state=State.MERGED, merged_into=into)
        at = further
    return theme


def _nested(themes: Mapping[int, LastingTheme], theme: LastingTheme, under: int) -> LastingTheme:
    if under in theme.parents or under not in themes or theme.number in above(themes, under):
        return theme
    return replace(theme, parents=(*theme.parents, under))


def above(themes: Mapping[int, LastingTheme], number: int) -> set[int]:
    """A theme with all the broader ones over it."""
    found: set[int] = set()
    waiting = [number]
    while waiting:
        at = waiting.pop()
        if at not in found and at in themes:
            found.add(at)
            waiting.extend(themes[at].parents)
    return found


def broader_of(book: Book, themes: Sequence[LastingTheme]) -> dict[int, tuple[int, ...]]:
    """The broader ones among some themes of a book, as they live on now; of a circle the last link is left out."""
    found: dict[int, tuple[int, ...]] = {theme.number: () for theme in themes}
    for theme in themes:
        for parent in dict.fromkeys(book.live(one) for one in theme.parents if one in book.themes):
            if parent in found and theme.number not in with_all(parent, found):
                found[theme.number] += (parent,)
    return found


def with_all(number: int, next_to: Mapping[int, Sequence[int]]) -> set[int]:
    """A theme with all that is over it, or under it."""
    seen, waiting = {number}, [number]
    while waiting:
        new = set(next_to[waiting.pop()]) - seen
        seen |= new
        waiting.extend(new)
    return seen


def in_force(codings: Sequence[Coding], gone: Collection[int]) -> dict[int, Coding]:
    """What holds of each passage, by key: the last answer given outside of blind rounds.

    An answer that came with a split counts for nothing while that split is undone (``gone``); the one before it holds
    again. Passages whose last answer was taken back are not in it.
    """
    last: dict[int, Coding] = {}
    for coding in sorted(codings, key=lambda one: one.id):
        if coding.round is None and coding.decision not in gone:
            last[coding.passage] = coding
    return {passage: coding for passage, coding in last.items() if coding.themes is not None}


@dataclass(frozen=True)
class Witnesses:
    """What is known of n passages of a run, from the weakest to the strongest; lasting numbers before merges.

    ``machine`` (n,): of the theme the machine grouped it into, or ``NOWHERE``. ``kept``: of the theme it stays in since
    people touched that, or ``UNHEARD``. ``learned``: as the machine learned from codings, where it is sure, else
    ``UNHEARD``. ``person``: as a person coded it, else ``UNHEARD``.
    """

    machine: Ints
    kept: Ints
    learned: Ints
    person: Ints


def heard(known: Witnesses) -> tuple[Ints, npt.NDArray[np.uint8]]:
    """The lasting number of each passage (n,), before merges, or ``NOWHERE``; and who says so (n,): the strongest."""
    theme, said_by = known.machine, np.full(len(known.machine), MACHINE, np.uint8)
    for witness, told in ((KEPT, known.kept), (LEARNED, known.learned), (PERSON, known.person)):
        speaks = told != UNHEARD
        theme, said_by = np.where(speaks, told, theme), np.where(speaks, np.uint8(witness), said_by)
    return theme.astype(np.int32), said_by


def in_use(book: Book, numbers: Ints) -> Ints:
    """Each number as the theme it lives on in; ``NOWHERE`` where that was set aside. Unknown numbers stay."""
    most = max([int(numbers.max(initial=NOWHERE)), *book.themes])
    now = np.arange(most + 2, dtype=np.int32)
    now[-1] = NOWHERE  # index -1
    for number in book.themes:
        lives = book.live(number)
        now[number] = lives if book.themes[lives].state is State.ACTIVE else NOWHERE
    return now[np.maximum(numbers, NOWHERE)]


def pinned(keys: Keys, codings: Mapping[int, Coding]) -> Ints:
    """What people coded, at the passages (n,) that have these keys: the main theme, ``NOWHERE``, or ``UNHEARD``."""
    person = np.full(len(keys), UNHEARD, np.int32)
    if not codings:
        return person
    said = np.array(sorted(codings), np.int64)
    main = np.array([(codings[int(key)].themes or (NOWHERE,))[0] for key in said], np.int32)
    place = np.minimum(np.searchsorted(said, keys), len(said) - 1)
    return np.where(said[place] == keys, main[place], person)
