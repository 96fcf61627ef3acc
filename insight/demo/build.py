"""Put the demo place into the database."""

from collections.abc import Iterator
from pathlib import Path

from insight.access import SYSTEM
from insight.demo.generate import generate, write_truth
from insight.demo.place import load_place
from insight.intake import Arrival, NewService, Place, add_place, digest, keep_many
from insight.runs.model import Progress


def build(journeys: int, seed: int, truth: Path | None, progress: Progress) -> tuple[Place, int]:
    """Make the place and its journeys; gives the place and how many journeys were new. Building it again adds none."""
    made = load_place()
    names = {organisation.code: organisation.name for organisation in made.organisations}
    place = add_place(
        SYSTEM,
        made.name,
        organisations=[(organisation.name, organisation.sector) for organisation in made.organisations],
        services=[NewService(s.code, s.name, names[s.organisation], s.lgsl) for s in made.services],
        synthetic=True,
    )
    kept = keep_many(SYSTEM, place, _arrivals(journeys, seed, progress))
    if truth is not None:
        write_truth(generate(journeys, seed), truth)
    return place, kept


def _arrivals(journeys: int, seed: int, progress: Progress) -> Iterator[Arrival]:
    for number, told in enumerate(generate(journeys, seed), 1):
        if number % 1_000 == 0 or number == journeys:
            progress("inventing journeys", number, journeys)
        by = "an invented member of staff" if told.logged_by_staff else None
        yield Arrival(digest("demo", str(seed), str(number)), told.story, by)
