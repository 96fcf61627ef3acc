"""Random answers, orders, languages and odd characters through both front ends: the same checks, the same story."""

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from insight import intake
from insight.access import RESIDENT, SYSTEM
from insight.database import session
from insight.intake import Story, store
from insight.intake.questions import Choice, ConsentTo, Days, Feeling, LongText, Lookup, Number, Steps, When, YesNo
from insight.language import LANGUAGES, speaking
from pages.form.addresses import path_to
from pages.form.routes import routes
from pages.kit import questions as inputs
from pages.sharing import moves
from pages.sharing.address import Where, read_address
from tests.pages.test_form import Forms

EVERY = settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
QUESTIONS = intake.question_set()
FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467 family"
ODD = [
    "",
    " ",
    "\0",
    "a\0b",
    "e\u0301 \u00e9",
    FAMILY,
    "\u0645\u0631\u062d\u0628\u0627 \u202eabc\u202c",
    "zero\u200bwidth\ufeff",
]
ODD += ["<b>&amp;\"'", "{{ 7*7 }}", "Housing advice", " HOUSING  advice ", "x" * 100_000, "line\n\nline\t.", "\uff13"]
ODD += [
    "14",
    "2026",
    "-1",
    "1e999",
    "\u00a31,200.50",
    "99999999999999",
    "\ud7ff\ue000\U0010ffff",
    "nan",
    "0",
    "unknown",
    "%00+&=;",
]
POSTED = [b"need=%ED%A0%80&do=up-99999", b"do=remove-\xff", b"a=1&" * 300, b"new=%00&service=%00&go=lang-%ED%B0%80"]
ASKED = ["/tell", "/tell/q/need", "/tell/q/steps", "/tell/q/steps/1/where", "/tell/send", "/tell/resume", "/tell/r/x"]
ASKED += ["/tell/continue", "/tell/s/x", "/tell/q/\u202e", "/tell/x"]
texts = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=40)
Raw = dict[str, Any]


def raw_inputs(question: Any, given: str) -> st.SearchStrategy[Raw]:
    """What may stand in a question's inputs on the Streamlit page, by the end of each input's key."""
    match question:
        case Choice() | Feeling():
            return st.sampled_from([None, "", *(o.code for o in question.options)]).map(lambda code: {"": code})
        case YesNo():
            return st.sampled_from([None, "", "yes", "no", "unknown"]).map(lambda code: {"": code})
        case LongText() | Lookup() | Number():
            return texts.map(lambda text: {"": text})
        case When():
            return st.fixed_dictionaries({f"-{part}": texts for part in ("day", "month", "year")})
        case Days():
            return st.fixed_dictionaries({"-number": texts, "-unit": st.sampled_from(list(inputs.UNITS))})
        case ConsentTo():
            return st.fixed_dictionaries({f"-{option.code}": st.booleans() for option in question.options})
        case _:
            raise AssertionError(given)


def asked_on(page: str, part: str | None) -> list[Any]:
    if part is None:
        return [QUESTIONS.by_id(page)]
    return [QUESTIONS.steps.by_id(name) for p in QUESTIONS.steps.page if p.id == part for name in p.questions]


PAGES = [(q.id, None) for q in QUESTIONS.question if not isinstance(q, Steps)]
PARTS = [(QUESTIONS.steps.id, part.id) for part in QUESTIONS.steps.page]


@st.composite
def turns(draw: st.DrawFn) -> tuple[str, int, str | None, dict[str, Raw], str]:
    """One page that is filled in: which page, of which step, what stands in its inputs, and the button pressed."""
    page, part = draw(st.sampled_from([*PAGES, *PARTS]))
    filled = {question.id: draw(raw_inputs(question, page)) for question in asked_on(page, part)}
    return (
        page,
        draw(st.integers(0, 2)),
        part,
        filled,
        draw(st.sampled_from(["on", "back", "finish", "lang-cy", "lang-ar"])),
    )


def posted(question: Any, raw: Raw) -> list[tuple[str, str]]:
    """The same inputs as a browser posts them: line ends become CR LF, what is not ticked is left out."""
    if isinstance(question, ConsentTo):
        return [(question.id, option.code) for option in question.options if raw[f"-{option.code}"]]
    return [(question.id + end, str(v).replace("\n", "\r\n")) for end, v in raw.items() if v is not None]


@pytest.fixture
def place(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> intake.Place:
    monkeypatch.setenv("INSIGHT_SECRET_KEY", "a secret of these tests")
    New = intake.NewService
    return intake.add_place(
        SYSTEM, "Testham", organisations=[("Council", "council")], services=[New("h", "Housing advice", "Council")]
    )


class Light:
    """The plain form, over HTTP."""

    def __init__(self, key: str) -> None:
        self.client = TestClient(Starlette(routes=routes), follow_redirects=False)
        opening = self.client.get(f"/tell/continue?draft={key}")
        self.token = dict(Forms(opening.text).fields)["token"]
        assert self.client.post("/tell/continue", data={"token": self.token, "draft": key}).status_code == 303

    def fill(self, here: Where, fields: Sequence[tuple[str, str]], button: str, new: str) -> int:
        body = urlencode([("token", self.token), ("go", button), ("order", "0"), ("new", new), *fields])
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.client.post(path_to(here), content=body, headers=kind).status_code


def told_by(reference: str) -> Story:
    with session() as opened:
        row = store.story_by_reference(opened, reference)
        assert row is not None
        return replace(store.story_of(opened, row), told_at=None)


def fill_as_streamlit(
    monkeypatch: pytest.MonkeyPatch, key: str, here: Where, filled: dict[str, Raw], button: str
) -> intake.Draft:
    """The same inputs, read and saved by the Streamlit page's own functions."""
    desk = moves.Desk(RESIDENT, intake.open_draft(RESIDENT, key), QUESTIONS)
    asked = asked_on(here.page, here.part)
    state = {f"{q.id}{end}": value for q in asked for end, value in filled[q.id].items()}
    monkeypatch.setattr(inputs, "st", SimpleNamespace(session_state=state))
    told = {question.id: moves._as_listed(desk, question, inputs.read(question, question.id)) for question in asked}
    moves._save(desk, here, told)
    if button.startswith("lang-"):
        intake.choose_language(RESIDENT, key, button.removeprefix("lang-"))
    return intake.open_draft(RESIDENT, key)


@given(st.lists(turns(), min_size=1, max_size=6), st.sampled_from(list(LANGUAGES)))
@EVERY
def test_both_front_ends_take_the_same_and_make_the_same_story_of_it(
    place: intake.Place, turns: list[Any], language: str
) -> None:
    light_key = intake.start_draft(RESIDENT, language=language).key
    rich_key = intake.start_draft(RESIDENT, language=language).key
    light = Light(light_key)
    with pytest.MonkeyPatch.context() as patched:
        rich = intake.open_draft(RESIDENT, rich_key)
        for number, (page, step, part, filled, button) in enumerate(turns):
            query = {"page": page} | ({"step": str(step + 1), "part": part} if part else {})
            here = read_address(QUESTIONS, rich.answers, query)
            steps = rich.answers.get("steps") or []
            new = f"page {number}" if here.step is not None and here.step >= len(steps) else ""
            fields = [one for question in asked_on(page, part) for one in posted(question, filled[question.id])]
            assert light.fill(here, fields, button, new) in (303, 422)
            rich = fill_as_streamlit(patched, rich_key, here, filled, button)
    told = intake.open_draft(RESIDENT, light_key)
    assert {name: v for name, v in told.answers.items() if not name.startswith("_")} == rich.answers
    assert intake.problems_in(told.answers) == intake.problems_in(rich.answers)
    assert told.language == rich.language
    for path in ("/tell/check", "/tell/q/steps", *(path_to(Where(*page)) for page in PAGES[:2])):
        assert light.client.get(path).status_code == 200
    sent = light.client.post("/tell/send", data={"token": light.token})
    try:
        reference = intake.submit(RESIDENT, rich_key).reference
    except intake.AnswersNeedMending as mending:
        assert sent.status_code == 422
        with speaking(told.language):
            assert sent.text.count('<li><a href="/tell/q/') + sent.text.count("<li><span>") == len(mending.problems)
        return
    assert sent.status_code == 303
    assert told_by(intake.open_draft(RESIDENT, light_key).reference or "") == told_by(reference)


@given(
    st.sampled_from(ASKED),
    st.binary(max_size=60) | st.sampled_from(POSTED),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12),
)
@EVERY
def test_nothing_that_is_posted_or_asked_for_breaks_it(place: intake.Place, path: str, body: bytes, odd: str) -> None:
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, {"steps": [{"service": odd}], "need": odd, "_at": odd, "_removed": None})
    light = Light(key)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    whole = urlencode([("token", light.token)]).encode() + b"&" + body
    for content in (body, whole):
        assert light.client.post(path, content=content, headers=kind).status_code < 500
    for query in ("", f"?{urlencode({'lang': odd, 'then': odd, 'done': odd, 'step': odd, 'from': odd, 'place': odd})}"):
        assert light.client.get(path + query).status_code < 500
