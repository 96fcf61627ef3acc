"""Put the demo place into the database."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from insight.access import SYSTEM
from insight.demo import case_log
from insight.demo.generate import generate, write_truth
from insight.demo.place import load_place
from insight.intake import Arrival, NewService, Place, add_place, digest, keep_many
from insight.journeys import bring_in, save_intended
from insight.runs.model import Progress
from insight.settings import ROOT

TODAY = datetime(2026, 11, 22, 17, tzinfo=UTC)  # as in the generator: the same seed gives the same place


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
    _beside(place, journeys, seed)
    return place, kept


def _beside(place: Place, journeys: int, seed: int) -> None:
    """What else the place has: how journeys are meant to go, and a case log of a service's own."""
    for file in sorted((ROOT / "data" / "intended").glob("*.toml")):
        save_intended(SYSTEM, place, file.read_text("utf-8"))
    body = case_log.case_log(max(journeys // 4, 20), seed, TODAY)
    bring_in(SYSTEM, place, case_log.NAME, body, case_log.COLUMNS, file_name=case_log.FILE)


def _arrivals(journeys: int, seed: int, progress: Progress) -> Iterator[Arrival]:
    for number, told in enumerate(generate(journeys, seed), 1):
        if number % 1_000 == 0 or number == journeys:
            progress("inventing journeys", number, journeys)
        by = "an invented member of staff" if told.logged_by_staff else None
        yield Arrival(digest("demo", str(seed), str(number)), told.story, by)
