"""Erasing by reference leaves no trace: a planted sentence is looked for in every byte that the product keeps."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import inspect, select, text

from insight import coding, columns, intake, journeys, painpoints, receipts, runs, worker
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.codebook import learnings, rounds
from insight.codebook.tables import CodingRow, LastingThemeRow, LearningRow, RoundPassageRow
from insight.coding import comparing, desk
from insight.coding.looking import look
from insight.database import Base, engine, session, write_session
from insight.errors import NotFound
from insight.intake import ConsentScope
from insight.journeys import scoping
from insight.journeys.record import Record
from insight.journeys.tables import RecordRow
from insight.painpoints import Board, meant, reading
from insight.painpoints.analysis import analyse_place
from insight.painpoints.cube import Cube
from insight.painpoints.evidence import best_quote_of
from insight.painpoints.model import PART
from insight.painpoints.tables import CubeRow, PassageRow, ThemeRow
from insight.receipts.tables import ErasureRow
from insight.search import search
from tests.stores.made_runs import add_run, add_stories

DESIGNER = Actor(Role.DESIGNER, "designer one")
FRONTLINE = Actor(Role.FRONTLINE, "worker one")
OTHERS = [
    f"The {which} letter was awful, I could not understand its jargon and codes."
    for which in ("council", "second", "last", "blue", "longest", "newest", "rent")
]
PLANTED = "The Zibblewick letter was awful, I could not understand its jargon and codes"
CHANGED = "A purple desk with somebody at it would be better"
NOTE = "Nobody from Quillhampton rang me"
SERVICE = "Zibblewick Lane hatch"
PART_NUMBER = 50
CODEBOOKS = ("codebook.csv", "codebook.qdc")
KEPT = "The quarry letter was awful, the customer could not understand its jargon and codes"


@pytest.fixture
def place(database: str) -> intake.Place:
    painpoints.forget_cached_runs()
    journeys.forget_cached_runs()
    return intake.add_place(SYSTEM, "Testham")


def tell(words: str, **step: Any) -> str:
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, {"what_happened": words})
    steps = [{"service": "Council tax", "feeling": "-2", **step}]
    intake.save_draft(RESIDENT, key, {"steps": steps, "consent": ["analyse", "quote"]})
    return intake.submit(RESIDENT, key).reference


def change(reference: str, answers: dict[str, Any]) -> None:
    draft = intake.amend_draft(RESIDENT, reference)
    intake.save_draft(RESIDENT, draft.key, answers)
    receipts.send_change(RESIDENT, draft.key)


def analyse(place: intake.Place) -> Board:
    run = runs.create(DESIGNER, place.id, {"resolution": 0.1})  # so few stories make one theme
    worker.work(run.id)
    runs.publish(DESIGNER, run.id)
    return painpoints.board(DESIGNER, place)


def journeys_told(place: intake.Place) -> str:
    """One story with the planted sentence among others, one of them logged by staff; gives its reference."""
    for words in OTHERS:
        tell(words)
    staff = {"what_happened": KEPT, "consent": ["analyse"], "consent_how": "verbal", "source": "staff_phone"}
    intake.log_story(FRONTLINE, place, "token", staff)
    return tell(PLANTED + ".", service=SERVICE, note=NOTE + ".")


def evidence(place: intake.Place, theme: int) -> dict[str, bool]:
    """The passages of a theme, each with whether it may be quoted."""
    return {said.passage: said.may_quote for said in painpoints.pain_point(DESIGNER, place, theme).evidence}


def theme_of(place: intake.Place, board: Board, words: str) -> int:
    """The pain point that some words are evidence of."""
    return next(theme.number for theme in board.pain_points if words in "".join(evidence(place, theme.number)))


def name_after_one_story(number: int) -> None:
    """Let a theme, a part of it and its lasting theme be called by what the planted story alone says.

    That may happen in a small place.
    """
    phrase, term = "The Zibblewick letter was awful, jargon", "zibblewick letter"
    with write_session() as opened:
        for row in opened.query(CubeRow):
            cube = Cube.from_bytes(row.body)
            row.body = replace(cube, leaf=np.where(cube.theme == number, PART_NUMBER, cube.leaf)).to_bytes()
        for theme in opened.query(ThemeRow).where(ThemeRow.number == number).all():
            theme.terms, theme.label = [term, *theme.terms], phrase
            part = {"kind": PART, "label": "Zibblewick letter", "terms": [term], "firm": False}
            opened.add(ThemeRow(run_id=theme.run_id, number=PART_NUMBER, **part, facts=dict(theme.facts)))
        for lasting in opened.query(LastingThemeRow).where(LastingThemeRow.number == number):
            lasting.label = phrase
    painpoints.forget_cached_runs()


def work_on(place: intake.Place, theme: int) -> list[int]:
    """Code the planted passages with others, in a blind round too, and let the machine learn; gives their numbers."""
    looked = look(DESIGNER, place)
    cube = looked.cube
    mine = np.flatnonzero(cube.passage_story == cube.passage_story[quoted(place, theme, PLANTED)]).tolist()
    others = np.flatnonzero((cube.theme == theme) & ~np.isin(np.arange(len(cube.theme)), mine)).tolist()
    made = comparing.start(DESIGNER, place, "A round", len(cube.theme))
    for number in (*mine, others[0]):
        comparing.answer(DESIGNER, place, made.id, number, [theme])
    coding.move(DESIGNER, place, [mine[0], *others[:3]], [theme])
    with write_session() as opened:
        begun = learnings.begin(opened, place.id, looked.run.id, "")
    worker.learn(begun)
    return mine


def quoted(place: intake.Place, theme: int, words: str) -> int:
    """The number of the passage of a theme that says some words."""
    told = painpoints.pain_point(DESIGNER, place, theme).evidence
    return next(said.number for said in told if words in said.passage)


def traces(folder: Path, *words: str) -> list[str]:
    """Where any of these words stand in what is kept: bytes of files, rows of every table, cubes, caches."""
    kept: list[tuple[str, str]] = []
    with session() as opened:
        for table in inspect(engine()).get_table_names():
            known = Base.metadata.tables.get(table)  # so that what is locked is opened and looked at too
            rows = opened.execute(text(f'SELECT * FROM "{table}"') if known is None else select(known))
            kept.append((f"table {table}", "\n".join(str(row) for row in rows)))
        kept += [("cube", json.dumps(Cube.from_bytes(row.body).words)) for row in opened.query(CubeRow)]
        kept += [("journeys", json.dumps(Record.from_bytes(row.body).words)) for row in opened.query(RecordRow)]
    for told in scoping._held.values():
        kept.append(("cached journeys", json.dumps([told.record.words, told.whole.words])))
    for held in reading._held.values():
        kept.append(("cached cube", json.dumps([held.cube.words, held.whole.words, held.choices])))
        named = [*held.themes, *held.machine_themes, *held.machine_parts.values()]
        kept.append(("cached themes", str([(theme.label, theme.terms) for theme in named])))
        kept.append(("cached codebook", str([theme.label for theme in held.known.book.themes.values()])))
    in_rows = [f"{where}: {word}" for where, said in kept for word in words if word.lower() in said.lower()]
    return in_rows + [f"{path.name}: {word}" for path in folder.rglob("*") for word in _in_file(path, words)]


def _in_file(path: Path, words: tuple[str, ...]) -> Iterator[str]:
    if path.is_file():
        body = path.read_bytes().lower()
        yield from (word for word in words if word.lower().encode() in body)


def test_an_erased_story_leaves_no_trace(place: intake.Place, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    reference = journeys_told(place)
    analyse(place)
    change(reference, {"what_better": CHANGED + "."})
    board = analyse(place)
    theme = theme_of(place, board, PLANTED)
    name_after_one_story(theme)
    board = painpoints.board(DESIGNER, place)
    numbers = work_on(place, theme)
    in_progress = intake.amend_draft(RESIDENT, reference)
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "board.csv").write_bytes(painpoints.export(DESIGNER, place))
    assert PLANTED in receipts.download(RESIDENT, reference, "html").body.decode()
    assert [pain.label for pain in receipts.held(RESIDENT, reference).speaks_to] == [board.pain_points[0].label]
    painpoints.choices(DESIGNER, place)
    assert search(DESIGNER, place, PLANTED).hits[0].evidence.number in numbers
    write_codebook(place, exports)
    mapped = journeys.journey_map(DESIGNER, place)
    (exports / "map.csv").write_bytes(journeys.export_table(DESIGNER, place, "map"))
    before = traces(tmp_path, PLANTED, CHANGED, NOTE, SERVICE)
    tables = (f"table {name}: " for name in ("story", "step", "story_history", "draft"))
    for where in (*tables, "cube: ", "cached cube: ", "journeys: ", "cached journeys: "):
        assert any(found.startswith(where) for found in before), f"the check would not see it in {where}"
    named = traces(tmp_path, "zibblewick letter")
    for where in ("table theme: ", "table lasting_theme: ", "cached themes: ", "cached codebook: ", *CODEBOOKS):
        assert any(found.startswith(where) for found in named), f"the check would not see it in {where}"
    assert meant_by(place, numbers).any()
    as_another_process_holds_it, journeys_held = dict(reading._held), dict(scoping._held)

    proof = receipts.erase(RESIDENT, reference)

    assert traces(tmp_path, PLANTED, CHANGED, NOTE, SERVICE, reference) == []
    reading._held.update(as_another_process_holds_it)
    scoping._held.update(journeys_held)
    after = painpoints.board(DESIGNER, place)
    _counts_fit(board, after)
    assert (mapped.journeys, journeys.journey_map(DESIGNER, place).journeys) == (len(OTHERS) + 2, len(OTHERS) + 1)
    _left_the_codebook(place, numbers)
    write_codebook(place, exports)
    receipts.tidy(SYSTEM)
    assert traces(tmp_path, PLANTED, CHANGED, NOTE, SERVICE, reference) == []
    assert [found for found in traces(tmp_path, "zibblewick") if not found.startswith("board.csv")] == []
    assert not {PLANTED, CHANGED, NOTE, SERVICE, reference} & {
        words for words in (PLANTED, reference) if words in caplog.text
    }
    assert traces(tmp_path, KEPT), "what another teller said is still there"
    with pytest.raises(NotFound):
        intake.open_draft(RESIDENT, in_progress.key)
    _proof_names_nobody(proof.code)


def write_codebook(place: intake.Place, folder: Path) -> None:
    """The codebook's exports."""
    for name, body in zip(CODEBOOKS, (coding.as_csv(DESIGNER, place), coding.as_qdc(DESIGNER, place)), strict=True):
        (folder / name).write_bytes(body)


def meant_by(place: intake.Place, numbers: list[int]) -> Any:
    """The vectors of passages, as this process holds them."""
    looked = look(DESIGNER, place)
    with session() as opened:
        known = meant.meanings(opened, looked.run.id, looked.held)
    assert known is not None
    return known.rows[numbers]


def _left_the_codebook(place: intake.Place, numbers: list[int]) -> None:
    """Nothing is kept of what the passages mean, of what was coded of them, or of where they would be read."""
    looked = look(DESIGNER, place)
    assert not meant_by(place, numbers).any()
    assert not looked.cube.key[numbers].any()
    with session() as opened:
        stories = {row.story_id for row in opened.query(PassageRow)}
        assert {row.story_id for row in opened.query(CodingRow)} <= stories
        assert {row.story_id for row in opened.query(RoundPassageRow)} <= stories
        assert opened.query(CodingRow).count() == 4, "what was coded of others is still there"
        (told, words) = columns.unpacked(opened.query(LearningRow).one().body or b"")
        lessons = learnings.lessons(opened, place.id, looked.run.id)
    assert not words and {held.dtype.kind for held in told.values()} <= set("bif")
    for pile in desk.Pile:
        assert not set(desk.order_of(looked, lessons, pile).tolist()) & set(numbers)
    (held,) = rounds.every(DESIGNER, place.id)
    assert len(held.passages) == (looked.cube.key != 0).sum()
    assert best_quote_of(DESIGNER, looked.run.id, looked.cube, numbers) is None
    assert not {hit.evidence.number for hit in search(DESIGNER, place, PLANTED).hits} & set(numbers)


def _counts_fit(board: Board, after: Board) -> None:
    assert (after.journeys, board.journeys) == (len(OTHERS) + 1, len(OTHERS) + 2)
    assert after.passages == board.passages - 3
    placed = sum(theme.passages for theme in (*after.pain_points, *after.mixed, *after.works_well))
    assert placed + after.unplaced == after.passages
    assert after.pain_points[0].journeys == board.pain_points[0].journeys - 1
    assert "zibblewick" not in str(after.pain_points).lower()


def _proof_names_nobody(code: str) -> None:
    with session() as opened:
        (row,) = opened.query(ErasureRow)
        assert row.proof == code
        assert all(type(number) is int for number in row.counts.values())
        assert {name: row.counts[name] for name in ("stories", "earlier_versions", "analyses", "drafts")} == {
            "stories": 1,
            "earlier_versions": 1,
            "analyses": 2,
            "drafts": 3,
        }


def test_taking_back_one_agreement_works_at_once(place: intake.Place) -> None:
    reference = journeys_told(place)
    board = analyse(place)
    theme = theme_of(place, board, PLANTED)
    quotable = next(passage for passage in evidence(place, theme) if PLANTED in passage)
    assert evidence(place, theme)[quotable]
    receipts.withdraw(RESIDENT, reference, ConsentScope.QUOTE)
    assert evidence(place, theme)[quotable] is False
    receipts.withdraw(RESIDENT, reference, ConsentScope.ANALYSE)
    assert quotable not in evidence(place, theme)
    after = painpoints.board(DESIGNER, place)
    assert after.journeys == board.journeys - 1
    assert runs.get(DESIGNER, board.run.id).left_out == {"stories taken back since": 1}
    assert receipts.held(RESIDENT, reference).speaks_to == ()
    receipts.give(RESIDENT, reference, ConsentScope.ANALYSE)
    assert painpoints.board(DESIGNER, place).journeys == after.journeys
    assert analyse(place).journeys == board.journeys
    change(reference, {"consent": []})
    assert painpoints.board(DESIGNER, place).journeys == after.journeys


def test_a_story_erased_while_an_analysis_runs_is_not_in_it(
    place: intake.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = journeys_told(place)

    def interrupted(*asked: Any) -> Any:
        outcome = analyse_place(*asked)
        receipts.erase(RESIDENT, reference)
        return outcome

    monkeypatch.setattr("insight.worker.analyse_place", interrupted)
    board = analyse(place)
    assert board.journeys == len(OTHERS) + 1
    assert board.run.left_out["stories taken back since"] == 1
    with session() as opened:
        assert opened.query(PassageRow).count() == board.passages
        assert "zibblewick" not in str([theme.terms for theme in opened.query(ThemeRow)])


def test_what_left_is_quoted_nowhere_even_where_the_analysis_chose_it(sqlite: str) -> None:
    painpoints.forget_cached_runs()
    place = intake.add_place(SYSTEM, "Testham", organisations=[], services=[])
    told = add_stories(place, 0, [f"they lost what I handed in, time {n}" for n in range(14)])
    joined = {"themes": [0, 1], "score": 6.0, "firm": True, "quotes": [{"0": [3]}, {"1": [12]}]}
    add_run(place, told, [0] * 7 + [1] * 7, services=[0] * 7 + [1] * 7, facts={"joined": [joined]})
    assert _quoted_across(place) == [3, 12]
    with write_session() as opened:
        painpoints.leave_runs(opened, place.id, told[3][0])
    painpoints.forget_cached_runs()
    after = _quoted_across(place)
    assert len(after) == 2
    assert 12 in after
    assert 3 not in after


def _quoted_across(place: intake.Place) -> list[int]:
    (pain,) = painpoints.across(DESIGNER, place).pains
    return [voice.quote.passage for voice in pain.voices if voice.quote]
