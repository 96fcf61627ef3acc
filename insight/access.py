"""The one place that decides who may do what.

``GRANTS`` is the whole table. Use cases are marked with :func:`use_case`, which asks it before anything else happens;
menus and pages ask :func:`may`, which reads the same table. Only ``pages/kit/session.py`` and the command line make an
:class:`Actor`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

from insight.errors import NotAllowed


class Role(StrEnum):
    """Who somebody is to the product."""

    RESIDENT = "resident"
    FRONTLINE = "frontline"
    DESIGNER = "designer"
    ADMIN = "admin"


class Permission(StrEnum):
    """What can be allowed. Each has a sentence in :data:`MEANING`."""

    TELL = "tell"
    LOG = "log"
    IMPORT = "import"
    SEE_INSIGHT = "see_insight"
    READ_STORIES = "read_stories"
    RUN_ANALYSIS = "run_analysis"
    PUBLISH = "publish"
    EXPORT = "export"
    SET_UP = "set_up"


MEANING: dict[Permission, str] = {
    Permission.TELL: "tell a journey of one's own, and come back to a draft of it",
    Permission.LOG: "log a story on someone's behalf, and mend the ones one logged",
    Permission.IMPORT: "bring in stories from a file",
    Permission.SEE_INSIGHT: "open the board of pain points, with small numbers hidden",
    Permission.READ_STORIES: "read the passages and journeys behind a pain point",
    Permission.RUN_ANALYSIS: "start an analysis and follow it",
    Permission.PUBLISH: "publish a run, so that everyone sees it",
    Permission.EXPORT: "take tables out of the product",
    Permission.SET_UP: "migrate the database, build the demo place, add places and services",
}

_TELLER = frozenset({Permission.TELL})
_FRONTLINE = _TELLER | {Permission.LOG, Permission.IMPORT, Permission.SEE_INSIGHT}
_DESIGNER = frozenset(Permission) - {Permission.SET_UP, Permission.LOG}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.RESIDENT: _TELLER,
    Role.FRONTLINE: _FRONTLINE,
    Role.DESIGNER: _DESIGNER,
    Role.ADMIN: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: a role, and a name by which their entries can be found again (never shown to others)."""

    role: Role
    name: str = ""


RESIDENT = Actor(Role.RESIDENT)
SYSTEM = Actor(Role.ADMIN, "command line")

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)


class UseCase(Protocol[P, R_co]):
    """A function people may call, with the permission it asks for."""

    permission: Permission
    __name__: str

    def __call__(self, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """Do it for this actor, or raise :class:`~insight.errors.NotAllowed`."""


def may(actor: Actor, permission: Permission) -> bool:
    """Whether this actor may do this."""
    return permission in GRANTS[actor.role]


def require(actor: Actor, permission: Permission) -> None:
    """Raise :class:`~insight.errors.NotAllowed` unless this actor may do this."""
    if not may(actor, permission):
        allowed = ", ".join(role.value for role in Role if permission in GRANTS[role])
        raise NotAllowed(
            f"As {actor.role.value} you cannot {MEANING[permission]}. Sign in with one of these roles: {allowed}."
        )


def use_case(permission: Permission) -> Callable[[Callable[Concatenate[Actor, P], R_co]], UseCase[P, R_co]]:
    """Mark a service function: the actor comes first, and the permission is asked for before anything happens."""

    def mark(function: Callable[Concatenate[Actor, P], R_co]) -> UseCase[P, R_co]:
        @wraps(function)
        def guarded(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R_co:
            require(actor, permission)
            return function(actor, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return cast("UseCase[P, R_co]", guarded)

    return mark
