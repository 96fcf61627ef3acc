"""The HTTP doors, in process: hostile requests one after another, and pairs that only a tell could tell apart."""

import logging
from collections.abc import Iterable
from typing import Any

from tests.fuzz import tells, world
from tests.fuzz.asking import ask
from tests.fuzz.oracle import Listening, faults_in
from tests.fuzz.routes import Thrower, secrets_in
from tests.fuzz.tally import TELLS, UNHANDLED, Tally

EVERY = 100  # cases between two rounds of forgetting tries and of fresh journeys


async def throw(app: Any, thrower: Thrower, numbers: Iterable[int]) -> Tally:
    """Throw the requests of these numbers at an application that is alive."""
    tally, listening, secrets = Tally("routes"), Listening(), list(secrets_in(thrower.world))
    logging.getLogger().addHandler(listening)
    try:
        for turn, number in enumerate(numbers):
            if turn % EVERY == 0:
                world.forget_tries()
                thrower.refresh()
                listening.taken()
            asked = thrower.request(number)
            answer = await ask(app, asked)
            tally.inputs += 1
            tally.answers[str(answer.status)] += 1
            for kind, what in faults_in(answer, asked.leaves, listening.taken(), secrets):
                tally.note(kind, f"{number} ({asked.method} {asked.path[:80]!r})", what)
    finally:
        logging.getLogger().removeHandler(listening)
    return tally


async def compare(app: Any, pairs: Iterable[tells.Pair]) -> Tally:
    """Ask twice, for what there is and for what there is not: the two answers may not differ."""
    tally = Tally("tells")
    for pair in pairs:
        world.forget_tries()
        there, absent = [await ask(app, one) for one in (pair.there, pair.absent)]
        tally.inputs += 2
        tally.answers[f"{there.status}"] += 1
        seen = [tells.seen(answer, pair.names) for answer in (there, absent)]
        if seen[0] != seen[1]:
            tally.note(TELLS, pair.told, tells.difference(*seen))
        if any(answer.fault or answer.status >= 500 for answer in (there, absent)):
            tally.note(UNHANDLED, pair.told, f"{there.status} {absent.status}")
    return tally
