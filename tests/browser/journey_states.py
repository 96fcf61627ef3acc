"""The states of the journeys screen on the demo place, for the accessibility tests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class JourneyState:
    """A state of the screen: who opens which address, and what they do there."""

    name: str
    path: str
    act: Callable[[Any], None]
    role: str = "designer"


def shows(heading: str) -> Callable[[Any], None]:
    """A state that is there once a heading is."""

    def act(tab: Any) -> None:
        tab.page.get_by_role("heading", name=heading).first.wait_for()
        tab.idle()

    return act


def says(words: str) -> Callable[[Any], None]:
    """A state that is there once some words are."""

    def act(tab: Any) -> None:
        tab.page.get_by_text(words).first.wait_for()
        tab.idle()

    return act


def as_table(tab: Any) -> None:
    """A picture's table is open."""
    tab.page.get_by_text("The picture as a table").first.click()
    tab.page.get_by_role("table").first.wait_for()
    tab.idle()


def one_step(tab: Any) -> None:
    """One step of the paths is looked at."""
    tab.page.get_by_text("Look at one step").scroll_into_view_if_needed()
    tab.look_up("Look at one step", "Ottermarsh Council")
    tab.page.get_by_text("Where they came from").wait_for()
    tab.idle()


def one_journey(tab: Any) -> None:
    """One journey of the list, in its teller's words."""
    tab.page.get_by_role("button", name="Read this journey").first.click()
    tab.on("A journey")


PERIODS = "/journeys?view=Compare&by=period"
JOURNEY_STATES = [
    JourneyState("journeys: map", "/journeys", says("journeys in Ottermarsh")),
    JourneyState("journeys: paths", "/journeys?view=Paths", shows("Paths one by one")),
    JourneyState("journeys: paths, a table", "/journeys?view=Paths&grain=organisation", as_table),
    JourneyState("journeys: paths, one step", "/journeys?view=Paths&grain=organisation", one_step),
    JourneyState("journeys: handoffs", "/journeys?view=Handoffs", shows("Who passes on to whom")),
    JourneyState("journeys: feelings", "/journeys?view=Feelings", says("journeys in Ottermarsh")),
    JourneyState("journeys: waits", "/journeys?view=Waits", shows("Waiting by service")),
    JourneyState("journeys: kinds", "/journeys?view=Kinds", says("journeys in Ottermarsh")),
    JourneyState("journeys: compare", "/journeys?view=Compare", says("First group")),
    JourneyState("journeys: compare periods", PERIODS, says("The second period begins with")),
    JourneyState("journeys: intended", "/journeys?view=Intended", says("journeys in Ottermarsh")),
    JourneyState("journeys: intended, drawn", "/journeys?view=Intended&draw=new", shows("What you are drawing")),
    JourneyState("journeys: phases", "/journeys?phases=1", shows("Phases of the map")),
    JourneyState("journeys: case logs", "/journeys?view=Case+logs", shows("Journeys")),
    JourneyState("journeys: list", "/journeys?view=Journeys&path=0", shows("journeys")),
    JourneyState("journeys: one journey", "/journeys?view=Journeys", one_journey),
    JourneyState("journeys: for frontline", "/journeys?view=Handoffs", shows("Who passes on to whom"), "frontline"),
]
