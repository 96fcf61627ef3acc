"""Numbers for those who run it, in Prometheus' format. No path as it was asked for, no name, no address, no place.

Each process counts its own requests and is asked by itself; what the database says is the same from every process.
"""

import logging
from collections.abc import Iterable, Iterator

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.pool import QueuePool

from insight import jobs
from insight.database import engine, session
from insight.operations import metrics_store as store

log = logging.getLogger("throughline")
CONTENT_TYPE = CONTENT_TYPE_LATEST
METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

registry = CollectorRegistry()
_requests = Counter("throughline_requests", "Requests answered.", ["route", "method", "status"], registry=registry)
_seconds = Histogram(
    "throughline_request_seconds", "Time until an answer began.", ["route"], buckets=SECONDS, registry=registry
)
screens_open = Gauge("throughline_screens_open", "Browsers connected to a Streamlit screen.", registry=registry)


def answered(route: str, method: str, status: int, seconds: float) -> None:
    """Count an answer: ``route`` is the pattern of its path, ``seconds`` how long it took to begin."""
    _requests.labels(route, method if method in METHODS else "other", f"{status // 100}xx").inc()
    _seconds.labels(route).observe(seconds)


def page() -> bytes:
    """All numbers as they are now, in Prometheus' text format."""
    return generate_latest(registry)


class FromDatabase(Collector):
    """What is read when somebody asks, and left out while the database is away."""

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing, so that registering asks no database."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The numbers, the first of which says whether the others could be read."""
        try:
            found = [*_kept(), *_queue(), _pool()]
        except Exception as fault:  # a boundary: numbers about requests are wanted most when the database is away
            log.warning("numbers from the database failed: %s", type(fault).__name__)
            found = []
        yield GaugeMetricFamily("throughline_database_up", "Whether the database answers.", value=float(bool(found)))
        yield from found


def _kept() -> Iterator[GaugeMetricFamily]:
    with session() as opened:
        kept, begun, states = store.stories(opened), store.drafts(opened), store.runs_by_state(opened)
    yield GaugeMetricFamily("throughline_stories", "Stories kept.", value=kept)
    yield GaugeMetricFamily("throughline_drafts", "Journeys begun and not sent.", value=begun)
    runs = GaugeMetricFamily("throughline_runs", "Analyses by the state they are in.", labels=["state"])
    for state, number in states.items():
        runs.add_metric([state], number)
    yield runs


def _queue() -> Iterator[GaugeMetricFamily]:
    queue = GaugeMetricFamily("throughline_jobs", "Jobs by kind and state.", labels=["kind", "state"])
    for size in jobs.sizes():
        queue.add_metric([size.kind, size.state], size.number)
    yield queue
    yield GaugeMetricFamily(
        "throughline_job_waiting_seconds", "How long the oldest job has waited.", value=jobs.seconds_waited()
    )


def _pool() -> GaugeMetricFamily:
    """The connections of this process."""
    pool, found = engine().pool, GaugeMetricFamily("throughline_pool", "Database connections.", labels=["state"])
    if isinstance(pool, QueuePool):
        found.add_metric(["in use"], pool.checkedout())
        found.add_metric(["idle"], pool.checkedin())
    return found


ProcessCollector(registry=registry)
registry.register(FromDatabase())
