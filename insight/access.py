"""The one place that decides who may do what.

``GRANTS`` is the whole table. Use cases are marked with :func:`use_case`, which asks it before anything else happens;
menus and pages ask :func:`may`, which reads the same table. Only ``pages/kit/session.py`` and the command line make an
:class:`Actor`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import wraps
from inspect import signature
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

from insight import audit
from insight.errors import NotAllowed, NotFound
from insight.language import _, noted


class Role(StrEnum):
    """Who somebody is to the product."""

    RESIDENT = "resident"
    FRONTLINE = "frontline"
    DESIGNER = "designer"
    MODERATOR = "moderator"
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
    READ_ORIGINALS = "read_originals"
    MODERATE = "moderate"
    OWN_ACCOUNT = "own_account"
    MANAGE_PEOPLE = "manage_people"
    READ_AUDIT = "read_audit"
    KEEP_RECORDS = "keep_records"
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
    Permission.READ_ORIGINALS: noted("read a story as it was told, with what may point to a person"),
    Permission.MODERATE: noted("look through new stories, mend their marks, and release quotes"),
    Permission.OWN_ACCOUNT: noted("look after one's own account: password, second factor, where one is signed in"),
    Permission.MANAGE_PEOPLE: noted("invite people, change what they may do, and disable them"),
    Permission.READ_AUDIT: noted("read the audit, and check that nobody changed it"),
    Permission.KEEP_RECORDS: noted("set how long things are kept, purge, and answer requests about people's own data"),
    Permission.SET_UP: noted("migrate the database, build the demo place, add places and services"),
}

ROLE_WORDS: dict[Role, str] = {
    Role.RESIDENT: noted("resident"),
    Role.FRONTLINE: noted("frontline"),
    Role.DESIGNER: noted("designer"),
    Role.MODERATOR: noted("moderator"),
    Role.SAFEGUARDING: noted("safeguarding"),
    Role.ADMIN: noted("admin"),
}

_TELLER = frozenset({Permission.TELL})
_STAFF = _TELLER | {Permission.OWN_ACCOUNT}
_FRONTLINE = _STAFF | {Permission.LOG, Permission.IMPORT, Permission.SEE_INSIGHT}
_DESIGNER = _STAFF | {
    Permission.IMPORT,
    Permission.SEE_INSIGHT,
    Permission.READ_STORIES,
    Permission.RUN_ANALYSIS,
    Permission.CODE,
    Permission.PUBLISH,
    Permission.EXPORT,
    Permission.RUN_SURVEYS,
    Permission.REPLY,
    Permission.COUNT_EQUALITY,
}
_MODERATOR = _STAFF | {
    Permission.SEE_INSIGHT,
    Permission.READ_STORIES,
    Permission.READ_ORIGINALS,
    Permission.MODERATE,
}
# Who looks after the machine need neither read of harm nor who told what.
_NOT_ADMIN = {Permission.SAFEGUARD, Permission.READ_ORIGINALS, Permission.MODERATE}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.RESIDENT: _TELLER,
    Role.FRONTLINE: _FRONTLINE,
    Role.DESIGNER: _DESIGNER,
    Role.MODERATOR: _MODERATOR,
    Role.SAFEGUARDING: _STAFF | {Permission.SAFEGUARD, Permission.READ_ORIGINALS},
    Role.ADMIN: frozenset(Permission) - _NOT_ADMIN,
}


# What staff of a partner organisation may do at most: they hear, bring in what is theirs, and see what all tell.
PARTNERS: frozenset[Permission] = _FRONTLINE | {Permission.READ_STORIES, Permission.EXPORT}
# What concerns every place at once: nobody who acts in some places only may do it.
EVERYWHERE: frozenset[Permission] = frozenset({Permission.SET_UP})


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: a role, and a name by which their entries can be found again (never shown to others).

    ``places`` are the ids of the places they may act in; None is every place. ``organisation`` makes them a partner:
    they see the stories that their own organisation gathered whole, and of all others only counts and released quotes.
    ``account`` is the number of their account, where they have one. ``holds`` says whether they are still who they were
    when their page was drawn: somebody may have signed them out since.
    """

    role: Role
    name: str = ""
    places: frozenset[int] | None = None
    organisation: str | None = None
    account: int | None = None
    holds: Callable[[], bool] | None = field(default=None, compare=False, repr=False)

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
    recorded: bool
    __name__: str

    def __call__(self, actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """Do it for this actor, or raise :class:`~insight.errors.NotAllowed`."""


def may(actor: Actor, permission: Permission) -> bool:
    """Whether this actor may do this."""
    if actor.organisation is not None and permission not in PARTNERS:
        return False
    return permission in GRANTS[actor.role] and (actor.places is None or permission not in EVERYWHERE)


def require(actor: Actor, permission: Permission) -> None:
    """Raise :class:`~insight.errors.NotAllowed` unless this actor may do this, and still is who they were."""
    if actor.holds is not None and not actor.holds():
        raise NotAllowed(_("You were signed out, or what you may do was changed. Load the page again."))
    if not may(actor, permission):
        allowed = ", ".join(_(ROLE_WORDS[role]) for role in Role if permission in GRANTS[role])
        told = _("As {role} you cannot {doing}. Sign in with one of these roles: {roles}.")
        raise NotAllowed(told.format(role=_(ROLE_WORDS[actor.role]), doing=_(MEANING[permission]), roles=allowed))


def acts_in(actor: Actor, place_id: int) -> bool:
    """Whether this actor may act in a place. What lies in any other is not there, for them."""
    return actor.places is None or place_id in actor.places


def require_place(actor: Actor, place_id: int) -> None:
    """Raise :class:`~insight.errors.NotFound` unless this actor may act in a place: a stranger learns of no place."""
    if not acts_in(actor, place_id):
        raise NotFound(_("There is nothing here with that address. Check the address you followed."))


def sees_whole(actor: Actor, gathered_by: str | None) -> bool:
    """Whether this actor may read a story that an organisation gathered: partners read only their own."""
    return actor.organisation is None or actor.organisation == gathered_by


def use_case(
    permission: Permission, *, recorded: bool = False
) -> Callable[[Callable[Concatenate[Actor, P], R_co]], UseCase[P, R_co]]:
    """Mark a service function: the actor comes first, and the permission is asked for before anything happens.

    An argument named ``place`` (with an ``id``) or ``place_id`` must be one that the actor may act in. A ``recorded``
    use case is written into the audit before it is carried out: what cannot be recorded is not done.
    """

    def mark(function: Callable[Concatenate[Actor, P], R_co]) -> UseCase[P, R_co]:
        names = list(signature(function).parameters)[1:]

        @wraps(function)
        def guarded(actor: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R_co:
            require(actor, permission)
            arguments = {**dict(zip(names, args, strict=False)), **kwargs}
            place_id = _place_in(arguments)
            if place_id is not None:
                require_place(actor, place_id)
            if recorded:
                audit.record(actor.called, actor.role, _called(function), place_id, audit.about(arguments))
            return function(actor, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        guarded.recorded = recorded  # type: ignore[attr-defined]
        return cast("UseCase[P, R_co]", guarded)

    return mark


def _called(function: Callable[..., object]) -> str:
    """A use case as the audit names it, such as ``painpoints.publish``."""
    room = function.__module__.split(".")[1]
    return f"{room}.{function.__name__}"


def _place_in(arguments: Mapping[str, object]) -> int | None:
    """The id of the place among a use case's arguments."""
    told = arguments.get("place", arguments.get("place_id"))
    return told if isinstance(told, int) or told is None else cast("int", getattr(told, "id", None))
