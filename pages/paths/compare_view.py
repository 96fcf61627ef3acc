"""Two groups of journeys, or two periods, side by side: what differs is marked only where the interval says so."""

from dataclasses import replace
from html import escape

import streamlit as st

from insight import journeys
from insight.access import Actor, Permission, may
from insight.intake import Place
from insight.journeys import Asked, Comparison, EmotionCurve, Measure
from insight.language import _, noted
from pages.kit import words
from pages.pain import address
from pages.pain.filters import LABELS, SAID
from pages.paths import asking, curve_drawing, curve_view, pictures, said

GROUPS = ("need", "service", "organisation", "channel", "teller", "source")
PERIOD = "period"
BY = {**{name: LABELS[name] for name in GROUPS}, PERIOD: noted("Period")}
STYLES = """<style>
.tl-sides td i{display:none}
@media (max-width:600px){.tl-sides thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
.tl-sides tr{display:block;padding:.4rem 0;border-bottom:1px solid #b1b4b6}
.tl-sides th[scope=row]{display:block;border:0 !important;padding:.2rem 0 !important}
.tl-sides td{display:flex;justify-content:space-between;gap:1rem;border:0 !important;padding:.1rem 0 !important}
.tl-sides td i{display:inline;font-style:normal;text-align:start}.tl-sides td span{text-align:end}}
</style>"""
NAMES = ("first", "second", "since")


def render(actor: Actor, place: Place, asked: Asked, source: str) -> None:
    """Let two groups be chosen, and draw them side by side."""
    choices = journeys.choices(actor, place, source)
    offered = [name for name in GROUPS if len(choices.get(name, ())) > 1]
    if len(choices.get("month", ())) > 1:
        offered.append(PERIOD)
    if not offered:
        st.info(_("There is nothing to compare: all journeys are of one group and one month."))
        return
    st.markdown(_("Choose what to compare by, then the two groups. Filters above count for both."))
    address.take("by", offered, offered[0])
    by = st.segmented_control(
        _("Compare by"), offered, format_func=lambda name: _(BY[name]), key="by", on_change=_another, args=(offered[0],)
    )
    by = by or offered[0]
    groups = _periods(choices["month"], asked) if by == PERIOD else _groups(by, choices[by], asked)
    if groups is None:
        return
    (first_name, first), (second_name, second) = groups
    found = journeys.compare(actor, place, first, second, source)
    _drawn(actor, found, first_name, second_name)
    if may(actor, Permission.EXPORT):
        st.download_button(
            _("Download this table (CSV)"),
            lambda: journeys.export_comparison(actor, place, first, second, source),
            "two-groups.csv",
            "text/csv",
            on_click="ignore",
        )
        st.caption(_("This table is for people who work in this place. Do not pass it on."))


def _another(usual: str) -> None:
    asking.forget(*NAMES)
    address.put("by", usual)


Groups = tuple[tuple[str, Asked], tuple[str, Asked]]


def _groups(by: str, options: tuple[str, ...], asked: Asked) -> Groups | None:
    told = SAID.get(by, str)
    left, right = st.columns(2)
    chosen = []
    for column, name, label, usual in (
        (left, "first", _("First group"), options[0]),
        (right, "second", _("Second group"), options[1]),
    ):
        address.take(name, options, usual)
        with column:
            chosen.append(
                st.selectbox(label, options, format_func=told, key=name, on_change=address.put, args=(name,)) or usual
            )
    if chosen[0] == chosen[1]:
        st.info(_("Both groups are the same. Choose another one."))
        return None
    first, second = ((told(name), replace(asked, filters=asked.filters.also(by, name))) for name in chosen)
    return first, second


def _periods(months: tuple[str, ...], asked: Asked) -> Groups | None:
    later = months[1:]
    usual = later[len(later) // 2]
    address.take("since", later, usual)
    since = (
        st.selectbox(
            _("The second period begins with"),
            later,
            format_func=words.month,
            key="since",
            on_change=address.put,
            args=("since", usual),
        )
        or usual
    )
    last = months[months.index(since) - 1]
    before = replace(asked, filters=replace(asked.filters, last_month=last))
    after = replace(asked, filters=replace(asked.filters, first_month=since))
    return (_("Up to {month}").format(month=words.month(last)), before), (
        _("From {month}").format(month=words.month(since)),
        after,
    )


def _drawn(actor: Actor, found: Comparison, first: str, second: str) -> None:
    st.markdown(
        _("**{first}**: {journeys}. **{second}**: {more}.").format(
            first=first, second=second, journeys=said.journeys(found.first), more=said.journeys(found.second)
        )
    )
    if found.first is None or found.second is None:
        st.info(_("One of the groups has too few journeys to compare. Choose another, or clear a filter."))
        return
    differing = [measure for measure in found.measures if measure.differs]
    st.markdown(
        _("They differ in: {measures}.").format(measures=words.listed([one.name.lower() for one in differing], 8))
        if differing
        else _("Nothing measured here differs by more than chance would explain.")
    )
    st.html(table(found.measures, first, second))
    st.caption(
        _(
            "The difference is the second group less the first, with its 95% interval. "
            "It is marked where the interval leaves out no difference."
        )
    )
    _curves(actor, found.curves, first, second)


def table(measures: tuple[Measure, ...], first: str, second: str) -> str:
    """The measures of both groups, and by how much they differ; what differs is marked in words and by weight."""
    head = "".join(
        f'<th role="columnheader" scope="col"{" class=n" if place else ""}>{escape(name)}</th>'
        for place, name in enumerate((_("Measure"), first, second, _("Difference")))
    )
    body = "".join(_row(one, first, second) for one in measures)
    label = escape(_("The two groups, measure by measure"), quote=True)
    return (
        f'{STYLES}<table class="tl-table tl-sides" role="table" aria-label="{label}"><thead role="rowgroup">'
        f'<tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _row(one: Measure, first: str, second: str) -> str:
    if one.first is None or one.second is None or one.low is None or one.high is None:
        gap = escape(_("too few to show"))
    else:
        gap = escape(
            _("{difference} ({low} to {high})").format(
                difference=_by(one.unit, one.second - one.first),
                low=_signed(one.unit, one.low),
                high=_signed(one.unit, one.high),
            )
        )
        if one.differs:
            more = _("higher") if one.second > one.first else _("lower")
            gap = f"<strong>{gap}<br>{'▲' if one.second > one.first else '▼'} {escape(more)}</strong>"
    cells = "".join(
        _cell(name, said_value)
        for name, said_value in (
            (first, escape(_value(one.unit, one.first))),
            (second, escape(_value(one.unit, one.second))),
            (_("Difference"), gap),
        )
    )
    return f'<tr role="row"><th role="rowheader" scope="row">{escape(one.name)}</th>{cells}</tr>'


def _cell(name: str, html: str) -> str:
    """A cell that knows its column, for where there is no room for columns."""
    return f'<td role="cell" class="n"><i aria-hidden="true">{escape(name)}</i><span>{html}</span></td>'


def _value(unit: str, value: float | None) -> str:
    if value is None:
        return _("too few to show")
    if unit == "share":
        return words.per_cent(value)
    return said.signed(value) if unit == "feeling" else said.days(value) if unit == "days" else f"{value:.1f}"


def _by(unit: str, value: float) -> str:
    """A difference with its sign; shares differ by percentage points."""
    number = _signed(unit, value)
    if unit == "share":
        return _("{number} points").format(number=number)
    return _("{number} days").format(number=number) if unit == "days" else number


def _signed(unit: str, value: float) -> str:
    if unit == "share":
        return f"{100 * value:+.0f}".replace("-", "\N{MINUS SIGN}")
    return said.signed(value)


def _curves(actor: Actor, curves: tuple[EmotionCurve, EmotionCurve], first: str, second: str) -> None:
    if not (curves[0].points and curves[1].points):
        return
    st.subheader(_("How both feel along the way"), anchor=False)
    named = ((first, curves[0]), (second, curves[1]))
    marks, told, width, height = curve_drawing.curves(named)
    st.html(curve_view.STYLES + curve_view.picture(named))
    pictures.downloads(actor, "two-groups", marks, width, height, told)
    with st.expander(_("The picture as a table")):
        st.html(curve_view.table(named))
