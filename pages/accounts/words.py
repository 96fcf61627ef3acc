"""How accounts are said to people: roles, moments as on a UK clock, and how somebody signed in."""

from collections.abc import Iterable, Sequence

from insight.access import Role
from insight.accounts import How
from insight.intake import Place
from insight.language import _, noted

# What each role is called, and what it is for.
ROLES: dict[Role, tuple[str, str]] = {
    Role.RESIDENT: (noted("Resident"), noted("Tell a journey, on your own.")),
    Role.FRONTLINE: (noted("Frontline staff"), noted("Log what you hear, or bring in what you already hold.")),
    Role.DESIGNER: (
        noted("Service designer"),
        noted("Open the board of pain points, read the evidence, run an analysis."),
    ),
    Role.MODERATOR: (
        noted("Moderator"),
        noted("Look through new stories for what may point to a person, and release quotes."),
    ),
    Role.SAFEGUARDING: (
        noted("Safeguarding lead"),
        noted("Read the stories that speak of harm, and decide what happens with them."),
    ),
    Role.ADMIN: (
        noted("Administrator"),
        noted("Invite people, and look after the product. Not the stories that speak of harm, nor who told what."),
    ),
}
HOW = {
    How.PASSWORD: noted("with a password"),
    How.SECOND_FACTOR: noted("with a password and a code"),
    How.RECOVERY_CODE: noted("with a password and a recovery code"),
    How.PROVIDER: noted("through your organisation"),
}


def role(of: Role) -> str:
    """What a role is called."""
    return _(ROLES[of][0])


def what_for(of: Role) -> str:
    """What a role is for."""
    return _(ROLES[of][1])


def how(began: How) -> str:
    """How a session was begun."""
    return _(HOW[began])


def place_names(ids: Iterable[int] | None, known: Sequence[Place]) -> str:
    """The places somebody may act in, by name."""
    if ids is None:
        return _("every place")
    wanted = set(ids)
    return ", ".join(place.name for place in known if place.id in wanted) or _("no place")
