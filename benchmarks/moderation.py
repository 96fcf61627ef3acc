"""How long moderation takes in a place with many stories: the queue, opening, accepting with its hints, masking.

INSIGHT_DATABASE_URL=sqlite:////tmp/moderation.db python benchmarks/moderation.py
(after ``python -m insight demo --journeys 6000 --no-analyse`` on the same database)
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

from insight import intake, moderation
from insight.access import SYSTEM, Actor, Role

MODERATOR = Actor(Role.MODERATOR, "benchmark")


def timed(name: str, deed: Callable[[int], Any], times: int) -> list[Any]:
    """Do it so many times, and print the median."""
    took, gave = [], []
    for number in range(times):
        started = time.perf_counter()
        gave.append(deed(number))
        took.append(time.perf_counter() - started)
    print(f"{name}: {statistics.median(took) * 1000:.0f} ms (median of {times})")
    return gave


def main() -> None:
    """Print one line for each."""
    place = intake.current_place()
    queue = timed("the queue", lambda _n: moderation.queue(MODERATOR, place), 5)[0]
    ids = [item.story_id for item in queue.items]
    opened = timed("open a story", lambda n: moderation.read(MODERATOR, place, ids[n]), len(ids))
    accepted = timed("accept a story", lambda n: moderation.accept(MODERATOR, place, ids[n], opened[n].seen), len(ids))
    sentences = [sentence for one in accepted for sentence in one.sentences]
    hinted = sum(bool(sentence.warnings) for sentence in sentences)
    print(f"{len(sentences)} sentences of {len(ids)} stories, {hinted} with a hint")
    timed("look through 100 older stories", lambda _n: moderation.mask_older(SYSTEM, 100), 5)


if __name__ == "__main__":
    main()
