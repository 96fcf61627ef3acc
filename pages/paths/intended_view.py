"""The intended journey beside the real ones: what became of each step, what was extra or missing, its versions."""

from html import escape

import streamlit as st

from insight import journeys
from insight.access import Actor, Permission, may
from insight.intake import Place
from insight.journeys.mining.conformance import moves
from insight.journeys.mining.intended import Intended, load_intended
from insight.journeys.model import TOLD, Asked, Share
from insight.journeys.views import Conformance, IntendedVersion
from insight.language import _, ngettext
from pages.kit import charts, words
from pages.pain import address
from pages.paths import asking, intended_editor, intended_line, intended_moves, said

NEW = "new"


def render(actor: Actor, place: Place, asked: Asked, source: str) -> None:
    """Draw the intended journey that the address names beside the real ones, or the page on which one is drawn."""
    st.html(intended_line.STYLES)
    known = {one.code: one for one in journeys.intended_journeys(actor, place)}
    drawing = st.query_params.get("draw", "")
    if may(actor, Permission.RUN_ANALYSIS) and (drawing == NEW or drawing in known):
        intended_editor.render(actor, place, asked, source, known.get(drawing))
        return
    intended_editor.say_saved()
    if not known:
        _none_yet(actor)
        return
    chosen = _choose(actor, place, known, asked)
    _beside(actor, place, chosen, asked, source)


def _none_yet(actor: Actor) -> None:
    st.markdown(
        _(
            "Draw a journey as it is meant to be: its steps in order, the ones people may leave out, the ways they may "
            "choose between, and how long each wait is promised to be. You then see here how many journeys go that "
            "way, where they wait longer than promised, and what people go through besides."
        )
    )
    if may(actor, Permission.RUN_ANALYSIS):
        st.button(_("Draw an intended journey"), type="primary", key="intended-new", on_click=_draw, args=(NEW,))
    else:
        st.info(_("No intended journey has been drawn for this place yet. A service designer can draw one."))


def _choose(actor: Actor, place: Place, known: dict[str, IntendedVersion], asked: Asked) -> IntendedVersion:
    """Offer the intended journeys and the versions of the chosen one; first comes one for the need in the filters."""
    fitting = (code for code, one in known.items() if asked.filters.need and one.need == asked.filters.need)
    usual = next(fitting, next(iter(known)))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="intended-choice"):
        address.take("intended", known, usual)
        st.selectbox(
            _("Intended journey"),
            list(known),
            format_func=lambda code: known[code].name,
            key="intended",
            on_change=_another,
            args=(usual,),
            width=420,
        )
        code = st.session_state["intended"] or usual
        chosen = _choose_version(actor, place, known[code])
        if may(actor, Permission.RUN_ANALYSIS):
            st.button(_("Change it"), key="intended-change", on_click=_draw, args=(code,))
            st.button(_("Draw another"), key="intended-new", on_click=_draw, args=(NEW,))
    return chosen


def _choose_version(actor: Actor, place: Place, newest: IntendedVersion) -> IntendedVersion:
    if newest.version == 1:
        return newest
    versions = {str(one.version): one for one in journeys.versions_of(actor, place, newest.code)}
    address.take("version", versions, str(newest.version))
    chosen = st.selectbox(
        _("Version"),
        list(versions),
        format_func=lambda number: _version_in_words(versions[number]),
        key="version",
        on_change=address.put,
        args=("version", str(newest.version)),
        width=420,
    )
    return versions[chosen or str(newest.version)]


def _version_in_words(one: IntendedVersion) -> str:
    return _("{number}, saved by {person} on {day}").format(
        number=one.version, person=one.saved_by, day=words.day(one.saved_on)
    )


def _another(usual: str) -> None:
    asking.forget("version")
    address.put("intended", usual)


def _draw(code: str) -> None:
    intended_moves.begin()
    st.query_params["draw"] = code


def _beside(actor: Actor, place: Place, chosen: IntendedVersion, asked: Asked, source: str) -> None:
    found = journeys.conformance(
        actor, place, chosen.code, intended_line.for_need(asked, chosen.need, source), source, chosen.version
    )
    intended = load_intended(chosen.toml)
    if found.journeys is None:
        st.info(_("Too few journeys to compare under these filters. Clear a filter to see more."))
        st.html(intended_line.plan(intended))
        return
    st.html(_headline(found, chosen, asked, source))
    st.html(intended_line.key_to_lanes() + intended_line.plan(intended, found.steps))
    with st.expander(_("The steps as a table")):
        head = (_("Step"), _("May be left out"), _("Took it"), _("Promised"), _("Waited"), _("Longer than promised"))
        st.html(charts.table(head, intended_line.rows_of(found.steps, {True: _("yes"), False: _("no")})))
    _besides(found)
    _real(intended, found)
    _kept(actor, place, chosen)


def _headline(found: Conformance, chosen: IntendedVersion, asked: Asked, source: str) -> str:
    """The finding in a sentence: how many went as intended, and how well the others fit."""
    lines = [f"<strong>{escape(_as_intended(found.as_intended))}</strong>"]
    if found.fitness:
        fit = _("On average a journey fits {share}, where 100% is just as intended.")
        bounds = words.interval(found.fitness.mean, found.fitness.low, found.fitness.high)
        lines.append(escape(fit.format(share=bounds)))
    told = _("Compared with {journeys}.").format(journeys=said.journeys(found.journeys))
    if chosen.need and source == TOLD:
        need = asked.filters.need or chosen.need
        told = _("Compared with {journeys} for this need: {need}.").format(
            journeys=said.journeys(found.journeys), need=words.need(need)
        )
    return f'<p style="font-size:1.15rem;margin:.4rem 0 .8rem">{" ".join(lines)} {escape(told)}</p>'


def _as_intended(share: Share | None) -> str:
    if share is None or share.n is None:
        return _("Hardly any journey went just as intended: {share}.").format(share=said.share(share))
    return _("{share} went just as intended.").format(share=said.share(share))


def _besides(found: Conformance) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(_("Steps that people missed"), anchor=False)
        if found.missing:
            st.html(charts.bars(found.missing, said.journeys))
        else:
            st.markdown(_("No step was missed by enough journeys to show."))
    with right:
        st.subheader(_("Steps that people took besides"), anchor=False)
        if found.extra:
            planned = {check.step for check in found.steps}
            again = _("{step} (again, or out of turn)")
            named = [(again.format(step=name) if name in planned else name, number) for name, number in found.extra]
            st.html(charts.bars(named, said.journeys))
        else:
            st.markdown(_("No extra step was taken by enough journeys to show."))


def _real(intended: Intended, found: Conformance) -> None:
    st.subheader(_("What people really went through"), anchor=False)
    if not found.variants:
        st.markdown(_("No path is shared by enough journeys to show it."))
        return
    names = tuple(dict.fromkeys(step for variant, *_rest in found.variants for step in variant.steps))
    spelled = journeys.as_spelled(intended, names)
    st.html(intended_line.legend())
    rows = []
    for variant, _extra, _missing, fitness in found.variants:
        share = words.interval(variant.share.share, variant.share.low, variant.share.high)
        facts = " · ".join((said.journeys(variant.share.n), share, intended_line.per_cent_of(fitness)))
        drawn = intended_line.moves(moves(variant.steps, spelled))
        rows.append(f'<div class="tl-real">{drawn}<p>{escape(facts)}</p></div>')
    st.html("".join(rows))


def _kept(actor: Actor, place: Place, chosen: IntendedVersion) -> None:
    versions = journeys.versions_of(actor, place, chosen.code)
    title = ngettext("{number} version", "{number} versions", len(versions)).format(number=len(versions))
    with st.expander(title):
        rows = [(str(one.version), one.name, one.saved_by, words.day(one.saved_on)) for one in versions]
        st.html(charts.table((_("Version"), _("Name"), _("Saved by"), _("Saved on")), rows))
        st.download_button(
            _("Download this version (TOML)"),
            chosen.toml,
            f"{chosen.code}-{chosen.version}.toml",
            "application/toml",
            key="intended-toml",
            on_click="ignore",
        )
