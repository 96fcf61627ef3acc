"""The form: one screen, in the order in which somebody tells it, and every field within reach of the Tab key."""

from html import escape

import streamlit as st

from insight.access import Actor
from insight.intake import ConsentHow, Obstacle, Place, PlaceLists, Provenance, QuestionSet, Source, said
from insight.intake.questions import Choice, ConsentTo, Feeling
from pages.kit import questions as inputs
from pages.kit.a11y import Field, Page
from pages.logbook import moves
from pages.logbook.sheet import WHO_AGREED, Sheet, waited_in_words

SOURCES = {
    Source.STAFF_PHONE: "Phone",
    Source.STAFF_FACE_TO_FACE: "Face to face",
    Source.STAFF_OBSERVED: "I saw it myself",
    Source.STAFF_PAPER: "On paper",
}
WORDS_OF = {
    Provenance.OWN_WORDS: "Their own words",
    Provenance.PARAPHRASE: "My summary of what they said",
    Provenance.CASE_NOTE: "A case note",
    Provenance.OBSERVED: "What I observed",
}
BEHALF = {
    "self": "The person it happened to",
    "carer": "Somebody who cares for them",
    "parent": "Their parent or guardian",
    "friend": "A friend or relative",
    "staff": "Nobody: I am telling it as staff",
}
OBSTACLES = {
    Obstacle.RULES: "Rules",
    Obstacle.FUNDING: "Funding",
    Obstacle.SYSTEMS: "Systems",
    Obstacle.DATA_SHARING: "Data sharing",
    Obstacle.TARGETS: "Targets",
    Obstacle.WORKLOAD: "Workload",
    Obstacle.OTHER: "Something else",
}
AGREED = {
    ConsentHow.VERBAL: "They said so",
    ConsentHow.WRITTEN: "They signed or wrote it",
    ConsentHow.PROXY: "Somebody who may decide for them agreed",
}
FIRST = {"source": Source.STAFF_PHONE.value, "provenance": Provenance.PARAPHRASE.value}


def draw(actor: Actor, place: Place, lists: PlaceLists, questions: QuestionSet, sheet: Sheet, page: Page) -> None:
    """Draw the whole form."""
    consent = next(question for question in questions.question if isinstance(question, ConsentTo))
    wrong = {problem.path: problem.message for problem in moves.last().problems if problem.path}
    with st.form(sheet.key("form"), border=False, enter_to_submit=False):
        _who(sheet, questions, page, wrong)
        _text(sheet, page, wrong, "what_happened", "What happened?", 160)
        _steps(sheet, lists, questions, page, wrong)
        _ending(sheet, questions, page, wrong)
        _consent(sheet, consent, page, wrong)
        with st.container(horizontal=True, gap="small", key="tl-onwards"):
            words = "Save changes" if sheet.entry else "Save story"
            wording = consent.staff_wording
            st.form_submit_button(
                words, type="primary", key="log-save", on_click=moves.save, args=(actor, place, lists, wording)
            )
            if sheet.entry:
                st.form_submit_button("Stop without saving", key="log-stop", on_click=moves.stop_editing)


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
        placeholder="Choose",
    )


def _text(sheet: Sheet, page: Page, wrong: dict[str, str], path: str, label: str, height: int) -> None:
    _error(sheet, page, wrong, path)
    st.text_area(label, height=height, key=sheet.start(path, str(sheet.answers.get(path) or "")))


def _options(questions: QuestionSet, question_id: str) -> dict[str, str]:
    question = questions.by_id(question_id)
    assert isinstance(question, Choice)  # noqa: S101  (the question set's own model holds it)
    return {option.code: said(option.text) for option in question.options}


def _who(sheet: Sheet, questions: QuestionSet, page: Page, wrong: dict[str, str]) -> None:
    _part("Who told you, and how")
    picks: list[tuple[str, str, dict[str, str]]] = [
        ("source", "How it reached you", {str(code): words for code, words in SOURCES.items()}),
        ("provenance", "Whose words", {str(code): words for code, words in WORDS_OF.items()}),
        ("teller_role", "Who told you", BEHALF),
        ("need", "What they needed", _options(questions, "need")),
    ]
    for column, (path, label, options) in zip(st.columns(4), picks, strict=True):
        with column:
            _pick(sheet, page, wrong, path, label, options, sheet.answers.get(path) or FIRST.get(path))


def _steps(sheet: Sheet, lists: PlaceLists, questions: QuestionSet, page: Page, wrong: dict[str, str]) -> None:
    _part("The steps, in order")
    st.html('<p class="tl-hint">Leave what you do not know. A wait can be typed as 3 weeks, 3w, or 10 for days.</p>')
    channel, feeling = questions.steps.by_id("channel"), questions.steps.by_id("feeling")
    assert isinstance(channel, Choice) and isinstance(feeling, Feeling)  # noqa: S101
    channels = {option.code: said(option.text) for option in channel.options}
    feelings = {option.code: said(option.text) for option in feeling.options}
    for index in range(sheet.rows):
        with st.container(key=f"tl-row-{index}", gap="small"):
            _row(sheet, page, wrong, index, list(lists.services), channels, feelings)
    st.form_submit_button("Add more steps", key="log-more", on_click=moves.add_rows)


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
            f"{number}. Service",
            services if not name or name in services else [name, *services],
            index=None,
            key=sheet.start(f"{at}.service", name),
            accept_new_options=True,
            placeholder="Start typing",
        )
    with cells[1]:
        _select(sheet, f"{at}.channel", f"{number}. In touch by", channels, saved.get("channel"))
    with cells[2]:
        _select(sheet, f"{at}.feeling", f"{number}. How it felt", feelings, saved.get("feeling"))
    with cells[3]:
        wait = sheet.start(f"{at}.waited", waited_in_words(saved.get("waited")))
        st.text_input(f"{number}. Waited", key=wait, autocomplete="off")
    with cells[4]:
        again = sheet.start(f"{at}.told_again", saved.get("told_again") == "yes")
        st.checkbox("Told it again", key=again)
        page.fields.append(Field(again, name=f"{number}. Told it again"))
    with cells[5]:
        note = sheet.start(f"{at}.note", str(saved.get("note") or ""))
        st.text_input(f"{number}. What happened", key=note, autocomplete="off")


def _ending(sheet: Sheet, questions: QuestionSet, page: Page, wrong: dict[str, str]) -> None:
    _part("How it ended, and what you noticed")
    with st.container(width=380):
        options = _options(questions, "need_met")
        _pick(sheet, page, wrong, "need_met", "Did they get what they needed?", options, sheet.answers.get("need_met"))
    _text(sheet, page, wrong, "obstacle_text", "What got in the way of doing the right thing?", 90)
    _ticks(sheet, page, wrong, "obstacles", "What kind of thing was it?", {str(k): v for k, v in OBSTACLES.items()})


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
    _part("What they agreed to")
    st.html(
        '<div class="tl-note"><p><strong>Read this out, word for word</strong> '
        f"(wording {escape(question.staff_wording)})</p><p>{escape(said(question.read_out))}</p></div>"
    )
    options = {option.code: said(option.text) for option in question.options}
    _ticks(sheet, page, wrong, "consent", "They said yes to", options)
    how, who = st.columns(2)
    with how:
        words = {str(code): text for code, text in AGREED.items()}
        _pick(sheet, page, wrong, "consent_how", "How they agreed", words, sheet.answers.get("consent_how"))
    with who:
        given_by = sheet.start(WHO_AGREED, str(sheet.answers.get(WHO_AGREED) or ""))
        st.text_input("Who agreed, without a name (such as: she herself, her son)", key=given_by, autocomplete="off")
