"""The attack on a run's standard tables, as they would be published: worker only, since it needs scipy."""

from insight.painpoints.cube import Cube
from insight.painpoints.leaving import standard_tables
from insight.privacy.audit_lp import Published, audit_rows, sums_of


def attack_run(cube: Cube) -> dict[str, int]:
    """What an attacker works out of the standard tables: how many tables, cells, suppressed, and recovered."""
    found = {"tables": 0, "cells": 0, "suppressed": 0, "recovered": 0}
    for _name, counts, shown in standard_tables(cube):
        if any(shown.adds):
            verdict = audit_rows(Published(shown, sums_of(counts.shape, shown.adds)), counts).facts()
        else:  # nothing to add up: of a hidden count is known that it is small, and no more
            verdict = {"tables": 1, "cells": counts.size, "suppressed": int(shown.hidden.sum()), "recovered": 0}
        found = {name: n + verdict[name] for name, n in found.items()}
    return found
