"""The paths that journeys take: a picture of the first steps with a way into it by list, and the paths one by one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from itertools import pairwise

import streamlit as st

from insight import journeys
from insight.access import Actor, Permission, may
from insight.intake import Place
from insight.journeys import Asked, Flow, Paths, Share, Variant
from insight.language import _, ngettext
from pages.kit import charts, words
from pages.pain import address
from pages.paths import asking, pictures, said, sankey, strips

VIEW = "Paths"
FIRST = 10


def render(actor: Actor, place: Place, asked: Asked, source: str) -> None:
    """Draw the paths of the journeys asked for."""
    asked = replace(asked, grain=asking.choose_grain())
    found = in_words(journeys.paths(actor, place, asked, source))
    if not found.flows and not found.variants:
        st.info(_("Too few journeys share a path under these filters. Clear a filter to see more."))
        return
    if found.flows:
        _picture(actor, found)
    _ends(found)
    _variants(actor, found)
    asking.download(actor, place, asked, source, "flows", _("Download the moves (CSV)"))
    asking.download(actor, place, asked, source, "paths", _("Download the paths (CSV)"))


def in_words(found: Paths) -> Paths:
    """The same paths with their steps named as people say them."""

    def named(name: str) -> str:
        return said.step(found.grain, name)

    return replace(
        found,
        flows=tuple(replace(flow, start=named(flow.start), end=named(flow.end)) for flow in found.flows),
        variants=tuple(replace(one, steps=tuple(map(named, one.steps))) for one in found.variants),
        starts=tuple((named(name), share) for name, share in found.starts),
        ends=tuple((named(name), share) for name, share in found.ends),
        loops=tuple((named(name), share) for name, share in found.loops),
    )


def _picture(actor: Actor, found: Paths) -> None:
    drawn = sankey.layout(found.flows)
    st.subheader(_("The first steps"), anchor=False)
    marks, told = sankey.svg(drawn), alternative(found)
    picture = charts.picture(marks, told, sankey.WIDTH, drawn.height, fluid=True)
    named = [flow for flow in found.flows if _(sankey.OTHERS) not in (flow.start, flow.end)]
    ranked = sorted(named, key=lambda flow: -flow.journeys)[:FIRST]
    biggest = charts.bars([(_move(flow), flow.journeys) for flow in ranked], said.journeys)
    lead = escape(_("The moves that most journeys make:"))
    st.html(
        f'<div class="tl-wide-only">{picture}</div><div class="tl-narrow-only"><p>{lead}</p>{biggest}</div>'
        f'<p class="tl-meta">{escape(" ".join(_left_out(found, drawn)))}</p>'
    )
    pictures.downloads(actor, "paths", marks, sankey.WIDTH, drawn.height, told)
    with st.expander(_("The picture as a table")):
        ordered = sorted(found.flows, key=lambda flow: (flow.place, -flow.journeys))
        rows = [(_moment(flow), flow.start, flow.end, f"{flow.journeys:,}") for flow in ordered]
        st.html(charts.table((_("Where in the journey"), _("From"), _("To"), _("Journeys")), rows, numbers=(3,)))


def alternative(found: Paths) -> str:
    """The picture, said: the move that most journeys make at each place."""
    biggest: dict[int, Flow] = {}
    for flow in sorted(found.flows, key=lambda flow: -flow.journeys):
        if _(sankey.OTHERS) not in (flow.start, flow.end):
            biggest.setdefault(flow.place, flow)
    moves = [
        _("{moment}: most often from {start} to {end}, {journeys}").format(
            moment=_moment(flow), start=flow.start, end=flow.end, journeys=said.journeys(flow.journeys)
        )
        for place, flow in sorted(biggest.items())
        if place < sankey.MOVES
    ]
    return _("Paths of {journeys} through their first steps. {moves}.").format(
        journeys=said.journeys(found.journeys), moves="; ".join(moves)
    )


def _moment(flow: Flow) -> str:
    return _("Step {first} to {second}").format(first=flow.place + 1, second=flow.place + 2)


def _move(flow: Flow) -> str:
    return _("{moment}: from {start} to {end}").format(moment=_moment(flow), start=flow.start, end=flow.end)


def _left_out(found: Paths, drawn: sankey.Sankey) -> Iterator[str]:
    yield _("Heights are to scale. A journey that ends is not drawn further.")
    if drawn.together:
        yield ngettext(
            "{number} small step is drawn among the other steps.",
            "{number} small steps are drawn among the other steps.",
            drawn.together,
        ).format(number=drawn.together)
    if drawn.later:
        yield _("{number} later moves are in the table.").format(number=f"{drawn.later:,}")
    if found.hidden_moves:
        yield _("{number} moves that too few journeys share are left out.").format(number=f"{found.hidden_moves:,}")


def _ends(found: Paths) -> None:
    for column, title, rows, nothing in zip(
        st.columns(3),
        (_("Where they start"), _("Where they end"), _("Where they come back")),
        (found.starts, found.ends, found.loops),
        (_("Too few to show."), _("Too few to show."), _("No step is come back to by enough journeys.")),
        strict=True,
    ):
        with column:
            st.subheader(title, anchor=False)
            if rows:
                st.html(shares(rows[:5]))
            else:
                st.markdown(nothing)


def shares(rows: Sequence[tuple[str, Share]]) -> str:
    """A list of bars of shares, each with its interval in words."""
    return (
        '<ul class="tl-bars">'
        + "".join(
            f"<li><span>{escape(name)}</span><br><small>{escape(said.share(one))}</small>"
            f'<span class="bar" style="width:{100 * one.share:.1f}%" aria-hidden="true"></span></li>'
            for name, one in rows
        )
        + "</ul>"
    )


def _variants(actor: Actor, found: Paths) -> None:
    st.subheader(_("Paths one by one"), anchor=False)
    shown = _through(found)
    title = ngettext("{number} path", "{number} different paths", found.all_variants)
    lines = [title.format(number=f"{found.all_variants:,}") + "."]
    if found.hidden_variants:
        hidden = _("{journeys} took a path of their own or one that too few share; they are not listed.")
        lines.append(hidden.format(journeys=said.journeys(found.hidden_variants)))
    st.markdown(" ".join(lines))
    if not shown:
        st.info(_("No path that enough journeys share goes that way."))
    paint = strips.colours(one.steps for one in found.variants)
    most = st.session_state.get("paths_shown", FIRST)
    for one in shown[:most]:
        _variant(actor, one, paint)
    if len(shown) > most:
        more = min(FIRST, len(shown) - most)
        st.button(
            _("Show {number} more paths").format(number=more), key="more-paths", on_click=_more, args=(most + FIRST,)
        )


def _more(number: int) -> None:
    st.session_state["paths_shown"] = number


def _variant(actor: Actor, one: Variant, paint: strips.Colours) -> None:
    facts = [
        _("Path {rank}").format(rank=one.rank + 1),
        said.journeys(one.share.n),
        words.interval(one.share.share, one.share.low, one.share.high),
    ]
    if one.days is not None and len(one.steps) > 1:
        facts.append(_("half took up to {days}").format(days=said.days(one.days)))
    with st.container(key=f"strip-row-{one.rank}"):
        left, right = st.columns([4, 1], vertical_alignment="center")
        meta = escape(" · ".join(facts))
        left.html(f"{strips.strip(one.steps, paint, one.feelings)}<p>{meta}</p>")
        key = f"path-{one.rank}"
        if may(actor, Permission.READ_STORIES):
            right.button(
                _("See these journeys :gray[on path {rank}]").format(rank=one.rank + 1),
                key=key,
                type="tertiary",
                wrap=True,
                on_click=asking.see_journeys,
                args=(key, VIEW, {"path": str(one.rank)}),
            )


def _through(found: Paths) -> list[Variant]:
    """The paths through a step that somebody chose, or through one move from it."""
    steps = sorted({name for one in found.variants for name in one.steps})
    address.take("step", steps)
    chosen = st.selectbox(
        _("Look at one step"),
        steps,
        index=None,
        placeholder=_("All steps"),
        key="step",
        on_change=_another_step,
    )
    if not chosen:
        return list(found.variants)
    following = st.query_params.get("next")
    _neighbours(found, chosen, following)
    return [one for one in found.variants if _goes(one.steps, chosen, following)]


def _another_step() -> None:
    asking.forget("next")
    address.put("step")


def _goes(steps: Sequence[str], step: str, following: str | None) -> bool:
    if following is None:
        return step in steps
    return any(pair == (step, following) for pair in pairwise(steps))


def _neighbours(found: Paths, step: str, following: str | None) -> None:
    """Where journeys came from and went next, each a way to the paths that go so."""
    before: dict[str, int] = {}
    after: dict[str, int] = {}
    for flow in found.flows:
        if flow.end == step:
            before[flow.start] = before.get(flow.start, 0) + flow.journeys
        if flow.start == step:
            after[flow.end] = after.get(flow.end, 0) + flow.journeys
    left, right = st.columns(2)
    with left:
        _side("before", _("Where they came from"), before, [(name, step) for name in before])
    with right:
        _side("after", _("Where they went next"), after, [(step, name) for name in after])
    if following is not None:
        st.markdown(_("Paths that go from **{start}** straight to **{end}**:").format(start=step, end=following))
        st.button(_("All paths through {step}").format(step=step), on_click=asking.forget, args=("next",))


def _side(side: str, title: str, counts: dict[str, int], moves: Sequence[tuple[str, str]]) -> None:
    st.markdown(f"**{title}**")
    if not counts:
        st.markdown(_("Too few to show."))
    named = sorted(zip(counts.items(), moves, strict=True), key=lambda row: -row[0][1])
    with st.container(key=f"strip-links-{side}"):
        for place, ((name, n), (start, end)) in enumerate(named[:FIRST]):
            label = ngettext("{step}: {number} time", "{step}: {number} times", n).format(step=name, number=f"{n:,}")
            if name == _(sankey.OTHERS):
                st.markdown(label)
            else:
                key = f"move-{side}-{place}"
                st.button(label, key=key, type="tertiary", on_click=_choose, args=(start, end))


def _choose(step: str, following: str) -> None:
    st.query_params.update({"step": step, "next": following})
