"""Where the waiting is: waited against promised by service, between steps, where journeys stop, how long they last."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise

import streamlit as st

from insight import journeys
from insight.access import Actor
from insight.intake import Place
from insight.journeys import Asked, Survival, WaitRow, Waits
from insight.language import _, ngettext
from insight.privacy import count_in_words
from pages.kit import charts, words
from pages.paths import asking, drawing, pictures, said
from pages.paths.paths_view import shares

MOST = 12
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 300, 62, 14, 16, 46
QUARTERS = (0.0, 0.25, 0.5, 0.75, 1.0)
Point = tuple[float, float, float, float]
STYLES = """<style>
.tl-waits{list-style:none;margin:0 !important;padding:0 !important}
.tl-waits li{margin:0 0 1rem !important;padding:0 !important}
.tl-waits .lane{display:block;position:relative;height:1.15rem;background:#f1f4f6;margin:.2rem 0}
.tl-waits .half{position:absolute;left:0;top:0;bottom:0;background:#12436d}
.tl-waits .most{position:absolute;left:0;top:42%;height:16%;background:#12436d}
.tl-waits .promised{position:absolute;top:-3px;bottom:-3px;width:4px;margin-left:-2px;background:#f46a25;
border:1px solid #0b0c0c}
.tl-waits b{font-weight:600}.tl-waits .in-words{font-size:.92rem;color:#3d4548}
.tl-key{display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;font-size:.92rem;margin:0 0 .6rem}
.tl-key i{display:inline-block;vertical-align:middle;margin-inline-end:.4rem}
</style>"""


def render(actor: Actor, place: Place, asked: Asked, source: str) -> None:
    """Draw the waits of the journeys asked for."""
    found = journeys.waits(actor, place, asked, source)
    st.html(STYLES)
    if not (found.by_service or found.between or found.survival):
        st.info(_("Too few journeys told how long they waited under these filters. Clear a filter to see more."))
        return
    if found.by_service:
        _by_service(found.by_service)
    left, right = st.columns(2, gap="large")
    with left:
        _between(found)
    with right:
        _stopped(found)
    if found.survival:
        _survival(actor, found.survival)
    asking.download(actor, place, asked, source, "waits")


def _by_service(rows: Sequence[WaitRow]) -> None:
    st.subheader(_("Waiting by service"), anchor=False)
    longest = max(rows, key=lambda row: row.share_of_all)
    st.markdown(
        _("**{service}** holds the most waiting: {share} of all days waited.").format(
            service=longest.end, share=words.per_cent(longest.share_of_all)
        )
    )
    st.html(_key() + bars(rows[:MOST]))
    with st.expander(_("Waiting by service, as a table")):
        head = (_("Service"), _("Journeys"), _("Waited, median"), _("9 in 10 within"), _("Promised, median"), _("Late"))
        st.html(charts.table(head, [_row(row) for row in rows], numbers=(1, 2, 3, 4)))


def _key() -> str:
    half = '<i style="width:1.6rem;height:.8rem;background:#12436d"></i>'
    most = '<i style="width:1.6rem;height:3px;background:#12436d"></i>'
    promised = '<i style="width:4px;height:1rem;background:#f46a25;border:1px solid #0b0c0c"></i>'
    parts = (
        (half, _("half waited up to here")),
        (most, _("nine in ten waited up to here")),
        (promised, _("the wait that was promised (median)")),
    )
    return f'<p class="tl-key">{"".join(f"<span>{mark}{escape(told)}</span>" for mark, told in parts)}</p>'


def bars(rows: Sequence[WaitRow]) -> str:
    """One lane per service: the median wait as a bar, the 90th percentile as a line, the promise as a mark."""
    longest = max([row.waited.p90 for row in rows] + [row.promised.median for row in rows if row.promised] + [1])
    return f'<ul class="tl-waits">{"".join(_lane(row, longest) for row in rows)}</ul>'


def _lane(row: WaitRow, longest: float) -> str:
    promised = ""
    if row.promised:
        promised = f'<span class="promised" style="left:{100 * row.promised.median / longest:.1f}%"></span>'
    return (
        f"<li><b>{escape(row.end)}</b>"
        f'<span class="lane" aria-hidden="true"><span class="most" style="width:{100 * row.waited.p90 / longest:.1f}%">'
        f'</span><span class="half" style="width:{100 * row.waited.median / longest:.1f}%"></span>{promised}</span>'
        f'<span class="in-words">{escape(in_words(row))}</span></li>'
    )


def in_words(row: WaitRow) -> str:
    """A row of waits, said: how long, what was promised, how often it took longer."""
    facts = [_("Waited: {spread}").format(spread=said.spread(row.waited))]
    if row.promised:
        facts.append(_("promised: {days}").format(days=said.days(row.promised.median)))
    if row.late:
        facts.append(_("longer than promised: {share}").format(share=said.share(row.late)))
    return "; ".join(facts) + "."


def _row(row: WaitRow) -> tuple[str, ...]:
    return (
        row.end,
        f"{row.journeys:,}",
        said.number(row.waited.median),
        said.number(row.waited.p90),
        said.number(row.promised.median) if row.promised else _("not told"),
        said.share(row.late),
    )


def _between(found: Waits) -> None:
    st.subheader(_("Days between steps"), anchor=False)
    if not found.between:
        st.markdown(_("Too few steps are dated to say."))
    else:
        head = (_("From"), _("To"), _("Journeys"), _("Median"), _("9 in 10"))
        rows = [
            (row.start or "", row.end, f"{row.journeys:,}", said.number(row.waited.median), said.number(row.waited.p90))
            for row in found.between[:MOST]
        ]
        st.html(charts.table(head, rows, numbers=(2, 3, 4)))
    if found.undated:
        st.caption(
            ngettext("{number} step has no date.", "{number} steps have no date.", found.undated).format(
                number=f"{found.undated:,}"
            )
        )


def _stopped(found: Waits) -> None:
    st.subheader(_("Where journeys stop unsolved"), anchor=False)
    if not found.stopped_at:
        st.markdown(_("Too few journeys stop without being sorted out to say where."))
        return
    st.markdown(
        _("Of the journeys that came to a service, those that took their last step there and were not sorted out.")
    )
    st.html(shares(found.stopped_at[:8]))


def _survival(actor: Actor, found: Survival) -> None:
    st.subheader(_("How long until it is sorted out"), anchor=False)
    told = survival_in_words(found)
    inside = survival_svg(found)
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.html(charts.picture(inside, told, WIDTH, HEIGHT, fluid=True))
        pictures.downloads(actor, "until-sorted-out", inside, WIDTH, HEIGHT, told)
    with right:
        st.markdown(told)
        with st.expander(_("The picture as a table")):
            thinned = _thinned(found.steps)
            rows = [(said.number(days), words.interval(share, low, high)) for days, share, low, high in thinned]
            st.html(charts.table((_("Days"), _("Not sorted out yet")), rows, numbers=(0, 1)))


def survival_in_words(found: Survival) -> str:
    """The curve, said: the median and what is left at its end."""
    half = (
        _("Half of the journeys were sorted out within {days}.").format(days=said.days(found.median_days))
        if found.median_days is not None
        else _("Fewer than half of the journeys were sorted out in the time that was told.")
    )
    days, share, low, high = found.steps[-1]
    last = _("After {days}, {share} were not sorted out.").format(
        days=said.days(days), share=words.interval(share, low, high)
    )
    rests = _("From {journeys}, of which {open} were still open when they were told.").format(
        journeys=said.journeys(found.journeys), open=count_in_words(found.open)
    )
    return f"{half} {last} {rests}"


def _thinned(steps: Sequence[Point], most: int = 20) -> list[Point]:
    pace = max(-(-len(steps) // most), 1)
    kept = list(steps[::pace])
    return kept if kept[-1] == steps[-1] else [*kept, steps[-1]]


def survival_svg(found: Survival) -> str:
    """The share not sorted out yet by days, with its band, as the inside of an SVG."""
    longest = max(found.steps[-1][0], 1.0)

    def x(days: float) -> float:
        return LEFT + days / longest * (WIDTH - LEFT - RIGHT)

    def y(share: float) -> float:
        return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)

    line = _stairs([(x(days), y(share)) for days, share, _low, _high in found.steps])
    upper = _stairs([(x(days), y(high)) for days, _share, _low, high in found.steps])
    lower = _stairs([(x(days), y(low)) for days, _share, low, _high in found.steps])
    grid = "".join(
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(q):.1f}" y2="{y(q):.1f}" stroke="{drawing.RULE}"/>'
        + drawing.text(LEFT - 8, y(q) + 5, words.per_cent(q), 14, anchor="end")
        for q in QUARTERS
    )
    days = "".join(
        drawing.text(x(longest * q), HEIGHT - BOTTOM + 20, said.number(round(longest * q)), 14, anchor=anchor)
        for q, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end"))
    )
    title = drawing.text(
        (LEFT + WIDTH - RIGHT) / 2,
        HEIGHT - 6,
        _("days since the first step; share not sorted out yet"),
        14,
        anchor="middle",
    )
    return (
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/><g font-family="{drawing.FONT}">{grid}'
        f'<g fill-opacity=".18">{drawing.band(upper, lower, charts.BLUE)}</g>'
        f"{drawing.line(line, charts.BLUE, 3)}{days}{title}</g>"
    )


def _stairs(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The corners of a curve that falls in steps."""
    corners = [points[0]]
    for (_x, before), (x, after) in pairwise(points):
        corners += [(x, before), (x, after)]
    return corners
