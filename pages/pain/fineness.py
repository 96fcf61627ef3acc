"""Fewer or more themes: a choice that the run answers from what it stored."""

from itertools import pairwise

import streamlit as st

from insight.language import _, ngettext
from insight.painpoints import Board, Fineness

TIMES = (1 / 8, 1 / 5, 1 / 3, 1 / 2, 2 / 3, 1, 4 / 3, 5 / 3, 2, 3)


def choose(board: Board) -> None:
    """Two buttons around what is shown now; the choice stands in the address."""
    steps = stops(board.fineness)
    if len(steps) < 2:
        return
    found = board.fineness.found
    now = _nearest(steps, board.filters.themes or found)
    place = steps.index(now)
    fewer, more = steps[max(place - 1, 0)], steps[min(place + 1, len(steps) - 1)]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="fineness"):
        _button(_("Fewer themes"), ":material/zoom_out:", fewer, found, disabled=now == fewer)
        _button(_("More themes"), ":material/zoom_in:", more, found, disabled=now == more)
        st.markdown(_said(now, found))


def stops(fineness: Fineness) -> list[int]:
    """The numbers of themes to choose from, each more than the one before; the number found is among them."""
    wanted = [min(max(round(fineness.found * times), fineness.fewest), fineness.most) for times in TIMES]
    return [first for first, second in pairwise([*wanted, None]) if first is not None and first != second]


def _nearest(steps: list[int], asked: int) -> int:
    return min(steps, key=lambda step: (abs(step - asked), step))


def _button(label: str, icon: str, wanted: int, found: int, *, disabled: bool) -> None:
    st.button(label, icon=icon, on_click=_show, args=(wanted, found), disabled=disabled)


def _said(now: int, found: int) -> str:
    if now == found:
        return ngettext("{number} theme, as the analysis found", "{number} themes, as the analysis found", now).format(
            number=now
        )
    if now < found:
        return ngettext(
            "{number} broader theme: those that are alike are shown as one",
            "{number} broader themes: those that are alike are shown as one",
            now,
        ).format(number=now)
    return ngettext(
        "{number} finer theme: large ones are shown in parts",
        "{number} finer themes: large ones are shown in parts",
        now,
    ).format(number=now)


def _show(wanted: int, found: int) -> None:
    if wanted == found:
        st.query_params.pop("themes", None)
    else:
        st.query_params["themes"] = str(wanted)
