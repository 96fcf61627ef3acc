"""Common pains across services: one theme in several, themes joined as one pain, what people decide about them."""

import pytest

from insight import codebook, intake, painpoints
from insight.access import SYSTEM, Actor, Role
from insight.intake import Place
from insight.painpoints import Filters
from tests.stores.made_runs import add_run, add_stories

DESIGNER, FRONTLINE = Actor(Role.DESIGNER, "Ana"), Actor(Role.FRONTLINE, "Fay")
HOUSING, JOBCENTRE, LIBRARY = range(3)
FIRM = {"themes": [0, 1], "score": 6.0, "firm": True, "quotes": [{"0": [3]}, {"1": [12]}]}
PERHAPS = {"themes": [0, 3], "score": 2.0, "firm": False, "quotes": [{"0": [3]}, {"2": [30]}]}


@pytest.fixture
def place(sqlite: str) -> Place:
    """Forms lost at housing (0), papers at the jobcentre (1), long waits at both (2), noise at the library (3)."""
    painpoints.forget_cached_runs()
    place = intake.add_place(SYSTEM, "Testham", organisations=[], services=[])
    told = add_stories(place, 0, [f"they lost what I handed in, time {n}" for n in range(36)])
    themes = [0] * 8 + [1] * 8 + [2] * 12 + [3] * 8
    services = [HOUSING] * 8 + [JOBCENTRE] * 8 + [HOUSING, JOBCENTRE] * 6 + [LIBRARY] * 8
    add_run(place, told, themes, services=services, facts={"joined": [FIRM, PERHAPS]})
    return place


def test_joined_pains_are_one_and_carry_the_evidence_of_each(place: Place) -> None:
    found = painpoints.across(DESIGNER, place)
    joined, waits = found.pains
    assert joined.themes == ((0, "Machine's name 0"), (1, "Machine's name 1"))
    assert (joined.journeys, joined.of_journeys, joined.even) == (16, 36, 2.0)
    assert [(voice.service, voice.label, voice.journeys) for voice in joined.voices] == [
        ("Housing", "Machine's name 0", 8),
        ("Jobcentre", "Machine's name 1", 8),
    ]
    assert [voice.quote.passage for voice in joined.voices if voice.quote] == [3, 12], "the analysis chose these"
    assert joined.voices[0].share == 8 / 14
    assert joined.voices[0].low < 8 / 14 < joined.voices[0].high
    assert waits.themes == ((2, "Machine's name 2"),)
    assert joined.rank > waits.rank
    assert found.perhaps == (((0, "Machine's name 0"), (3, "Machine's name 3")),)


def test_what_people_decide_comes_first(place: Place) -> None:
    codebook.rename(DESIGNER, place.id, 1, "Papers lost")
    assert painpoints.across(FRONTLINE, place).pains[0].themes[1] == (1, "Papers lost")
    codebook.merge(DESIGNER, place.id, 1, 0)
    first = painpoints.across(FRONTLINE, place).pains[0]
    assert (first.themes, first.journeys) == (((0, "Machine's name 0"),), 16)
    codebook.set_aside(DESIGNER, place.id, 3)
    assert painpoints.across(FRONTLINE, place).perhaps == ()


def test_few_are_not_shown(place: Place) -> None:
    assert painpoints.across(DESIGNER, place, Filters(service="Library")).pains == ()
    only = painpoints.across(DESIGNER, place, Filters(service="Housing"))
    assert only.pains == (), "at one service nothing is across services"
