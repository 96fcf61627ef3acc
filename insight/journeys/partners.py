"""Whose journeys somebody looks at one by one: a partner those that their own organisation gathered."""

import numpy as np

from insight import intake
from insight.access import Actor
from insight.database import session
from insight.journeys.mining.log import Bools
from insight.journeys.scoping import Held


def theirs(actor: Actor, held: Held) -> Bools:
    """The journeys that somebody may be shown one by one, (n,). No case log's is a partner's: nobody says whose it is.

    Counts hold all journeys, whoever looks.
    """
    if actor.organisation is None:
        return np.ones(held.record.journeys, bool)
    if held.run is None:
        return np.zeros(held.record.journeys, bool)
    with session() as opened:
        own = intake.gathered_by(opened, actor.organisation)
    mine: Bools = np.isin(held.record.key, np.fromiter(own, np.int64, len(own)))
    return mine
