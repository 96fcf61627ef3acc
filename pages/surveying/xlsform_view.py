"""XLSForm: take the survey to another tool, or bring one in, with a list of what cannot come along."""

import streamlit as st

from insight import surveys
from insight.errors import InsightError
from insight.surveys import Working, xlsform
from pages.kit import charts, look, words
from pages.surveying import moves
from pages.surveying.desk import Desk, h2, hint


def draw(desk: Desk) -> None:
    """Out, and in."""
    h2("Take it with you")
    hint("An XLSForm workbook, for tools such as ODK or Kobo: with every language, in one file.")
    st.download_button(
        "Take the survey as XLSForm",
        lambda: xlsform.to_xlsform(surveys.preview(desk.actor, desk.place, desk.survey.code)),
        file_name=f"{desk.survey.code}.xlsx",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        on_click="ignore",
        key=f"{desk.key}-take-xlsform",
    )
    h2("Bring one in")
    hint("Its questions take the place of those here. What people answer now does not change until you publish.")
    turn = moves.last().turn if moves.last().at == desk.tab else 0
    file = st.file_uploader(
        "An XLSForm workbook (XLSX)", type=["xlsx"], key=f"{desk.key}-xlsform-{turn}", max_upload_size=10
    )
    if file is not None:
        try:
            _offer(desk, xlsform.from_xlsform(file.getvalue()))
        except InsightError as problem:
            look.problem(str(problem))


def _offer(desk: Desk, carried: xlsform.Carried) -> None:
    """What would come in, and what would not."""
    working = carried.working
    asked = [question for question in working.question if question.id not in working.dropped]
    h2("What comes in")
    rows = [(str(number), question.text.get("en") or question.id) for number, question in enumerate(asked, 1)]
    st.html(charts.table(("Number", "Question"), rows))
    if carried.left_out:
        h2(f"What does not come in: {words.counted(len(carried.left_out), 'note')}")
        head = ("Sheet", "Row", "Name", "Why")
        lost = [(one.sheet, str(one.row or ""), one.name, one.reason) for one in carried.left_out]
        table = charts.table(head, lost)
        st.html(f'<div class="tl-scroll" tabindex="0" role="region" aria-label="What does not come in">{table}</div>')
    else:
        hint("Everything in the file comes in.")
    with st.container(key="tl-act-xlsform"):
        st.button(
            "Use these questions", type="primary", key=f"{desk.key}-use-xlsform", on_click=_use, args=(desk, working)
        )


def _use(desk: Desk, working: Working) -> None:
    moves.revise(desk, lambda _before: working, "The file's questions are in the survey now.")
