"""The filters of the board. They live in the address, as codes, so that a view can be sent to a colleague."""

from collections.abc import Callable, Mapping

import streamlit as st

from insight.language import _, noted
from insight.painpoints import Filters
from pages.kit import words
from pages.pain import address

MOST_DIGITS = 4
ANY = {
    "service": noted("Any service"),
    "organisation": noted("Any organisation"),
    "channel": noted("Any channel"),
    "need": noted("Any need"),
    "source": noted("However it reached us"),
    "teller": noted("Whoever told it"),
    "first_month": noted("From the first month"),
    "last_month": noted("To the last month"),
}
LABELS = {
    "service": noted("Service"),
    "organisation": noted("Organisation"),
    "channel": noted("Channel"),
    "need": noted("Need"),
    "source": noted("Source"),
    "teller": noted("Who told it"),
    "first_month": noted("From"),
    "last_month": noted("To"),
}
SAID: Mapping[str, Callable[[str], str]] = {
    "channel": words.channel,
    "need": words.need,
    "source": words.source,
    "teller": words.teller,
    "first_month": words.month,
    "last_month": words.month,
}


def filters_asked() -> Filters:
    """The filters that the address asks for."""
    return _filters({name: st.query_params.get(name) for name in LABELS})


def _filters(chosen: Mapping[str, str | None]) -> Filters:
    asked = st.query_params.get("themes", "")
    themes = int(asked) if asked.isdecimal() and 0 < len(asked) <= MOST_DIGITS else None
    filters = Filters(themes=themes)
    for name, wanted in chosen.items():
        filters = filters.also(name, wanted)
    return filters


def choose_filters(choices: Mapping[str, tuple[str, ...]]) -> Filters:
    """Draw the filters and give what was chosen."""
    offered = {name: choices["month" if name.endswith("month") else name] for name in LABELS}
    offered = {name: options for name, options in offered.items() if options}
    active = sum(1 for name, options in offered.items() if st.query_params.get(name) in options)
    title = _("Filters: {number} in force").format(number=active) if active else _("Filters")
    with st.expander(title, expanded=bool(active), icon=":material/filter_list:"):
        columns = st.columns(4)
        chosen = {
            name: _choose(columns[place % 4], name, options) for place, (name, options) in enumerate(offered.items())
        }
        if active:
            st.button(_("Clear all filters"), on_click=_clear)
    return _filters(chosen)


def _choose(column: "st.delta_generator.DeltaGenerator", name: str, options: tuple[str, ...]) -> str | None:
    address.take(name, options)
    return column.selectbox(
        _(LABELS[name]),
        options,
        index=None,
        format_func=SAID.get(name, str),
        placeholder=_(ANY[name]),
        key=name,
        on_change=address.put,
        args=(name,),
    )


def _clear() -> None:
    for name in LABELS:
        st.query_params.pop(name, None)
