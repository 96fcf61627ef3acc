"""The journey map as a picture: phases across, lanes down, words on everything. Pure: a JourneyMap in, SVG out."""

from collections.abc import Iterator

from insight.journeys import JourneyMap
from pages.paths import map_lanes, map_words
from pages.paths.drawing import PALE, QUIET, RULE, Column, box, line, moved, whole
from pages.paths.map_lanes import ABOVE, BELOW, LABEL, Grid, Lane

WIDTH, NARROWEST, WIDEST = 1120, 128, 300  # of the picture and of a phase, in pixels


def draw(shown: JourneyMap, where: str = "") -> tuple[str, str, int, int]:
    """The map: (marks, text alternative, width, height)."""
    count = max(len(shown.phases), 1)
    grid = Grid(shown, min(max((WIDTH - LABEL) / count, NARROWEST), WIDEST))
    top, marks = _title(grid, where)
    for number, (name, lane) in enumerate(_lanes(grid)):
        label = _label(grid, name)
        height = max(lane.height, label.y)
        ground = box(0, 0, grid.width, height, PALE) if number % 2 else ""
        divided = _divided(grid, height) if lane.divided else ""
        rule = line([(0, height), (grid.width, height)], RULE)
        marks.append(moved(ground + divided + label.drawn() + lane.marks + rule, 0, top))
        top += height
    foot = Column(0, grid.width, top + 6)
    foot.say(map_words.how_sure(), 12, fill=QUIET)
    marks.append(foot.drawn())
    return whole("".join(marks)), map_words.alternative(shown, where), grid.width, round(foot.y + 6)


def _lanes(grid: Grid) -> Iterator[tuple[str, Lane]]:
    yield "", map_lanes.names(grid)
    yield "reached", map_lanes.reached(grid)
    if any(phase.intended for phase in grid.phases):
        yield "intended", map_lanes.intended(grid)
    for name in ("services", "organisations", "channels"):
        yield name, map_lanes.commonest(grid, name)
    yield "feeling", map_lanes.feeling(grid)
    yield "wait", map_lanes.wait(grid)
    yield "passed", map_lanes.passed(grid)
    yield "quote", map_lanes.quote(grid)


def _title(grid: Grid, where: str) -> tuple[float, list[str]]:
    head = Column(0, grid.width, 2)
    head.say(map_words.title(grid.shown), 22, bold=True, most=2)
    head.say(map_words.rests_on(grid.shown, where), 13.5, fill=QUIET)
    return head.y + 12, head.marks


def _label(grid: Grid, name: str) -> Column:
    """The lane's name, and beneath it what its numbers are."""
    label = Column(8, LABEL - 20)
    if name:
        label.space(ABOVE)
        label.say(map_words.lane(name, grid.shown), 14, bold=True)
        label.space(2)
        label.say(map_words.about(name, grid.shown), 11.5, fill=QUIET, most=6)
        label.space(BELOW)
    return label


def _divided(grid: Grid, height: float) -> str:
    """Lines between the phases, and a grey ground where too few journeys come."""
    lines = [line([(grid.left(place), 0), (grid.left(place), height)], RULE) for place in range(len(grid.phases))]
    few = [
        box(grid.left(place), 0, grid.column, height, "#eceff1")
        for place, phase in enumerate(grid.phases)
        if phase.journeys is None
    ]
    return "".join(few + lines)
