"""The made-up place: its organisations, services and needs, read from ``data/demo/place.toml``."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data" / "demo"


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who runs services. ``said`` is how people name it when they talk."""

    code: str
    name: str
    sector: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """One service; ``lgsl`` is its id on the Local Government Services List, where it has one."""

    code: str
    name: str
    organisation: str
    said: tuple[str, ...]
    lgsl: int | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A life event or need that starts a journey."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place with all that a demo needs to know of it. ``nation`` is E, W, S or NI."""

    code: str
    name: str
    nation: str
    tier: str
    population: int
    about: str
    organisations: tuple[Organisation, ...]
    services: tuple[Service, ...]
    needs: tuple[Need, ...]

    def organisation_of(self, service: Service) -> Organisation:
        """Who runs a service. Raises ``KeyError`` when the place does not list it."""
        return {o.code: o for o in self.organisations}[service.organisation]


@cache
def load_place() -> Place:
    """Read the demo place; the same object each time."""
    raw = tomllib.loads((DATA / "place.toml").read_text("utf-8"))
    head = raw["place"]
    return Place(
        code=head["code"],
        name=head["name"],
        nation=head["nation"],
        tier=head["tier"],
        population=head["population"],
        about=head["about"],
        organisations=tuple(Organisation(**{**o, "said": tuple(o["said"])}) for o in raw["organisation"]),
        services=tuple(Service(**{**s, "said": tuple(s["said"])}) for s in raw["service"]),
        needs=tuple(Need(**n) for n in raw["need"]),
    )
