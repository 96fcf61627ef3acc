"""The emotion curve as a picture: how journeys feel from first step to last, with its band; two to compare. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from insight.journeys import CurvePoint, EmotionCurve
from insight.language import _
from pages.kit import words
from pages.kit.charts import BLUE, INK
from pages.paths import said
from pages.paths.drawing import QUIET, RULE, Column, band, line, text, whole, width_of

Named = Sequence[tuple[str, EmotionCurve]]
WIDTH, NARROW = 1000, 360
TOP, PLOT, RIGHT = 16, 250, 24
SCALE = (2, 1, 0, -1, -2)
FINE = [place / 40 for place in range(41)]


@dataclass(frozen=True, slots=True)
class Style:
    """How one of several curves is told apart: by colour, by shape, and by its name beside it."""

    colour: str
    shade: str
    square: bool


STYLES = (Style(BLUE, "#d3e0eb", square=False), Style("#b8480a", "#fbdccb", square=True))


@dataclass(frozen=True, slots=True)
class Frame:
    """The room within the axes."""

    left: float
    right: float

    def x(self, at: float) -> float:
        """Where a part of the journey stands, from 0 to 1."""
        return self.left + RIGHT + at * (self.right - self.left - RIGHT)

    def y(self, feeling: float) -> float:
        """Where a feeling stands, from -2 to 2."""
        return TOP + (2 - feeling) / 4 * PLOT


def curves(named: Named, width: int = WIDTH, below: Sequence[str] = ()) -> tuple[str, str, int, int]:
    """Curves on one pair of axes: (marks, text alternative, width, height). A single curve needs no name.

    ``below`` are sentences that belong to the picture when it leaves the screen.
    """
    scale = [(feeling, words.feeling(feeling).capitalize()) for feeling in SCALE]
    if width < WIDTH:
        scale = [(feeling, name if feeling else _("Neither")) for feeling, name in scale]
    frame = Frame(max(width_of(name, 13) for _feeling, name in scale) + 18, width - RIGHT)
    marks = [*_axes(frame, scale), *_all(frame, named)]
    marks += _names(frame, named)
    foot = Column(frame.left, width - frame.left, TOP + PLOT + 30)
    for place, (name, curve) in enumerate(named):
        foot.add(_counts(frame, curve, foot.y, name, place, len(named) > 1), 40 if len(named) > 1 else 38)
    for sentence in below:
        foot.space(6)
        foot.say(sentence, 13, most=6)
    return whole("".join([*marks, foot.drawn()])), alternative(named), width, round(foot.y + 8)


def _axes(frame: Frame, scale: Sequence[tuple[int, str]]) -> Iterator[str]:
    for feeling, name in scale:
        y, zero = frame.y(feeling), feeling == 0
        yield line([(frame.left, y), (frame.right + RIGHT, y)], "#6b7275" if zero else RULE, 1.3 if zero else 1)
        yield text(frame.left - 8, y + 4.5, name, 13, anchor="end", fill=INK if zero else QUIET)
    y = TOP + PLOT + 22
    yield text(frame.left, y, _("First step"), 13, bold=True)
    yield text(frame.x(0.5), y, _("half way"), 13, anchor="middle", fill=QUIET)
    yield text(frame.right + RIGHT, y, _("Last step"), 13, bold=True, anchor="end")


def _all(frame: Frame, named: Named) -> Iterator[str]:
    """All bands first, then all lines, so that no line lies under a band."""
    styled = list(zip(named, STYLES, strict=False))
    for (_called, curve), style in styled:
        upper = [(frame.x(point.at), frame.y(point.high)) for point in curve.points]
        lower = [(frame.x(point.at), frame.y(point.low)) for point in curve.points]
        if upper:
            yield f'<g opacity="0.8">{band(upper, lower, style.shade)}</g>'
            yield line(upper, style.colour, 0.8, dashed=style.square) + line(
                lower, style.colour, 0.8, dashed=style.square
            )
    for (_called, curve), style in styled:
        yield line([_place(frame, point) for point in curve.points], style.colour, 2.5) if curve.points else ""
        yield from (_mark(*_place(frame, point), style) for point in curve.points)


def _place(frame: Frame, point: CurvePoint) -> tuple[float, float]:
    return frame.x(point.at), frame.y(point.mean)


def _mark(x: float, y: float, style: Style) -> str:
    look = f'fill="{style.colour}" stroke="#fff" stroke-width="1.5"'
    if style.square:
        return f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10" {look}/>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" {look}/>'


def _names(frame: Frame, named: Named) -> Iterator[str]:
    """Two curves' names where the curves are furthest apart: one above both bands, one under them."""
    if len(named) != 2 or not all(curve.points for _called, curve in named):
        return
    (first, one), (second, other) = named
    at = max(FINE, key=lambda at: abs(_between(one, at).mean - _between(other, at).mean))
    first_above = _between(one, at).mean >= _between(other, at).mean
    for name, style, above in ((first, STYLES[0], first_above), (second, STYLES[1], not first_above)):
        half = width_of(name, 14, bold=True) / 2
        x = min(max(frame.x(at), frame.left + half), frame.right + RIGHT - half)
        near = [_between(curve, far) for curve in (one, other) for far in FINE if abs(frame.x(far) - x) < half + 8]
        over, under = max(point.high for point in near), min(point.low for point in near)
        y = frame.y(over) - 9 if above else frame.y(under) + 20
        yield text(x, y, name, 14, bold=True, fill=style.colour, anchor="middle")


def _between(curve: EmotionCurve, at: float) -> CurvePoint:
    """Where the drawn line and its band are at a part of the journey; the nearest end beyond the ends."""
    for before, after in pairwise(curve.points):
        if before.at <= at <= after.at:
            part = (at - before.at) / (after.at - before.at)
            mean, low, high = (
                (1 - part) * getattr(before, name) + part * getattr(after, name) for name in ("mean", "low", "high")
            )
            return CurvePoint(at, mean, low, high, 0)
    return curve.points[0] if at < curve.points[0].at else curve.points[-1]


def _counts(frame: Frame, curve: EmotionCurve, y: float, name: str, place: int, several: bool) -> str:
    """How many journeys each point rests on; where points are close, every second or third is written."""
    colour = STYLES[place % len(STYLES)].colour if several else QUIET
    title = _("{name}: journeys behind each point").format(name=name) if several else _("Journeys behind each point")
    marks = [text(frame.left, y + 15, title, 12, bold=several, fill=colour)]
    until = frame.left - 20.0
    for point in curve.points:
        said_n = f"{point.journeys:,}"
        half = width_of(said_n, 12) / 2
        if frame.x(point.at) - half > until + 4:
            marks.append(text(frame.x(point.at), y + 31, said_n, 12, fill=QUIET, anchor="middle"))
            until = frame.x(point.at) + half
    if not curve.points:
        marks.append(text(frame.left, y + 31, _("too few feelings to show"), 12, fill=QUIET))
    return "".join(marks)


def alternative(named: Named) -> str:
    """The curves, said."""
    return " ".join(_in_words(name, curve) for name, curve in named)


def _in_words(name: str, curve: EmotionCurve) -> str:
    begin = f"{name}. " if name else ""
    if not curve.points:
        return begin + _("Too few feelings were told to draw a curve.")
    first, last = curve.points[0], curve.points[-1]
    low, high = min(curve.points, key=lambda p: p.mean), max(curve.points, key=lambda p: p.mean)
    return begin + _(
        "Mean feeling from first step to last, {journeys}. It begins at {first} and ends at {last}; lowest {low} at "
        "{low_at} of the way, highest {high} at {high_at} of the way."
    ).format(
        journeys=said.journeys(curve.journeys),
        first=felt(first),
        last=felt(last),
        low=felt(low),
        low_at=words.per_cent(low.at),
        high=felt(high),
        high_at=words.per_cent(high.at),
    )


def felt(point: CurvePoint) -> str:
    """A point's mean with its band: −0.9 (−1.2 to −0.6)."""
    return _("{mean} ({low} to {high})").format(
        mean=said.signed(point.mean), low=said.signed(point.low), high=said.signed(point.high)
    )


def rows(named: Named) -> list[tuple[str, ...]]:
    """The curves as a table: where in the journey, how it feels, with its band, from how many journeys."""
    several = len(named) > 1
    return [
        ((name,) if several else ())
        + (words.per_cent(point.at), words.feeling(point.mean), felt(point), f"{point.journeys:,}")
        for name, curve in named
        for point in curve.points
    ]


def moment(curve: EmotionCurve) -> str:
    """The step that goes with the outcome most, in words; or why none is shown."""
    found = curve.moment
    if found is None:
        return curve.moment_why_not
    sentence = _(
        "How people felt at {step} goes with whether they got what they needed more than any other step does: "
        "{share} of all that feelings tell about it ({low} to {high}, from {visits} visits)."
    ).format(
        step=found.step,
        share=words.per_cent(found.share),
        low=words.per_cent(found.low),
        high=words.per_cent(found.high),
        visits=f"{found.visits:,}",
    )
    after = _(" Next comes {step}.").format(step=found.runner_up) if found.runner_up else ""
    return sentence + after + _(" It goes with the outcome; that it is the reason is not shown.")
