"""Who needs a second factor, whom one may manage, and what a login and a name look like. Pure."""

from unicodedata import normalize

from insight.access import GRANTS, Actor, Permission, Role
from insight.errors import BadInput
from insight.language import _

# Power over people, or over what they told in their own words.
POWER = frozenset({Permission.MANAGE_PEOPLE, Permission.READ_ORIGINALS, Permission.SAFEGUARD, Permission.MODERATE})
SHORTEST_LOGIN, LONGEST = 3, 200


def has_power(role: Role) -> bool:
    """Whether a role is one that signs in with a second factor."""
    return bool(GRANTS[role] & POWER)


def is_number(told: int) -> bool:
    """Whether a number can be that of a row."""
    return 0 < told < 2**31


def within(actor: Actor, places: frozenset[int] | None, organisation: str | None) -> bool:
    """Whether a scope lies within the actor's own, so that the actor may give it and manage those who have it."""
    inside = actor.places is None or (places is not None and places <= actor.places)
    return inside and actor.organisation in (None, organisation)


def tidy_login(typed: str) -> str:
    """A login as it is kept: in one form of each letter, without capitals and what cannot be seen; cut if long."""
    return "".join(filter(str.isprintable, normalize("NFKC", typed[:LONGEST].strip()).casefold()))[:LONGEST]


def fit_login(typed: str) -> str:
    """A new login: 3 to 200 characters without spaces."""
    login = tidy_login(typed)
    told = typed.strip()
    if len(login) < SHORTEST_LOGIN or len(told) > LONGEST or not told.isprintable() or " " in login:
        raise BadInput(_("Choose a login of at least 3 characters without spaces, such as your email address."))
    return login


def fit_name(typed: str) -> str:
    """A name as others see it."""
    name = " ".join(normalize("NFKC", typed[: 2 * LONGEST]).split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise BadInput(_("Write your name, in at most 200 characters."))
    return name


def fit_organisation(typed: str | None) -> str | None:
    """The name of an organisation; None where there is none."""
    name = " ".join((typed or "").split())
    if len(name) > LONGEST or not name.isprintable():
        raise BadInput(_("Write the organisation's name in at most 200 characters."))
    return name or None


def fit_email(typed: str) -> str | None:
    """An email address to invite, as a provider will tell it; None where there is none."""
    email = tidy_login(typed)
    if email and ("@" not in email[1:-1] or " " in email):
        raise BadInput(_("Write a whole email address, such as name@example.gov.uk."))
    return email or None


def fit_role(role: Role) -> Role:
    """A role to which people are invited: residents need no account."""
    if role is Role.RESIDENT:
        raise BadInput(_("Residents need no account. Choose another role."))
    return role
