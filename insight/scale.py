"""Work in parts: one after the other here, or on a Dask cluster where a setting names its scheduler."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from functools import reduce
from itertools import islice
from typing import Any, Protocol, TypeVar

from insight.errors import NotReady
from insight.settings import settings

Part = TypeVar("Part")
Result = TypeVar("Result")

AT_ONCE = 8  # results that are combined in one go
PATIENCE = 5  # seconds within which a scheduler, and then a worker, must answer


class Engine(Protocol):
    """Does work on every part, combines the results in groups of ``AT_ONCE``, then those in groups, and so on.

    The groups follow the order of the parts alone, so that every engine gives the same result to the last bit.
    """

    def mapreduce(
        self, work: Callable[[Part], Result], parts: Sequence[Part], combine: Callable[[Result, Result], Result]
    ) -> Result:
        """``work`` done on every part, of which there is one at least, and its results combined."""


def mapreduce(
    work: Callable[[Part], Result], parts: Iterable[Part], combine: Callable[[Result, Result], Result]
) -> Result:
    """``work`` done on every part, and its results combined in the order of the parts.

    ``combine`` must be associative. A part says where to find what is worked on (a path, a number) and never what
    people told: a cluster sends it to other machines, and names it in its logs.

    Raises what ``work`` raised for a part; NotReady when the cluster does not answer; ValueError without any part.
    """
    known = list(parts)
    if not known:
        raise ValueError("there is nothing to work on")
    return engine().mapreduce(work, known, combine)


def engine() -> Engine:
    """The engine that the setting ``scheduler`` asks for."""
    address = settings().scheduler
    return Cluster(address) if address else Serial()


class Serial:
    """One part after the other in this process; it holds one result for each level of groups, not one for each part."""

    def mapreduce(
        self, work: Callable[[Part], Result], parts: Sequence[Part], combine: Callable[[Result, Result], Result]
    ) -> Result:
        """As :class:`Engine` says."""
        results: Iterator[Result] = map(work, parts)
        left = len(parts)
        while left > 1:
            results, left = _in_groups(results, combine), -(-left // AT_ONCE)
        return next(results)


class Cluster:
    """The workers of a Dask scheduler. Results stay with the workers; only the last one comes here."""

    def __init__(self, address: str) -> None:
        self.address = address

    def mapreduce(
        self, work: Callable[[Part], Result], parts: Sequence[Part], combine: Callable[[Result, Result], Result]
    ) -> Result:
        """As :class:`Engine` says."""
        with self._client() as client:
            results = client.map(work, parts, pure=False)
            level = 0
            while len(results) > 1:
                level += 1  # combining comes before further parts, so that few results wait in a worker's memory
                groups = [results[start : start + AT_ONCE] for start in range(0, len(results), AT_ONCE)]
                results = [client.submit(reduce, combine, group, pure=False, priority=level) for group in groups]
            made: Result = self._result(results[0])
            return made

    def _client(self) -> Any:
        """A client of the scheduler. With ``tls://`` it uses the certificates that Dask's own settings name."""
        dask = _dask()
        security = dask.Security()
        if self.address.startswith("tls://") and security.get_connection_args("client")["ssl_context"] is None:
            raise NotReady("A tls:// scheduler needs certificates in Dask's settings: see docs/scale.md.")
        try:
            client = dask.Client(self.address, timeout=PATIENCE, set_as_default=False, security=security)
        except (OSError, ValueError):
            raise NotReady(
                f"No Dask scheduler answers at {self.address}. Start it, or unset INSIGHT_SCHEDULER to work without it."
            ) from None
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            client.close()
            raise NotReady(f"The Dask scheduler at {self.address} has no workers. Start one, and try again.") from None
        return client

    def _result(self, last: Any) -> Any:
        try:
            return last.result()
        except (_dask().KilledWorker, CancelledError):
            raise NotReady(
                f"The Dask cluster at {self.address} stopped during the work, perhaps for lack of memory. "
                "Look at its logs, and try again with more parts or more memory for each worker."
            ) from None


def _dask() -> Any:
    try:
        import distributed
    except ModuleNotFoundError:
        raise NotReady("INSIGHT_SCHEDULER needs Dask: pip install -r requirements-scale.txt") from None
    return distributed


def _in_groups(results: Iterator[Result], combine: Callable[[Result, Result], Result]) -> Iterator[Result]:
    for first in results:
        yield reduce(combine, islice(results, AT_ONCE - 1), first)
