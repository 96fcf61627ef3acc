"""The filters of the board. They live in the address, so that a view can be sent to a colleague."""

from collections.abc import Callable, Mapping

import streamlit as st

from insight.painpoints import Filters
from pages.kit import words

ANY = {
    "service": "Any service",
    "organisation": "Any organisation",
    "channel": "Any channel",
    "need": "Any need",
    "source": "However it reached us",
    "teller": "Whoever told it",
    "first_month": "From the first month",
    "last_month": "To the last month",
}
LABELS = {
    "service": "Service",
    "organisation": "Organisation",
    "channel": "Channel",
    "need": "Need",
    "source": "Source",
    "teller": "Who told it",
    "first_month": "From",
    "last_month": "To",
}
SAID: Mapping[str, Callable[[str], str]] = {
    "channel": words.channel,
    "need": words.need,
    "source": words.source,
    "teller": words.teller,
    "first_month": words.month,
    "last_month": words.month,
}


def choose_filters(choices: Mapping[str, tuple[str, ...]]) -> Filters:
    """Draw the filters and give what was chosen."""
    active = sum(1 for name in Filters.__slots__ if st.query_params.get(name))
    title = f"Filters: {active} in force" if active else "Filters"
    with st.expander(title, expanded=bool(active), icon=":material/filter_list:"):
        columns = st.columns(4)
        chosen = {
            name: _choose(columns[place % 4], name, choices["month" if name.endswith("month") else name])
            for place, name in enumerate(Filters.__slots__)
        }
        if active:
            st.button("Clear all filters", on_click=_clear)
    return Filters(**chosen)


def _choose(column: "st.delta_generator.DeltaGenerator", name: str, options: tuple[str, ...]) -> str | None:
    said = SAID.get(name, str)
    return column.selectbox(
        LABELS[name],
        options,
        index=None,
        format_func=said,
        placeholder=ANY[name],
        key=name,
        bind="query-params",
    )


def _clear() -> None:
    for name in Filters.__slots__:
        st.session_state[name] = None
