"""From stories to journeys and back: what is read, what is filtered, what is kept of people's drawing, who may see."""

from typing import Any

import pytest

from insight import intake, journeys, painpoints, receipts, runs, worker
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.errors import BadInput, NotAllowed, NotFound, NotReady
from insight.intake import ConsentScope, NewService, Place
from insight.journeys import Asked, Grain, PhaseDrawn
from insight.journeys.gathering import gather
from insight.journeys.mining.log import NO_TIME
from insight.painpoints import Filters

DESIGNER = Actor(Role.DESIGNER, "designer one")
FRONTLINE = Actor(Role.FRONTLINE, "worker one")
ORGANISATIONS = [("Council", "council"), ("Vale NHS", "nhs")]
SERVICES = [NewService("tax", "Council tax", "Council"), NewService("gp", "GP surgery", "Vale NHS")]
LETTER = "The {} letter was awful, I could not understand its jargon and codes."


@pytest.fixture
def place(database: str) -> Place:
    painpoints.forget_cached_runs()
    journeys.forget_cached_runs()
    return intake.add_place(SYSTEM, "Testham", organisations=ORGANISATIONS, services=SERVICES)


def tell(words: str, *steps: dict[str, Any], consent: tuple[str, ...] = ("analyse", "quote"), **more: Any) -> str:
    key = intake.start_draft(RESIDENT).key
    answers = {"what_happened": words, "steps": list(steps), "consent": list(consent), **more}
    intake.save_draft(RESIDENT, key, answers)
    return intake.submit(RESIDENT, key).reference


GP = {"service": "GP surgery", "feeling": "1", "when": {"day": "1", "month": "9", "year": "2026"}}
TAX = {
    "service": "Council tax",
    "feeling": "-2",
    "told_again": "yes",
    "waited": {"number": "12", "unit": "days"},
    "note": LETTER.format("tax"),
}


def told(place: Place) -> list[str]:
    """Eight journeys from the GP to the council, one of them only at the GP, one not to be analysed."""
    references = [
        tell(LETTER.format(which), GP, {**TAX, "when": {"day": "13", "month": "9", "year": "2026"}})
        for which in ("first", "second", "third", "blue", "long", "last")
    ]
    references.append(tell(LETTER.format("other"), GP))
    tell(LETTER.format("secret"), GP, TAX, consent=())
    return references


def analysed(place: Place) -> None:
    run = runs.create(DESIGNER, place.id, {"resolution": 0.1})
    worker.work(run.id)
    runs.publish(DESIGNER, run.id)


def test_from_telling_to_the_views_and_leaving_them(place: Place) -> None:
    with pytest.raises(NotReady):
        journeys.journey_map(DESIGNER, place)
    assert journeys.sources(DESIGNER, place) == ()
    references = told(place)
    analysed(place)
    (source,) = journeys.sources(DESIGNER, place)
    assert (source.code, source.journeys, source.felt) == ("told", 7, True)
    shown = journeys.journey_map(FRONTLINE, place)
    assert (shown.journeys, shown.steps) == (7, 13)
    assert [phase.journeys for phase in shown.phases[:3]] == [7, 6, None]
    assert shown.phases[1].wait is not None
    assert shown.phases[1].wait.median == 12
    (junction,) = journeys.handoffs(DESIGNER, place).junctions
    assert (junction.start, junction.end, junction.journeys) == ("Vale NHS", "Council", 6)
    by_date = journeys.waits(DESIGNER, place).between[0]
    assert (by_date.start, by_date.end, by_date.waited.median) == ("GP surgery", "Council tax", 12)
    paths = journeys.paths(DESIGNER, place, Asked(grain=Grain.ORGANISATION))
    assert paths.variants == (), "7 less the 6 who went to the council would be 1"
    assert paths.hidden_variants == 7
    passed_on = Asked(handoff=("Vale NHS", "Council"))
    assert journeys.journey_list(DESIGNER, place, passed_on).total == 6
    assert journeys.journey_list(DESIGNER, place, Asked(filters=Filters(service="Council tax"))).total == 6
    assert journeys.journey_list(DESIGNER, place, Asked(filters=Filters(last_month="2020-01"))).total == 0
    assert journeys.choices(DESIGNER, place)["service"] == ("Council tax", "GP surgery")

    (pain, *_others) = painpoints.board(DESIGNER, place).pain_points
    where = journeys.places_of_pain(DESIGNER, place, pain.number)
    assert where.junctions == (("Vale NHS", "Council", 6),)
    number = journeys.journey_list(DESIGNER, place, Asked(handoff=("Vale NHS", "Council"), theme=pain.number)).lines[0]
    assert [step.service for step in journeys.one_journey(DESIGNER, place, number.number).steps] == list(number.steps)

    receipts.erase(RESIDENT, references[5])
    receipts.withdraw(RESIDENT, references[4], ConsentScope.ANALYSE)
    assert journeys.journey_map(DESIGNER, place).journeys == 5
    assert journeys.handoffs(DESIGNER, place).junctions == ()
    for gone in (4, 5, -1, 99):
        with pytest.raises(NotFound):
            journeys.one_journey(DESIGNER, place, gone)


def test_steps_without_a_day_keep_their_order_and_have_no_time(place: Place) -> None:
    month = {"month": "9", "year": "2026"}
    tell("Long ago.", {**GP, "when": {"day": "29", "month": "2", "year": "2024"}}, {**TAX, "when": month}, TAX)
    record = gather(place.id, 1).record
    assert record.words["service"] == ("Council tax", "GP surgery")
    assert record.service.tolist() == [1, 0, 0]
    assert record.time[0] // 86_400_000_000_000 == 19_782  # 29 February 2024
    assert (record.time[1:] == NO_TIME).all()


def test_phases_are_kept_in_versions_and_taken_back(place: Place) -> None:
    told(place)
    analysed(place)
    drawn = (PhaseDrawn("Seen by a doctor", ("GP surgery",)), PhaseDrawn("Paying", ("Council tax",)))
    journeys.save_phases(DESIGNER, place, None, drawn)
    assert journeys.phases(FRONTLINE, place, "housing") == drawn
    shown = journeys.journey_map(DESIGNER, place)
    assert shown.own_phases
    assert [(phase.name, phase.journeys) for phase in shown.phases] == [("Seen by a doctor", 7), ("Paying", 6)]
    journeys.save_phases(DESIGNER, place, "housing", drawn[:1])
    assert journeys.phases(DESIGNER, place, "housing") == drawn[:1]
    journeys.save_phases(DESIGNER, place, None, ())
    assert not journeys.journey_map(DESIGNER, place).own_phases


@pytest.mark.parametrize(
    ("drawn", "says"),
    [
        ((PhaseDrawn(" ", ()),), "name"),
        ((PhaseDrawn("One", ()), PhaseDrawn("one", ())), "same name"),
        ((PhaseDrawn("One", ("GP",)), PhaseDrawn("Two", ("GP",))), "GP is in two phases"),
        (tuple(PhaseDrawn(str(number), ()) for number in range(10)), "at most 9"),
    ],
)
def test_phases_that_cannot_be_drawn_are_refused(sqlite: str, drawn: tuple[PhaseDrawn, ...], says: str) -> None:
    place = intake.add_place(SYSTEM, "Testham")
    with pytest.raises(BadInput, match=says):
        journeys.save_phases(DESIGNER, place, None, drawn)
    with pytest.raises(NotAllowed):
        journeys.save_phases(FRONTLINE, place, None, drawn)
