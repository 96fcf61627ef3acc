"""One visit to one survey: where somebody is, read from the address and written into it, and what is shared by tabs."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode

import streamlit as st

from insight.access import Actor
from insight.intake import Place
from insight.intake.questions import Steps
from insight.language import LANGUAGES
from insight.surveys import State, Survey, phrases
from pages.kit import words
from pages.kit.a11y import Field, Page

TABS = {
    "questions": "Questions",
    "words": "Words",
    "languages": "Languages",
    "dates": "Dates and texts",
    "preview": "Preview",
    "publish": "Publish",
    "posters": "Posters",
    "xlsform": "XLSForm",
    "results": "Results",
}
FIRST, QUESTION = "questions", "question"
STATES = {
    State.NOT_PUBLISHED: "Not published",
    State.NOT_YET_OPEN: "Not yet open",
    State.OPEN: "Open",
    State.CLOSED: "Closed",
}
STYLES = """<style>
.tl-tabs{display:flex;flex-wrap:wrap;gap:.1rem 1.5rem;list-style:none;margin:.6rem 0 0 !important;
padding:0 !important;border-bottom:1px solid #b1b4b6}
.tl-tabs li{margin:0 !important;padding:0 !important}
.tl-tabs a{display:flex;align-items:center;min-height:44px;border-bottom:5px solid transparent;text-decoration:none}
.tl-tabs a:hover{text-decoration:underline}
.tl-tabs [aria-current]{border-color:#12436d;font-weight:700;color:#0b0c0c !important}
.tl-state{display:flex;flex-wrap:wrap;gap:.2rem 1rem;align-items:center;margin:.1rem 0}
.tl-meta{color:#3d4548;margin:.1rem 0 0;font-size:.95rem}
.tl-asked{min-width:15rem}.tl-asked .tl-back{margin:0}.tl-asked .tl-h3{margin-top:.2rem}
.tl-count{border-collapse:collapse;width:100%;max-width:44rem;margin-bottom:1rem}
.tl-count th,.tl-count td{border-bottom:1px solid #b1b4b6;padding:.4rem .8rem .4rem 0;text-align:left;
overflow-wrap:anywhere}
.tl-count th[scope=row]{font-weight:400}.tl-count .n{text-align:right;width:7rem}.tl-count .b{width:35%}
.tl-count .bar{display:block;height:.8rem;background:#12436d;border-radius:2px}
@media (max-width:480px){.tl-count .b{display:none}.tl-asked{min-width:100%}}
.tl-own{background:#12436d}.tl-off{background:#505a5f}.tl-on{background:#1a7068}.tl-wait{background:#801650}
.tl-english{border-inline-start:4px solid #b1b4b6;padding-inline-start:.8rem;margin:0 0 .4rem;white-space:pre-line;
overflow-wrap:anywhere}
.tl-list{margin:.2rem 0 1rem !important;padding-inline-start:1.3rem !important}.tl-list li{overflow-wrap:anywhere}
[class*=st-key-tl-card] button,.st-key-tl-add button,[class*=st-key-tl-act] button{min-height:44px}
[class*=st-key-words-] input,[class*=st-key-words-] textarea{unicode-bidi:plaintext;text-align:start}
[class*=st-key-tl-asked]{border-top:1px solid #d5dade;padding-top:.4rem}
.tl-table th[scope=row]{font-weight:400;overflow-wrap:anywhere}
[class*=st-key-tl-card-preview-rtl]{direction:rtl}
.tl-back a{display:inline-flex;align-items:center;min-height:44px}
</style>"""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who builds which survey, on which page. ``part`` and ``language`` are what the address names."""

    actor: Actor
    place: Place
    survey: Survey
    page: Page
    tab: str
    part: str
    language: str
    several: bool

    @property
    def key(self) -> str:
        """What keys of this survey's inputs begin with."""
        return f"survey-{self.survey.code}"

    def link(self, tab: str, **more: str) -> str:
        """The address of a tab of this survey."""
        place = {"place": self.place.code} if self.several else {}
        return "?" + urlencode(place | {"survey": self.survey.code, "tab": tab} | more)

    def anchor(self, label: str, tab: str, unseen: str = "", **more: str) -> str:
        """A link to a tab, as HTML. ``unseen`` is said to a screen reader only."""
        hidden = f'<span class="tl-unseen"> {escape(unseen)}</span>' if unseen else ""
        return f'<a href="{escape(self.link(tab, **more))}" data-go="1">{escape(label)}{hidden}</a>'

    def name_of(self, part: str) -> str:
        """What a part of the survey is called: its English words."""
        if part == phrases.SURVEY:
            return "Title, welcome and thanks"
        working = self.survey.working
        if part.startswith("steps.page."):
            page = next(page for page in working.steps.page if page.id == part.removeprefix("steps.page."))
            return f"Page about each step: {page.text.get('en') or page.id}"
        question = working.by_id(part)
        said = question.text.get("en") or question.id
        return f"About each step: {said}" if "." in part and not isinstance(question, Steps) else said


def tag(state: State) -> str:
    """The state of a survey, as a tag."""
    colour = {State.OPEN: "tl-on", State.NOT_YET_OPEN: "tl-wait"}.get(state, "tl-off")
    return f'<span class="tl-tag {colour}">{STATES[state]}</span>'


def head(desk: Desk, wrong: bool) -> None:
    """Title, state and tabs; in the browser's tab also that there is something to mend."""
    survey = desk.survey
    title = survey.working.title.get("en") or survey.code
    tab = TABS.get(desk.tab, "Question")
    st.set_page_config(page_title=f"{'Error: ' if wrong else ''}{tab} - {title} - Surveys - Throughline")
    back = "?" + urlencode({"place": desk.place.code}) if desk.several else "?"
    st.html(
        f'<p class="tl-back"><a href="{escape(back)}" data-go="1">All surveys</a></p>'
        f'<h1 class="tl-h1">{escape(title)}</h1><p class="tl-state">{tag(survey.state)}'
        f"<span>{escape(_version(desk))}</span></p>{_tabs(desk)}"
    )


def _version(desk: Desk) -> str:
    survey = desk.survey
    if survey.version is None or survey.published_at is None:
        return "Nobody can answer it yet."
    told = f"Version {survey.version}, published on {words.day(survey.published_at)}."
    return told + (" What you changed since is not published yet." if survey.changes else "")


def _tabs(desk: Desk) -> str:
    """The tabs are links: each is an address of its own."""
    items = ""
    for name, label in TABS.items():
        here = ' aria-current="page"' if name == desk.tab or (name == FIRST and desk.tab == QUESTION) else ""
        items += f'<li><a href="{escape(desk.link(name))}" data-go="1"{here}>{label}</a></li>'
    return f'<nav aria-label="This survey"><ul class="tl-tabs">{items}</ul></nav>'


def h2(text: str) -> None:
    """A heading within a tab."""
    st.html(f'<h2 class="tl-h2">{escape(text)}</h2>')


def hint(text: str) -> None:
    """What helps to use what follows."""
    st.html(f'<p class="tl-hint">{escape(text)}</p>')


def bullets(items: list[str]) -> str:
    """A list of texts that is HTML already."""
    return '<ul class="tl-list">' + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def named(desk: Desk, key: str, name: str) -> str:
    """Give a button a longer name than the one that is seen; gives its key."""
    desk.page.fields.append(Field(key, name=name, button=True))
    return key


def language_name(code: str) -> str:
    """A language as people here call it, and as its speakers do."""
    english = {"en": "English", "cy": "Welsh", "pl": "Polish", "ur": "Urdu", "ar": "Arabic"}.get(code, code)
    own = LANGUAGES[code].name
    return english if english == own else f"{english} ({own})"


def pick_language(desk: Desk, label: str = "Language") -> str:
    """Offer the survey's languages; the chosen one is in the address."""
    known = list(desk.survey.working.languages)
    first = desk.language if desk.language in known else known[0]
    return pick(label, known, first, "language", language_name)


def pick(label: str, options: list[str], first: str, name: str, said: Callable[[str], str]) -> str:
    """Choose one of several; the address follows, and leads when it changes by itself."""
    key, followed = f"survey-pick-{name}", f"survey-followed-{name}"
    if st.session_state.get(key) not in options or st.session_state.get(followed) != first:
        st.session_state[key] = first
    chosen = st.selectbox(label, options, key=key, format_func=said, on_change=_follow, args=(key, name))
    st.session_state[followed] = chosen or first
    return chosen or first


def _follow(key: str, name: str) -> None:
    if chosen := st.session_state.get(key):
        st.query_params[name] = chosen
        st.session_state[f"survey-followed-{name}"] = chosen
