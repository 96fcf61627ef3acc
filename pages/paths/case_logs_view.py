"""Case logs: the event logs of case systems that were brought in, bringing one in, and forgetting one."""

from html import escape

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from insight.access import Actor, Permission, may
from insight.errors import InsightError
from insight.intake import Place
from insight.journeys import case_links, cases
from insight.journeys.case_columns import COLUMNS, NEEDED, Header
from insight.journeys.cases import CaseLog
from insight.language import _, ngettext
from insight.settings import settings
from pages.kit import charts, look, words
from pages.paths import asking, said, taking_out

TYPES = ["csv", "tsv", "txt", "xes", "gz"]
DONE, CHECKED, FORGETTING, COMPARED, TURN = (
    "case-log-done",
    "case-log-checked",
    "case-log-forgetting",
    "case-log-compared",
    "case-log-turn",
)


def render(actor: Actor, place: Place) -> None:
    """Draw the case logs of a place, and the way to bring one in."""
    if may(actor, Permission.IMPORT):
        told = st.session_state.pop(DONE, "")
        if told:
            st.html(f'<div class="tl-saved" role="status" id="{DONE}"><p>{escape(told)}</p></div>')
        kept = cases.case_logs(actor, place)
        _listed(actor, place, kept)
        _bring_in(actor, place)
    taking_out.render(actor, place)


def _heading(words: str) -> None:
    st.html(f'<h2 class="tl-h2">{escape(words)}</h2>')


def _listed(actor: Actor, place: Place, kept: list[CaseLog]) -> None:
    _heading(_("Case logs"))
    if not kept:
        st.write(
            _(
                "A case log is what a case system recorded: which step of which case was done when. Beside what people "
                "tell, it shows the days that went by. No case log has been brought in yet."
            )
        )
    for log in kept:
        with st.container(key=f"tl-row-case-log-{log.number}"):
            _one(actor, place, log)


def _one(actor: Actor, place: Place, log: CaseLog) -> None:
    period = _period(log)
    steps = ngettext("{number} step", "{number} steps", log.steps).format(number=f"{log.steps:,}")
    brought = _("Brought in on {day} by {who} from {file}.").format(
        day=words.day(log.brought_at), who=log.brought_by, file=log.file_name
    )
    address = asking.link("journeys", log=f"case-{log.number}")
    st.html(
        f'<h3 class="tl-h3">{escape(log.name)}</h3>'
        f'<p class="tl-entry">{escape(said.journeys(log.journeys))}, {escape(steps)}{escape(period)}</p>'
        f'<p class="tl-entry tl-quiet">{escape(brought)}</p>'
        f'<p class="tl-entry"><a href="{address}" target="_self">{escape(_("See its journeys"))}</a></p>'
    )
    if st.session_state.get(FORGETTING) == log.number:
        _ask_first(actor, place, log)
        return
    with st.container(horizontal=True):
        st.button(
            _("Compare with what people told"),
            key=f"case-log-compare-{log.number}",
            on_click=_remember,
            args=(COMPARED, log.number),
        )
        st.button(_("Delete"), key=f"case-log-forget-{log.number}", on_click=_remember, args=(FORGETTING, log.number))
    if st.session_state.get(COMPARED) == log.number:
        _compared(actor, place, log)


def _period(log: CaseLog) -> str:
    if log.first_day is None or log.last_day is None:
        return ""
    return ", " + _("{first} to {last}").format(first=words.day(log.first_day), last=words.day(log.last_day))


def _remember(key: str, number: int) -> None:
    st.session_state[key] = number


def _ask_first(actor: Actor, place: Place, log: CaseLog) -> None:
    told = _("Delete {name} with all of its journeys? This cannot be undone. The file it came from stays as it is.")
    look.note(f"<p>{escape(told.format(name=log.name))}</p>")
    with st.container(horizontal=True):
        st.button(
            _("Delete the case log"),
            key="case-log-forget-yes",
            type="primary",
            on_click=_forget,
            args=(actor, place, log),
        )
        st.button(_("Keep it"), key="case-log-forget-no", on_click=st.session_state.pop, args=(FORGETTING, None))


def _forget(actor: Actor, place: Place, log: CaseLog) -> None:
    st.session_state.pop(FORGETTING, None)
    try:
        cases.forget_case_log(actor, place, log.number)
        st.session_state[DONE] = _("{name} has been deleted.").format(name=log.name)
    except InsightError as problem:
        st.session_state[DONE] = str(problem)


def _compared(actor: Actor, place: Place, log: CaseLog) -> None:
    """Waiting as told beside days as recorded, for the stories that carry a number of one of these cases."""
    try:
        found = case_links.linked(actor, place, log.number)
    except InsightError as problem:
        look.problem(str(problem))
        return
    if found.stories is None:
        st.write(
            _(
                "Fewer than {least} stories carry the number of one of these cases, too few to compare. Stories get "
                "one when they are imported with a column for it."
            ).format(least=settings().threshold_inside)
        )
        return
    told = ngettext(
        "{number} story carries the number of one of these cases.",
        "{number} stories carry the number of one of these cases.",
        found.stories,
    )
    st.write(told.format(number=f"{found.stories:,}"))
    if found.compared is None or found.told_days is None or found.recorded_days is None or found.longer is None:
        st.write(_("Too few of them told how long they waited."))
        return
    differ = _("Told more than recorded") if found.longer > 0 else _("Told less than recorded")
    rows = [
        (_("All waiting, as told"), said.days(found.told_days)),
        (_("From first to last step, as recorded"), said.days(found.recorded_days)),
        (differ, said.days(abs(found.longer))),
    ]
    middle = _("In the middle (median) of {journeys}").format(journeys=said.journeys(found.compared))
    st.html(charts.table((_("Days"), middle), rows, numbers=(1,)))
    unlike = _("These are not the same thing: waiting that people tell of may have begun before their case was opened.")
    st.html(f'<p class="tl-hint">{escape(unlike)}</p>')


def _bring_in(actor: Actor, place: Place) -> None:
    _heading(_("Bring in a case log"))
    file = st.file_uploader(
        _("A CSV file with one row for each step, or an XES file"),
        type=TYPES,
        key=f"case-log-file-{st.session_state.get(TURN, 0)}",
        max_upload_size=settings().upload_limit_mb,
        help=_("Either may be packed as .gz. The first row of a CSV file holds the names of the columns."),
    )
    if file is None:
        return
    try:
        _one_file(actor, place, file)
    except InsightError as problem:
        look.problem(str(problem))


def _one_file(actor: Actor, place: Place, file: UploadedFile) -> None:
    head = cases.header(actor, file)
    columns = _columns(file, head)
    kept_out = _(
        "Kept: steps, times, teams and channels, and a code in place of each case number that only this place can make "
        "again. Not kept: case numbers, and every column that is not chosen. Never choose one with names of people."
    )
    look.note(f"<p>{escape(kept_out)}</p>")
    name = st.text_input(
        _("What shall it be called?"),
        key=f"case-log-name-{file.file_id}",
        placeholder=_("Planning cases 2026"),
        max_chars=cases.MOST_NAME,
    )
    check, keep = st.columns(2)
    checking = check.button(_("Check the whole file"), key="case-log-check", width="stretch")
    keeping = keep.button(_("Keep this case log"), key="case-log-keep", type="primary", width="stretch")
    asked_for = (file.file_id, tuple(columns.items()))
    if checking or keeping:
        _read(actor, place, file, name, columns, keeping=keeping)
    seen, found = st.session_state.get(CHECKED, (None, None))
    if seen == asked_for and found is not None:
        _report(found)


def _columns(file: UploadedFile, head: Header) -> dict[str, str | None]:
    if head.xes:
        st.write(_("An XES file says itself what its parts mean."))
        return {}
    st.html(f'<h3 class="tl-h3">{escape(_("What does each column mean?"))}</h3>')
    listed = _("The file has these columns: {names}.").format(names=", ".join(head.columns))
    st.html(f'<p class="tl-hint">{escape(listed)}</p>')
    chosen: dict[str, str | None] = {}
    left, right = st.columns(2)
    for meaning, (label, told) in COLUMNS.items():
        options = ("", *head.columns)  # a choice of its own: Streamlit cannot clear a box that started with a value
        guessed = head.guessed.get(meaning, "")
        with left if meaning in NEEDED else right:
            said_so = st.selectbox(
                f"{_(label)}: {_(told)}",
                options,
                index=options.index(guessed),
                format_func=lambda column: column or _("Not in this file"),
                key=f"case-log-{meaning}-{file.file_id}",
            )
        chosen[meaning] = said_so or None
    missing = [_(COLUMNS[meaning][0]) for meaning in NEEDED if not chosen[meaning]]
    if missing:
        st.write(_("Still to choose: {names}.").format(names=", ".join(missing)))
    return chosen


def _read(
    actor: Actor, place: Place, file: UploadedFile, name: str, columns: dict[str, str | None], *, keeping: bool
) -> None:
    bar = st.progress(0.0, text=_("Starting"))

    def say(stage: str, done: int, total: int) -> None:
        bar.progress(min(done / total, 1.0) if total else 0.0, text=_(stage))

    try:
        found = cases.bring_in(actor, place, name, file, columns, say, dry_run=not keeping)
    finally:
        bar.empty()
    st.session_state[CHECKED] = ((file.file_id, tuple(columns.items())), found)
    if keeping and not found.known:
        st.session_state[DONE] = _("{name} has been kept: {journeys}.").format(
            name=found.name, journeys=said.journeys(found.journeys)
        )
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
        st.rerun()


def _report(found: CaseLog) -> None:
    if found.known:
        told = _(
            "This very file is here already, as {name}, brought in on {day}. Nothing was added. To read it "
            "with other columns, delete that one first."
        )
        look.note(f"<p>{escape(told.format(name=found.name, day=words.day(found.brought_at)))}</p>")
        return
    st.html(f'<h3 class="tl-h3">{escape(_("What is in the file"))}</h3>')
    rows = [
        (_("Rows in the file"), f"{found.rows_read:,}"),
        (_("Journeys"), f"{found.journeys:,}"),
        (_("Steps"), f"{found.steps:,}"),
        (_("Kinds of step"), f"{found.step_names:,}"),
        (_("Teams or organisations"), f"{found.organisations:,}"),
        *((_("Rows left out: {reason}").format(reason=_(reason)), f"{count:,}") for reason, count in found.left_out),
    ]
    if found.tied:
        rows.append((_("Steps at the same time as the one before, in the order of the file"), f"{found.tied:,}"))
    if found.first_day and found.last_day:
        rows.append((_("From"), words.day(found.first_day)))
        rows.append((_("To"), words.day(found.last_day)))
    st.html(charts.table((_("What"), _("Number")), rows, numbers=(1,)))
    if found.notes:
        look.note("".join(f"<p>{escape(note)}</p>" for note in found.notes))
