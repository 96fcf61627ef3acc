"""The journey map on the screen: as one picture where there is room, as a card for each phase where there is not."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from insight import journeys
from insight.access import Actor, Permission, may
from insight.intake import Place
from insight.journeys import Asked, JourneyMap, Phase
from insight.language import _
from pages.kit import charts
from pages.pain import address, places
from pages.paths import asking, map_drawing, map_words, pictures, said
from pages.paths.drawing import face

STYLES = """<style>
.tl-map-cards{display:none}.tl-map-wide{margin:.4rem 0}
@media screen and (max-width:940px){.tl-map-wide{display:none}.tl-map-cards{display:block}}
.tl-phase{border:1px solid #b1b4b6;border-radius:4px;margin:0 0 1.2rem;overflow:hidden}
.tl-phase h3{background:#12436d;color:#fff;font-size:1.15rem;line-height:1.3;margin:0;padding:.6rem .9rem;
overflow-wrap:anywhere}
.tl-phase.few h3{background:#505a5f}
.tl-phase dl{margin:0 !important;padding:.2rem .9rem .6rem !important}
.tl-phase dt{font-weight:700;margin:.7rem 0 .1rem}.tl-phase dd{margin:0;overflow-wrap:anywhere}
.tl-phase dd+dd{margin-top:.2rem}.tl-phase .face{display:flex;gap:.6rem;align-items:center}
.tl-phase .face img{flex:none}.tl-phase .track{height:.6rem;background:#dbe6ef}
.tl-phase .track i{display:block;height:100%;background:#12436d}
.tl-phase .tl-bars .bar{height:.4rem}.tl-phase .tl-bars .row span+span{white-space:nowrap}
.tl-pains{margin:.2rem 0 1rem !important;padding-inline-start:1.3rem !important}
</style>"""


def render(actor: Actor, place: Place, asked: Asked, source: str) -> None:
    """Draw the map of the journeys asked for, its table, and the ways to take it along."""
    shown = journeys.journey_map(actor, place, asked, source, _beside(actor, place))
    if shown.journeys is None:
        st.info(_("Too few journeys for a map. Clear a filter to see more."))
        return
    where = places.named(place)
    st.html(STYLES + picture(shown, where) + cards(shown, where))
    if may(actor, Permission.READ_STORIES) and any(phase.pain for phase in shown.phases):
        st.html(_pains(shown))
    if may(actor, Permission.RUN_ANALYSIS):
        there = asking.link("journeys", phases="1", need=shown.need)
        st.html(f'<p><a href="{there}" data-go="1">{escape(_("Change the phases of this map"))}</a></p>')
    if may(actor, Permission.EXPORT):
        marks, alternative, width, height = map_drawing.draw(map_words.to_leave(shown), where)
        pictures.downloads(actor, f"journey-map-{shown.need or 'all'}-{place.code}", marks, width, height, alternative)
    asking.download(actor, place, asked, source, "map")
    with st.expander(_("The map as a table")):
        head = (_("Phase"), _("What is told"), _("What it says"))
        st.html(charts.table(head, map_words.rows(shown)))


def _beside(actor: Actor, place: Place) -> str | None:
    """Offer the intended journeys where there are some; the chosen one is drawn beside the real one."""
    known = {one.code: one.name for one in journeys.intended_journeys(actor, place)}
    if not known:
        return None
    address.take("beside", known)
    return st.selectbox(
        _("Draw beside it what was meant to happen"),
        list(known),
        index=None,
        format_func=lambda code: known[code],
        placeholder=_("Nothing"),
        key="beside",
        on_change=address.put,
        args=("beside",),
    )


def picture(shown: JourneyMap, where: str) -> str:
    """The map as one image, no wider than it was drawn."""
    marks, alternative, width, height = map_drawing.draw(shown, where)
    image = charts.picture(marks, alternative, width, height, fluid=True)
    return f'<div class="tl-map-wide" style="max-width:{width}px">{image}</div>'


def cards(shown: JourneyMap, where: str) -> str:
    """The same map as a card for each phase, for a narrow screen."""
    drawn = "".join(_card(phase, shown) for phase in shown.phases)
    return (
        f'<div class="tl-map-cards"><h2 class="tl-h2">{escape(map_words.title(shown))}</h2>'
        f"<p>{escape(map_words.rests_on(shown, where))}</p>{drawn}<p>{escape(map_words.how_sure())}</p></div>"
    )


def _card(phase: Phase, shown: JourneyMap) -> str:
    facts = "".join(
        f"<dt>{escape(map_words.lane(name, shown))}</dt>{_said(name, told, phase, shown)}"
        for name, told in map_words.facts(phase)
    )
    few = " few" if phase.journeys is None else ""
    return f'<section class="tl-phase{few}"><h3>{escape(phase.name)}</h3><dl>{facts}</dl></section>'


def _said(name: str, told: Sequence[str], phase: Phase, shown: JourneyMap) -> str:
    """A fact on a card: bars for what is commonest, a face beside a feeling, else sentences."""
    if not told:
        return f'<dd class="tl-quiet">{escape(map_words.nothing(name, shown.felt))}</dd>'
    if name in ("services", "organisations", "channels"):
        return f"<dd>{charts.bars(map_words.names(getattr(phase, name), name), said.journeys)}</dd>"
    sentences = "".join(f"<dd>{escape(sentence)}</dd>" for sentence in told)
    if name == "reached" and phase.reached:
        share = 100 * phase.reached.share
        return f'<dd class="track" aria-hidden="true"><i style="width:{share:.0f}%"></i></dd>{sentences}'
    if name == "feeling" and phase.feeling:
        drawn = charts.picture(face(15, 15, phase.feeling.mean), "", 30, 30)
        return f'<dd class="face">{drawn}<span>{escape(told[0])}</span></dd>'
    return sentences


def _pains(shown: JourneyMap) -> str:
    """The pain points on the map, each a link to its evidence."""
    told = {phase.pain[0]: phase.pain[1] for phase in shown.phases if phase.pain}
    items = "".join(
        f'<li><a href="{asking.link("pain-points", theme=number)}" data-go="1">{escape(name)}</a></li>'
        for number, name in told.items()
    )
    return f'<h3 class="tl-h3">{escape(_("Read what people say"))}</h3><ul class="tl-pains">{items}</ul>'
