"""Intended journeys on a real database: versions, saving together, and what real journeys make of them."""

from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any

import numpy as np
import pytest

from insight import intake
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.database import write_session
from insight.errors import BadInput, Conflict, NotAllowed, NotFound
from insight.journeys import scoping, store
from insight.journeys.intending import conformance, intended_journeys, save_intended, versions_of
from insight.journeys.mining.log import NO_TIME, offsets
from insight.journeys.model import Asked
from insight.journeys.record import NOT_FELT, Record
from insight.moments import now
from insight.painpoints import Filters
from insight.runs.tables import PublishedRunRow, RunRow

DESIGNER, FRONTLINE = Actor(Role.DESIGNER, "designer one"), Actor(Role.FRONTLINE, "desk")
PLAN = """# Say it once.
name = "When someone has died"
need = "bereavement"
[[step]]
name = "Registrar"
promised_days = 5
[[step]]
name = "Council tax"
promised_days = 10
[[step]]
name = "Housing benefit"
optional = true
"""
CODE = "when-someone-has-died"
REAL = [["Registrar", "Council tax"]] * 6 + [["Registrar", "GP", "Registrar", "Council tax"]] * 5 + [["GP"], []]
WAITED = [[3, 12]] * 6 + [[2, 1, 1, 4]] * 5 + [[-1], []]


@pytest.fixture
def place(database: str) -> intake.Place:
    return intake.add_place(SYSTEM, "Testham", organisations=[("Testham Council", "council")])


def publish(place: intake.Place, real: list[list[str]], waited: list[list[int]]) -> None:
    """A published run with a record of these journeys, without reading any stories."""
    names = tuple(dict.fromkeys(chain.from_iterable(real)))
    lengths = np.array([len(one) for one in real], np.int64)
    n, e = len(real), int(lengths.sum())
    blank, flag = np.full(e, -1, np.int32), np.full(e, -1, np.int8)
    of_journey = {name: np.full(n, -1, np.int32) for name in ("source", "teller", "month", "need_met", "kind")}
    of_step = dict.fromkeys(("organisation", "channel", "sorted_out", "promised"), blank)
    record = Record(
        key=np.arange(1, n + 1),
        first=offsets(lengths),
        need=(np.arange(n) % 2).astype(np.int32),
        position=np.arange(e, dtype=np.int32),
        service=np.array([names.index(step) for step in chain.from_iterable(real)], np.int32),
        time=np.full(e, NO_TIME),
        feeling=np.full(e, NOT_FELT, np.int8),
        waited=np.array(list(chain.from_iterable(waited)), np.int32),
        told_again=flag,
        sent_elsewhere=flag,
        words=dict.fromkeys(("source", "teller", "month", "need_met", *of_step), ())
        | {"service": names, "need": ("housing", "caring")},
        **of_journey,
        **of_step,
    )
    facts: dict[str, Any] = {"parameters": {}, "code_version": "x", "facts": {}, "left_out": {}, "stage": "done"}
    with write_session() as opened:
        at = now()
        run = RunRow(place_id=place.id, status="done", started_by="x", started_at=at, heartbeat_at=at, **facts)
        opened.add(run)
        opened.flush()
        store.keep_record(opened, run.id, record.to_bytes(), {})
        opened.add(PublishedRunRow(place_id=place.id, run_id=run.id, published_by="x", published_at=at))
    scoping.forget_cached_runs()


def test_a_version_is_added_only_where_the_text_differs(place: intake.Place) -> None:
    first = save_intended(DESIGNER, place, PLAN)
    assert (first.code, first.version, first.need, first.saved_by) == (CODE, 1, "bereavement", "designer one")
    assert save_intended(SYSTEM, place, PLAN + "\n\n") == first, "the same text changes nothing"
    renamed = PLAN.replace("someone", "somebody")
    second = save_intended(SYSTEM, place, renamed, code=CODE, based_on=1)
    assert (second.version, second.name) == (2, "When somebody has died")
    save_intended(DESIGNER, place, PLAN.replace("died", "moved"))
    assert [(one.code, one.version) for one in intended_journeys(FRONTLINE, place)] == [
        (CODE, 2), ("when-someone-has-moved", 1)
    ]  # fmt: skip
    assert [(one.version, one.saved_by, one.toml) for one in versions_of(FRONTLINE, place, CODE)] == [
        (2, "command line", renamed), (1, "designer one", PLAN)
    ]  # fmt: skip


def test_what_cannot_be_saved_is_refused_and_changes_nothing(place: intake.Place) -> None:
    save_intended(DESIGNER, place, PLAN)
    save_intended(DESIGNER, place, PLAN + "promised_days = 3")
    with pytest.raises(Conflict, match="version 2"):
        save_intended(SYSTEM, place, PLAN + "promised_days = 4", code=CODE, based_on=1)
    with pytest.raises(BadInput, match="no steps"):
        save_intended(DESIGNER, place, 'name = "When someone has died"')
    with pytest.raises(NotFound):
        save_intended(DESIGNER, place, PLAN, code="none")
    for actor in (RESIDENT, FRONTLINE):
        with pytest.raises(NotAllowed):
            save_intended(actor, place, PLAN)
    other = intake.add_place(SYSTEM, "Elsewhere")
    for unknown in (lambda: versions_of(DESIGNER, other, CODE), lambda: conformance(DESIGNER, other, CODE)):
        with pytest.raises(NotFound):
            unknown()
    assert len(versions_of(DESIGNER, place, CODE)) == 2


def test_two_who_save_at_once_both_get_a_version(place: intake.Place) -> None:
    texts = [PLAN + f"promised_days = {number}" for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        saved = list(pool.map(lambda text: save_intended(DESIGNER, place, text), texts))
    assert sorted(one.version for one in saved) == [1, 2, 3, 4, 5, 6]
    assert {one.toml for one in versions_of(DESIGNER, place, CODE)} == {f"{text}\n" for text in texts}


def test_real_journeys_beside_the_intended_one(place: intake.Place) -> None:
    publish(place, REAL, WAITED)
    save_intended(DESIGNER, place, PLAN.replace("Council tax", "COUNCIL TAX"))
    found = conformance(FRONTLINE, place, CODE)
    assert (found.intended, found.version, found.journeys) == ("When someone has died", 1, 12), "one names no service"
    assert found.as_intended is not None and (found.as_intended.n, found.as_intended.of) == (6, 12)
    assert found.fitness is not None
    assert found.fitness.mean == pytest.approx((6 * 1 + 5 * (1 - 2 / 6) + 0) / 12)
    registrar, tax, benefit = found.steps
    assert tax.step == "Council tax", "as the journeys spell it"
    assert registrar.taken is not None and registrar.taken.n == 11
    assert registrar.waited is not None and registrar.waited.total == 6 * 3 + 5 * 2, "the first time counts"
    assert registrar.late is not None and registrar.late.n is None, "fewer than five is not told"
    assert tax.late is not None and (tax.late.n, tax.late.of) == (6, 11)
    assert benefit.taken is not None and benefit.taken.n is None and benefit.late is None
    assert found.extra == (("GP", 6), ("Registrar", 5))
    assert found.missing == (), "one journey missed both, which is too few to show"
    assert [(one.steps, extra, missing, round(fitness, 3)) for one, extra, missing, fitness in found.variants] == [
        (("Registrar", "Council tax"), (), (), 1.0),
        (("Registrar", "GP", "Registrar", "Council tax"), ("GP", "Registrar"), (), 0.667),
    ]


def test_filters_narrow_the_journeys_and_too_few_show_nothing(place: intake.Place) -> None:
    publish(place, REAL, WAITED)
    save_intended(DESIGNER, place, PLAN)
    housing = conformance(DESIGNER, place, CODE, Asked(Filters(need="housing")))
    assert housing.journeys == 6
    nobody = conformance(DESIGNER, place, CODE, Asked(Filters(need="bereavement")))
    assert (nobody.journeys, nobody.steps, nobody.variants) == (None, (), ())
