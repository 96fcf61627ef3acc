"""Import: a file in, its columns explained, every row checked, the good ones kept, the bad ones back to be mended."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from insight.access import Actor
from insight.errors import InsightError
from insight.intake import Place, current_place, places
from insight.intake.importing import (
    LABELS,
    STAGES,
    Field,
    ImportReport,
    Preview,
    import_file,
    preview,
    recent_imports,
    save_mapping,
    saved_mappings,
)
from insight.settings import settings
from pages.kit import charts, look, words
from pages.kit.a11y import Page

USUAL = (Field.TEXT, Field.SERVICE, Field.DATE, Field.FEELING, Field.WHAT_BETTER, Field.WHAT_GOOD)
AS_FOUND = "As the file's numbers suggest"
SCALES = (
    "1 to 5 with 5 the best",
    "1 to 5 with 1 the best",
    "-2 to 2 with 2 the best",
    "0 to 10 with 10 the best",
    "1 to 10 with 10 the best",
)
NOT_HERE = "Not in this file"
OUR_GUESS = "Our guess from names and content"
SHOWN_PROBLEMS = 100
SHARES = (0.15, 0.45, 0.4)  # of the bar: looking, checking, keeping


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person chose for one file."""

    sheet: str | None
    mapping: dict[str, str | None]
    scale: str | None


def render(actor: Actor) -> None:
    """Draw the page: a file, its columns, a check, the import, and what came in before."""
    st.html(charts.STYLES)
    look.title("Import", "Bring in stories, comments or survey answers from a file. The same file twice adds nothing.")
    page, place = Page(), _place()
    if place.synthetic:
        look.note(
            f"<p>{escape(place.name)} is an invented place, and what you bring in here would stand among its invented "
            "journeys. To look at your own stories apart from them, use <code>python -m insight import FILE --place "
            "&quot;Our town&quot;</code>, then choose that place.</p>"
        )
    file = st.file_uploader(
        "A file with one row for each comment or step (CSV or XLSX)",
        type=["csv", "tsv", "txt", "xlsx"],
        key="import-file",
        max_upload_size=settings().upload_limit_mb,
        help="The first row holds the names of the columns.",
    )
    if file is not None:
        try:
            _one_file(actor, place, file)
        except InsightError as problem:
            look.problem(str(problem))
    _recent(actor, place)
    page.finish(f"import/{st.session_state.get('import-turn', 0)}", "import-result")


def _place() -> Place:
    known = {place.code: place for place in places()}
    if len(known) < 2:
        return current_place()
    codes = list(known)
    first = codes.index(current_place().code)
    chosen = st.selectbox("Place", codes, index=first, format_func=lambda code: known[code].name, key="import-place")
    return known[chosen or codes[first]]


def _one_file(actor: Actor, place: Place, file: UploadedFile) -> None:
    choice, seen = _choice(actor, place, file)
    _as_kept(seen)
    basis, quotes = _permission(file)
    check, keep = st.columns(2)
    checking = check.button("Check the whole file", key="import-check", width="stretch")
    keeping = keep.button("Import the good rows", key="import-keep", type="primary", width="stretch")
    if checking or keeping:
        _bring_in(actor, place, file, choice, basis, quotes, dry_run=not keeping)
    _result(file)
    _keep_mapping(actor, place, choice)


def _choice(actor: Actor, place: Place, file: UploadedFile) -> tuple[Choice, Preview]:
    """What each column means, starting from a saved mapping or a guess."""
    first = _look(actor, place, file, Choice(None, {}, None), guess=True)
    sheet = st.selectbox("Sheet", first.sheets, key=f"import-sheet-{file.file_id}") if len(first.sheets) > 1 else None
    seen = _look(actor, place, file, Choice(sheet, {}, None), guess=True) if sheet else first
    if seen.seen:
        look.note(
            f"<p>This very file came in on {words.day(seen.seen.imported_at)}: {seen.seen.added:,} rows were added. "
            "Rows that are here already are not added again.</p>"
        )
    start, base = _start(actor, place, file, seen)
    st.subheader("What does each column mean?", anchor=False)
    scope = f"{file.file_id}-{sheet}-{start}"
    mapping = _mapping(seen.columns, base, scope)
    scale = _scale(scope) if mapping.get(Field.FEELING) else None
    choice = Choice(sheet, mapping, scale)
    return choice, _look(actor, place, file, choice, guess=False)


def _start(actor: Actor, place: Place, file: UploadedFile, seen: Preview) -> tuple[str, dict[str, str]]:
    if not seen.fitting:
        return OUR_GUESS, seen.guessed
    names = [*seen.fitting, OUR_GUESS]
    chosen = st.selectbox("Start from a saved mapping", names, key=f"import-start-{file.file_id}") or OUR_GUESS
    return chosen, seen.guessed if chosen == OUR_GUESS else saved_mappings(actor, place)[chosen]


def _mapping(columns: tuple[str, ...], base: dict[str, str], scope: str) -> dict[str, str | None]:
    chosen: dict[str, str | None] = {}
    left, right = st.columns(2)
    for place, field in enumerate(USUAL):
        with (left, right)[place % 2]:
            chosen[field] = _column(field, columns, base, scope)
    others = [field for field in Field if field not in USUAL]
    guessed = sum(1 for field in others if base.get(field))
    with st.expander(f"More columns ({guessed} found)" if guessed else "More columns"):
        for field in others:
            chosen[field] = _column(field, columns, base, scope)
    return chosen


def _column(field: Field, columns: tuple[str, ...], base: dict[str, str], scope: str) -> str | None:
    label, meaning = LABELS[field]
    options = ("", *columns)  # a choice of its own: Streamlit cannot clear a box that started with a value
    told = base.get(field, "")
    chosen = st.selectbox(
        f"{label}: {meaning}",
        options,
        index=options.index(told) if told in options else 0,
        format_func=lambda column: column or NOT_HERE,
        key=f"import-{field}-{scope}",
    )
    return chosen or None


def _scale(scope: str) -> str | None:
    told = st.selectbox("How are the scores meant?", [AS_FOUND, *SCALES], key=f"import-scale-{scope}")
    return None if told == AS_FOUND else told


def _look(actor: Actor, place: Place, file: UploadedFile, choice: Choice, *, guess: bool) -> Preview:
    """A preview, remembered for as long as nothing changes: each widget on the page runs all of it again."""
    turn = st.session_state.get("import-turn", 0)
    key = (file.file_id, place.id, choice.sheet, tuple(choice.mapping.items()), choice.scale, guess, turn)
    kept: dict[object, Preview] = st.session_state.setdefault("import-previews", {})
    if key not in kept:
        while len(kept) > 4:
            kept.pop(next(iter(kept)))
        mapping = None if guess else choice.mapping
        kept[key] = preview(actor, place, file, mapping, sheet=choice.sheet, scale=choice.scale)
    return kept[key]


def _as_kept(seen: Preview) -> None:
    st.subheader("The first rows, as they would be kept", anchor=False)
    fields = list(dict.fromkeys(name for row in seen.rows for name in row.values))
    rows = [(f"{row.number}", row.outcome, *(_short(row.values.get(name, "")) for name in fields)) for row in seen.rows]
    st.html(charts.table(("Row", "What happens", *fields), rows, numbers=(0,)))
    _notes(seen.notes)
    bad = len({problem.row for problem in seen.problems if not problem.kept})
    if bad:
        st.write(f"Of the first {words.counted(seen.looked_at, 'row')}, {bad:,} need mending.")


def _short(text: str, most: int = 160) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " ..."


def _notes(notes: tuple[str, ...]) -> None:
    if notes:
        look.note("".join(f"<p>{escape(told)}</p>" for told in notes))


def _permission(file: UploadedFile) -> tuple[str, bool]:
    st.subheader("What allows it?", anchor=False)
    basis = st.text_input(
        "What allows these stories to be analysed?",
        key=f"import-basis-{file.file_id}",
        placeholder="People were told that comments improve services",
        help="It is kept with every story, so that anyone can see later why it was used.",
    )
    quotes = st.checkbox("The people who wrote them agreed to be quoted without their names", key="import-quotes")
    return basis, quotes


def _bring_in(
    actor: Actor, place: Place, file: UploadedFile, choice: Choice, basis: str, quotes: bool, *, dry_run: bool
) -> None:
    bar = st.progress(0.0, text="Starting")
    try:
        report = import_file(
            actor,
            place,
            file,
            choice.mapping,
            basis=basis,
            quotes=quotes,
            sheet=choice.sheet,
            scale=choice.scale,
            dry_run=dry_run,
            progress=_shown_on(bar.progress),
        )
    finally:
        bar.empty()
    st.session_state["import-result"] = (file.file_id, report)
    st.session_state["import-turn"] = st.session_state.get("import-turn", 0) + 1


def _shown_on(draw: Callable[..., object]) -> Callable[[str, int, int], None]:
    """One bar for all stages."""

    def say(stage: str, done: int, total: int) -> None:
        place = STAGES.index(stage)
        share = sum(SHARES[:place]) + SHARES[place] * (done / total if total else 0)
        draw(min(share, 1.0), text=f"{stage}: {done:,} of {total:,}" if place else stage)

    return say


def _result(file: UploadedFile) -> None:
    file_id, report = st.session_state.get("import-result", (None, None))
    if file_id != file.file_id or report is None:
        return
    words_ = "What an import would do" if report.dry_run else "Done"
    st.html(f'<h2 class="tl-h2" id="import-result">{words_}</h2>')
    counts = [
        ("Rows that would be added" if report.dry_run else "Rows added", report.added),
        ("Stories they make", report.stories),
        ("Rows here already", report.known),
        ("Rows to mend", report.bad),
        ("Blank rows", report.blank),
        ("Rows in the file", report.rows),
    ]
    st.html(charts.table(("What", "Number"), [(what, f"{number:,}") for what, number in counts], numbers=(1,)))
    _notes(report.notes)
    _problems(report)


def _problems(report: ImportReport) -> None:
    if report.bad_rows_csv:
        st.download_button(
            f"Download {words.counted(report.bad, 'row')} to mend",
            report.bad_rows_csv,
            file_name=f"{report.file_name.rsplit('.', 1)[0]}-to-mend.csv",
            mime="text/csv",
            on_click="ignore",
            key="import-bad-rows",
        )
        st.write("The first column says what to mend. Correct the file and import it here: only those rows are added.")
    if not report.problems:
        return
    kinds = Counter((problem.column or "Whole row", problem.message) for problem in report.problems)
    if len(kinds) < len(report.problems):
        most = [(column, told, f"{count:,}") for (column, told), count in kinds.most_common(10)]
        st.html(charts.table(("Column", "What to do", "Rows"), most, numbers=(2,)))
    rows = [
        (f"{p.row}", p.column or "Whole row", p.message, "Yes" if p.kept else "No")
        for p in report.problems[:SHOWN_PROBLEMS]
    ]
    with st.expander(f"Every problem, row by row (the first {len(rows)} of {len(report.problems):,})"):
        st.html(charts.table(("Row", "Column", "What to do", "Kept without it"), rows, numbers=(0,)))


def _keep_mapping(actor: Actor, place: Place, choice: Choice) -> None:
    with st.expander("Save this mapping for the next file of its kind"), st.form("import-mapping", border=False):
        name = st.text_input("Name", key="import-mapping-name", placeholder="Monthly survey")
        if st.form_submit_button("Save the mapping"):
            save_mapping(actor, place, name, choice.mapping)
            st.success("Saved. It is offered when a file has these columns.")


def _recent(actor: Actor, place: Place) -> None:
    past = recent_imports(actor, place)
    if past:
        st.subheader("Files that came in last", anchor=False)
        rows = [
            (p.file_name, words.day(p.imported_at), p.imported_by, f"{p.added:,}", f"{p.known:,}", f"{p.bad:,}")
            for p in past
        ]
        head = ("File", "When", "Who", "Added", "Here already", "To mend")
        st.html(charts.table(head, rows, numbers=(3, 4, 5)))
