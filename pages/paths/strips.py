"""A path as a strip: one block per step, side by side, with its name and, where told, how it felt.

Words say all that the colours say. A strip wraps where there is no room, so it fits a phone.
"""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import chain

from insight.language import _, ngettext
from pages.kit import charts, words

MOST = 14  # blocks of one strip that are drawn; what follows is counted
EDGES = (charts.BLUE, charts.TEAL, charts.PLUM, charts.ORANGE, charts.LILAC, "#3d3d3d")
GROUNDS = ("#e3ebf3", "#e2f3f2", "#f4e4ec", "#fdebe2", "#f0ebf8", "#ececec")
OTHER = (charts.GREY, "#f1f4f6")

STYLES = """<style>
.tl-strip{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem;margin:0 !important;padding:0 !important}
.tl-strip li{display:flex;flex-direction:column;justify-content:center;min-width:3.2rem;max-width:11rem;
padding:.2rem .5rem !important;margin:0 !important;border-inline-start:6px solid;font-size:.86rem;line-height:1.2;
color:#0b0c0c;overflow-wrap:anywhere}
.tl-strip .felt{font-size:.78rem;color:#3d4548}.tl-strip .felt.bad{color:#801650;font-weight:600}
.tl-strip .felt.good{color:#1a5f58;font-weight:600}
.tl-strip li.more{border:0;background:none;color:#3d4548}
[class*=st-key-strip-row]{border-top:1px solid #d5dade;padding-top:.6rem}
[class*=st-key-strip-row] p{margin:.3rem 0 0;font-size:.95rem;color:#3d4548}
[class*=st-key-strip-row] button p{color:#12436d;text-decoration:underline;font-size:1rem;margin:0}
[class*=st-key-strip-row] button{min-height:44px}
[class*=st-key-strip-links]{gap:.1rem}[class*=st-key-strip-links] button{min-height:2rem}
[class*=st-key-strip-links] button p{color:#12436d;text-decoration:underline}
</style>"""

Colours = dict[str, tuple[str, str]]


def colours(paths: Iterable[Sequence[str]]) -> Colours:
    """A colour (edge, ground) for each of the most common names; the others share a grey."""
    tally: dict[str, int] = {}
    for name in chain.from_iterable(paths):
        tally[name] = tally.get(name, 0) + 1
    common = sorted(tally, key=lambda name: (-tally[name], name))[: len(EDGES)]
    return dict(zip(common, zip(EDGES, GROUNDS, strict=True), strict=False))


def strip(names: Sequence[str], paint: Colours, feelings: Sequence[float | None] = ()) -> str:
    """The blocks of one path. ``paint`` is what :func:`colours` gave for all strips that stand together."""
    felt = [*feelings, *(None for _name in names[len(feelings) :])]
    blocks = [_block(name, paint, feeling) for name, feeling in zip(names, felt, strict=False)][:MOST]
    left = len(names) - MOST
    if left > 0:
        more = ngettext("and {number} more step", "and {number} more steps", left).format(number=left)
        blocks.append(f'<li class="more">{escape(more)}</li>')
    return f'<ol class="tl-strip">{"".join(blocks)}</ol>'


def _block(name: str, paint: Colours, feeling: float | None) -> str:
    edge, ground = paint.get(name, OTHER)
    return f'<li style="border-color:{edge};background:{ground}">{escape(name)}{_felt(feeling)}</li>'


def _felt(feeling: float | None) -> str:
    if feeling is None:
        return ""
    kind = "bad" if feeling <= -0.5 else "good" if feeling >= 0.5 else ""
    return f'<span class="felt {kind}">{escape(words.feeling(feeling) if kind else _("neutral"))}</span>'


def in_words(names: Sequence[str]) -> str:
    """A path as a sentence part: A, then B, then C."""
    return _(", then ").join(names)
