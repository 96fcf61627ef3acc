"""Import: a file in, its columns explained, every row checked, the good ones kept, the bad ones back to be mended."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from insight.access import Actor
from insight.errors import InsightError
from insight.intake import Place, place_for, places_for
from insight.intake.importing import (
    LABELS,
    STAGES,
    Field,
    Preview,
    import_file,
    preview,
    read_scale,
    save_mapping,
    saved_mappings,
)
from insight.language import _, ngettext, noted, spoken
from insight.settings import settings
from pages.bringing import report_view
from pages.kit import charts, look, words
from pages.kit.a11y import Page

USUAL = (Field.TEXT, Field.SERVICE, Field.DATE, Field.FEELING, Field.WHAT_BETTER, Field.WHAT_GOOD)
AS_FOUND = noted("As the file's numbers suggest")
SCALES = (
    "1 to 5 with 5 the best",
    "1 to 5 with 1 the best",
    "-2 to 2 with 2 the best",
    "0 to 10 with 10 the best",
    "1 to 10 with 10 the best",
)
OUR_GUESS = noted("Our guess from names and content")
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
    lead = _("Bring in stories, comments or survey answers from a file. The same file twice adds nothing.")
    look.title(_("Import"), lead)
    page, place = Page(), _place(actor)
    if place.synthetic:
        look.note(f"<p>{_among_invented(place)}</p>")
    file = st.file_uploader(
        _("A file with one row for each comment or step (CSV or XLSX)"),
        type=["csv", "tsv", "txt", "xlsx"],
        key="import-file",
        max_upload_size=settings().upload_limit_mb,
        help=_("The first row holds the names of the columns."),
    )
    if file is not None:
        try:
            _one_file(actor, place, file)
        except InsightError as problem:
            look.problem(str(problem))
    report_view.recent(actor, place)
    page.finish(f"import/{st.session_state.get('import-turn', 0)}", "import-result")


def _among_invented(place: Place) -> str:
    told = _(
        "{place} is an invented place, and what you bring in here would stand among its invented journeys. To look at "
        "your own stories apart from them, use {command}, then choose that place."
    )
    command = "<code>python -m insight import FILE --place &quot;Our town&quot;</code>"
    return escape(told).format(place=escape(place.name), command=command)


def _place(actor: Actor) -> Place:
    known, usual = {place.code: place for place in places_for(actor)}, place_for(actor)
    if len(known) < 2:
        return usual
    codes = list(known)
    first = codes.index(usual.code)
    chosen = st.selectbox(_("Place"), codes, index=first, format_func=lambda code: known[code].name, key="import-place")
    return known[chosen or codes[first]]


def _one_file(actor: Actor, place: Place, file: UploadedFile) -> None:
    choice, seen = _choice(actor, place, file)
    _as_kept(seen)
    basis, quotes = _permission(file)
    check, keep = st.columns(2)
    checking = check.button(_("Check the whole file"), key="import-check", width="stretch")
    keeping = keep.button(_("Import the good rows"), key="import-keep", type="primary", width="stretch")
    if checking or keeping:
        _bring_in(actor, place, file, choice, basis, quotes, dry_run=not keeping)
    report_view.result(file)
    _keep_mapping(actor, place, choice)


def _choice(actor: Actor, place: Place, file: UploadedFile) -> tuple[Choice, Preview]:
    """What each column means, starting from a saved mapping or a guess."""
    first = _look(actor, place, file, Choice(None, {}, None), guess=True)
    sheet = None
    if len(first.sheets) > 1:
        sheet = st.selectbox(_("Sheet"), first.sheets, key=f"import-sheet-{file.file_id}")
    seen = _look(actor, place, file, Choice(sheet, {}, None), guess=True) if sheet else first
    if seen.seen:
        told = _(
            "This very file came in on {day}: {count} rows were added. Rows that are here already are not added again."
        ).format(day=words.day(seen.seen.imported_at), count=f"{seen.seen.added:,}")
        look.note(f"<p>{escape(told)}</p>")
    start, base = _start(actor, place, file, seen)
    st.subheader(_("What does each column mean?"), anchor=False)
    scope = f"{file.file_id}-{sheet}-{start}"
    mapping = _mapping(seen.columns, base, scope)
    scale = _scale(scope) if mapping.get(Field.FEELING) else None
    choice = Choice(sheet, mapping, scale)
    return choice, _look(actor, place, file, choice, guess=False)


def _start(actor: Actor, place: Place, file: UploadedFile, seen: Preview) -> tuple[str, dict[str, str]]:
    if not seen.fitting:
        return OUR_GUESS, seen.guessed
    names = [*seen.fitting, OUR_GUESS]
    chosen = st.selectbox(
        _("Start from a saved mapping"),
        names,
        format_func=lambda name: _(OUR_GUESS) if name == OUR_GUESS else name,
        key=f"import-start-{file.file_id}",
    )
    chosen = chosen or OUR_GUESS
    return chosen, seen.guessed if chosen == OUR_GUESS else saved_mappings(actor, place)[chosen]


def _mapping(columns: tuple[str, ...], base: dict[str, str], scope: str) -> dict[str, str | None]:
    chosen: dict[str, str | None] = {}
    left, right = st.columns(2)
    for place, field in enumerate(USUAL):
        with (left, right)[place % 2]:
            chosen[field] = _column(field, columns, base, scope)
    others = [field for field in Field if field not in USUAL]
    guessed = sum(1 for field in others if base.get(field))
    found = _("More columns ({count} found)").format(count=guessed)
    with st.expander(found if guessed else _("More columns")):
        for field in others:
            chosen[field] = _column(field, columns, base, scope)
    return chosen


def _column(field: Field, columns: tuple[str, ...], base: dict[str, str], scope: str) -> str | None:
    label, meaning = LABELS[field]
    options = ("", *columns)  # a choice of its own: Streamlit cannot clear a box that started with a value
    told = base.get(field, "")
    chosen = st.selectbox(
        f"{_(label)}: {_(meaning)}",
        options,
        index=options.index(told) if told in options else 0,
        format_func=lambda column: column or _("Not in this file"),
        key=f"import-{field}-{scope}",
    )
    return chosen or None


def _scale(scope: str) -> str | None:
    label, key = _("How are the scores meant?"), f"import-scale-{scope}"
    told = st.selectbox(label, [AS_FOUND, *SCALES], format_func=_scale_words, key=key)
    return None if told == AS_FOUND else told


def _scale_words(scale: str) -> str:
    return _(AS_FOUND) if scale == AS_FOUND else read_scale(scale).in_words()


def _look(actor: Actor, place: Place, file: UploadedFile, choice: Choice, *, guess: bool) -> Preview:
    """A preview, remembered for as long as nothing changes: each widget on the page runs all of it again."""
    turn = st.session_state.get("import-turn", 0)
    columns = tuple(choice.mapping.items())
    key = (file.file_id, place.id, choice.sheet, columns, choice.scale, guess, turn, spoken().code)
    kept: dict[object, Preview] = st.session_state.setdefault("import-previews", {})
    if key not in kept:
        while len(kept) > 4:
            kept.pop(next(iter(kept)))
        mapping = None if guess else choice.mapping
        kept[key] = preview(actor, place, file, mapping, sheet=choice.sheet, scale=choice.scale)
    return kept[key]


def _as_kept(seen: Preview) -> None:
    st.subheader(_("The first rows, as they would be kept"), anchor=False)
    fields = list(dict.fromkeys(name for row in seen.rows for name in row.values))
    rows = [(f"{row.number}", row.outcome, *(_short(row.values.get(name, "")) for name in fields)) for row in seen.rows]
    st.html(charts.table((_("Row"), _("What happens"), *fields), rows, numbers=(0,)))
    report_view.notes(seen.notes)
    bad = len({problem.row for problem in seen.problems if not problem.kept})
    if bad:
        told = ngettext(
            "Of the first {number} row, {bad} need mending.",
            "Of the first {number} rows, {bad} need mending.",
            seen.looked_at,
        )
        st.write(told.format(number=f"{seen.looked_at:,}", bad=f"{bad:,}"))


def _short(text: str, most: int = 160) -> str:
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + " ..."


def _permission(file: UploadedFile) -> tuple[str, bool]:
    st.subheader(_("What allows it?"), anchor=False)
    basis = st.text_input(
        _("What allows these stories to be analysed?"),
        key=f"import-basis-{file.file_id}",
        placeholder=_("People were told that comments improve services"),
        help=_("It is kept with every story, so that anyone can see later why it was used."),
    )
    agreed = _("The people who wrote them agreed to be quoted without their names")
    quotes = st.checkbox(agreed, key="import-quotes")
    return basis, quotes


def _bring_in(
    actor: Actor, place: Place, file: UploadedFile, choice: Choice, basis: str, quotes: bool, *, dry_run: bool
) -> None:
    bar = st.progress(0.0, text=_("Starting"))
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
        told = _("{stage}: {done} of {total}").format(stage=_(stage), done=f"{done:,}", total=f"{total:,}")
        draw(min(share, 1.0), text=told if place else _(stage))

    return say


def _keep_mapping(actor: Actor, place: Place, choice: Choice) -> None:
    title = _("Save this mapping for the next file of its kind")
    with st.expander(title), st.form("import-mapping", border=False):
        name = st.text_input(_("Name"), key="import-mapping-name", placeholder=_("Monthly survey"))
        if st.form_submit_button(_("Save the mapping")):
            save_mapping(actor, place, name, choice.mapping)
            st.success(_("Saved. It is offered when a file has these columns."))
