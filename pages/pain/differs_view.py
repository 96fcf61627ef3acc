"""Who differs: what one group tells of more or less than the others, both shares with their intervals."""

from collections.abc import Callable
from html import escape

import streamlit as st

from insight.access import Actor
from insight.intake import Place
from insight.language import _, noted
from insight.painpoints import Board, Contrast, Filters, Side, WhoDiffers, choices, comparable, who_differs
from pages.kit import charts, dots, words
from pages.pain import address, comparing
from pages.pain.filters import LABELS

VIEW = "Who differs"
PERIOD, MOST = "period", 8
GROUPS = ("service", "organisation", "channel", "need", "source", "teller")
BY = {**{name: LABELS[name] for name in GROUPS}, PERIOD: noted("Period")}
NAMED: dict[str, Callable[[str], str]] = {
    "channel": words.channel,
    "need": words.need,
    "source": words.source,
    "teller": words.teller,
}
AT = ("service", "organisation")


def render(actor: Actor, place: Place, board: Board) -> None:
    """Let the groups be chosen, and draw what differs between them, the most unlike first."""
    known = choices(actor, place)
    offered = comparable(known)
    if not offered:
        st.info(_("There is nothing to compare: all journeys are of one group and one month."))
        return
    by = _choose_by(offered)
    since = _choose_since(known["month"], board.filters) if by == PERIOD else None
    found = who_differs(actor, place, board.filters, by, since)
    if len(found.groups) < (1 if by == PERIOD else 2):
        st.info(
            _(
                "Fewer than two of these groups have enough journeys to be compared. Compare by something else, clear "
                "a filter, or come back when more journeys are in."
            )
        )
        return
    one = _choose_group(found) if by != PERIOD else None
    shown = [contrast for contrast in found.differences if one in (None, contrast.group)]
    st.html(dots.STYLES + comparing.STYLES + f"<p>{escape(_looked_at(found))}</p>")
    if not shown:
        st.info(_nothing(by))
        return
    _drawn(actor, board, found, shown)


def _nothing(by: str) -> str:
    """That nothing differs, and what would help."""
    if by == PERIOD:
        return _("Nothing differs between the two periods by more than chance would explain. Try another month.")
    return _(
        "Nothing differs by more than chance would explain. Small groups hide differences: more journeys, or fewer and "
        "larger groups (organisations in place of services), would show more."
    )


def _choose_by(offered: tuple[str, ...]) -> str:
    address.take("by", offered, offered[0])
    chosen = st.segmented_control(
        _("Compare by"),
        offered,
        format_func=lambda name: _(BY[name]),
        key="by",
        on_change=_another,
        args=(offered[0],),
        required=True,
    )
    return chosen or offered[0]


def _another(usual: str) -> None:
    st.query_params.pop("group", None)
    address.put("by", usual)


def _choose_since(months: tuple[str, ...], filters: Filters) -> str | None:
    """Offer the months under the filters, but for the first: something must be before."""
    first, last = filters.first_month or months[0], filters.last_month or months[-1]
    later = [month for month in months if first <= month <= last][1:]
    if not later:
        return None
    usual = later[len(later) // 2]
    address.take("since", later, usual)
    chosen = st.selectbox(
        _("The second period begins with"),
        later,
        format_func=words.month,
        key="since",
        on_change=address.put,
        args=("since", usual),
    )
    return chosen or usual


def _choose_group(found: WhoDiffers) -> str | None:
    address.take("group", found.groups)
    return st.selectbox(
        _("Show only"),
        found.groups,
        index=None,
        format_func=NAMED.get(found.by, str),
        placeholder=_("All of them"),
        key="group",
        on_change=address.put,
        args=("group",),
    )


def _looked_at(found: WhoDiffers) -> str:
    looked = (
        _("{themes} themes were compared before and since {month}.").format(
            themes=f"{found.themes:,}", month=words.month(found.since)
        )
        if found.since
        else _("{themes} themes were compared in {groups} groups.").format(
            themes=f"{found.themes:,}", groups=f"{len(found.groups):,}"
        )
    )
    return f"{looked} {comparing.false_alarms(len(found.differences))}"


def _drawn(actor: Actor, board: Board, found: WhoDiffers, shown: list[Contrast]) -> None:
    of_theme: dict[int, list[Contrast]] = {}
    for one in shown:
        of_theme.setdefault(one.theme.number, []).append(one)
    drawn = list(of_theme.values())[:MOST]
    end = dots.end_of_axis([mark(side) for of in drawn for one in of for side in (one.here, one.elsewhere)])
    others = _("Before") if found.since else _("All others")
    items = "".join(
        f"<li>{comparing.heading(actor, of[0].theme, board.filters, VIEW)}"
        f"{''.join(row(one, end, found.since) for one in of)}</li>"
        for of in drawn
    )
    mine = _("Since then") if found.since else _("The group that is named")
    st.html(f'{dots.key(mine, others)}{dots.axis(end)}<ul class="tl-found">{items}</ul>{dots.axis(end)}')
    if len(of_theme) > len(drawn):
        st.caption(
            _("The {number} themes that differ most are drawn. All {all} are in the table.").format(
                number=len(drawn), all=len(of_theme)
            )
        )
    with st.expander(_("All differences as a table")):
        st.html(_table(found, shown))


def row(one: Contrast, end: float, since: str | None = None) -> str:
    """A difference in words, and drawn on an axis from 0 to ``end``."""
    return f"<p>{sentence(one, since)}</p>{dots.row(mark(one.here), mark(one.elsewhere), end)}"


def mark(side: Side) -> dots.Mark:
    """A share as it is drawn."""
    return dots.Mark(side.share, side.low, side.high)


def group_of(one: Contrast, since: str | None = None) -> str:
    """What a group is called."""
    if one.by == PERIOD:
        return _("From {month}").format(month=words.month(since or ""))
    return NAMED.get(one.by, str)(one.group)


def sentence(one: Contrast, since: str | None = None) -> str:
    """One difference in words, as HTML: who, more or less, and both shares with their intervals."""
    said = {
        (True, True): _("At {group} people tell of this more: {here}, against {elsewhere} elsewhere."),
        (True, False): _("At {group} people tell of this less: {here}, against {elsewhere} elsewhere."),
        (False, True): _("{group}: this is told more, {here}, against {elsewhere} among all others."),
        (False, False): _("{group}: this is told less, {here}, against {elsewhere} among all others."),
    }
    if one.by == PERIOD:
        more, less = (
            _("{group} this is told more: {here}, against {elsewhere} before."),
            _("{group} this is told less: {here}, against {elsewhere} before."),
        )
        template = more if one.more else less
    else:
        template = said[one.by in AT, one.more]
    return template.format(
        group=f"<strong>{escape(group_of(one, since))}</strong>",
        here=f"<strong>{_share(one.here)}</strong>",
        elsewhere=_share(one.elsewhere),
    )


def _share(side: Side) -> str:
    return escape(words.interval(side.share, side.low, side.high))


def _table(found: WhoDiffers, shown: list[Contrast]) -> str:
    head = (_("Theme"), _("Group"), _("Share in the group"), _("Share among all others"), _("Difference in points"))
    rows = [
        (
            one.theme.label,
            group_of(one, found.since),
            _of(one.here),
            _of(one.elsewhere),
            _("{difference} ({low} to {high})").format(
                difference=_points(one.difference), low=_points(one.low), high=_points(one.high)
            ),
        )
        for one in shown
    ]
    return charts.table(head, rows, numbers=(2, 3, 4))


def _of(side: Side) -> str:
    """40% (29% to 51%) of 73."""
    said = words.interval(side.share, side.low, side.high)
    return _("{share} of {all}").format(share=said, all=f"{side.of:,}")


def _points(share: float) -> str:
    return f"{100 * share:+.0f}".replace("-", "\N{MINUS SIGN}")
