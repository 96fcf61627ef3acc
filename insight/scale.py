"""Work in parts: one after the other here, or on a Dask cluster where a setting names its scheduler."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")


def mapreduce(
    work: Callable[[Part], Result], parts: Iterable[Part], combine: Callable[[Result, Result], Result]
) -> Result:
    """``work`` done on every part, and its results combined in the order of the parts.

    Raises ValueError without any part.
    """
    results = (work(part) for part in parts)
    try:
        made = next(results)
    except StopIteration:
        raise ValueError("there is nothing to work on") from None
    for result in results:
        made = combine(made, result)
    return made
