"""A small sharp part of ``make fuzz`` in every test run: the doors of HTTP, pairs that could tell, and files."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette

from insight import intake
from insight.errors import BadInput
from insight.intake import importing
from insight.journeys import cases
from insight.settings import settings
from pages.doors import middleware
from pages.form.routes import routes as form
from pages.operations import routes as operations
from pages.sign_in import routes as sign_in
from tests.fuzz import tells, throwing, uploads, world
from tests.fuzz.asking import Answer, Asked, ask
from tests.fuzz.oracle import acting, faults_in
from tests.fuzz.payloads import MARK
from tests.fuzz.routes import Thrower
from tests.fuzz.tally import FORMULA, SCRIPT, TELLS, UNHANDLED, Tally
from tests.loops import run_apart

SEED = 7
ROUTES = [*form, *sign_in, *operations]
SAFE = [
    (name.encode(), b"x")
    for name in ("content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy")
]


@pytest.fixture
def place(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[world.World]:
    """A filled place, with cheap hashes and no limits."""
    from insight.accounts import hashing
    from pages.form import receipt

    for name, told in {
        "SECRET_KEY": "a secret of this test, long",
        "SECOND_FACTOR": "0",
        "REQUESTS_PER_ADDRESS": "0",
    }.items():
        monkeypatch.setenv(f"INSIGHT_{name}", told)
    monkeypatch.setenv("INSIGHT_PLACE", world.PLACE)
    settings.cache_clear()
    before = {
        (part, name): getattr(part, name)
        for part, name in ((hashing, "MEMORY_KIB"), (hashing, "PASSES"), (receipt, "DEADLINE"))
    }
    try:
        yield world.fill(journeys=0)
    finally:
        for (part, name), value in before.items():
            setattr(part, name, value)
        for made in (hashing._hasher, hashing._nobodys):
            made.cache_clear()
        world.forget_tries()


def test_hostile_requests_and_pairs_find_nothing(place: world.World) -> None:
    app = Starlette(routes=ROUTES, middleware=middleware)
    thrower = Thrower(app.routes, place, SEED)
    every = list(tells.pairs(thrower))

    async def both() -> tuple[Tally, Tally]:
        return await throwing.throw(app, thrower, range(120)), await throwing.compare(app, every[:: len(every) // 40])

    thrown, compared = run_apart(both())
    assert thrown.cases + compared.cases == []
    assert thrown.inputs == 120 and compared.inputs >= 80
    assert thrown.answers["200"] > 10 and thrown.answers["303"] > 5, "the requests come through"


def test_files_are_taken_or_refused_in_words_and_no_formula_leaves(
    place: world.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_bound_memory", lambda: None)
    tally = uploads.throw(SEED, range(25))
    assert tally.cases == []
    assert tally.answers["taken out"] > 0


def test_files_that_once_broke_a_reader_are_refused_in_words(place: world.World) -> None:
    here = intake.current_place()
    whole = uploads.as_workbook({"survey": [["type", "name"], ["text", "q" * 200]]})
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        sheet = packed.getinfo("xl/worksheets/sheet1.xml")
    start = sheet.header_offset + 30 + len(sheet.filename)
    damaged = whole[:start] + b"\xff" * sheet.compress_size + whole[start + sheet.compress_size :]
    with pytest.raises(BadInput):
        importing.preview(uploads.STAFF, here, io.BytesIO(damaged), name="x.xlsx")
    columns = {"journey": "Case", "step": "Activity", "time": "When"}
    with pytest.raises(BadInput):
        cases.bring_in(uploads.STAFF, here, "x", b"Case,Activity\rWhen\ra,b\rc", columns, file_name="x.csv")


def test_raised_digits_are_no_numbers_that_count_rows(place: world.World) -> None:
    rows = "".join(f"²,The letter number {number} never came and nobody answered.\n" for number in range(4))
    importing.preview(uploads.STAFF, intake.current_place(), io.BytesIO(f"No,Comment\n{rows}".encode()), name="x.csv")


# --- What is looked for is found --------------------------------------------------------------------------------------


def test_a_door_that_opens_to_a_key_is_seen_to_tell(place: world.World) -> None:
    app = Starlette(routes=ROUTES, middleware=middleware)
    names = (place.there["draft"], place.absent["draft"])
    there, absent = (Asked("GET", "/tell/continue", f"draft={name}") for name in names)
    told = run_apart(throwing.compare(app, [tells.Pair(there, absent, names, "continue")]))
    assert told.found == {TELLS: 1}


def test_faults_scripts_and_secrets_are_seen() -> None:
    page = f'<p title="<script>{MARK}</script>">&lt;img onerror={MARK}&gt; {MARK}</p>'
    assert acting(page) == []
    bad = [
        f"<script>{MARK}()</script>",
        f"<b onclick={MARK}()>",
        f"<a href='java\tscript:{MARK}()'>",
        f"<img src=//{MARK}.example>",
    ]
    assert all(acting(one) for one in bad)

    def kinds(answer: Answer) -> set[str]:
        return {kind for kind, _what in faults_in(answer, False, [], ["quibble"])}

    html = [(b"content-type", b"text/html")]
    assert kinds(Answer(200, [*SAFE, *html], page.encode())) == set()
    assert kinds(Answer(500, SAFE)) == kinds(Answer(200, html)) == kinds(Answer(0)) == {UNHANDLED}
    assert kinds(Answer(200, SAFE, b'  File "/srv/x.py", line 3')) == {UNHANDLED}
    assert kinds(Answer(200, [*SAFE, *html], bad[0].encode())) == {SCRIPT}
    assert kinds(Answer(303, [*SAFE, (b"location", b"//evil.example")])) == {SCRIPT}
    assert kinds(Answer(200, SAFE, b"a quibble")) == {TELLS}


def test_formulas_are_seen_and_numbers_are_none() -> None:
    assert list(uploads.formulas("x.csv", b"a,=1+1\n-5,'=2\n")) == ["=1+1"]
    assert FORMULA == "formula"


def test_an_application_that_lets_a_fault_out_is_seen() -> None:
    async def broken(_scope: Any, _receive: Any, _send: Any) -> None:
        raise ValueError(MARK)

    answer = run_apart(ask(broken, Asked()))
    assert [kind for kind, _what in faults_in(answer, False, [], [])] == [UNHANDLED]
