"""The paths of many journeys as a Sankey picture: from flows to SVG, and nothing else.

A box is a step at one place of the journey (first, second, ...), as tall as its journeys are many; a band is the
journeys that went from one box to the next. Small steps of one place are drawn as one box.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from insight.journeys import Flow
from insight.language import _, noted
from pages.kit import charts
from pages.paths import drawing
from pages.paths.strips import EDGES

MOVES, BOXES = 4, 10
WIDTH, LABEL, BAR, TOP, TALL, GAP = 1200, 196, 12, 44, 420, 10
SIZE, LINE, LINES = 15, 17, 2
GREY = charts.GREY
STRONG, FAINT = 0.32, 0.1  # bands between small steps stay behind those that can be told apart
OTHERS = noted("other steps")  # the name of the box that small steps share, as flows name it too


@dataclass(frozen=True, slots=True)
class Box:
    """A step at one place: its name, journeys, and where it stands."""

    place: int
    name: str
    journeys: int
    top: float
    height: float

    @property
    def left(self) -> float:
        """Where the box begins."""
        return self.place * (WIDTH - LABEL - BAR) / MOVES


@dataclass(frozen=True, slots=True)
class Band:
    """Journeys between two boxes: as thick as they are many."""

    start: Box
    end: Box
    journeys: int
    from_top: float
    to_top: float
    thick: float


@dataclass(frozen=True, slots=True)
class Sankey:
    """The layout of a picture. ``together`` is how many steps share a box for small ones; ``later`` moves left out."""

    boxes: tuple[Box, ...]
    bands: tuple[Band, ...]
    together: int
    later: int
    height: int


def layout(flows: Sequence[Flow]) -> Sankey:
    """Place the boxes of the first moves, biggest on top, and the bands between them, so that no label overlaps."""
    first = [flow for flow in flows if flow.place < MOVES]
    kept = _biggest(first)
    merged: dict[tuple[int, str, str], int] = {}
    for flow in first:
        ends = (_kept(kept, flow.place, flow.start), _kept(kept, flow.place + 1, flow.end))
        merged[flow.place, *ends] = merged.get((flow.place, *ends), 0) + flow.journeys
    sizes = _sizes([(place, start, end, n) for (place, start, end), n in merged.items()])
    boxes = _boxes(sizes)
    together = sum(len(names) - BOXES + 1 for names in _names(first).values() if len(names) > BOXES)
    low = max((box.top + max(box.height, _label_height(box)) for box in boxes.values()), default=0)
    return Sankey(
        tuple(boxes.values()),
        tuple(_bands(merged, boxes)),
        together,
        sum(flow.journeys for flow in flows if flow.place >= MOVES),
        round(low) + 8,
    )


def _names(flows: Sequence[Flow]) -> dict[int, dict[str, int]]:
    """Journeys by name at each place: those that came or those that went on, whichever is more."""
    return _sizes([(flow.place, flow.start, flow.end, flow.journeys) for flow in flows])


def _sizes(moves: Sequence[tuple[int, str, str, int]]) -> dict[int, dict[str, int]]:
    going: dict[tuple[int, str], int] = {}
    coming: dict[tuple[int, str], int] = {}
    for place, start, end, n in moves:
        going[place, start] = going.get((place, start), 0) + n
        coming[place + 1, end] = coming.get((place + 1, end), 0) + n
    sizes: dict[int, dict[str, int]] = {}
    for place, name in sorted(going.keys() | coming.keys()):
        sizes.setdefault(place, {})[name] = max(going.get((place, name), 0), coming.get((place, name), 0))
    return sizes


def _biggest(flows: Sequence[Flow]) -> dict[int, set[str]]:
    """The names that get a box of their own at each place."""
    kept = {}
    for place, names in _names(flows).items():
        ranked = sorted(names, key=lambda name: (-names[name], name))
        kept[place] = set(ranked if len(ranked) <= BOXES else ranked[: BOXES - 1])
    return kept


def _kept(kept: dict[int, set[str]], place: int, name: str) -> str:
    return name if name in kept.get(place, ()) else _(OTHERS)


def _boxes(sizes: dict[int, dict[str, int]]) -> dict[tuple[int, str], Box]:
    most = max((sum(names.values()) for names in sizes.values()), default=1)
    boxes: dict[tuple[int, str], Box] = {}
    for place, names in sizes.items():
        top = float(TOP)
        for name in sorted(names, key=lambda name: (name == _(OTHERS), -names[name], name)):
            box = Box(place, name, names[name], top, max(names[name] / most * TALL, 1.5))
            boxes[place, name] = box
            top += max(box.height, _label_height(box)) + GAP
    return boxes


def _bands(merged: dict[tuple[int, str, str], int], boxes: dict[tuple[int, str], Box]) -> list[Band]:
    """Bands leave and arrive in the order of the boxes at their other end, so that few cross."""
    moves = [(boxes[place, start], boxes[place + 1, end], n) for (place, start, end), n in merged.items()]
    leaving: dict[Box, float] = {}
    starts: dict[tuple[Box, Box], float] = {}
    for start, end, n in sorted(moves, key=lambda move: move[1].top):
        starts[start, end] = start.top + leaving.get(start, 0.0)
        leaving[start] = leaving.get(start, 0.0) + n / start.journeys * start.height
    arriving: dict[Box, float] = {}
    bands = []
    for start, end, n in sorted(moves, key=lambda move: move[0].top):
        top = end.top + arriving.get(end, 0.0)
        thick = n / start.journeys * start.height
        arriving[end] = arriving.get(end, 0.0) + n / end.journeys * end.height
        bands.append(Band(start, end, n, starts[start, end], top, thick))
    return bands


def _label(box: Box) -> list[str]:
    return drawing.wrapped(box.name, LABEL, SIZE, LINES)


def _label_height(box: Box) -> float:
    return (len(_label(box)) + 1) * LINE


def svg(drawn: Sankey) -> str:
    """The picture as the inside of an SVG, ``WIDTH`` wide and ``drawn.height`` high."""
    paint = _paint(drawn.boxes)
    heads = "".join(_head(place) for place in sorted({box.place for box in drawn.boxes}))
    bands = "".join(_band(band, paint) for band in sorted(drawn.bands, key=lambda band: -band.thick))
    return (
        f'<rect width="{WIDTH}" height="{drawn.height}" fill="#ffffff"/>'
        f'<g font-family="{drawing.FONT}" font-size="{SIZE}" fill="{charts.INK}">{heads}{bands}'
        f"{''.join(_box(box, paint) for box in drawn.boxes)}</g>"
    )


def _paint(boxes: Sequence[Box]) -> dict[str, str]:
    """A colour for each of the names with most journeys at any place; a name keeps it at every place."""
    ranked = sorted((box for box in boxes if box.name != _(OTHERS)), key=lambda box: (-box.journeys, box.name))
    return dict(zip(dict.fromkeys(box.name for box in ranked), EDGES, strict=False))


def _head(place: int) -> str:
    x = Box(place, "", 0, 0, 0).left
    name = drawing.written(_("Step {number}").format(number=place + 1))
    return f'<text x="{x:.0f}" y="20" font-weight="600">{name}</text>'


def _band(band: Band, paint: dict[str, str]) -> str:
    x0, x1 = band.start.left + BAR, band.end.left
    middle = (x0 + x1) / 2
    y0, y1 = band.from_top, band.to_top
    curve = (
        f"M{x0:.1f} {y0:.1f}C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
        f"V{y1 + band.thick:.1f}"
        f"C{middle:.1f} {y1 + band.thick:.1f} {middle:.1f} {y0 + band.thick:.1f} {x0:.1f} {y0 + band.thick:.1f}Z"
    )
    colour = paint.get(band.start.name) or paint.get(band.end.name)
    return f'<path d="{curve}" fill="{colour or GREY}" fill-opacity="{STRONG if colour else FAINT}"/>'


def _box(box: Box, paint: dict[str, str]) -> str:
    x = box.left + BAR + 6
    lines = [*_label(box), f"{box.journeys:,}"]
    label = "".join(
        f'<text x="{x:.0f}" y="{box.top + 13 + line * LINE:.0f}" stroke="#ffffff" stroke-width="4" '
        f'stroke-linejoin="round" paint-order="stroke"{_weight(line, lines)}>{drawing.written(words)}</text>'
        for line, words in enumerate(lines)
    )
    colour = paint.get(box.name, GREY)
    return (
        f'<rect x="{box.left:.1f}" y="{box.top:.1f}" width="{BAR}" height="{box.height:.1f}" fill="{colour}"/>{label}'
    )


def _weight(line: int, lines: Sequence[str]) -> str:
    return ' font-weight="600"' if line == len(lines) - 1 else ""
