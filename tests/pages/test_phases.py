"""The phases of the map: named, given services, moved, saved and taken back; what is wrong is said at its field."""

from typing import Self

import pytest

from insight import intake, journeys
from insight.access import SYSTEM, Actor, Role
from insight.errors import Conflict
from insight.journeys import PhaseDrawn
from tests.pages.screen import Screen

DESIGNER = Actor(Role.DESIGNER, "designer one")
SERVICES = ("GP surgery", "Housing advice", "Repairs")
DRAWN = (PhaseDrawn("Asking", ("GP surgery",)), PhaseDrawn("Moving in", ("Repairs", "Housing advice")))


def script() -> None:
    from insight.access import Actor, Role
    from insight.intake import current_place
    from pages.paths.phases_view import render

    render(Actor(Role.DESIGNER, "designer one"), current_place())


@pytest.fixture
def place(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> intake.Place:
    """A place whose journeys went to three services, without the seconds that an analysis takes."""
    offered = {"need": ("housing", "money"), "service": SERVICES}
    monkeypatch.setattr(journeys, "choices", lambda *_asked: offered)
    return intake.add_place(SYSTEM, "Testham", organisations=[("Testham Council", "council")])


class Visit(Screen):
    """One browser tab on the phases."""

    def __init__(self, **query: str) -> None:
        super().__init__(script, phases="1", **query)

    def fill(self, number: int, name: str, *services: str) -> Self:
        self.at.text_input[number - 1].set_value(name)
        self.at.multiselect[number - 1].set_value(list(services))
        return self.run()

    @property
    def typed(self) -> list[tuple[str, list[str]]]:
        return [
            (name.value, chosen.value) for name, chosen in zip(self.at.text_input, self.at.multiselect, strict=True)
        ]


def test_phases_are_drawn_moved_saved_and_taken_back(place: intake.Place) -> None:
    visit = Visit()
    assert "Nobody has drawn phases here" in visit.html and visit.typed == [("", [])]
    visit.fill(1, " Moving in ", "Repairs", "Housing advice").press("Add a phase").fill(2, "Asking")
    assert "1 service is in no phase. Its steps stand last on the map, as other steps: GP surgery." in visit.html
    visit.fill(2, "Asking", "GP surgery").press("Move up")
    visit.press("Save the phases")
    assert "Saved. The map is drawn by these phases." in visit.html
    assert journeys.phases(DESIGNER, place, None) == DRAWN == journeys.phases(DESIGNER, place, "money")
    own = Visit(need="housing")
    assert "These are the phases for all needs" in own.html and len(own.typed) == 2
    own.press("Remove", "-0-").press("Save the phases")
    assert journeys.phases(DESIGNER, place, "housing") == DRAWN[1:]
    visit.press("Go back to steps by position")
    assert "The map goes by first step, second step" in visit.html and visit.typed == [("", [])]
    assert journeys.phases(DESIGNER, place, None) == ()
    assert journeys.phases(DESIGNER, place, "housing") == DRAWN[1:]


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    place: intake.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = Visit().press("Add a phase").press("Add a phase")
    visit.fill(1, "Asking", "Repairs").fill(2, "asking ", "GP surgery", "Repairs").press("Save the phases")
    for field, message in (
        ("1-name", "Another phase is called asking. Give each its own name."),
        ("1-services", "Repairs is also in Asking. Leave it in one of them."),
        ("2-name", "Give phase 3 a name."),
        ("2-services", "Choose at least one service for phase 3."),
    ):
        key = f"phases-{place.code}-all-{field}"
        assert visit.html.count(message) == 2, "in the summary and over the field"
        assert f'data-field="{key}"' in visit.html and f'id="{key}-error"' in visit.html
    assert visit.typed == [("Asking", ["Repairs"]), ("asking ", ["GP surgery", "Repairs"]), ("", [])]
    assert journeys.phases(DESIGNER, place, None) == ()

    visit.at.selectbox[0].set_value("money")
    assert visit.run().typed == [("", [])], "another need has phases of its own"
    visit.at.selectbox[0].set_value(None)
    assert visit.run().typed[1] == ("asking ", ["GP surgery", "Repairs"])

    def conflict(*_given: object) -> None:
        raise Conflict("Somebody else saved the phases just now.")

    monkeypatch.setattr(journeys, "save_phases", conflict)
    visit.press("Remove", "-2-").fill(2, "Moving in", "GP surgery").press("Save the phases")
    assert "Somebody else saved the phases just now." in visit.html
    assert visit.typed == [("Asking", ["Repairs"]), ("Moving in", ["GP surgery"])]
