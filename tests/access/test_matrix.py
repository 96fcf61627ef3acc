"""The matrix in this process: everybody x every use case, screen, link and plain route; refusals and no leaks."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import copy

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from insight import intake
from insight.access import EVERYWHERE, GRANTS, PARTNERS, SYSTEM, Actor, Permission, Role, may
from insight.accounts import hashing
from insight.settings import ROOT
from pages import main
from pages.kit import look
from pages.kit.menu import PAGES, Entry
from pages.kit.session import actor_from
from tests.access import documented, trying
from tests.access.objects import (
    STREAMLIT,
    USE_CASES,
    deep_links,
    is_download,
    link_names,
    name_of,
    our_routes,
    streamlit_paths,
    unstated_routes,
)
from tests.access.subjects import NOBODY, SUBJECTS, arrive
from tests.conftest import use_database

Cookies = Mapping[str, Mapping[str, str]]


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Cookies]:
    """Two places with what people told in them, and everybody's cookies."""
    database = tmp_path_factory.mktemp("everybody") / "matrix.db"
    copy(migrated_sqlite, database)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INSIGHT_DEMO_MODE", "0")
        patch.setattr(hashing, "MEMORY_KIB", 64)
        patch.setattr(hashing, "PASSES", 1)
        hashing._hasher.cache_clear()
        hashing._nobodys.cache_clear()
        use_database(patch, f"sqlite:///{database}")
        for place in (intake.add_place(SYSTEM, "Hereham"), there := intake.add_place(SYSTEM, "Farham")):
            trying.tell_here(place)
        yield arrive(there)
        use_database(patch, "sqlite://")
    hashing._hasher.cache_clear()
    hashing._nobodys.cache_clear()


@pytest.fixture(scope="module")
def actors(everybody: Cookies) -> dict[str, Actor]:
    """Who everybody is to the product, by their cookies."""
    return {name: actor_from(cookies) for name, cookies in everybody.items()}


def test_everybody_is_who_they_should_be(actors: dict[str, Actor]) -> None:
    assert set(actors) == {subject.name for subject in SUBJECTS}
    for subject in SUBJECTS:
        actor = actors[subject.name]
        assert (actor.role, actor.organisation is not None, actor.places is not None) == (
            subject.role,
            subject.partner,
            subject.elsewhere,
        ), subject.name
        assert {one for one in Permission if may(actor, one)} == subject.allowed
    assert {actors[name].role for name in NOBODY} == {Role.RESIDENT}


def test_the_tables_keep_apart_what_must_be_kept_apart() -> None:
    assert GRANTS[Role.RESIDENT] == {Permission.TELL}
    assert GRANTS[Role.ADMIN] >= EVERYWHERE
    for power in (Permission.READ_ORIGINALS, Permission.SAFEGUARD, Permission.MODERATE):
        assert power not in GRANTS[Role.ADMIN] | PARTNERS


def test_every_use_case_refuses_whoever_may_not(actors: dict[str, Actor]) -> None:
    tally = trying.use_cases(actors)
    assert tally.leaks == []
    assert tally.cells == len(SUBJECTS) * len(USE_CASES)
    assert tally.refusals > tally.cells / 2


def test_no_file_leaves_with_a_permission_to_look_alone() -> None:
    looking = {Permission.SEE_INSIGHT, Permission.READ_STORIES, Permission.COUNT_EQUALITY}
    files = [case for case in USE_CASES if is_download(case)]
    assert len(files) >= 7
    assert [name_of(case) for case in files if case.permission in looking] == []


def test_every_screen_refuses_whoever_may_not_whatever_its_address_asks_for(
    actors: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    monkeypatch.setattr(Entry, "open", lambda self, actor: happened.append("opened"))
    monkeypatch.setattr(look, "refused", lambda *told: happened.append("refused"))
    wrong = []
    for subject, entry, opens in trying.cells_of_pages():
        happened.clear()
        main.show(entry, actors[subject.name])
        if happened != ["opened" if opens else "refused"]:
            wrong.append((subject.name, entry.path, happened))
    assert wrong == []


def test_links_into_screens_are_found() -> None:
    assert {"theme", "passage", "place", "survey", "person"} - set(link_names()) == set()
    assert len(deep_links()) == len(PAGES)


def test_every_route_states_whom_it_is_for() -> None:
    assert unstated_routes() == []
    assert streamlit_paths() - set(STREAMLIT) == set(), "say in tests/access/objects.py why it asks for no permission"
    assert all(bool(route.why) != bool(route.permission) for route in our_routes())


def test_every_plain_route_keeps_to_what_it_states(everybody: Cookies) -> None:
    routes = our_routes()
    client = TestClient(Starlette(routes=routes), follow_redirects=False)

    def ask(method: str, path: str, cookies: Mapping[str, str]) -> trying.Answer:
        client.cookies.clear()
        sent = {"Cookie": "; ".join(f"{name}={told}" for name, told in cookies.items())} if cookies else {}
        answer = client.request(method, path, headers=sent)
        return trying.Answer(answer.status_code, answer.headers.get("location", ""), answer.text)

    tally = trying.plain_routes(routes, ask, everybody) + trying.methods_that_are_not_there(routes, ask)
    assert tally.leaks == []
    assert tally.refusals > 100


def test_the_document_is_what_the_code_says() -> None:
    assert (ROOT / "docs" / "access.md").read_text("utf-8") == documented.document(), documented.COMMAND
