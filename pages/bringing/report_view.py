"""What became of a file: its rows in numbers, what to mend, and the files that came in before."""

from collections import Counter
from html import escape

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from insight.access import Actor
from insight.intake import Place
from insight.intake.importing import ImportReport, recent_imports
from insight.language import _, ngettext
from pages.kit import charts, look, words

SHOWN_PROBLEMS = 100


def result(file: UploadedFile) -> None:
    """The outcome of the last check or import of this file."""
    file_id, report = st.session_state.get("import-result", (None, None))
    if file_id != file.file_id or report is None:
        return
    heading = _("What an import would do") if report.dry_run else _("Done")
    st.html(f'<h2 class="tl-h2" id="import-result">{escape(heading)}</h2>')
    counts = [
        (_("Rows that would be added") if report.dry_run else _("Rows added"), report.added),
        (_("Stories they make"), report.stories),
        (_("Rows here already"), report.known),
        (_("Rows to mend"), report.bad),
        (_("Blank rows"), report.blank),
        (_("Rows in the file"), report.rows),
    ]
    st.html(charts.table((_("What"), _("Number")), [(what, f"{number:,}") for what, number in counts], numbers=(1,)))
    notes(report.notes)
    _problems(report)


def _problems(report: ImportReport) -> None:
    if report.bad_rows_csv:
        download = ngettext("Download {number} row to mend", "Download {number} rows to mend", report.bad)
        st.download_button(
            download.format(number=f"{report.bad:,}"),
            report.bad_rows_csv,
            file_name=f"{report.file_name.rsplit('.', 1)[0]}-to-mend.csv",
            mime="text/csv",
            on_click="ignore",
            key="import-bad-rows",
        )
        st.write(
            _("The first column says what to mend. Correct the file and import it here: only those rows are added.")
        )
    if not report.problems:
        return
    kinds = Counter((problem.column or _("Whole row"), problem.message) for problem in report.problems)
    if len(kinds) < len(report.problems):
        most = [(column, told, f"{count:,}") for (column, told), count in kinds.most_common(10)]
        st.html(charts.table((_("Column"), _("What to do"), _("Rows")), most, numbers=(2,)))
    rows = [
        (f"{p.row}", p.column or _("Whole row"), p.message, _("Yes") if p.kept else _("No"))
        for p in report.problems[:SHOWN_PROBLEMS]
    ]
    every = _("Every problem, row by row (the first {shown} of {count})")
    with st.expander(every.format(shown=len(rows), count=f"{len(report.problems):,}")):
        head = (_("Row"), _("Column"), _("What to do"), _("Kept without it"))
        st.html(charts.table(head, rows, numbers=(0,)))


def notes(told: tuple[str, ...]) -> None:
    """How the file was read, where there was a choice."""
    if told:
        look.note("".join(f"<p>{escape(one)}</p>" for one in told))


def recent(actor: Actor, place: Place) -> None:
    """The files that came in last."""
    past = recent_imports(actor, place)
    if past:
        st.subheader(_("Files that came in last"), anchor=False)
        rows = [
            (p.file_name, words.day(p.imported_at), p.imported_by, f"{p.added:,}", f"{p.known:,}", f"{p.bad:,}")
            for p in past
        ]
        head = (_("File"), _("When"), _("Who"), _("Added"), _("Here already"), _("To mend"))
        st.html(charts.table(head, rows, numbers=(3, 4, 5)))
