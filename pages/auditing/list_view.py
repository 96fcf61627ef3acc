"""The newest entries as a table, and what one can ask for: a person, an action, a place."""

from collections.abc import Mapping, Sequence
from html import escape

import streamlit as st

from insight.access import Actor
from insight.audit import Entry
from insight.intake import places_for
from insight.language import _, ngettext
from insight.records import auditing
from insight.records.auditing import PAGE
from pages.auditing import words
from pages.kit.pager import pager
from pages.kit.words import when
from pages.pain import address

PERSON, ACTION, PLACE = "audit-person", "audit-action", "audit-place"
STYLES = """<style>
.tl-audit td{overflow-wrap:anywhere}.tl-audit th{white-space:nowrap}
.tl-audit{border-collapse:collapse;width:100%;font-size:.98rem}.tl-audit caption{text-align:start;font-weight:600}
.tl-audit th,.tl-audit td{border-bottom:1px solid #b1b4b6;padding:.45rem .8rem .45rem 0;text-align:start;
vertical-align:top}.tl-audit .q{color:#3d4548}.tl-audit .l{display:none}
.tl-audit td:first-child,.tl-audit td:nth-child(2){white-space:nowrap;width:1%}
.tl-head code{overflow-wrap:anywhere;white-space:normal;background:#f1f4f6;color:#0b0c0c;padding:.1rem .3rem}
.tl-head{margin:.2rem 0 .6rem}#audit-result{scroll-margin-top:5rem}
@media (max-width:700px){.tl-audit thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.tl-audit,.tl-audit tbody,.tl-audit tr,.tl-audit td,.tl-audit caption{display:block}
.tl-audit tr{border-bottom:1px solid #b1b4b6;padding:.5rem 0}.tl-audit td{border:0;padding:.1rem 0;white-space:normal}
.tl-audit td:first-child,.tl-audit td:nth-child(2){width:auto;white-space:normal}
.tl-audit .l{display:inline;font-weight:600}}
</style>"""


def draw(actor: Actor) -> None:
    """Draw the filters, the entries that fit, and the way to older ones."""
    st.html(f'{STYLES}<h2 class="tl-h2">{escape(_("What was done"))}</h2>')
    places = {place.id: place.name for place in places_for(actor)}
    name, what, place_id = (st.session_state.get(key) for key in (PERSON, ACTION, PLACE))
    page = address.number("page") or 1
    found = auditing.entries(actor, name=name, what=what, place_id=place_id, page=page)
    _filters(found.people, places)
    st.html(f'<p class="tl-prose">{escape(_how_many(found.total))}</p>')
    if found.shown:
        st.html(table(found.shown, places))
    pager(page, found.total, PAGE)


def _filters(people: Sequence[str], places: Mapping[int, str]) -> None:
    """What can be asked for. It stands in this visit alone: names of people do not belong into an address."""
    actions = sorted(words.ACTIONS, key=words.action)
    with st.container(horizontal=True, key="audit-filters"):
        st.selectbox(_("Person"), people, index=None, key=PERSON, placeholder=_("Everybody"), on_change=_from_the_start)
        st.selectbox(
            _("Action"),
            actions,
            index=None,
            format_func=words.action,
            key=ACTION,
            placeholder=_("Every action"),
            on_change=_from_the_start,
        )
        st.selectbox(
            _("Place"),
            list(places),
            index=None,
            format_func=lambda number: places[number],
            key=PLACE,
            placeholder=_("Every place"),
            on_change=_from_the_start,
        )


def _from_the_start() -> None:
    st.query_params.pop("page", None)


def _how_many(total: int) -> str:
    if not total:
        return _("No entry fits.")
    return ngettext("One entry, the newest first.", "{number} entries, the newest first.", total).format(
        number=f"{total:,}"
    )


def table(entries: Sequence[Entry], places: Mapping[int, str]) -> str:
    """The entries as a table that becomes a list of cards on a narrow screen and stays a table to a screen reader."""
    names = (_("Entry"), _("When"), _("Who"), _("Action"))
    head = "".join(f'<th role="columnheader" scope="col">{escape(name)}</th>' for name in names)
    body = "".join(_row(entry, places, names) for entry in entries)
    caption = escape(_("Entries of the audit"))
    return (
        f'<table class="tl-audit" role="table"><caption class="tl-unseen">{caption}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _row(entry: Entry, places: Mapping[int, str], names: Sequence[str]) -> str:
    place = "" if entry.place_id is None else places.get(entry.place_id) or _("a place that is gone")
    quiet = " · ".join(part for part in (place, words.about(entry)) if part)
    action = escape(words.action(entry.what)) + (f'<br><span class="q">{escape(quiet)}</span>' if quiet else "")
    cells = (f"{entry.number:,}", when(entry.at), words.who(entry))
    told = [*(escape(cell) for cell in cells), action]
    drawn = "".join(
        f'<td role="cell"><span class="l" aria-hidden="true">{escape(name)}: </span>{cell}</td>'
        for name, cell in zip(names, told, strict=True)
    )
    return f'<tr role="row">{drawn}</tr>'
