"""What a form is drawn of: marked paragraphs, lines, rows and boxes to write in. Lengths are in points."""

from collections.abc import Callable, Sequence
from typing import Any

from reportlab.lib.colors import Color
from reportlab.platypus import Flowable, Paragraph

Mark = Callable[["Marked"], None]


class Marked(Paragraph):  # type: ignore[misc]
    """A paragraph with something drawn beside its first line; split over pages, the first piece keeps it."""

    mark: Mark | None = None

    def draw(self) -> None:
        """Draw the mark, then the words: whoever reads the PDF aloud hears a box's code before its words."""
        if self.mark:
            self.mark(self)
        super().draw()

    def split(self, width: float, height: float) -> list[Flowable]:
        """Two pieces, or none."""
        pieces: list[Flowable] = super().split(width, height)
        if pieces:
            pieces[0].mark = self.mark
        return pieces


class Stack(Flowable):  # type: ignore[misc]
    """Parts under one another that are not torn apart."""

    def __init__(self, parts: Sequence[Flowable]) -> None:
        super().__init__()
        self.parts, self.heights = list(parts), [0.0] * len(parts)

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Measure the parts."""
        self.width = width
        self.heights = [part.wrap(width, height)[1] + part.getSpaceAfter() for part in self.parts]
        self.height = sum(self.heights)
        return width, self.height

    def draw(self) -> None:
        """Draw them from the top."""
        top = self.height
        for part, height in zip(self.parts, self.heights, strict=True):
            top -= height
            part.drawOn(self.canv, 0, top + part.getSpaceAfter())


class AtBottom(Stack):
    """Parts that stand at the bottom of a page: of this one where they fit, else of the next."""

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Take all the room there is."""
        needed = super().wrap(width, height)[1]
        return width, max(needed, height)


class Row(Flowable):  # type: ignore[misc]
    """Cells of the same width beside one another, aligned at their tops."""

    def __init__(self, cells: Sequence[Flowable], columns: int, gap: float) -> None:
        super().__init__()
        self.cells, self.columns, self.gap = list(cells), columns, gap

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """Measure the cells."""
        self.each = (width - self.gap * (self.columns - 1)) / self.columns
        self.heights = [cell.wrap(self.each, height)[1] for cell in self.cells]
        self.width, self.height = width, max(self.heights)
        return width, self.height

    def draw(self) -> None:
        """Draw the cells from the left."""
        for number, (cell, height) in enumerate(zip(self.cells, self.heights, strict=True)):
            cell.drawOn(self.canv, number * (self.each + self.gap), self.height - height)


class Rule(Flowable):  # type: ignore[misc]
    """A line to write on, or with ``dash`` to cut along."""

    def __init__(self, height: float, colour: Color, dash: float = 0) -> None:
        super().__init__()
        self.room, self.colour, self.dash = height, colour, dash

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """As wide as there is room."""
        self.width, self.height = width, self.room
        return width, self.room

    def draw(self) -> None:
        """Draw the line."""
        self.canv.setStrokeColor(self.colour)
        self.canv.setLineWidth(0.8)
        if self.dash:
            self.canv.setDash(self.dash, self.dash)
        self.canv.line(0, 0.8, self.width, 0.8)


class Slots(Flowable):  # type: ignore[misc]
    """Groups of boxes for one character each, with words above a group: ``(("Day", 2), ("Month", 2))``."""

    def __init__(self, groups: Sequence[tuple[str, int]], side: float, font: tuple[str, float], colour: Color) -> None:
        super().__init__()
        self.groups, self.side, self.font, self.colour = groups, side, font, colour

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        """One line of boxes, with a line of words above if there are any."""
        above = self.font[1] * 1.3 if any(words for words, _count in self.groups) else 0
        self.width, self.height = width, self.side + above + 1
        return width, self.height

    def draw(self) -> None:
        """Draw the groups from the left."""
        left = 0.5
        self.canv.setStrokeColor(self.colour)
        self.canv.setFillColor(self.colour)
        self.canv.setLineWidth(1)
        self.canv.setFont(*self.font)
        for words, count in self.groups:
            self.canv.drawString(left, self.side + self.font[1] * 0.35, words)
            for place in range(count):
                self.canv.rect(left + place * self.side, 0.5, self.side, self.side)
            taken = max(count * self.side, self.canv.stringWidth(words, *self.font))
            left += taken + self.side * 0.6


def height_of(part: Any, width: float) -> float:
    """How high something stands at a width."""
    return float(part.wrap(width, 10_000)[1])
