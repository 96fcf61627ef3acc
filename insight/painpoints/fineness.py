"""A run with fewer or more themes than were found: themes joined under broader ones, or cut into parts. Pure.

It answers from what the run stored (``branching``): nothing is grouped anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from insight.codebook.rules import MACHINE
from insight.language import _, ngettext
from insight.painpoints import rules
from insight.painpoints.by_book import QUOTES, TERMS, Seen, present
from insight.painpoints.cube import Cube
from insight.painpoints.model import RunTheme

Ints = npt.NDArray[np.int32]
NAMED = 2  # names that a joined theme carries


@dataclass(frozen=True)
class Held:
    """What a run stored of its branches. ``machine`` has the run's own themes, ``parts`` the names of cut parts."""

    machine: Cube
    themes: Sequence[RunTheme]
    parts: Mapping[int, RunTheme]


def with_themes(seen: Seen, held: Held, wanted: int) -> Seen:
    """The run with about this many themes: joined where fewer are wanted than were found, cut where more are."""
    steps = wanted - len(held.themes)
    if steps < 0:
        return _joined(seen, held, -steps)
    return _cut(seen, held, steps) if steps else seen


def _joined(seen: Seen, held: Held, steps: int) -> Seen:
    """Lasting themes follow the run's theme that most of their passages are in; those that people made stay."""
    becomes = np.arange(int(max(held.machine.joins.max(initial=0), len(held.themes))) + 1)
    for first, second, joined in held.machine.joins[:steps].tolist():
        becomes[np.isin(becomes, (first, second))] = joined
    group: dict[int, list[RunTheme]] = {}
    for theme in seen.themes:
        main = _main(seen.cube, held.machine, theme.number)
        group.setdefault(int(becomes[main]) if main is not None else -1 - theme.number, []).append(theme)
    beyond = max((theme.number for theme in seen.themes), default=0) + 1
    number_of = np.arange(beyond, dtype=np.int32)
    themes = []
    for place, together in enumerate(group.values()):
        number = together[0].number if len(together) == 1 else beyond + place
        number_of[[theme.number for theme in together]] = number
        themes.append(together[0] if len(together) == 1 else _together(seen.cube, number, together))
    codes = np.append(number_of, np.int32(-1))[seen.cube.theme].astype(np.int32)
    return replace(seen, cube=replace(seen.cube, theme=codes), themes=tuple(themes))


def _main(cube: Cube, machine: Cube, number: int) -> int | None:
    inside = machine.theme[cube.theme == number]
    inside = inside[inside >= 0]
    return int(np.bincount(inside).argmax()) if len(inside) else None


def _together(cube: Cube, number: int, themes: Sequence[RunTheme]) -> RunTheme:
    """Several themes as one, named after the two that most passages speak of."""
    sizes = {theme.number: int((cube.theme == theme.number).sum()) for theme in themes}
    first, *others = sorted(themes, key=lambda theme: (-sizes[theme.number], theme.number))
    inside = np.isin(cube.theme, list(sizes))
    clearest = [quote for theme in (first, *others) for quote in theme.facts.get("quotes", ())[: QUOTES // 3]]
    return RunTheme(
        number=number,
        kind=rules.kind_of(float(cube.side[inside].mean())),
        label=_name([first.label, *(theme.label for theme in others)]),
        terms=tuple(dict.fromkeys(term for theme in (first, *others) for term in theme.terms))[:TERMS],
        firm=all(theme.firm for theme in themes),
        facts={
            "quotes": clearest[:QUOTES],
            "known": None,
            "members": [(theme.number, theme.label) for theme in (first, *others)],
        },
    )


def _name(labels: Sequence[str]) -> str:
    shown = "; ".join(labels[:NAMED])
    more = len(labels) - NAMED
    if more <= 0:
        return shown
    return ngettext("{themes}; and {number} more", "{themes}; and {number} more", more).format(
        themes=shown, number=more
    )


def _cut(seen: Seen, held: Held, steps: int) -> Seen:
    """Parts take the passages that the machine itself placed; what people placed stays where it is."""
    machine = held.machine
    now = {int(number) for number in range(len(held.themes))}
    for whole, first, second in machine.cuts[:steps].tolist():
        now = (now - {whole}) | {first, second}
    parent = {part: int(whole) for whole, *parts in machine.cuts.tolist() for part in parts}
    node = np.arange(int(machine.leaf.max(initial=0)) + 1)
    for number in range(len(node)):
        at = number
        while at not in now and at in parent:
            at = parent[at]
        node[number] = at
    part = np.append(node, -1)[machine.leaf]
    cut = (part >= len(held.themes)) & (seen.said_by == MACHINE) & (seen.cube.theme >= 0)
    beyond = max((theme.number for theme in seen.themes), default=0) + 1
    cube = replace(seen.cube, theme=np.where(cut, beyond + part, seen.cube.theme).astype(np.int32))
    parts = tuple(_part(cube, beyond + number, _named(held, node, number)) for number in np.unique(part[cut]).tolist())
    return replace(seen, cube=cube, themes=(*present(cube, seen.themes), *parts))


def _named(held: Held, node: npt.NDArray[np.int64], number: int) -> RunTheme:
    """The name of a part that is cut further is that of the biggest piece in it."""
    sizes = np.bincount(held.machine.leaf[held.machine.leaf >= 0], minlength=len(node))
    return max((held.parts[n] for n in held.parts if node[n] == number), key=lambda piece: int(sizes[piece.number]))


def _part(cube: Cube, number: int, named: RunTheme) -> RunTheme:
    kind = rules.kind_of(float(cube.side[cube.theme == number].mean()))
    return replace(named, number=number, kind=kind, label=_("{theme} (a part)").format(theme=named.label))
