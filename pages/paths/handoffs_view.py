"""The handoff X-ray: who passes people on to whom, which junction hurts most, and where people come back to."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape

import streamlit as st

from insight import journeys
from insight.access import Actor, Permission, may
from insight.intake import Place
from insight.journeys import Asked, Handoffs, Junction
from insight.language import _
from insight.privacy import count_in_words
from pages.kit import charts
from pages.pain.board_views import CARD
from pages.paths import asking, said

VIEW = "Handoffs"
FIRST = 8
Told = Mapping[tuple[str, str], int]


def render(actor: Actor, place: Place, asked: Asked, source: str) -> None:
    """Draw the handoffs of the journeys asked for; a handoff in the address is a choice among them."""
    found = journeys.handoffs(actor, place, replace(asked, handoff=None), source)
    told = _told_at(actor, place, asked)
    st.html(CARD + said.FACTS)
    if not found.junctions:
        st.info(_("Too few journeys are passed on between organisations under these filters. Clear a filter."))
        return
    if asked.handoff:
        _chosen(actor, journeys.handoffs(actor, place, asked, source), asked.handoff, told)
    _worst(actor, found, told)
    _matrix(found)
    _ranked(actor, found, told)
    _bounces(found)
    asking.download(actor, place, replace(asked, handoff=None), source, "handoffs")


def _told_at(actor: Actor, place: Place, asked: Asked) -> Told | None:
    """The handoffs that the pain point asked for sits on, with its journeys there; None where none is asked for."""
    if asked.theme is None:
        return None
    places = journeys.places_of_pain(actor, place, asked.theme, asked.filters)
    return {(start, end): n for start, end, n in places.junctions}


def _chosen(actor: Actor, found: Handoffs, handoff: tuple[str, str], told: Told | None) -> None:
    """The handoff that the address names, before all others."""
    one = next((one for one in found.junctions if (one.start, one.end) == handoff), None)
    with st.container(border=True, key="strip-chosen"):
        st.subheader(_("{start} to {end}").format(start=handoff[0], end=handoff[1]), anchor=False)
        if one is None:
            st.markdown(_("Too few of these journeys were passed on there to say more."))
        else:
            if told is not None:
                st.markdown(_("Journeys that tell of this pain point as they were passed on here:"))
            st.html(f'<p style="font-size:1.2rem;line-height:1.45;margin:0">{sentence(one)}</p>')
            _button(actor, one, "chosen", told)
        st.button(_("Look at all handoffs alike"), on_click=asking.forget, args=asking.NARROWED["handoff"])


def _worst(actor: Actor, found: Handoffs, told: Told | None) -> None:
    passed = _("{share} journeys were passed on from one organisation to another: {times} handoffs a journey.")
    st.markdown(passed.format(share=said.share(found.passed_on), times=f"{found.per_journey:.1f}"))
    if found.worst is None:
        return
    with st.container(border=True):
        hurts = said.tells(found.worst.hurt)  # a case log tells of days alone
        st.subheader(
            _("The junction that hurts most") if hurts else _("The junction where most days pass"), anchor=False
        )
        st.html(f'<p style="font-size:1.2rem;line-height:1.45;margin:0">{sentence(found.worst)}</p>')
        _button(actor, found.worst, "worst", told)


def sentence(one: Junction) -> str:
    """A junction with its evidence, as HTML: who passes on to whom, how many, and what it does to them."""
    where = _("From <strong>{start}</strong> to <strong>{end}</strong>:").format(
        start=escape(one.start), end=escape(one.end)
    )
    facts = [_("{journeys} went this way").format(journeys=said.journeys(one.journeys))]
    if said.tells(one.hurt):
        facts.append(_("{share} were hurt by it").format(share=said.share(one.hurt)))
    if said.tells(one.told_again):
        facts.append(_("{share} had to explain it all again").format(share=said.share(one.told_again)))
    if one.days is not None:
        facts.append(
            _("half waited up to {median}, one in ten over {p90}").format(
                median=said.days(one.days.median), p90=said.days(one.days.p90)
            )
        )
    if one.change is not None and not one.change.low <= 0 <= one.change.high:
        facts.append(_("feeling changed by {mean}").format(mean=said.mean(one.change)))
    return f"{where} {escape('; '.join(facts))}."


def _matrix(found: Handoffs) -> None:
    st.subheader(_("Who passes on to whom"), anchor=False)
    rows = [
        (start, [0 if start == end else n for end, n in zip(found.organisations, counts, strict=True)])
        for start, counts in zip(found.organisations, found.matrix, strict=True)
    ]
    st.markdown(_("From the organisation of the row to that of the column. A dot means too few to show."))
    caption = _("Journeys passed on")
    st.html(charts.heat_table(found.organisations, rows, caption, count_in_words(None)))


def _ranked(actor: Actor, found: Handoffs, told: Told | None) -> None:
    if found.junctions[0].score > 0:
        st.subheader(_("Junctions, most hurt first"), anchor=False)
        st.markdown(
            _(
                "A handoff **hurts** where somebody had to explain it all again, felt worse after it, or waited longer "
                "than promised. The order is by how many journeys are hurt at least: the lower bound of that share "
                "times the journeys."
            )
        )
    else:
        st.subheader(_("Junctions, most used first"), anchor=False)
    most = st.session_state.get("junctions_shown", FIRST)
    for rank, one in enumerate(found.junctions[:most], 1):
        with st.container(border=True):
            st.html(card(rank, one))
            _button(actor, one, f"junction-{rank}", told)
    if len(found.junctions) > most:
        more = min(FIRST, len(found.junctions) - most)
        st.button(
            _("Show {number} more junctions").format(number=more),
            key="more-junctions",
            on_click=_more,
            args=(most + FIRST,),
        )


def _more(number: int) -> None:
    st.session_state["junctions_shown"] = number


def card(rank: int, one: Junction) -> str:
    """A junction as a card: what it does to journeys, each with its number and interval."""
    facts = [
        (_("Journeys"), f"{one.journeys:,}"),
        (_("Hurt by it"), said.share(one.hurt)),
        (_("Explained it all again"), said.share(one.told_again)),
        (_("Sent elsewhere"), said.share(one.sent_elsewhere)),
        (_("Days until the next step"), said.spread(one.days)),
        (_("Change of feeling"), said.mean(one.change)),
    ]
    listed = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    title = _("{start} to {end}").format(start=one.start, end=one.end)
    return (
        f'<div class="tl-card"><h3><span class="rank">{rank}</span>{escape(title)}</h3>'
        f'<dl class="tl-facts">{listed}</dl></div>'
    )


def _button(actor: Actor, one: Junction, key: str, told: Told | None) -> None:
    """The way to the journeys; with a pain point, to those that tell of it there, if enough do."""
    if not may(actor, Permission.READ_STORIES):
        return
    where = _(":gray[from {start} to {end}]").format(start=one.start, end=one.end)
    if told is None:
        label = _("See these journeys")
    elif (one.start, one.end) in told:
        label = _("See the {journeys} that tell of it here").format(journeys=said.journeys(told[one.start, one.end]))
    else:
        return
    narrowing = {"passed_from": one.start, "passed_to": one.end}
    st.button(f"{label} {where}", key=key, on_click=asking.see_journeys, args=(key, VIEW, narrowing))


def _bounces(found: Handoffs) -> None:
    st.subheader(_("Coming back"), anchor=False)
    if found.bounced is None or not found.bounces:
        st.markdown(_("Too few journeys come back to an organisation that they had left."))
        return
    st.markdown(
        _("{share} of journeys come back to an organisation that they had left.").format(
            share=said.share(found.bounced)
        )
    )
    rows = [(_("Back to {first} from {second}").format(first=to, second=start), n) for to, start, n in found.bounces]
    st.html(charts.bars(rows, said.journeys))
