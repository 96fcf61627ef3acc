"""The form: one screen, in the order in which somebody tells it, and every field within reach of the Tab key."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from insight.access import Actor
from insight.intake import ConsentHow, Obstacle, Place, PlaceLists, Provenance, QuestionSet, Source, said
from insight.intake.questions import Choice, ConsentTo, Feeling
from insight.language import _, noted
from pages.kit import questions as inputs
from pages.kit.a11y import Field, Page
from pages.logbook import moves
from pages.logbook.sheet import WHO_AGREED, Sheet, waited_in_words

SOURCES: dict[str, str] = {
    Source.STAFF_PHONE: noted("Phone"),
    Source.STAFF_FACE_TO_FACE: noted("Face to face"),
    Source.STAFF_OBSERVED: noted("I saw it myself"),
    Source.STAFF_PAPER: noted("On paper"),
}
WORDS_OF: dict[str, str] = {
    Provenance.OWN_WORDS: noted("Their own words"),
    Provenance.PARAPHRASE: noted("My summary of what they said"),
    Provenance.CASE_NOTE: noted("A case note"),
    Provenance.OBSERVED: noted("What I observed"),
}
BEHALF: dict[str, str] = {
    "self": noted("The person it happened to"),
    "carer": noted("Somebody who cares for them"),
    "parent": noted("Their parent or guardian"),
    "friend": noted("A friend or relative"),
    "staff": noted("Nobody: I am telling it as staff"),
}
OBSTACLES: dict[str, str] = {
    Obstacle.RULES: noted("Rules"),
    Obstacle.FUNDING: noted("Funding"),
    Obstacle.SYSTEMS: noted("Systems"),
    Obstacle.DATA_SHARING: noted("Data sharing"),
    Obstacle.TARGETS: noted("Targets"),
    Obstacle.WORKLOAD: noted("Workload"),
    Obstacle.OTHER: noted("Something else"),
}
AGREED: dict[str, str] = {
    ConsentHow.VERBAL: noted("They said so"),
    ConsentHow.WRITTEN: noted("They signed or wrote it"),
    ConsentHow.PROXY: noted("Somebody who may decide for them agreed"),
}
FIRST = {"source": Source.STAFF_PHONE.value, "provenance": Provenance.PARAPHRASE.value}


def draw(actor: Actor, place: Place, lists: PlaceLists, questions: QuestionSet, sheet: Sheet, page: Page) -> None:
    """Draw the whole form."""
    consent = next(question for question in questions.question if isinstance(question, ConsentTo))
    wrong = {problem.path: problem.message for problem in moves.last().problems if problem.path}
    with st.form(sheet.key("form"), border=False, enter_to_submit=False):
        _who(sheet, questions, page, wrong)
        _text(sheet, page, wrong, "what_happened", _("What happened?"), 160)
        _steps(sheet, lists, questions, page, wrong)
        _ending(sheet, questions, page, wrong)
        _consent(sheet, consent, page, wrong)
        with st.container(horizontal=True, gap="small", key="tl-onwards"):
            words = _("Save changes") if sheet.entry else _("Save story")
            wording = consent.staff_wording
            st.form_submit_button(
                words, type="primary", key="log-save", on_click=moves.save, args=(actor, place, lists, wording)
            )
            if sheet.entry:
                st.form_submit_button(_("Stop without saving"), key="log-stop", on_click=moves.stop_editing)


def _part(words: str) -> None:
    st.html(f'<h2 class="tl-h2">{escape(words)}</h2>')


def _error(sheet: Sheet, page: Page, wrong: dict[str, str], path: str) -> None:
    """The inline error of a field, and its tie to it."""
    key = sheet.key(path)
    if path in wrong:
        st.html(inputs.error_line(key, wrong[path]))
    page.fields.append(Field(key, f"{key}-error" if path in wrong else "", path in wrong))


def _pick(
    sheet: Sheet,
    page: Page,
    wrong: dict[str, str],
    path: str,
    label: str,
    options: dict[str, str],
    value: object = None,
) -> None:
    """Choose one, with its error above it."""
    _error(sheet, page, wrong, path)
    _select(sheet, path, label, options, value)


def _select(sheet: Sheet, path: str, label: str, options: dict[str, str], value: object) -> None:
    """Choose one by a few letters."""
    saved = value if value in options else None
    st.selectbox(
        label,
        list(options),
        index=None,
        key=sheet.start(path, saved),
        format_func=options.__getitem__,
        placeholder=_("Choose"),
    )


def _text(sheet: Sheet, page: Page, wrong: dict[str, str], path: str, label: str, height: int) -> None:
    _error(sheet, page, wrong, path)
    st.text_area(label, height=height, key=sheet.start(path, str(sheet.answers.get(path) or "")))


def _said(codes: Mapping[str, str]) -> dict[str, str]:
    """Codes with their words in the language spoken now."""
    return {str(code): _(words) for code, words in codes.items()}


def _options(questions: QuestionSet, question_id: str) -> dict[str, str]:
    question = questions.by_id(question_id)
    assert isinstance(question, Choice)  # noqa: S101  # nosec B101  (the question set's model holds it)
    return {option.code: said(option.text) for option in question.options}


def _who(sheet: Sheet, questions: QuestionSet, page: Page, wrong: dict[str, str]) -> None:
    _part(_("Who told you, and how"))
    picks: list[tuple[str, str, dict[str, str]]] = [
        ("source", _("How it reached you"), _said(SOURCES)),
        ("provenance", _("Whose words"), _said(WORDS_OF)),
        ("teller_role", _("Who told you"), _said(BEHALF)),
        ("need", _("What they needed"), _options(questions, "need")),
    ]
    for column, (path, label, options) in zip(st.columns(4), picks, strict=True):
        with column:
            _pick(sheet, page, wrong, path, label, options, sheet.answers.get(path) or FIRST.get(path))


def _steps(sheet: Sheet, lists: PlaceLists, questions: QuestionSet, page: Page, wrong: dict[str, str]) -> None:
    _part(_("The steps, in order"))
    hint = _("Leave what you do not know. A wait can be typed as 3 weeks, 3w, or 10 for days.")
    st.html(f'<p class="tl-hint">{escape(hint)}</p>')
    channel, feeling = questions.steps.by_id("channel"), questions.steps.by_id("feeling")
    assert isinstance(channel, Choice) and isinstance(feeling, Feeling)  # noqa: S101  # nosec B101  (as above)
    channels = {option.code: said(option.text) for option in channel.options}
    feelings = {option.code: said(option.text) for option in feeling.options}
    for index in range(sheet.rows):
        with st.container(key=f"tl-row-{index}", gap="small"):
            _row(sheet, page, wrong, index, list(lists.services), channels, feelings)
    st.form_submit_button(_("Add more steps"), key="log-more", on_click=moves.add_rows)


def _row(
    sheet: Sheet,
    page: Page,
    wrong: dict[str, str],
    index: int,
    services: list[str],
    channels: dict[str, str],
    feelings: dict[str, str],
) -> None:
    """One step on one line. The number stands in each label, so that a screen reader always knows the row.

    Errors stand above the line, since a cell is too narrow for words.
    """
    at, number = f"steps.{index}", index + 1
    saved = sheet.steps[index] if index < len(sheet.steps) else {}
    for cell in ("service", "channel", "feeling", "waited", "note"):
        _error(sheet, page, wrong, f"{at}.{cell}")
    cells = st.columns([3, 2.2, 2.2, 1.5, 1.7, 3.4], vertical_alignment="bottom")
    with cells[0]:
        name = saved.get("service")
        st.selectbox(
            _("{number}. Service").format(number=number),
            services if not name or name in services else [name, *services],
            index=None,
            key=sheet.start(f"{at}.service", name),
            accept_new_options=True,
            placeholder=_("Start typing"),
        )
    with cells[1]:
        label = _("{number}. In touch by").format(number=number)
        _select(sheet, f"{at}.channel", label, channels, saved.get("channel"))
    with cells[2]:
        label = _("{number}. How it felt").format(number=number)
        _select(sheet, f"{at}.feeling", label, feelings, saved.get("feeling"))
    with cells[3]:
        wait = sheet.start(f"{at}.waited", waited_in_words(saved.get("waited")))
        st.text_input(_("{number}. Waited").format(number=number), key=wait, autocomplete="off")
    with cells[4]:
        again = sheet.start(f"{at}.told_again", saved.get("told_again") == "yes")
        st.checkbox(_("Told it again"), key=again)
        page.fields.append(Field(again, name=_("{number}. Told it again").format(number=number)))
    with cells[5]:
        note = sheet.start(f"{at}.note", str(saved.get("note") or ""))
        st.text_input(_("{number}. What happened").format(number=number), key=note, autocomplete="off")


def _ending(sheet: Sheet, questions: QuestionSet, page: Page, wrong: dict[str, str]) -> None:
    _part(_("How it ended, and what you noticed"))
    with st.container(width=380):
        options = _options(questions, "need_met")
        label = _("Did they get what they needed?")
        _pick(sheet, page, wrong, "need_met", label, options, sheet.answers.get("need_met"))
    _text(sheet, page, wrong, "obstacle_text", _("What got in the way of doing the right thing?"), 90)
    _ticks(sheet, page, wrong, "obstacles", _("What kind of thing was it?"), _said(OBSTACLES))


def _ticks(sheet: Sheet, page: Page, wrong: dict[str, str], path: str, label: str, options: dict[str, str]) -> None:
    """Choose any number."""
    key, given = sheet.key(path), sheet.answers.get(path) or ()
    st.html(f'<p class="tl-quiet-label">{escape(label)}</p>')
    if path in wrong:
        st.html(inputs.error_line(key, wrong[path]))
    with st.container(key=f"{key}-group", horizontal=True, gap="medium"):
        for code, words in options.items():
            st.checkbox(words, key=sheet.start(f"{path}.{code}", code in given), wrap=True)
    page.fields.append(Field(f"{key}-group", f"{key}-error" if path in wrong else "", name=label, group=True))


def _consent(sheet: Sheet, question: ConsentTo, page: Page, wrong: dict[str, str]) -> None:
    _part(_("What they agreed to"))
    note = _("Read this out, word for word (wording {wording})").format(wording=question.staff_wording)
    st.html(
        f'<div class="tl-note"><p><strong>{escape(note)}</strong></p><p>{escape(said(question.read_out))}</p></div>'
    )
    options = {option.code: said(option.text) for option in question.options}
    _ticks(sheet, page, wrong, "consent", _("They said yes to"), options)
    how, who = st.columns(2)
    with how:
        how_agreed = sheet.answers.get("consent_how")
        _pick(sheet, page, wrong, "consent_how", _("How they agreed"), _said(AGREED), how_agreed)
    with who:
        given_by = sheet.start(WHO_AGREED, str(sheet.answers.get(WHO_AGREED) or ""))
        who_agreed = _("Who agreed, without a name (such as: she herself, her son)")
        st.text_input(who_agreed, key=given_by, autocomplete="off")
