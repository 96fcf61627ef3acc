"""The poster as a PDF of one page, drawn from the top down."""

import io
from functools import lru_cache
from html import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4, A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from insight.settings import ROOT
from insight.surveys.posters import QUIET_ZONE, Poster, Size, modules

FONTS = ROOT / "data" / "fonts"
PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
INK, BLUE, PLUM = HexColor("#0b0c0c"), HexColor("#12436d"), HexColor("#801650")
CODE_SIDES = (82 * mm, 64 * mm, 48 * mm)
FOOT = 37 * mm  # what the last words, in their frame, take at the foot
SMALLEST = 0.5  # of its size, to which a long title or address is cut down


class Sheet:
    """One page, filled from the top down. Lengths are points of an A4 page, made smaller for a smaller paper."""

    def __init__(self, size: Size, title: str, language: str) -> None:
        _fonts()
        paper = A4 if size is Size.A4 else A5
        self.scale = paper[0] / A4[0]
        self.file = io.BytesIO()
        self.canvas = Canvas(self.file, pagesize=paper, invariant=1, lang=language)
        self.canvas.setTitle(title)
        self.canvas.scale(self.scale, self.scale)
        self.margin, self.width = 18 * mm, A4[0] - 36 * mm
        self.y = A4[1] - 18 * mm

    def text(
        self,
        words: str,
        points: float,
        *,
        bold: bool = False,
        colour: HexColor = INK,
        centred: bool = False,
        after: float = 0.4,
        lines: int = 0,
    ) -> None:
        """A paragraph, smaller where it would take more than ``lines`` lines."""
        fitted = self._fitted(words, points, bold, lines)
        style = ParagraphStyle(
            "",
            fontName=BOLD if bold else PLAIN,
            fontSize=fitted,
            leading=fitted * 1.25,
            textColor=colour,
            alignment=TA_CENTER if centred else 0,
            splitLongWords=1,
        )
        self._place(Paragraph(escape(words), style), fitted * after)

    def _fitted(self, words: str, points: float, bold: bool, lines: int) -> float:
        font, size, room = BOLD if bold else PLAIN, points, self.width * lines * 0.95
        while lines and size > points * SMALLEST and pdfmetrics.stringWidth(words, font, size) > room:
            size -= 0.5
        return size

    def _place(self, paragraph: Paragraph, after: float) -> None:
        _wide, high = paragraph.wrap(self.width, self.y)
        self.y -= high
        paragraph.drawOn(self.canvas, self.margin, self.y)
        self.y -= after

    def code(self, url: str, side: float) -> None:
        """The QR code in the middle."""
        squares = modules(url)
        unit = side / (len(squares) + 2 * QUIET_ZONE)
        left = self.margin + (self.width - side) / 2
        for row, line in enumerate(squares):
            for column, dark in enumerate(line):
                if dark:
                    x = left + (column + QUIET_ZONE) * unit
                    y = self.y - (row + QUIET_ZONE + 1) * unit
                    self.canvas.rect(x, y, unit * 1.02, unit * 1.02, stroke=0, fill=1)
        self.y -= side

    def band(self, words: str) -> None:
        """White words on a band that nobody overlooks."""
        self.canvas.setFillColor(PLUM)
        self.canvas.rect(self.margin, self.y - 26, self.width, 26, stroke=0, fill=1)
        self.canvas.setFillColor(HexColor("#ffffff"))
        self.canvas.setFont(BOLD, 12)
        self.canvas.drawString(self.margin + 10, self.y - 18, words)
        self.canvas.setFillColor(INK)
        self.y -= 40

    def framed(self, words: str) -> None:
        """The last words, in a frame at the foot."""
        style = ParagraphStyle("", fontName=BOLD, fontSize=13, leading=17, textColor=INK)
        paragraph = Paragraph(escape(words), style)
        _wide, high = paragraph.wrap(self.width - 24, 200)
        foot = 16 * mm
        self.canvas.setLineWidth(2)
        self.canvas.rect(self.margin, foot, self.width, high + 18)
        paragraph.drawOn(self.canvas, self.margin + 12, foot + 9)

    def done(self) -> bytes:
        """The page as a file."""
        self.canvas.showPage()
        self.canvas.save()
        return self.file.getvalue()


def written(shown: Poster, size: Size) -> bytes:
    """The poster as a PDF; the same bytes for the same poster. Where there is much to say, the code is smaller."""
    for side in CODE_SIDES:
        sheet = _drawn(shown, size, side)
        if sheet.y > FOOT:
            break
    return sheet.done()


def _drawn(shown: Poster, size: Size, side: float) -> Sheet:
    sheet = Sheet(size, shown.title, shown.language.tag)
    if shown.synthetic:
        sheet.band(shown.synthetic)
    sheet.text(shown.place, 16, bold=True, colour=BLUE)
    sheet.text(shown.title, 40, bold=True, after=0.35, lines=2)
    sheet.text(shown.lead, 18, after=0.5, lines=4)
    sheet.code(shown.url, side)
    sheet.text(shown.scan, 16, centred=True, after=0.35, lines=2)
    sheet.text(shown.type_in, 14, centred=True, after=0.2)
    sheet.text(shown.address, 20, bold=True, centred=True, after=0.8, lines=1)
    for line in shown.about:
        sheet.text(f"• {line}", 12.5, after=0.35)
    sheet.framed(shown.danger)
    return sheet


@lru_cache
def _fonts() -> None:
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))
