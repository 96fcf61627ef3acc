"""Publish a run: everyone sees it, and its themes take their places among the lasting ones."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from insight import codebook, runs
from insight.access import Actor, Permission, use_case
from insight.codebook import lineage
from insight.codebook.reading import witnesses
from insight.codebook.rules import UNHEARD, heard
from insight.database import write_session
from insight.errors import NotReady
from insight.intake.place_store import lock_place
from insight.language import _
from insight.painpoints import store
from insight.painpoints.cube import Cube
from insight.painpoints.model import RunTheme
from insight.runs import Run

Ints = npt.NDArray[np.int32]

GREW = 1.5  # times as many passages, from which a theme is said to have grown


@use_case(Permission.PUBLISH, recorded=True)
def publish(actor: Actor, run_id: int) -> Run:
    """Let everyone see a run, under the lasting themes of its place. Publishing it again changes nothing.

    NotReady where the attack on its tables (``attacking``) worked out a number that is hidden.
    """
    with write_session() as opened:
        row = runs.publish_within(actor, opened, run_id)
        if row.facts.get("disclosure", {}).get("recovered"):
            raise NotReady(
                _(
                    "This analysis cannot be published: in its tables a hidden number could be worked out from the "
                    "others. Start another analysis once more stories have come in."
                )
            )
        enlist(opened, row.place_id, run_id)
        store.forget_vectors(opened, row.place_id, before=run_id)
    return runs.get(actor, run_id)


def enlist(opened: Session, place_id: int, run_id: int) -> None:
    """Give each of a run's themes its lasting number, and keep passages where people put them; once for each run.

    For other rooms' services, within their unit of work.
    """
    body = store.cube_of_run(opened, run_id)
    if body is None or codebook.is_enlisted(opened, run_id):
        return
    lock_place(opened, place_id)
    cube, themes = Cube.from_bytes(body), store.run_themes(opened, run_id)
    before = _earlier(opened, place_id)
    found = _follow(before, cube, themes) if before else lineage.Lineage((), ())
    lasting = np.full(len(themes), lineage.NEW, np.int32)
    for match in found.matches:
        if before and match.before != lineage.NEW:
            lasting[match.number] = before.lasting[match.before]
    _number(opened, place_id, run_id, themes, lasting)
    kept = _kept(before, cube) if before else np.full(len(cube.key), UNHEARD, np.int32)
    facts = _facts(found, before.lasting, lasting) if before else {}
    codebook.keep_run(opened, run_id, codebook.RunBook(lasting, kept, facts))


@dataclass(frozen=True)
class _Earlier:
    """The run that was matched to the lasting themes last."""

    cube: Cube
    themes: tuple[RunTheme, ...]
    known: codebook.Standing

    @property
    def lasting(self) -> Ints:
        """The lasting number of each of its themes."""
        return self.known.run.lasting if self.known.run else np.zeros(0, np.int32)


def _earlier(opened: Session, place_id: int) -> _Earlier | None:
    run_id = codebook.newest_run(opened, place_id)
    body = store.cube_of_run(opened, run_id) if run_id else None
    if run_id is None or body is None:
        return None
    known = codebook.standing(opened, place_id, run_id)
    return _Earlier(Cube.from_bytes(body), store.run_themes(opened, run_id), known)


def _follow(before: _Earlier, cube: Cube, themes: tuple[RunTheme, ...]) -> lineage.Lineage:
    both = _by_known_pain(before.themes), _by_known_pain(themes)
    return lineage.follow((before.cube.key, before.cube.theme), (cube.key, cube.theme), both)


def _by_known_pain(themes: tuple[RunTheme, ...]) -> dict[str, int]:
    return {theme.facts["known"]: theme.number for theme in themes if theme.facts.get("known")}


def _number(opened: Session, place_id: int, run_id: int, themes: tuple[RunTheme, ...], lasting: Ints) -> None:
    """New themes get the next numbers of their place; of the others, the machine's name is brought up to date."""
    following = codebook.next_number(opened, place_id)
    for theme in themes:
        if lasting[theme.number] == lineage.NEW:
            lasting[theme.number], following = following, following + 1
            number, known = int(lasting[theme.number]), theme.facts.get("known")
            codebook.add_found(opened, place_id, number, run_id, theme.number, theme.label, known)
        else:
            codebook.found_again(opened, place_id, int(lasting[theme.number]), run_id, theme.number, theme.label)


def _kept(before: _Earlier, cube: Cube) -> Ints:
    """Passages of themes that people touched stay in them; the others go where the machine puts them, (n,)."""
    book, keys = before.known.book, before.cube.key
    spoken, _said_by = heard(witnesses(before.known, before.cube.theme, keys))
    touched = np.zeros(max([int(spoken.max(initial=0)), *book.themes]) + 1, bool)
    for number, theme in book.themes.items():
        touched[number] = theme.touched or book.themes[book.live(number)].touched
    stays = np.flatnonzero((spoken >= 0) & (keys != 0))
    stays = stays[touched[spoken[stays]]]
    order = stays[np.argsort(keys[stays], kind="stable")]
    if not len(order):
        return np.full(len(cube.key), UNHEARD, np.int32)
    place = order[np.minimum(np.searchsorted(keys[order], cube.key), len(order) - 1)]
    return np.where(keys[place] == cube.key, spoken[place], UNHEARD).astype(np.int32)


def _facts(found: lineage.Lineage, before: Ints, now: Ints) -> dict[str, Any]:
    """What is new, gone, grown and split, in lasting numbers: [theme], [theme, where it went], [theme, times], ..."""
    split = [(match.number, match.split_from) for match in found.matches if match.split_from is not None]
    grown = [(match.number, match.grown) for match in found.matches if (match.grown or 0) >= GREW]
    fresh = [match.number for match in found.matches if match.before == lineage.NEW and match.split_from is None]
    return {
        "new": [int(now[number]) for number in fresh],
        "split": [[int(now[number]), int(before[origin])] for number, origin in split],
        "grown": [[int(now[number]), times] for number, times in grown],
        "gone": [[int(before[old]), None if into is None else int(now[into])] for old, into in found.gone],
    }
