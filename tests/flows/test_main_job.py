"""The main job in the domain alone: stories go in, their pain point comes out, with the right people let in."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from insight import intake, painpoints, runs, worker
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.database import dispose
from insight.demo.build import build
from insight.errors import NotAllowed, NotFound, NotReady
from insight.painpoints import Board, Filters
from insight.settings import settings
from tests.conftest import use_database

DESIGNER = Actor(Role.DESIGNER, "designer one")
FRONTLINE = Actor(Role.FRONTLINE, "worker one")
LETTERS = [
    "The letter was full of jargon and I could not understand a word of it.",
    "Another letter came that I could not understand, pages of jargon.",
    "I could not understand the letter, it was all jargon and codes.",
    "Nobody could understand that letter, it was jargon from start to end.",
    "A letter came full of jargon, my neighbour could not understand it either.",
    "The letter made no sense, jargon, I could not understand what they wanted.",
]


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Path:
    """A file with an invented place, to copy."""
    return made(migrated_sqlite, tmp_path_factory.mktemp("invented"), lambda: build(250, 7, None, lambda *_: None))


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory, invented: Path) -> Path:
    """The same place, analysed and published, to copy."""
    return made(invented, tmp_path_factory.mktemp("analysed"), lambda: analyse(intake.current_place("ottermarsh")))


def made(source: Path, folder: Path, act: Callable[[], object]) -> Path:
    """A copy of a database file in which something was done."""
    target = folder / "made.db"
    shutil.copy(source, target)
    with pytest.MonkeyPatch.context() as patch:
        use_database(patch, f"sqlite:///{target}")
        act()
        dispose()
    settings.cache_clear()
    return target


@pytest.fixture
def place(invented: Path, sqlite: str, tmp_path: Path) -> intake.Place:
    return opened(invented, tmp_path)


@pytest.fixture
def analysed_place(analysed: Path, sqlite: str, tmp_path: Path) -> intake.Place:
    return opened(analysed, tmp_path)


def opened(source: Path, tmp_path: Path) -> intake.Place:
    """The test's own database is a copy of this one."""
    shutil.copy(source, tmp_path / "test.db")
    painpoints.forget_cached_runs()
    return intake.current_place("ottermarsh")


def tell(text: str) -> str:
    key = intake.start_draft(RESIDENT, "ottermarsh").key
    step = {"service": "Council tax", "channel": "post", "feeling": "-2", "note": text}
    intake.save_draft(RESIDENT, key, {"need": "money", "steps": [step], "consent": ["analyse", "quote"]})
    return intake.submit(RESIDENT, key).reference


def analyse(place: intake.Place) -> Board:
    run = runs.create(DESIGNER, place.id)
    worker.work(run.id)
    runs.publish(DESIGNER, run.id)
    return painpoints.board(DESIGNER, place)


def test_what_was_told_is_found_behind_a_pain_point(place: intake.Place) -> None:
    for text in LETTERS:
        tell(text)
    answers = {
        "what_happened": "Cust could not understand the letter, jargon throughout.",
        "steps": [{"service": "Council tax", "channel": "post", "feeling": "-1"}],
        "consent": ["analyse"],
        "consent_how": "verbal",
        "source": "staff_phone",
    }
    intake.log_story(FRONTLINE, place, "token", answers)
    with pytest.raises(NotReady):
        painpoints.board(DESIGNER, place)
    board = analyse(place)
    behind = {
        said.passage: theme
        for theme in board.pain_points
        for said in painpoints.pain_point(DESIGNER, place, theme.number).evidence
    }
    assert LETTERS[0] in behind
    theme = behind[LETTERS[0]]
    assert any("letter" in term for term in theme.terms)
    assert theme.low <= theme.share <= theme.high
    view = painpoints.pain_point(DESIGNER, place, theme.number)
    passage = next(said for said in view.evidence if said.passage == LETTERS[0])
    journey = painpoints.journey(DESIGNER, place, passage.number)
    assert journey.steps[0].note == LETTERS[0]
    assert passage.may_quote


def test_the_board_under_filters_and_for_roles(analysed_place: intake.Place) -> None:
    place = analysed_place
    board = painpoints.board(DESIGNER, place)
    assert board.pain_points and board.works_well
    assert all(theme.journeys >= 5 for theme in (*board.pain_points, *board.mixed, *board.works_well))
    assert [theme.priority for theme in board.pain_points] == sorted(
        (theme.priority for theme in board.pain_points), reverse=True
    )
    offered = painpoints.choices(DESIGNER, place)
    filtered = painpoints.board(DESIGNER, place, Filters(service=offered["service"][0]))
    assert filtered.journeys < board.journeys
    seen = painpoints.board(FRONTLINE, place)
    assert all(theme.quote is None or theme.quote.may_quote for theme in seen.pain_points)
    with pytest.raises(NotAllowed):
        painpoints.pain_point(FRONTLINE, place, board.pain_points[0].number)
    with pytest.raises(NotAllowed):
        painpoints.board(RESIDENT, place)
    other = intake.add_place(SYSTEM, "Elsewhere")
    with pytest.raises(NotFound):
        painpoints.board(DESIGNER, other, run_id=board.run.id)


def test_a_changed_story_is_no_longer_quoted_from_an_older_run(place: intake.Place) -> None:
    answers = {
        "what_happened": "A sentence that only this story holds, about a letter nobody could understand.",
        "consent": ["analyse"],
        "consent_how": "verbal",
    }
    intake.log_story(FRONTLINE, place, "token", answers)
    board = analyse(place)

    def passages() -> set[str]:
        return {
            said.passage
            for theme in (*board.pain_points, *board.mixed, *board.works_well)
            for said in painpoints.pain_point(DESIGNER, place, theme.number).evidence
        }

    assert answers["what_happened"] in passages()
    entry = intake.my_entries(FRONTLINE)[0]
    intake.amend_entry(FRONTLINE, entry.reference, entry.version, {**answers, "what_happened": "Mended."})
    assert answers["what_happened"] not in passages()


def test_the_same_stories_give_the_same_run(analysed_place: intake.Place) -> None:
    first = painpoints.board(DESIGNER, analysed_place)
    second = analyse(analysed_place)
    assert second.run.id != first.run.id
    assert second.run.input_fingerprint == first.run.input_fingerprint
    assert [(t.label, t.journeys, t.priority) for t in second.pain_points] == [
        (t.label, t.journeys, t.priority) for t in first.pain_points
    ]


def test_five_stories_are_enough(sqlite: str) -> None:
    painpoints.forget_cached_runs()
    place = intake.add_place(SYSTEM, "Small Place")
    for text in LETTERS[:5]:
        key = intake.start_draft(RESIDENT, place.code).key
        intake.save_draft(RESIDENT, key, {"what_happened": text, "consent": ["analyse"]})
        intake.submit(RESIDENT, key)
    board = analyse(place)
    assert [theme.journeys for theme in (*board.pain_points, *board.mixed)] == [5]


def test_the_export_holds_what_the_screen_shows(analysed_place: intake.Place) -> None:
    board = painpoints.board(DESIGNER, analysed_place)
    table = painpoints.export(DESIGNER, analysed_place).decode("utf-8-sig").splitlines()
    assert len(table) == 1 + len(board.pain_points) + len(board.mixed) + len(board.works_well)
    assert board.pain_points[0].label.split(",", maxsplit=1)[0] in table[1]
