"""How fast the pages of the codebook, the desk, search and the board answer: ``python benchmarks/codebook_pages.py``.

On the published run of the configured database, after 60 decisions, 2,000 codings and a learning, which it adds, with
stories that wait, since it lets every story be analysed: give it a copy. It prints milliseconds of processor time:
*first*, when the process holds nothing yet; *changed*, after somebody coded a passage; *warm*, the median of five.
"""

import sys
import time
from collections.abc import Callable
from itertools import count, cycle
from pathlib import Path
from statistics import median
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from sqlalchemy import update

from insight import codebook, coding, intake, painpoints, worker
from insight.access import SYSTEM, Actor, Role
from insight.coding import comparing, desk, teaching
from insight.coding.looking import look
from insight.database import write_session
from insight.intake import Place
from insight.intake.tables import ConsentRow
from insight.painpoints import Filters
from insight.painpoints.newcomers import newcomers
from insight.search import By, more_like, search

DESIGNER = Actor(Role.DESIGNER, "designer one")
CODINGS, AT_ONCE = 2_000, 50
SLOW = 1000  # milliseconds
Ask = Callable[[], object]


def timed(act: Ask) -> float:
    """Milliseconds of processor time of one call, all threads together: other work on the machine changes it little."""
    started = time.process_time()
    act()
    return (time.process_time() - started) * 1000


def prepare(place: Place) -> None:
    """60 decisions on the largest themes, 2,000 codings, one learning, and stories that the run has not read."""
    cube = look(DESIGNER, place).cube
    sizes = np.bincount(cube.theme[cube.theme >= 0])
    numbers = np.argsort(-sizes, kind="stable").tolist()
    for at, number in enumerate(numbers[:20]):
        codebook.rename(DESIGNER, place.id, number, f"Theme {at + 1} as people call it")
        codebook.describe(DESIGNER, place.id, number, "What people say of it.", "What belongs in it.", "What does not.")
    for number, into in zip(numbers[40:50], numbers[:10], strict=True):
        codebook.merge(DESIGNER, place.id, number, into)
    for number, under in zip(numbers[20:28], numbers[:8], strict=True):
        codebook.nest(DESIGNER, place.id, number, under)
    for number in numbers[60:62]:
        codebook.set_aside(DESIGNER, place.id, number)
    chance = np.random.default_rng(0)
    placed = np.flatnonzero(np.isin(cube.theme, numbers[:40]))
    for chosen in np.split(chance.choice(placed, CODINGS, replace=False), CODINGS // AT_ONCE):
        theme = int(cube.theme[chosen[0]])
        coding.move(DESIGNER, place, chosen.tolist(), [theme])
    with write_session() as opened:
        begun = codebook.learnings.begin(opened, place.id, look(DESIGNER, place).run.id, "")
    print(f"learning: {timed(lambda: worker.learn(begun)) / 1000:.0f} s")
    with write_session() as opened:  # those who did not agree do now: new stories that the run has not read
        agreed = update(ConsentRow).where(ConsentRow.scope == "analyse", ConsentRow.given.is_(False))
        print(f"{opened.execute(agreed.values(given=True)).rowcount:,} new stories wait")  # type: ignore[attr-defined]


def asked_to_read(place: Place) -> dict[str, Ask]:
    """What the pages ask for, by name."""
    board = painpoints.board(DESIGNER, place)
    biggest = max(board.pain_points, key=lambda theme: theme.passages).number
    fine = board.fineness
    fewer, more = Filters(themes=max(fine.fewest, fine.found // 2)), Filters(themes=fine.most)
    passage = int(np.flatnonzero(look(DESIGNER, place).cube.theme == biggest)[0])
    asks: dict[str, Ask] = {
        "codebook": lambda: coding.overview(DESIGNER, place),
        "passages of the biggest theme": lambda: coding.passages_of(DESIGNER, place, biggest),
        "passages of the biggest theme, with a word": lambda: coding.passages_of(
            DESIGNER, place, biggest, words="again"
        ),
        "passages that fit none": lambda: coding.passages_of(DESIGNER, place, None, order=coding.Order.NEWEST),
        "passages that fit none, with a word": lambda: coding.passages_of(DESIGNER, place, None, words="again"),
        "groups within the biggest theme": lambda: coding.groups_within(DESIGNER, place, biggest),
        "groups among those that fit none": lambda: coding.groups_within(DESIGNER, place, None),
        "history": lambda: coding.history(DESIGNER, place),
        "desk: the next passage": lambda: desk.turn(DESIGNER, place),
        "desk: the unsure pile": lambda: desk.turn(DESIGNER, place, desk.Pile.UNSURE),
        "desk: how the machine stands": lambda: teaching.teaching(DESIGNER, place),
        "codebook as CSV": lambda: coding.as_csv(DESIGNER, place),
        "codebook as QDC": lambda: coding.as_qdc(DESIGNER, place),
        "search by meaning": lambda: search(DESIGNER, place, "nobody rang me back", by=By.MEANING),
        "search by words": lambda: search(DESIGNER, place, "nobody rang me back", by=By.WORDS),
        "search by both": lambda: search(DESIGNER, place, "nobody rang me back"),
        "search by a word said often": lambda: search(DESIGNER, place, "council"),
        "more like a passage": lambda: more_like(DESIGNER, place, passage),
        "new stories placed": lambda: newcomers(DESIGNER, place),
        "board": lambda: painpoints.board(DESIGNER, place),
        "board with fewer themes": lambda: painpoints.board(DESIGNER, place, fewer),
        "board with more themes": lambda: painpoints.board(DESIGNER, place, more),
        "one pain point": lambda: painpoints.pain_point(DESIGNER, place, biggest),
        "map": lambda: painpoints.passage_map(DESIGNER, place),
        "across services": lambda: painpoints.across(DESIGNER, place),
        "across services, more themes": lambda: painpoints.across(DESIGNER, place, more),
        "what changed": lambda: painpoints.what_changed(DESIGNER, place),
        "told together": lambda: painpoints.told_together(DESIGNER, place),
        "who tells more of one": lambda: painpoints.who_tells_more(DESIGNER, place, biggest),
    }
    for by in painpoints.comparable(painpoints.choices(DESIGNER, place)):
        asks[f"who differs by {by}"] = lambda by=by: painpoints.who_differs(DESIGNER, place, by=by)  # type: ignore[misc]
    return asks


def asked_to_change(place: Place) -> dict[str, Ask]:
    """What the pages change, by name; each can be done again and again."""
    looked = look(DESIGNER, place)
    theme = int(np.bincount(looked.cube.theme[looked.cube.theme >= 0]).argmax())
    rows = np.flatnonzero(looked.cube.theme == theme)
    fresh = iter(rows.tolist())
    names, two = count(), [number for number, _label in desk.themes_of(looked.held)][:2]
    made = comparing.start(DESIGNER, place, "A round", 50)
    drawn = cycle(np.flatnonzero(np.isin(looked.cube.key, [key for _story, key in made.passages])).tolist())
    return {
        "coding a passage": lambda: desk.save(DESIGNER, place, next(fresh), [theme]),
        "taking it back": lambda: desk.go_back(DESIGNER, place),
        "moving 20 passages": lambda: coding.move(DESIGNER, place, [next(fresh) for _ in range(20)], two),
        "taking a group of 100 out": lambda: coding.split(
            DESIGNER, place, theme, [(f"A group {next(names)}", [next(fresh) for _ in range(100)])]
        ),
        "renaming": lambda: codebook.rename(DESIGNER, place.id, theme, f"A name {next(names)}"),
        "a theme of one's own, merged": lambda: codebook.merge(
            DESIGNER, place.id, codebook.make(DESIGNER, place.id, f"A theme {next(names)}"), theme
        ),
        "blind: the next passage": lambda: comparing.blind_turn(DESIGNER, place, made.id),
        "blind: an answer": lambda: comparing.answer(DESIGNER, place, made.id, next(drawn), [theme]),
    }


def forget() -> None:
    """Let this process hold nothing of the run."""
    painpoints.forget_cached_runs()
    codebook.learnings._held.clear()


def main() -> None:
    """Prepare, then ask for everything."""
    place = intake.current_place()
    with patch.object(teaching, "_work_on", lambda _learning: None):  # no worker of its own beside what is measured
        prepare(place)
        board = painpoints.board(SYSTEM, place)
        known = codebook.book(SYSTEM, place.id)
        print(
            f"{board.journeys:,} journeys, {board.passages:,} passages, {len(known.active)} themes, "
            f"{len(known.decisions)} decisions, {len(codebook.coded(SYSTEM, place.id)):,} coded"
        )
        spare = iter(np.flatnonzero(look(SYSTEM, place).cube.theme < 0).tolist())
        print("| what | first | changed | warm |\n|---|---|---|---|")
        for name, ask in asked_to_read(place).items():
            forget()
            first = timed(ask)
            coding.move(DESIGNER, place, [next(spare)], [known.active[0].number])
            told(name, first, timed(ask), median(timed(ask) for _ in range(5)))
        print("\n| what is changed | median | worst |\n|---|---|---|")
        for name, ask in asked_to_change(place).items():
            took = [timed(ask) for _ in range(5)]
            told(name, median(took), max(took))


def told(name: str, *took: float) -> None:
    """One line of a table; what takes over a second is marked."""
    print(f"| {name} | " + " | ".join(f"**{ms:.0f}**" if ms > SLOW else f"{ms:.0f}" for ms in took) + " |")


if __name__ == "__main__":
    main()
