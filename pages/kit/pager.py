"""A list in pages: which one stands in the address."""

import streamlit as st

from insight.language import _


def pager(page: int, total: int, size: int) -> None:
    """Two buttons around the number of this page; nothing where all fits on one."""
    pages = -(-total // size)
    if pages <= 1:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="pager"):
        st.button(_("Previous"), key="pager-previous", disabled=page <= 1, on_click=_turn, args=(page - 1,))
        st.markdown(_("Page {number} of {all}").format(number=page, all=pages))
        st.button(_("Next"), key="pager-next", disabled=page >= pages, on_click=_turn, args=(page + 1,))


def _turn(page: int) -> None:
    st.query_params["page"] = str(page)
