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
from insight.language import _, noted


class Role(StrEnum):
    """Who somebody is to the product."""

    RESIDENT = "resident"
    FRONTLINE = "frontline"
    DESIGNER = "designer"
    SAFEGUARDING = "safeguarding"
    ADMIN = "admin"


class Permission(StrEnum):
    """What can be allowed. Each has a sentence in :data:`MEANING`."""

    TELL = "tell"
    LOG = "log"
    IMPORT = "import"
    SEE_INSIGHT = "see_insight"
    READ_STORIES = "read_stories"
    RUN_ANALYSIS = "run_analysis"
    CODE = "code"
    PUBLISH = "publish"
    EXPORT = "export"
    RUN_SURVEYS = "run_surveys"
    REPLY = "reply"
    COUNT_EQUALITY = "count_equality"
    SAFEGUARD = "safeguard"
    SET_UP = "set_up"


MEANING: dict[Permission, str] = {
    Permission.TELL: noted("tell a journey of one's own, come back to it, and change or withdraw it by its reference"),
    Permission.LOG: noted("log a story on someone's behalf, and mend the ones one logged"),
    Permission.IMPORT: noted("bring in stories from a file"),
    Permission.SEE_INSIGHT: noted("open the board of pain points, with small numbers hidden"),
    Permission.READ_STORIES: noted("read the passages and journeys behind a pain point"),
    Permission.RUN_ANALYSIS: noted("start an analysis and follow it"),
    Permission.CODE: noted("change the codebook, and say which themes passages speak of"),
    Permission.PUBLISH: noted("publish a run, so that everyone sees it"),
    Permission.EXPORT: noted("take tables out of the product"),
    Permission.RUN_SURVEYS: noted("make surveys and posters, and see how far people get with them"),
    Permission.REPLY: noted("answer tellers who asked for a reply"),
    Permission.COUNT_EQUALITY: noted("see who was heard, as counts of equality answers above the threshold"),
    Permission.SAFEGUARD: noted("read stories that speak of harm, and decide what happens with them"),
    Permission.SET_UP: noted("migrate the database, build the demo place, add places and services"),
}

ROLE_WORDS: dict[Role, str] = {
    Role.RESIDENT: noted("resident"),
    Role.FRONTLINE: noted("frontline"),
    Role.DESIGNER: noted("designer"),
    Role.SAFEGUARDING: noted("safeguarding"),
    Role.ADMIN: noted("admin"),
}

_TELLER = frozenset({Permission.TELL})
_FRONTLINE = _TELLER | {Permission.LOG, Permission.IMPORT, Permission.SEE_INSIGHT}
_DESIGNER = frozenset(Permission) - {Permission.SET_UP, Permission.LOG, Permission.SAFEGUARD}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.RESIDENT: _TELLER,
    Role.FRONTLINE: _FRONTLINE,
    Role.DESIGNER: _DESIGNER,
    Role.SAFEGUARDING: _TELLER | {Permission.SAFEGUARD},
    Role.ADMIN: frozenset(Permission) - {Permission.SAFEGUARD},  # who looks after the machine need not read of harm
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: a role, and a name by which their entries can be found again (never shown to others)."""

    role: Role
    name: str = ""

    @property
    def called(self) -> str:
        """The name under which their entries are kept; the role where there is none."""
        return self.name or self.role


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
        allowed = ", ".join(_(ROLE_WORDS[role]) for role in Role if permission in GRANTS[role])
        told = _("As {role} you cannot {doing}. Sign in with one of these roles: {roles}.")
        raise NotAllowed(told.format(role=_(ROLE_WORDS[actor.role]), doing=_(MEANING[permission]), roles=allowed))


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
