"""Shares as dots on their intervals, two to a row: drawn with borders, so that they fit any width and print. Pure.

Every row stands beside a sentence that says the same; the drawing itself is hidden from screen readers.
"""

from dataclasses import dataclass
from html import escape
from math import ceil

from insight.language import _
from pages.kit import words

STYLES = """<style>
.tl-dots{position:relative;display:block;height:1.5rem;margin:.15rem .5rem;max-width:44rem;
border-inline:1px solid #b1b4b6;border-bottom:1px solid #d5dade}
.tl-dots i{position:absolute;display:block;box-sizing:content-box}
.tl-dots .wide{border-top:3px solid;height:0}
.tl-dots .dot{width:0;height:0;border:6px solid;border-radius:50%;margin-inline-start:-6px}
.tl-dots .ring{width:6px;height:6px;border:3px solid;background:#fff;border-radius:50%;margin-inline-start:-6px}
.tl-axis{display:flex;justify-content:space-between;margin:.3rem .5rem 0;max-width:44rem;color:#505a5f;
font-size:.85rem}
.tl-key{display:flex;flex-wrap:wrap;gap:.1rem 1.4rem;font-size:.95rem;margin:.2rem 0}
.tl-key .tl-dots{display:inline-block;width:3rem;border:0;margin:0 .3rem 0 0;vertical-align:-.55rem}
</style>"""
COLOURS = {"dot": "#12436d", "ring": "#6b7275"}
STEP = 0.1  # the axis ends at a whole step


@dataclass(frozen=True, slots=True)
class Mark:
    """A share with its interval, each 0 to 1."""

    share: float
    low: float
    high: float


def end_of_axis(marks: list[Mark]) -> float:
    """Where an axis from 0 ends that has room for all."""
    return min(ceil(max([mark.high for mark in marks], default=STEP) / STEP - 1e-9) * STEP, 1.0)


def row(here: Mark, elsewhere: Mark, end: float) -> str:
    """One row: a filled dot above, a ring below, each on the line of its interval; the axis goes from 0 to ``end``."""
    both = _mark("dot", here, end, 0.2) + _mark("ring", elsewhere, end, 0.85)
    return f'<span class="tl-dots" aria-hidden="true">{both}</span>'


def key(here: str, elsewhere: str) -> str:
    """What the two signs mean."""
    whole = Mark(0.5, 0.0, 1.0)
    signs = (("dot", here), ("ring", elsewhere))
    said = "".join(
        f'<span><span class="tl-dots" aria-hidden="true">{_mark(sign, whole, 1.0, 0.5)}</span>{escape(name)}</span>'
        for sign, name in signs
    )
    return f'<p class="tl-key">{said}<span class="tl-quiet">{escape(_("Lines are 95% intervals."))}</span></p>'


def axis(end: float) -> str:
    """The ends and the middle of the axis."""
    said = "".join(f"<span>{words.per_cent(share)}</span>" for share in (0.0, end / 2, end))
    return f'<p class="tl-axis" aria-hidden="true">{said}</p>'


def _mark(sign: str, mark: Mark, end: float, top: float) -> str:
    left, wide, at = (100 * part / end for part in (mark.low, mark.high - mark.low, mark.share))
    return (
        f'<i class="wide" style="inset-inline-start:{left:.2f}%;width:{wide:.2f}%;top:{top + 0.28:.2f}rem;'
        f'color:{COLOURS[sign]}"></i>'
        f'<i class="{sign}" style="inset-inline-start:{at:.2f}%;top:{top:.2f}rem;color:{COLOURS[sign]}"></i>'
    )
