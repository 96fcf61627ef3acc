"""The views of the board: ranked pain points, by service, the map, what works well."""

from collections.abc import Iterator
from html import escape

import streamlit as st

from insight.access import Actor, Permission, may
from insight.intake import Place
from insight.language import _, day, ngettext
from insight.painpoints import Board, ThemeSummary, export
from insight.painpoints import passage_map as map_of
from insight.painpoints.newcomers import Newcomers
from insight.privacy import ROUNDED_TO, Audience, count_in_words, least_shown, shown
from pages.kit import charts, words
from pages.pain import ways
from pages.pain.cards import card, members

FIRST, MOST = 12, 60
CARD = """<style>
.tl-card h3{margin:0 0 .3rem;padding:0;font-size:1.35rem;line-height:1.25}
.tl-card .rank{color:#505a5f;font-weight:400;margin-right:.4rem}
.tl-quote{font-size:1.12rem;line-height:1.45;border-left:4px solid #12436d;margin:.5rem 0 .7rem;
padding:.1rem 0 .1rem .9rem}
.tl-quote footer{font-size:.9rem;color:#505a5f;margin-top:.2rem}
.tl-facts{display:flex;flex-wrap:wrap;gap:.4rem 1.8rem;align-items:center;margin:0 !important;
padding:0 !important}
.tl-facts div{display:flex;flex-direction:column}
.tl-facts dt{font-size:.85rem;color:#505a5f;font-weight:400;margin:0}.tl-facts dd{margin:0;font-weight:600}
.tl-members summary{min-height:24px;cursor:pointer;margin-top:.5rem}
.tl-members a{display:inline-block;min-height:24px}
.tl-services{margin:.6rem 0 0;font-size:.95rem}
.tl-rise{color:#801650;font-weight:600}.tl-fall{color:#1a7068;font-weight:600}
</style>"""


def summary(place: Place, board: Board) -> None:
    """What the board rests on, in one line; what is not shown, in another."""
    invented = f' <span class="tl-synthetic">{escape(_("Invented journeys"))}</span>' if place.synthetic else ""
    rests_on = escape(_("{journeys} journeys, {passages} passages in {place}. Analysed on {day}.")).format(
        journeys=escape(count_in_words(shown(board.journeys))),
        passages=f"{board.passages:,}",
        place=f"<strong>{escape(place.name)}</strong>{invented}",
        day=day(board.run.finished_at or board.run.started_at),
    )
    left = "; ".join(_not_shown(board))
    quiet = escape(f" {left[0].upper()}{left[1:]}.") if left else ""
    st.html(f'<p style="margin:.2rem 0">{rests_on}{quiet}</p>')


def arrived_since(actor: Actor, found: Newcomers) -> None:
    """How many stories wait for the next analysis, and how many of them speak of what is on the board."""
    if found.waiting is None:
        return
    said = [
        ngettext(
            "{number} story arrived or was changed since this analysis.",
            "{number} stories arrived or were changed since this analysis.",
            found.waiting,
        ).format(number=f"{found.waiting:,}")
    ]
    if found.speaking is not None:
        said.append(
            ngettext(
                "{number} of them speaks of pain points below: it is counted with the next analysis.",
                "{number} of them speak of pain points below: they are counted with the next analysis.",
                found.speaking,
            ).format(number=f"{found.speaking:,}")
        )
    if found.not_yet:
        left = ngettext("{number} is still to be read.", "{number} are still to be read.", found.not_yet)
        said.append(left.format(number=f"{found.not_yet:,}"))
    start = ""
    if may(actor, Permission.RUN_ANALYSIS):
        start = f" {ways.to(_('Start an analysis'), 'runs')}"
    st.html(f'<p style="margin:.2rem 0">{escape(" ".join(said))}{start}</p>')


def speak_of_it(found: Newcomers, number: int) -> None:
    """How many of the stories that wait for the next analysis speak of one theme."""
    if number in found.placed:
        st.caption(
            ngettext(
                "{number} new story speaks of this too: it is counted with the next analysis.",
                "{number} new stories speak of this too: they are counted with the next analysis.",
                found.placed[number],
            ).format(number=f"{found.placed[number]:,}")
        )


def _not_shown(board: Board) -> Iterator[str]:
    if board.too_small:
        yield ngettext(
            "{number} theme told by {few} journeys not shown",
            "{number} themes told by {few} journeys not shown",
            board.too_small,
        ).format(number=f"{board.too_small:,}", few=count_in_words(None))
    if board.unplaced and board.passages:
        share = words.per_cent(board.unplaced / board.passages)
        yield _("{share} of passages fit no theme").format(share=share)


def pain_points(actor: Actor, place: Place, board: Board) -> None:
    """What hurts, worst and widest first."""
    if not board.pain_points:
        st.info(_("No pain point is told by enough journeys under these filters. Clear a filter to see more."))
        return
    _cards(actor, board, board.pain_points)
    with st.expander(_("How the order is made")):
        st.markdown(
            _(
                "**Priority** = mean severity (0 to 10) × the lower bound of reach × 100. **Severity** of a passage is "
                "2.5 × how bad it felt, + 2 where the step failed, + 1.5 where all had to be explained again, + up to "
                "1.5 where it took longer than promised. **Reach** is the share of journeys through these services "
                "that tell of the pain, with a 95% Wilson interval. The weights are a choice, not a measurement."
            )
        )
    _downloads(actor, place, board)


def works_well(actor: Actor, place: Place, board: Board) -> None:
    """What people are glad of, most told first: keep it when you change things."""
    if not board.works_well:
        st.info(_("Nothing that works well is told by enough journeys under these filters."))
        return
    _cards(actor, board, board.works_well)


def by_service(actor: Actor, place: Place, board: Board) -> None:
    """Journeys by service and pain point."""
    heat = board.heat
    if not heat.services:
        st.info(_("No service has enough journeys with a pain point under these filters."))
        return
    rows = [(label, counts) for (_number, label), counts in zip(heat.themes, heat.counts, strict=True)]
    many = [sum(1 for n in counts if n) for counts in heat.counts]
    widest = max(range(len(many)), key=many.__getitem__)
    st.markdown(
        ngettext(
            "**{pain}** runs across {number} service, more than any other pain point here.",
            "**{pain}** runs across {number} services, more than any other pain point here.",
            many[widest],
        ).format(pain=heat.themes[widest][1], number=many[widest])
    )
    st.html(
        charts.heat_table(
            heat.services,
            rows,
            _(
                "Journeys that tell of each pain point, by service. A dot means that the number is hidden: it is "
                "small, or would tell a small one."
            ),
            count_in_words(None),
        )
    )


def passage_map(actor: Actor, place: Place, board: Board) -> None:
    """Passages laid out so that like stands beside like."""
    found = map_of(actor, place, board.filters, board.run.id)
    tally: dict[int, int] = {}
    for _x, _y, theme in found.points:
        tally[theme] = tally.get(theme, 0) + 1
    if not tally:
        st.info(_("There are too few passages for a map under these filters."))
        return
    biggest = found.labels[max(tally, key=lambda theme: tally[theme])]
    alternative = _(
        "Map of {passages} passages in {themes} themes; passages that say alike stand together. "
        "The largest group is: {theme}."
    ).format(passages=len(found.points), themes=len(tally), theme=biggest)
    st.markdown(
        _(
            "Each mark is a passage; marks that say alike stand together. Filled circles hurt, squares work well, open "
            "circles are mixed. Distances within a group mean something, distances across the map little."
        )
    )
    st.html(charts.passage_map(found.points, found.labels, found.kinds, alternative))
    with st.expander(_("The map as a table")):
        ranked = sorted(tally.items(), key=lambda item: -item[1])
        st.html(
            charts.table(
                (_("Theme"), _("How it feels"), _("Passages on the map")),
                [(found.labels[t], _(charts.KIND_WORDS[found.kinds[t]]), f"{n:,}") for t, n in ranked],
                numbers=(2,),
            )
        )


def _cards(actor: Actor, board: Board, themes: tuple[ThemeSummary, ...]) -> None:
    st.html(CARD)
    showing = st.session_state.get("cards_shown", FIRST)
    for rank, theme in enumerate(themes[: min(showing, MOST)], 1):
        with st.container(border=True):
            st.html(card(rank, theme, board.months) + members(actor, theme, board.filters))
            if may(actor, Permission.READ_STORIES):
                st.button(
                    _("See the evidence :gray[for {number}]").format(number=rank),
                    key=f"open-{theme.number}",
                    on_click=_open,
                    args=(theme.number,),
                )
    following = min(FIRST, min(len(themes), MOST) - showing)
    if following > 0:
        st.button(_("Show {number} more").format(number=following), on_click=_more, args=(showing + FIRST,))
    elif len(themes) > MOST:
        st.caption(
            _("The first {number} of {all} are shown. All are in the table to download; filters narrow them.").format(
                number=MOST, all=len(themes)
            )
        )


def _open(number: int) -> None:
    st.query_params["theme"] = str(number)


def _more(showing: int) -> None:
    st.session_state["cards_shown"] = showing


def _downloads(actor: Actor, place: Place, board: Board) -> None:
    """The table twice for those who may take tables out: as it is here, and as it may be published."""
    if not may(actor, Permission.EXPORT):
        return
    st.download_button(
        _("Download this table (CSV)"),
        lambda: export(actor, place, board.filters),
        "pain-points.csv",
        "text/csv",
        on_click="ignore",
    )
    st.caption(_("This table is for people who work in this place. Do not pass it on."))
    st.download_button(
        _("Download a table to publish (CSV)"),
        lambda: export(actor, place, board.filters, Audience.OUTSIDE),
        "pain-points-to-publish.csv",
        "text/csv",
        on_click="ignore",
        key="to-publish",
    )
    st.caption(
        _("Numbers in it are rounded to {step}, and those below {least} are left out. It holds no quotes.").format(
            step=ROUNDED_TO, least=least_shown(Audience.OUTSIDE)
        )
    )
