"""The lanes of the journey map, each drawn from nought down: what it holds in every phase. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from insight.journeys import JourneyMap, Mean, Phase
from insight.language import _
from pages.kit import charts
from pages.kit.charts import BLUE
from pages.paths import map_words, said
from pages.paths.drawing import MIST, QUIET, RULE, Column, band, box, face, line, moved, text, wrapped

LABEL = 138  # the width of the lanes' names
PAD, ABOVE, BELOW = 9, 12, 12
RIVER, PLOT = 52, 128
LIST = 4
ORANGE, PLUM = "#b8480a", charts.PLUM


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the phases stand, and what they show."""

    shown: JourneyMap
    column: float

    @property
    def phases(self) -> tuple[Phase, ...]:
        """The phases, in order."""
        return self.shown.phases

    @property
    def width(self) -> int:
        """Of the whole picture."""
        return round(LABEL + self.column * len(self.phases)) + 1

    def left(self, place: int) -> float:
        """Where a phase begins."""
        return LABEL + place * self.column

    def middle(self, place: int) -> float:
        """The middle of a phase."""
        return self.left(place) + self.column / 2

    def cell(self, place: int) -> Column:
        """Room for words in a phase."""
        return Column(self.left(place) + PAD, self.column - 2 * PAD, ABOVE)


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: its height, what is drawn in it, and whether lines divide it into phases."""

    height: float
    marks: str
    divided: bool = True


Fill = Callable[[Phase, Column], None]


def names(grid: Grid) -> Lane:
    """The phases' names in arrows that lead on."""
    room = grid.column - 40
    lines = [wrapped(phase.name, room, 15, 3, bold=True) for phase in grid.phases]
    tall = max(len(each) for each in lines) * 19 + 22
    marks = []
    for place, each in enumerate(lines):
        left, right, tip = grid.left(place) + 1, grid.left(place + 1) - 1, 12
        back = 0 if not place else tip
        shape = (
            f"{left},0 {right - tip},0 {right},{tall / 2} {right - tip},{tall} {left},{tall} {left + back},{tall / 2}"
        )
        fill = BLUE if grid.phases[place].journeys is not None else charts.GREY
        marks.append(f'<polygon points="{shape}" fill="{fill}"/>')
        first = (tall - len(each) * 19) / 2 + 14.5
        marks += [
            text(left + 22, first + 19 * row, words_, 15, bold=True, fill="#fff") for row, words_ in enumerate(each)
        ]
    return Lane(tall + 1, "".join(marks))


def reached(grid: Grid) -> Lane:
    """A river that narrows as fewer journeys come this far, with the number on it and its share beneath."""
    marks = [_river(grid, place) for place in range(len(grid.phases))]
    tall: float = 0
    for place, phase in enumerate(grid.phases):
        cell = grid.cell(place)
        if phase.journeys is None:
            cell.say(map_words.hidden(), 12.5, fill=QUIET, most=5)
        else:
            cell.y = ABOVE + RIVER + 6
            cell.say(said.journeys(phase.journeys), 14, bold=True)
            if phase.reached:
                cell.say(map_words.come(phase.reached), 12, fill=QUIET)
            if phase.ended_here:
                cell.space(3)
                cell.say(map_words.ends(phase.ended_here), 12, fill=QUIET)
        marks.append(cell.drawn())
        tall = max(tall, cell.y + BELOW)
    return Lane(tall, "".join(marks))


def _river(grid: Grid, place: int) -> str:
    """The piece of the river within one phase: as thick as its share, easing into the next phase's thickness."""
    here, after = (_thick(grid, number) for number in (place, place + 1))
    if not here:
        return ""
    left, right, y = grid.left(place) + 0.5, grid.left(place + 1) + 0.5, ABOVE + RIVER / 2
    bend = right - min(grid.column * 0.3, 50)
    end = (after or here) / 2
    half, mid = here / 2, (bend + right) / 2
    return (
        f'<path d="M{left} {y - half:.1f}H{bend:.1f}C{mid:.1f} {y - half:.1f} {mid:.1f} {y - end:.1f} {right} '
        f"{y - end:.1f}V{y + end:.1f}C{mid:.1f} {y + end:.1f} {mid:.1f} {y + half:.1f} {bend:.1f} {y + half:.1f}"
        f'H{left}Z" fill="#9db6ca"/>'
    )


def _thick(grid: Grid, place: int) -> float:
    if place >= len(grid.phases) or grid.phases[place].reached is None:
        return 0
    reached = grid.phases[place].reached
    return max(RIVER * reached.share, 3) if reached else 0


def intended(grid: Grid) -> Lane:
    """The intended journey's steps in dashed boxes."""
    tall, marks = 0.0, []
    for place, phase in enumerate(grid.phases):
        y: float = ABOVE
        if not phase.intended:
            cell = grid.cell(place)
            cell.say(_("Nothing is drawn here"), 12, fill=QUIET)
            marks.append(cell.drawn())
        for name, days in phase.intended:
            inside = Column(grid.left(place) + PAD + 8, grid.column - 2 * PAD - 16, 6)
            inside.say(name, 13, most=3)
            if days is not None:
                inside.say(_("within {days}").format(days=said.days(days)), 12, fill=QUIET)
            frame = box(grid.left(place) + PAD, 0, grid.column - 2 * PAD, inside.y + 6, "#fff", edge=QUIET, dashed=True)
            marks.append(moved(frame + inside.drawn(), 0, y))
            y += inside.y + 13
        tall = max(tall, y + BELOW - 7)
    return Lane(tall, "".join(marks))


def _cells(grid: Grid, name: str, fill: Fill) -> Lane:
    """A lane of cells that ``fill`` draws; where it draws nothing, the cell says that there is no data."""
    tall, marks = 0.0, []
    shown = [place for place, phase in enumerate(grid.phases) if phase.journeys is not None]
    cells = {place: grid.cell(place) for place in shown}
    for place, cell in cells.items():
        fill(grid.phases[place], cell)
    empty = [place for place, cell in cells.items() if not cell.marks]
    if shown and len(empty) == len(shown):
        return _all_empty(grid, name)
    for place in empty:
        cells[place].say(map_words.nothing(name, grid.shown.felt), 12, fill=QUIET, most=4)
    for cell in cells.values():
        tall = max(tall, cell.y + BELOW)
        marks.append(cell.drawn())
    return Lane(tall, "".join(marks))


def _all_empty(grid: Grid, name: str) -> Lane:
    """One sentence across a lane in which no phase has data."""
    across = Column(LABEL + PAD, grid.width - LABEL - 2 * PAD, ABOVE)
    across.say(map_words.nothing(name, grid.shown.felt), 13, fill=QUIET)
    return Lane(across.y + BELOW, across.drawn(), divided=False)


def commonest(grid: Grid, name: str) -> Lane:
    """Names with their journeys as bars, the commonest first."""

    def fill(phase: Phase, cell: Column) -> None:
        rows = map_words.names(getattr(phase, name), name)
        for place, (called, n) in enumerate(rows[:LIST]):
            cell.space(5 if place else 0)
            cell.say(called, 13, most=2)
            cell.bar(n / max(phase.journeys or 1, 1), f"{n:,}")

    return _cells(grid, name, fill)


def feeling(grid: Grid) -> Lane:
    """The line of mean feeling through the phases, with its interval as a band, and what it is in words."""
    felt = [(place, phase.feeling) for place, phase in enumerate(grid.phases) if phase.feeling]
    tall: float = 0
    if not felt:
        return _cells(grid, "feeling", lambda _phase, _cell: None)
    marks = [_scale(grid), *(_stretch(grid, run) for run in _runs(felt))]
    for place, phase in enumerate(grid.phases):
        if phase.journeys is None:
            continue
        cell = grid.cell(place)
        cell.y = ABOVE + PLOT + 22
        if phase.feeling:
            cell.say(map_words.felt(phase.feeling), 13, bold=True, most=2)
            cell.say(map_words.felt_between(phase.feeling), 12, fill=QUIET)
            cell.say(said.journeys(phase.feeling.n), 12, fill=QUIET)
        else:
            cell.say(map_words.nothing("feeling", grid.shown.felt), 12, fill=QUIET, most=4)
        tall = max(tall, cell.y + BELOW)
        marks.append(cell.drawn())
    return Lane(tall, "".join(marks))


def _height(feeling: float) -> float:
    """Where a feeling stands in its lane; it leaves room for half a face."""
    return ABOVE + 12 + (2 - feeling) / 4 * PLOT


def _scale(grid: Grid) -> str:
    """Faint lines at each feeling, with words at both ends and in the middle, over the lines."""
    marks = []
    for feeling in (2, 1, 0, -1, -2):
        y = _height(feeling)
        marks.append(
            line([(LABEL + 1, y), (grid.width, y)], "#8d969b" if feeling == 0 else RULE, 1.2 if feeling == 0 else 1)
        )
    ends = ((2, _("very good")), (0, _("neither")), (-2, _("very bad")))
    marks += [text(LABEL + 5, _height(feeling) - 3.5, name, 11, fill=QUIET) for feeling, name in ends]
    return "".join(marks)


def _runs(felt: Sequence[tuple[int, Mean]]) -> Iterator[list[tuple[int, Mean]]]:
    """Phases in a row that have a feeling: the line is broken where there is none."""
    run: list[tuple[int, Mean]] = [felt[0]]
    for before, now in pairwise(felt):
        if now[0] != before[0] + 1:
            yield run
            run = []
        run.append(now)
    yield run


def _stretch(grid: Grid, run: Sequence[tuple[int, Mean]]) -> str:
    upper = [(grid.middle(place), _height(feeling.high)) for place, feeling in run]
    lower = [(grid.middle(place), _height(feeling.low)) for place, feeling in run]
    means = [(grid.middle(place), _height(feeling.mean)) for place, feeling in run]
    whiskers = "".join(
        line([(x, top), (x, bottom)], BLUE, 1.5) for (x, top), (_x, bottom) in zip(upper, lower, strict=True)
    )
    faces = "".join(face(grid.middle(place), _height(feeling.mean), feeling.mean) for place, feeling in run)
    return band(upper, lower, MIST) + line(means, BLUE, 2.5) + whiskers + faces


def wait(grid: Grid) -> Lane:
    """Half of the waits as a thick bar, nine in ten as a thin one, on one scale for all phases."""
    longest = max([phase.wait.p90 for phase in grid.phases if phase.wait] + [1])

    def fill(phase: Phase, cell: Column) -> None:
        if phase.wait:
            left, y = cell.x, cell.y + 10
            tenth = left + cell.width * phase.wait.p90 / longest
            cell.add(box(left, y - 4, cell.width, 8, MIST), 20)
            cell.add(line([(left, y), (tenth, y)], ORANGE, 2) + line([(tenth, y - 6), (tenth, y + 6)], ORANGE, 2), 0)
            cell.add(box(left, y - 5, max(cell.width * phase.wait.median / longest, 2), 10, ORANGE), 0)
            cell.say(map_words.half(phase.wait), 13, bold=True)
            cell.say(map_words.tenth(phase.wait), 12.5)
            cell.say(map_words.waits(phase.wait), 12, fill=QUIET)
        if phase.late:
            cell.space(5)
            cell.say(map_words.late(phase.late), 12.5, bold=True)
            cell.say(map_words.interval(phase.late), 12, fill=QUIET)

    return _cells(grid, "wait", fill)


def _pass(phase: Phase, cell: Column) -> None:
    for label, one in map_words.passed(phase):
        if cell.marks:
            cell.space(6)
        cell.say(f"{map_words.amount(one)} {label}", 13, bold=True)
        cell.interval(one.share if one.n is not None else 0, one.low, one.high, PLUM)
        cell.say(map_words.interval(one), 12, fill=QUIET)


def _say(phase: Phase, cell: Column) -> None:
    if phase.pain:
        cell.say(phase.pain[1], 13, bold=True, fill=PLUM, most=4)
        cell.say(said.journeys(phase.pain[2]), 12, fill=QUIET)
        cell.space(5)
    if phase.quote is None:
        return
    cell.say(f"“{phase.quote.text}”", 13, most=11)
    cell.space(2)
    cell.say(map_words.from_where(phase), 11.5, fill=QUIET, most=4)


def passed(grid: Grid) -> Lane:
    """How many had to tell it all again, and how many were passed on, as bars with their intervals."""
    return _cells(grid, "passed", _pass)


def quote(grid: Grid) -> Lane:
    """What hurts most in each phase, how many tell of it, and how one of them says it."""
    return _cells(grid, "quote", _say)
