"""The words of a survey, part by part: in English, and in each other language beside the English."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from html import escape

import streamlit as st

from insight.intake import digest
from insight.surveys import Phrase, Role, phrases
from pages.kit.a11y import Field
from pages.surveying import moves
from pages.surveying.desk import Desk, hint, language_name, pick, pick_language

LONG = (Role.HELP, Role.WHY, Role.WELCOME, Role.THANKS, Role.READ_OUT)


def draw(desk: Desk) -> None:
    """Choose a language and a part, and write."""
    parts = phrases.parts(desk.survey.working)
    left, right = st.columns([1, 2])
    with left:
        language = pick_language(desk)
    with right:
        part = pick(
            "Part", list(parts), desk.part if desk.part in parts else next(iter(parts)), "part", _name(desk, language)
        )
    _missing(desk, language)
    if language != "en":
        hint("The English stands beside each field. Let somebody who speaks the language well read what you write.")
    phrase_form(desk, part, language)


def _name(desk: Desk, language: str) -> Callable[[str], str]:
    gaps = _gaps(desk, language)

    def name(part: str) -> str:
        count = gaps.get(part, 0)
        return desk.name_of(part) + (f" ({count} to write)" if count else "")

    return name


def _gaps(desk: Desk, language: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for gap in desk.survey.missing:
        if gap.language == language:
            counts[gap.phrase.part] = counts.get(gap.phrase.part, 0) + 1
    return counts


def _missing(desk: Desk, language: str) -> None:
    gaps = _gaps(desk, language)
    if not gaps:
        st.html(f'<p class="tl-hint">All words are there in {escape(language_name(language))}.</p>')
        return
    links = [
        f"{desk.anchor(desk.name_of(part), 'words', part=part, language=language)}: {count} to write"
        for part, count in gaps.items()
    ]
    count = sum(gaps.values())
    st.html(
        f"<details><summary>{count} {'text is' if count == 1 else 'texts are'} missing in "
        f"{escape(language_name(language))}</summary><ul class='tl-list'>"
        + "".join(f"<li>{link}</li>" for link in links)
        + "</ul></details>"
    )


def phrase_form(desk: Desk, part: str, language: str) -> None:
    """All texts of a part in one language, in a form."""
    texts = phrases.parts(desk.survey.working).get(part, [])
    if not texts:
        return
    with st.form(f"{desk.key}-words-{_plain(part)}-{language}", border=False, enter_to_submit=False):
        for text, label in zip(texts, _labels(texts), strict=True):
            _phrase(desk, text, label, language)
        keys = {text.path: _key(text, language) for text in texts}
        name = "Save the words" if language == "en" else f"Save the {language_name(language).split(' ')[0]} words"
        key = f"{desk.key}-save-{_plain(part)}-{language}"
        st.form_submit_button(name, type="primary", key=key, on_click=_save, args=(desk, texts, keys, language))
        if part.startswith("steps.page."):
            desk.page.fields.append(Field(key, name=f"{name}: {desk.name_of(part)}", button=True))


def _labels(texts: Sequence[Phrase]) -> Iterator[str]:
    """What each text is called within its part; answers are counted."""
    count = 0
    for text in texts:
        count += text.role is Role.OPTION
        yield f"{text.role} {count}" if text.role is Role.OPTION else str(text.role)


def _phrase(desk: Desk, phrase: Phrase, label: str, language: str) -> None:
    if language == "en":
        _input(desk, phrase, language, label + (" (may be left empty)" if phrase.optional else ""))
        return
    english = (phrase.wording or {}).get("en", "")
    if not english:
        return
    left, right = st.columns(2, vertical_alignment="center")
    with left:
        st.html(f'<p class="tl-english">{escape(english)}</p>')
    with right:
        _input(desk, phrase, language, f"{label} in {language_name(language).split(' ')[0]}")


def _input(desk: Desk, phrase: Phrase, language: str, label: str) -> None:
    """One text; its key changes when somebody else has changed the text, so that the new one is shown."""
    key, now = _key(phrase, language), (phrase.wording or {}).get(language, "")
    if key not in st.session_state:
        st.session_state[key] = now
    moves.mark(desk.page, key)
    if phrase.role in LONG or len(now) > 90:
        st.text_area(label, key=key, height=110)
    else:
        st.text_input(label, key=key, autocomplete="off")


def _key(phrase: Phrase, language: str) -> str:
    now = (phrase.wording or {}).get(language, "")
    return f"words-{_plain(phrase.path)}-{language}-{digest(now)[:6]}"


def _plain(path: str) -> str:
    return path.replace(".", "-").replace(":", "-")


def _save(desk: Desk, texts: Sequence[Phrase], keys: dict[str, str], language: str) -> None:
    """Write what was changed, and nothing else: somebody may have changed the rest meanwhile."""
    edits: list[tuple[moves.Edit, str]] = []
    for text in texts:
        if keys[text.path] not in st.session_state:
            continue
        typed, now = str(st.session_state[keys[text.path]]), (text.wording or {}).get(language, "")
        if typed.strip() != now.strip():
            edit = partial(phrases.word, path=text.path, language=language, text=typed)
            edits.append((edit, keys[text.path]))
    moves.revise_all(desk, edits, f"Saved in {language_name(language)}.")
