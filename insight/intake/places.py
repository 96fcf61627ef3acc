"""Places: which there are, and which one a front end speaks for. The list of places is public."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from insight.access import Actor, acts_in
from insight.database import session
from insight.errors import NotFound, NotReady
from insight.intake import place_store
from insight.intake.tables import PlaceRow
from insight.language import _
from insight.settings import settings


@dataclass(frozen=True, slots=True)
class Place:
    """A place whose residents are heard; ``synthetic`` places hold invented stories and say so wherever they show."""

    id: int
    code: str
    name: str
    synthetic: bool


def slug(name: str) -> str:
    """A place's code from its name."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())[:80] or "place"


def places() -> list[Place]:
    """Every place, by name. No permission is asked: the list of places is public."""
    with session() as opened:
        return [as_place(row) for row in place_store.all_places(opened)]


def current_place(code: str | None = None) -> Place:
    """The place that a front end speaks for: the one named, else the setting's, else the only one or the demo's."""
    with session() as opened:
        rows = place_store.all_places(opened)
    wanted = code or slug(settings().place)
    for row in rows:
        if row.code == wanted:
            return as_place(row)
    if code:
        raise NotFound(_("There is no place with that code. Check the address you followed."))
    if not rows:
        raise NotReady(_("There is no place yet. Run: python -m insight demo, or: python -m insight import FILE"))
    demo_last = sorted(rows, key=lambda row: (row.synthetic, row.id))
    return as_place(demo_last[0] if not settings().demo_mode else demo_last[-1])


def places_for(actor: Actor) -> list[Place]:
    """The places that somebody may act in, by name."""
    return [place for place in places() if acts_in(actor, place.id)]


def place_for(actor: Actor, code: str | None = None) -> Place:
    """The place that a screen speaks of to somebody: the one asked for, else the usual one, else their first."""
    theirs = places_for(actor)
    wanted = next((place for place in theirs if place.code == code), None)
    usual = current_place()
    if not theirs:
        raise NotFound(_("There is nothing here with that address. Check the address you followed."))
    return wanted or (usual if usual in theirs else theirs[0])


def place_of(opened: Session, place_id: int) -> Place:
    """A place by its id. For other rooms' services, within their unit of work."""
    return as_place(opened.get_one(PlaceRow, place_id))


def as_place(row: PlaceRow) -> Place:
    """A place from its row."""
    return Place(row.id, row.code, row.name, row.synthetic)
