"""How a run's stories become a record with kinds of journey: worker only, since it loads the analysis libraries."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from insight import painpoints
from insight.database import write_session
from insight.journeys import store
from insight.journeys.gathering import gather, parts_of
from insight.journeys.kinding import Weights, find_kinds
from insight.journeys.one_story import leave_run
from insight.journeys.record import Record
from insight.runs import Progress
from insight.settings import settings


@dataclass(frozen=True)
class Outcome:
    """A run's record, and what was found of its kinds as numbers."""

    record: Record
    kinds: dict[str, Any]

    @property
    def facts(self) -> dict[str, int]:
        """The outcome in numbers, for the run's page."""
        return {
            "journeys": self.record.journeys,
            "steps": len(self.record.position),
            "kinds of journey": len(self.kinds["middle"]),
        }


def analyse_journeys(place_id: int, seed: int, progress: Progress) -> Outcome:
    """Read the journeys of a place and group them into kinds. The same stories and seed give the same outcome."""
    progress("reading journeys", 0, 1)
    gathered = gather(place_id, parts_of(place_id))
    record = gathered.record
    progress("finding kinds of journey", 0, 1)
    found = find_kinds(record, gathered.texts, _weights(), seed)
    kinds = {"middle": found.medoid.tolist(), "weights": asdict(found.weights), "told_by": found.told_by}
    return Outcome(replace(record, kind=found.kind), kinds)


def _weights() -> Weights:
    chosen = settings()
    return Weights(chosen.kinds_by_path, chosen.kinds_by_words, chosen.kinds_by_feeling)


def keep_journeys(run_id: int, outcome: Outcome) -> None:
    """Store a run's record; stories that were taken back while it was made leave it at once."""
    with write_session() as opened:
        store.keep_record(opened, run_id, outcome.record.to_bytes(), outcome.kinds)
        gone = painpoints.left_meanwhile(opened, outcome.record.key.tolist())
        if gone:
            leave_run(opened, run_id, outcome.record, gone)
