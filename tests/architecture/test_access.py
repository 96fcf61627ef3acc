"""Who may do what: every use case is guarded, and every role is refused what the table does not grant."""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import insight
from insight.access import GRANTS, MEANING, Actor, Permission, Role, may
from insight.errors import NotAllowed
from pages.kit.menu import PAGES, visible_to
from pages.kit.session import actor_for


def service_functions() -> Iterator[Callable[..., Any]]:
    """Every public function of every module named service, and every use case of any other module."""
    for path in sorted(Path(insight.__path__[0]).rglob("*.py")):
        if path.stem == "service" or "\n@use_case(" in path.read_text("utf-8"):
            name = ".".join(("insight", *path.relative_to(insight.__path__[0]).with_suffix("").parts))
            loaded = import_module(name)
            for called, function in vars(loaded).items():
                if not inspect.isfunction(function) or called.startswith("_") or function.__module__ != name:
                    continue
                if path.stem == "service" or hasattr(function, "permission"):
                    yield function


FUNCTIONS = list(service_functions())
USE_CASES = [function for function in FUNCTIONS if hasattr(function, "permission")]
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


NOT_GRANTED = [
    pytest.param(function, role, id=f"{function.__module__}.{function.__name__}-{role}")
    for function in USE_CASES
    for role in Role
    if function.permission not in GRANTS[role]
]


@pytest.mark.parametrize(("function", "role"), NOT_GRANTED)
def test_a_role_without_the_permission_is_refused_before_anything_happens(
    function: Callable[..., Any], role: Role
) -> None:
    with pytest.raises(NotAllowed):
        function(Actor(role))


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


REFUSED = [(entry.path, role) for entry in PAGES for role in Role if not may(Actor(role), entry.permission)]


@pytest.mark.parametrize(("path", "role"), REFUSED)
def test_a_page_refuses_a_role_that_may_not_open_it(path: str, role: Role, sqlite: str) -> None:
    at = AppTest.from_function(_open, kwargs={"path": path, "role": role.value}).run()
    assert not at.exception
    assert [title.value for title in at.title] == [
        f"{next(e.title for e in PAGES if e.path == path)}: not for this role"
    ]
