"""Who may do what: every use case is guarded, and every role is refused what the table does not grant."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from insight.access import GRANTS, MEANING, Actor, Permission, Role, may
from pages.kit.menu import PAGES, visible_to
from pages.kit.session import actor_for
from tests.access.objects import FUNCTIONS, USE_CASES

# Pure, or public by nature: they take no actor and show nothing about anybody.
NO_ACTOR_NEEDED = {
    "problems_in",
    "progress_of",
    "beat",
    "forget_cached_runs",
    "staff_problems_in",
}


def test_there_are_use_cases_to_check() -> None:
    assert len(USE_CASES) >= 20


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f"{f.__module__}.{f.__name__}")
def test_every_service_function_asks_for_a_permission(function: Callable[..., Any]) -> None:
    first = next(iter(inspect.signature(function).parameters), "")
    if first == "actor":
        assert isinstance(getattr(function, "permission", None), Permission)
    else:
        assert function.__name__ in NO_ACTOR_NEEDED, f"{function.__name__} takes no actor: guard it or say why not"


def test_every_permission_is_explained_and_granted_to_somebody() -> None:
    assert set(MEANING) == set(Permission)
    assert set().union(*GRANTS.values()) == set(Permission)


def test_the_menu_shows_what_may_be_opened() -> None:
    for role in Role:
        shown = {entry.path for entry in visible_to(Actor(role))}
        assert shown == {entry.path for entry in PAGES if entry.in_menu and may(Actor(role), entry.permission)}
    assert {entry.path for entry in visible_to(Actor(Role.RESIDENT))} == {"home", "share"}


@pytest.mark.parametrize("picked", [None, "", "resident", "root", "ADMIN", "admin "])
def test_an_unknown_role_is_a_resident(picked: str | None) -> None:
    assert actor_for(picked).role is Role.RESIDENT


def _open(path: str, role: str) -> None:
    from insight.access import Actor, Role
    from pages.kit.menu import PAGES
    from pages.main import show

    show(next(entry for entry in PAGES if entry.path == path), Actor(Role(role), "tester"))


# Who else is refused, and refused what, is in tests/access; how it is said is the same for everybody.
REFUSED = [
    (entry.path, next(role for role in Role if not may(Actor(role), entry.permission)))
    for entry in PAGES
    if entry.permission is not Permission.TELL
]


@pytest.mark.parametrize(("path", "role"), REFUSED)
def test_a_page_refuses_a_role_that_may_not_open_it(path: str, role: Role, sqlite: str) -> None:
    at = AppTest.from_function(_open, kwargs={"path": path, "role": role.value}).run()
    assert not at.exception
    assert [title.value for title in at.title] == [
        f"{next(e.title for e in PAGES if e.path == path)}: not for this role"
    ]
