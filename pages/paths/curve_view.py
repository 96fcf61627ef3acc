"""The emotion curve on the screen: how journeys feel from first step to last, and the step that matters most."""

from html import escape

import streamlit as st

from insight import journeys
from insight.access import Actor, Permission, may
from insight.intake import Place
from insight.journeys import Asked
from insight.language import _, ngettext
from pages.kit import charts
from pages.paths import asking, curve_drawing, pictures, said

STYLES = """<style>
.tl-curve-narrow{display:none;max-width:480px}.tl-curve-wide{max-width:1000px}
@media screen and (max-width:700px){.tl-curve-wide{display:none}.tl-curve-narrow{display:block}}
</style>"""


def render(actor: Actor, place: Place, asked: Asked, source: str) -> None:
    """Draw the curve of the journeys asked for, what goes with the outcome, and the table."""
    curve = journeys.emotion_curve(actor, place, asked, source)
    if not curve.points:
        st.info(_("Too few feelings were told to draw a curve. Clear a filter to see more."))
        return
    rests_on = _("{journeys}, {feelings}.").format(
        journeys=said.journeys(curve.journeys),
        feelings=ngettext("{number} feeling", "{number} feelings", curve.feelings).format(number=f"{curve.feelings:,}"),
    )
    st.html(f"<p>{escape(rests_on)} {escape(how_to_read())}</p>{STYLES}{picture([('', curve)])}")
    if told := curve_drawing.moment(curve):
        st.html(f'<h3 class="tl-h3">{escape(_("The step that goes with the outcome most"))}</h3><p>{escape(told)}</p>')
    if may(actor, Permission.EXPORT):
        below = [f"{place.name}: {rests_on} {how_to_read()}", told]
        marks, alternative, width, height = curve_drawing.curves([("", curve)], below=[one for one in below if one])
        pictures.downloads(actor, f"emotion-curve-{place.code}", marks, width, height, alternative)
    asking.download(actor, place, asked, source, "curve")
    with st.expander(_("The curve as a table")):
        st.html(table([("", curve)]))


def how_to_read() -> str:
    """What the curve's marks are."""
    return _(
        "Each point is the mean feeling in that part of the journey. The whole true curve is likely to lie within "
        "the shaded band (95%)."
    )


def picture(named: curve_drawing.Named) -> str:
    """The curves as an image, drawn once for wide screens and once for narrow ones."""
    drawn = ""
    for room, width in (("wide", curve_drawing.WIDTH), ("narrow", curve_drawing.NARROW)):
        image = charts.picture(*curve_drawing.curves(named, width), fluid=True)
        drawn += f'<div class="tl-curve-{room}">{image}</div>'
    return drawn


def table(named: curve_drawing.Named) -> str:
    """The curves as a table."""
    group = (_("Group"),) if len(named) > 1 else ()
    head = (*group, _("Part of the journey"), _("How it feels"), _("Mean, 95% band"), _("Journeys"))
    return charts.table(head, curve_drawing.rows(named), numbers=(len(head) - 1,))
