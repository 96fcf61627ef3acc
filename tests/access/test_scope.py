"""Two places with the same in them: whoever acts in one learns nothing of the other, not even what there is."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from insight.access import EVERYWHERE, GRANTS, Actor, Permission, Role, UseCase
from insight.database import session
from insight.errors import InsightError, NotAllowed, NotFound
from tests.access.arguments import arguments, call, nowhere
from tests.access.objects import USE_CASES, name_of
from tests.access.two_places import WORKER, Filled, fill, forget_what_is_held
from tests.conftest import use_database

HERE, ELSEWHERE = "marrowgate", "quillfeather"
# Tellers act in no place: whoever holds a story's reference or a draft's key may do this, wherever it was told.
BY_WHAT_ONE_HOLDS = Permission.TELL
CASES = [case for case in USE_CASES if case.permission not in {BY_WHAT_ONE_HOLDS, *EVERYWHERE}]
IN_A_UNIT_OF_WORK = {"runs.service.publish_within"}  # for other rooms' services: its caller opens what it works in
ASKED = [case for case in CASES if name_of(case) not in IN_A_UNIT_OF_WORK]


@dataclass(frozen=True)
class World:
    """Two places, and the database that holds them as it was at first."""

    here: Filled
    elsewhere: Filled
    database: Path


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[World]:
    """Both places filled, once for all."""
    database = tmp_path_factory.mktemp("two-places") / "both.db"
    shutil.copy(migrated_sqlite, database)
    with pytest.MonkeyPatch.context() as patch:
        use_database(patch, f"sqlite:///{database}")
        made = World(fill("Hereham", HERE, 14), fill("Farham", ELSEWHERE, 20), database)
        use_database(patch, f"sqlite:///{database}.none")  # closes the file, so that it can be copied
    yield made
    forget_what_is_held()


@pytest.fixture
def again(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], World]:
    """Gives the two places as they were at first, each time anew."""
    numbers, untouched = count(), list[tuple[str, int, int]]()

    def begin() -> World:
        if untouched and untouched == files():
            return world
        database = tmp_path / f"{next(numbers)}.db"
        shutil.copy(world.database, database)
        use_database(monkeypatch, f"sqlite:///{database}")
        forget_what_is_held()
        with session() as opened:
            opened.execute(text("select 1"))
        untouched[:] = files()
        return world

    def files() -> list[tuple[str, int, int]]:
        return sorted((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in tmp_path.glob("*.db*"))

    monkeypatch.setenv("INSIGHT_WORKER", "service")  # nothing is worked on here
    return begin


def actor_of(case: UseCase[..., Any], here: Filled, role: Role | None = None) -> Actor:
    """Somebody who may do this, in this place alone."""
    role = role or next(role for role in Role if case.permission in GRANTS[role])
    return Actor(role, WORKER, frozenset({here.place.id}), account=here.known["account"])


def answer(case: UseCase[..., Any], actor: Actor, given: dict[str, Any]) -> tuple[str, str]:
    """What somebody hears: the kind of problem with its words, or what was given."""
    try:
        told = call(case, actor, given)
    except InsightError as problem:
        return type(problem).__name__, str(problem)
    into = given.get("into")
    return "given", f"{told!r} {into.getvalue()!r}" if isinstance(into, BytesIO) else repr(told)


@pytest.mark.parametrize("case", ASKED, ids=name_of)
def test_what_lies_elsewhere_is_not_there(case: UseCase[..., Any], again: Callable[[], World]) -> None:
    here, elsewhere = again().here, again().elsewhere
    actor = actor_of(case, here)
    foreign = answer(case, actor, arguments(case, here, elsewhere.known))
    again()
    absent = answer(case, actor, arguments(case, here, nowhere(elsewhere.known)))
    assert foreign[0] == absent[0]
    if foreign[0] != "given":
        assert foreign == absent
    assert ELSEWHERE not in foreign[1]
    again()
    own = answer(case, actor, arguments(case, here, here.known))
    assert own[0] not in ("NotFound", "NotAllowed"), f"what lies here was not found, so nothing was tested: {own}"
    assert ELSEWHERE not in own[1]


IN_PLACES = [case for case in ASKED if {"place", "place_id"} & set(case.__wrapped__.__annotations__)]  # type: ignore[attr-defined]


def test_another_place_is_none_for_every_role(again: Callable[[], World]) -> None:
    fresh = again()
    unlike = []
    for case in IN_PLACES:
        for role in (role for role in Role if case.permission in GRANTS[role]):
            actor = actor_of(case, fresh.here, role)
            given = arguments(case, fresh.elsewhere, fresh.elsewhere.known)
            none = {name: nowhere(fresh.elsewhere.known).get(name, told) for name, told in given.items()}
            heard = answer(case, actor, given), answer(case, actor, none)
            if heard[0] != heard[1] or heard[0][0] != NotFound.__name__:
                unlike.append((name_of(case), role, *heard))
    assert not unlike
    assert len(IN_PLACES) > 100


def test_what_concerns_every_place_is_refused_in_one(again: Callable[[], World]) -> None:
    here = again().here
    for case in USE_CASES:
        if case.permission in EVERYWHERE:
            with pytest.raises(NotAllowed):
                case(actor_of(case, here))
