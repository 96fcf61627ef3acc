"""Small SVG parts for pictures that are printed and read aloud: words that fit, boxes, bars, bands, faces. Pure.

A picture stands alone, so it brings no font: text is measured with Arial's widths, which Liberation Sans shares and
Roboto stays within, and a little is added so that words never run into each other.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from pages.kit.charts import BLUE, INK, KIND_COLOURS

FONT = "Arial,'Liberation Sans',Roboto,'Noto Sans',sans-serif"
QUIET, RULE, PALE, MIST = "#3d4548", "#d5dade", "#f3f6f8", "#dbe6ef"
MARGIN = 16  # around a picture that stands alone
LEADING, SPARE, BOLDER = 1.3, 1.03, 1.08
ELLIPSIS = "…"
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
WIDTHS = {
    character: width
    for width, characters in (
        (0.23, "ijlI'’‘|"),
        (0.29, " .,:;!/ft[]·"),
        (0.35, 'r()-“”"*{}'),
        (0.51, "ckszvxyJ"),
        (0.60, "+=<>~^LFTZ?"),
        (0.73, "wABCDEHKNPRSUVXY&"),
        (0.79, "GOQ"),
        (0.85, "mM"),
        (0.96, "W%"),
        (1.02, "@…"),
    )
    for character in characters
}
USUAL, WIDE = 0.57, 1.02


def width_of(words: str, size: float, bold: bool = False) -> float:
    """How wide words are, in pixels, a little too much rather than too little."""
    ems = sum(WIDTHS.get(one) or (WIDE if unicodedata.east_asian_width(one) in "WF" else USUAL) for one in words)
    return ems * size * SPARE * (BOLDER if bold else 1)


def wrapped(words: str, room: float, size: float, most: int = 3, bold: bool = False) -> list[str]:
    """Words broken into at most so many lines of this width; what does not fit ends in an ellipsis."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size, bold) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = [_shortened(line, room, size, bold) for line in lines[:most]]
    if len(lines) > most:
        kept[-1] = _shortened(lines[most - 1] + ELLIPSIS, room, size, bold)
    return kept


def _shortened(line: str, room: float, size: float, bold: bool) -> str:
    if width_of(line, size, bold) <= room:
        return line
    kept = line.removesuffix(ELLIPSIS)
    while kept and width_of(kept + ELLIPSIS, size, bold) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,.;:") + ELLIPSIS


def written(words: str) -> str:
    """Words as XML takes them: what a keyboard never types, and XML forbids, is left out."""
    return escape(FORBIDDEN.sub("", words))


def text(
    x: float, y: float, words: str, size: float = 13, *, bold: bool = False, fill: str = INK, anchor: str = "start"
) -> str:
    """One line of words, its baseline at ``y``."""
    weight = ' font-weight="700"' if bold else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}"{weight}{place}>{written(words)}</text>'


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    fill: str,
    *,
    edge: str = "",
    dashed: bool = False,
    round_by: float = 0,
) -> str:
    """A rectangle; an ``edge`` is drawn in that colour, dashed where asked."""
    stroke = f' stroke="{edge}" stroke-width="1.5"' if edge else ""
    dashes = ' stroke-dasharray="5 4"' if dashed else ""
    corner = f' rx="{round_by:g}"' if round_by else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" fill="{fill}"'
        f"{stroke}{dashes}{corner}/>"
    )


def line(points: Sequence[tuple[float, float]], colour: str, thick: float = 1, *, dashed: bool = False) -> str:
    """A line through points."""
    dashes = ' stroke-dasharray="5 4"' if dashed else ""
    return (
        f'<polyline points="{_places(points)}" fill="none" stroke="{colour}" stroke-width="{thick:g}"'
        f' stroke-linejoin="round"{dashes}/>'
    )


def band(upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]], fill: str) -> str:
    """The area between two lines, both from left to right."""
    return f'<polygon points="{_places([*upper, *reversed(lower)])}" fill="{fill}"/>'


def _places(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def face(x: float, y: float, mean: float, radius: float = 12) -> str:
    """A face as glad as a mean feeling from -2 to 2: colour and mouth say the same."""
    colour = KIND_COLOURS["hurts" if mean <= -0.5 else "helps" if mean >= 0.5 else "mixed"]
    eye, bend = radius / 3, radius * 0.22 * mean
    eyes = "".join(
        f'<circle cx="{x + side * eye:.1f}" cy="{y - eye * 0.7:.1f}" r="{radius / 8:.1f}" fill="{colour}"/>'
        for side in (-1, 1)
    )
    mouth = y + radius * 0.38 - bend * 0.45
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="#fff" stroke="{colour}" stroke-width="2"/>{eyes}'
        f'<path d="M{x - radius * 0.48:.1f} {mouth:.1f}Q{x:.1f} {mouth + 2 * bend:.1f} {x + radius * 0.48:.1f} '
        f'{mouth:.1f}" fill="none" stroke="{colour}" stroke-width="2" stroke-linecap="round"/>'
    )


def moved(marks: str, x: float, y: float) -> str:
    """Marks drawn at nought, put where they belong."""
    return f'<g transform="translate({x:.1f} {y:.1f})">{marks}</g>'


def whole(marks: str) -> str:
    """All marks of a picture, in the pictures' font."""
    return f'<g font-family="{FONT}">{marks}</g>'


def standing_alone(marks: str, alternative: str, width: int, height: int) -> str:
    """A picture as a file of its own, on white with a margin, with its size and its text alternative in it."""
    wide, tall = width + 2 * MARGIN, height + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-MARGIN} {-MARGIN} {wide} {tall}" width="{wide}" '
        f'height="{tall}" role="img"><title>{written(alternative)}</title>'
        f"{box(-MARGIN, -MARGIN, wide, tall, '#fff')}{marks}</svg>"
    )


@dataclass(slots=True)
class Column:
    """Words and bars set under each other within a width; ``y`` is where the next one begins."""

    x: float
    width: float
    y: float = 0
    marks: list[str] = field(default_factory=list)

    def say(self, words: str, size: float = 13, *, bold: bool = False, fill: str = INK, most: int = 3) -> None:
        """Set words, wrapped."""
        for said in wrapped(words, self.width, size, most, bold):
            self.y += size * LEADING
            self.marks.append(text(self.x, self.y - size * 0.28, said, size, bold=bold, fill=fill))

    def add(self, marks: str, height: float) -> None:
        """Add marks that are drawn already; what follows stands so much lower."""
        self.marks.append(marks)
        self.y += height

    def space(self, height: float) -> None:
        """Leave some room."""
        self.y += height

    def bar(self, share: float, label: str = "", colour: str = BLUE) -> None:
        """A bar of a share of the width, with its number at the end of the track."""
        room = width_of(label, 12.5) + 8 if label else 0
        track = self.width - room
        self.marks.append(box(self.x, self.y + 5, track, 6, MIST))
        self.marks.append(box(self.x, self.y + 5, max(track * min(share, 1), 2), 6, colour))
        if label:
            self.marks.append(text(self.x + self.width, self.y + 12.5, label, 12.5, anchor="end"))
        self.y += 17

    def interval(self, share: float, low: float, high: float, colour: str = BLUE) -> None:
        """A share as a bar across the whole width, if there is one, and its interval as a line beneath."""
        self.marks.append(box(self.x, self.y + 4, self.width, 8, MIST))
        self.marks.append(box(self.x, self.y + 4, self.width * share, 8, colour))
        left, right, y = self.x + self.width * low, self.x + self.width * high, self.y + 17.5
        self.marks.append(line([(left, y), (right, y)], INK, 1.5))
        self.marks += [line([(end, y - 3.5), (end, y + 3.5)], INK, 1.5) for end in (left, right)]
        self.y += 24

    def drawn(self) -> str:
        """All marks."""
        return "".join(self.marks)
