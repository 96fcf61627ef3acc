"""The paper form as a PDF. What stands where comes from the layout; here is only how it is drawn."""

import io
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache, partial
from html import escape
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
)

from insight.paper.model import REFERENCE_PLACES, Box, Item, Kind, Notice, PaperForm, Part, Size
from insight.paper.shapes import AtBottom, Marked, Row, Rule, Slots, Stack, height_of
from insight.settings import ROOT

FONTS = ROOT / "data" / "fonts"
PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
INK, QUIET = HexColor("#0b0c0c"), HexColor("#505a5f")
MARGIN = 15 * mm
WIDTH = A4[0] - 2 * MARGIN
GAP = 6 * mm
HALF = (WIDTH - GAP) / 2
MOST_COLUMNS = {Size.A4: 3, Size.LARGE: 1}
SMALL = (Kind.NAME, Kind.NUMBER, Kind.LENGTH, Kind.ONE)
FEW = 3


class Pen:
    """The sizes and styles of one print."""

    def __init__(self, size: Size) -> None:
        _fonts()
        self.size = size
        self.body, self.small, self.heading, self.title = (12, 9, 15, 20) if size is Size.A4 else (18, 18, 22, 26)
        self.line = 8 * mm if size is Size.A4 else 11 * mm
        self.slot = 6.5 * mm if size is Size.A4 else 10 * mm
        self.box = self.body * 1.05

    def style(self, size: float, *, bold: bool = False, quiet: bool = False, **more: Any) -> ParagraphStyle:
        """A style of paragraph; lines stand 1.3 apart, and a word that is wider than its line is broken."""
        name = BOLD if bold else PLAIN
        given: dict[str, Any] = {"leading": size * 1.3, "textColor": QUIET if quiet else INK, "spaceAfter": size * 0.25}
        return ParagraphStyle("", fontName=name, fontSize=size, splitLongWords=1, **given | more)

    @cached_property
    def text(self) -> ParagraphStyle:
        """Running text."""
        return self.style(self.body)

    @cached_property
    def question(self) -> ParagraphStyle:
        """A question, with room for its code at the right."""
        return self.style(self.body, bold=True, rightIndent=8.5 * self.small, spaceAfter=0, keepWithNext=1)

    @cached_property
    def hint(self) -> ParagraphStyle:
        """What helps to answer."""
        return self.style(max(self.body - 1, self.small), quiet=True, keepWithNext=1)

    @cached_property
    def label(self) -> ParagraphStyle:
        """The words beside a box."""
        return self.style(self.body, leftIndent=self.box + 2.3 * self.small, spaceAfter=self.body * 0.3)

    @cached_property
    def warning(self) -> ParagraphStyle:
        """Words in a frame."""
        room = self.body * 0.7
        frame: dict[str, Any] = {"borderColor": INK, "borderWidth": 2, "borderPadding": self.body * 0.6}
        space: dict[str, Any] = {"spaceBefore": 1.4 * room, "spaceAfter": 2 * room}
        return self.style(self.body, leftIndent=room, rightIndent=room, **frame, **space)


def written(form: PaperForm, size: Size) -> bytes:
    """The PDF. It is laid out twice, since the first page already says how many there are."""
    pen = Pen(size)
    _, pages = _laid_out(form, pen, 0)
    made, _ = _laid_out(form, pen, pages)
    return made


def _laid_out(form: PaperForm, pen: Pen, pages: int) -> tuple[bytes, int]:
    """The PDF, and its number of pages."""
    target = io.BytesIO()
    foot = Paragraph(escape(form.id), pen.style(pen.small, quiet=True, spaceAfter=0))
    foot_height = height_of(foot, WIDTH * 0.62)
    document = BaseDocTemplate(
        target,
        pagesize=A4,
        title=f"{form.title} ({form.place})",
        author=form.place,
        subject=form.id,
        creator="Throughline",
        lang=form.language.tag,
        displayDocTitle=True,
        invariant=1,
        initialFontName=PLAIN,
    )
    room = A4[1] - 2 * MARGIN - foot_height - 2 * mm
    frame = Frame(MARGIN, MARGIN + foot_height + 2 * mm, WIDTH, room, 0, 0, 0, 0)
    draw = partial(_foot, form, pen, foot, pages)
    document.addPageTemplates(PageTemplate("page", [frame], onPage=draw))
    document.build(list(_story(form, pen)))
    return target.getvalue(), document.page


def _foot(form: PaperForm, pen: Pen, foot: Paragraph, pages: int, canvas: Canvas, document: BaseDocTemplate) -> None:
    """Which form this is, and which page of how many."""
    foot.drawOn(canvas, MARGIN, MARGIN)
    canvas.setFillColor(QUIET)
    canvas.setFont(PLAIN, pen.small)
    words = form.page_words.format(page=document.page, pages=pages or document.page)
    canvas.drawRightString(A4[0] - MARGIN, MARGIN + pen.small * 0.3, words)


def _story(form: PaperForm, pen: Pen) -> Iterator[Flowable]:
    if form.synthetic:
        yield Paragraph(escape(form.synthetic), pen.style(pen.body, bold=True))
    yield Paragraph(escape(form.title), pen.style(pen.title, bold=True, spaceAfter=0))
    yield Paragraph(escape(form.place), pen.style(pen.body, quiet=True))
    danger = "<br/>".join(escape(text) for text in form.danger.text)
    yield Paragraph(f"<b>{escape(form.danger.heading)}</b><br/>{danger}", pen.warning)
    for notice in form.notices:
        yield from _notice(notice, pen)
    for part in form.parts:
        yield from _part(part, pen)
    for notice in form.endings:
        yield KeepTogether(list(_notice(notice, pen)))
    yield _slip(form.slip, pen)


def _heading(words: str, pen: Pen) -> Paragraph:
    return Paragraph(escape(words), pen.style(pen.heading, bold=True, spaceBefore=pen.body * 0.9, keepWithNext=1))


def _notice(notice: Notice, pen: Pen) -> Iterator[Flowable]:
    if notice.heading:
        yield _heading(notice.heading, pen)
    for text in notice.text:
        yield Paragraph(escape(text).replace("\n", "<br/>"), pen.text)


def _part(part: Part, pen: Pen) -> Iterator[Flowable]:
    if part.new_page:
        yield PageBreak()
    if part.heading:
        yield _heading(part.heading, pen)
    if part.lead:
        yield Paragraph(escape(part.lead), pen.text)
    for items in _side_by_side(part.items, pen):
        yield Spacer(1, pen.body * 0.7)
        if len(items) == 1:
            yield KeepTogether(list(_item(items[0], pen)))
        else:
            yield Row([Stack(list(_item(item, pen, HALF))) for item in items], 2, GAP)
    if part.after:
        yield Spacer(1, pen.body * 0.5)
        yield Paragraph(escape(part.after), pen.text)


def _side_by_side(items: Sequence[Item], pen: Pen) -> Iterator[tuple[Item, ...]]:
    """Two small questions of one kind share a line, where both stay small."""
    waiting: Item | None = None
    for item in items:
        if waiting and waiting.kind is item.kind and _is_small(item, pen):
            yield waiting, item
            waiting = None
            continue
        if waiting:
            yield (waiting,)
        waiting = item if _is_small(item, pen) else None
        if not waiting:
            yield (item,)
    if waiting:
        yield (waiting,)


def _is_small(item: Item, pen: Pen) -> bool:
    if pen.size is Size.LARGE or item.kind not in SMALL or (item.kind is Kind.ONE and len(item.boxes) > FEW):
        return False
    return height_of(Stack(list(_item(item, pen, HALF))), HALF) < 9 * pen.body


def _item(item: Item, pen: Pen, width: float = WIDTH) -> Iterator[Flowable]:
    """A question with its code, what helps, and what there is to fill in."""
    head = Marked(escape(item.words), pen.question)
    head.mark = partial(_code_at_the_right, item.id, pen)
    yield head
    hint = " ".join(part for part in (item.help, item.how) if part)
    if hint:
        yield Paragraph(escape(hint), pen.hint)
    yield Spacer(1, pen.body * 0.3)
    yield from (Rule(pen.line, QUIET) for _line in range(item.lines))
    if item.slots:
        yield _slots(pen, item.slots)
    if item.slots and item.boxes:
        yield Spacer(1, pen.body * 0.4)
    most = len(item.boxes) if item.kind is Kind.LENGTH and pen.size is Size.A4 else MOST_COLUMNS[pen.size]
    yield from _ticks(item.boxes, pen, width, most)


def _code_at_the_right(code: str, pen: Pen, head: Marked) -> None:
    """The question's id in small print; in two lines where it is long."""
    head.canv.setFillColor(QUIET)
    head.canv.setFont(PLAIN, pen.small)
    head.canv.drawRightString(head.width, head.height - pen.body, code)


def _ticks(boxes: Sequence[Box], pen: Pen, width: float, most: int) -> Iterator[Flowable]:
    """Boxes down the columns, in as many columns as make it shortest."""
    ticks = [_tick(box, pen) for box in boxes]
    columns = _best_columns(ticks, width, min(most, len(ticks)))
    rows = -(-len(ticks) // columns)
    if columns == 1:
        yield from ticks
        return
    for row in range(rows):
        yield Row(ticks[row::rows], columns, GAP / 2)
        yield Spacer(1, pen.label.spaceAfter)


def _best_columns(ticks: Sequence[Flowable], width: float, most: int) -> int:
    def height(columns: int) -> float:
        rows = -(-len(ticks) // columns)
        each = (width - GAP / 2 * (columns - 1)) / columns
        return sum(max(height_of(tick, each) for tick in ticks[row::rows]) for row in range(rows))

    return min(range(1, most + 1), key=height, default=1)


def _tick(box: Box, pen: Pen) -> Marked:
    label = Marked(escape(box.words), pen.label)
    label.mark = partial(_empty_box, box.code, pen)
    return label


def _empty_box(code: str, pen: Pen, label: Marked) -> None:
    """The code, and the box to tick."""
    canvas, base = label.canv, label.height - pen.body * 1.02
    canvas.setFillColor(QUIET)
    canvas.setFont(PLAIN, pen.small)
    canvas.drawRightString(1.3 * pen.small, base + pen.body * 0.05, code)
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(1)
    canvas.rect(1.75 * pen.small, base - pen.body * 0.12, pen.box, pen.box)


def _slots(pen: Pen, groups: Sequence[tuple[str, int]]) -> Slots:
    return Slots(groups, pen.slot, (PLAIN, pen.small), INK)


def _slip(slip: Notice, pen: Pen) -> AtBottom:
    """What is torn off: where the reference is written, and what it is for."""
    return AtBottom(
        [
            Rule(pen.body * 1.5, INK, dash=4),
            _heading(slip.heading, pen),
            _slots(pen, [("", count) for count in REFERENCE_PLACES]),
            Spacer(1, pen.body * 0.5),
            *(Paragraph(escape(text), pen.text) for text in slip.text),
        ]
    )


@lru_cache
def _fonts() -> None:
    """Make the fonts known, once."""
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
