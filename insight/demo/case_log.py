"""An invented case log beside the invented journeys: requests to adapt a home in the services' own system."""

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

NAME = "Adaptations to homes (invented cases)"
FILE = "adaptations.csv"
COLUMNS = {"journey": "case", "step": "activity", "time": "when", "organisation": "organisation"}
OPENED_WITHIN = 500  # days before today

COUNCIL, NHS, HOMES = "Ottermarsh Council", "Ottermarsh and Vale NHS", "Mereside Homes"


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a case: who does it, how many days it usually takes to get there, and what may come next."""

    name: str
    organisation: str
    days: float
    following: tuple[tuple[str, float], ...] = ()


STAGES = {
    stage.name: stage
    for stage in (
        Stage("Request received", COUNCIL, 0, (("Needs checked by phone", 9), ("Request closed", 1))),
        Stage("Needs checked by phone", COUNCIL, 6, (("Visit by occupational therapist", 8), ("Request closed", 1.5))),
        Stage("Visit by occupational therapist", NHS, 48, (("Papers asked for", 7), ("Visit repeated", 2))),
        Stage("Visit repeated", NHS, 30, (("Papers asked for", 1),)),
        Stage("Papers asked for", COUNCIL, 9, (("Papers received", 9), ("Request closed", 1))),
        Stage("Papers received", COUNCIL, 12, (("Papers asked for", 4), ("Grant decided", 6))),
        Stage("Grant decided", COUNCIL, 21, (("Landlord asked", 5), ("Work ordered", 4), ("Request closed", 1))),
        Stage("Landlord asked", HOMES, 15, (("Landlord asked", 2), ("Work ordered", 7), ("Request closed", 0.5))),
        Stage("Work ordered", COUNCIL, 10, (("Work done", 9),)),
        Stage("Work done", HOMES, 35),
        Stage("Request closed", COUNCIL, 5),
    )
}


def case_log(cases: int, seed: int, today: datetime) -> bytes:
    """A CSV of cases, steps, times and organisations; what lies after ``today`` has not happened yet."""
    rng = random.Random(seed)  # nosec B311  (an invented place, the same for the same seed)
    body = io.StringIO(newline="")
    writer = csv.writer(body)
    writer.writerow(tuple(COLUMNS.values()))
    for number in range(1, cases + 1):
        for stage, when in _steps(today - timedelta(days=rng.uniform(3, OPENED_WITHIN)), rng):
            if when <= today:
                writer.writerow(
                    (f"DFG-{number:05d}", stage.name, when.isoformat(timespec="minutes"), stage.organisation)
                )
    return body.getvalue().encode()


def _steps(opened: datetime, rng: random.Random) -> Iterator[tuple[Stage, datetime]]:
    stage, when = STAGES["Request received"], opened
    while True:
        yield stage, when
        if not stage.following:
            return
        names, weights = zip(*stage.following, strict=True)
        stage = STAGES[rng.choices(names, weights)[0]]
        when += timedelta(days=stage.days * rng.lognormvariate(0, 0.6), hours=rng.uniform(0, 7))
