"""The search screen: nothing of what is typed reaches the address, what was found leads on, empty states help."""

from collections.abc import Iterator

import pytest

from insight import intake, painpoints
from insight.access import SYSTEM
from insight.painpoints.newcomers import Newcomers
from tests.pages.screen import Screen
from tests.stores.test_search import CALLS, FORMS, analysed


def script() -> None:
    from insight.access import Actor, Role
    from pages.search import render

    render(Actor(Role.DESIGNER, "designer one"))


@pytest.fixture
def place(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[intake.Place]:
    """A place with an analysis; its made-up months are nothing to filter by."""
    offered = dict.fromkeys(("service", "organisation", "channel", "need", "source", "teller", "month"), ())
    monkeypatch.setattr("pages.search.choices", lambda *_asked: offered)
    painpoints.forget_cached_runs()
    made = intake.add_place(SYSTEM, "Testham")
    analysed(made, [*CALLS, *FORMS], [0] * 6 + [1] * 6)
    yield made
    painpoints.forget_cached_runs()


def look_for(screen: Screen, words: str, by: str = "both") -> Screen:
    screen.at.text_input(key="search_typed").set_value(words)
    screen.at.radio(key="search_by").set_value(by)
    return screen.press("Search")


def address(screen: Screen) -> str:
    return str(dict(screen.at.query_params))


def test_what_was_found_leads_to_its_theme_its_journey_and_its_like(place: intake.Place) -> None:
    screen = Screen(script)
    assert 'id="found"' not in screen.html
    look_for(screen, "form long", "words")
    assert "2 passages found" not in screen.html and "3 passages found" in screen.html
    assert "said in fewer than 5 journeys" in screen.html
    assert "/pain-points?theme=1" in screen.html.replace("&amp;", "&")
    assert "form" not in address(screen) and "long" not in address(screen)
    screen.press("More like this", "like-6")
    assert "More like this passage" in screen.html and address(screen) == "{'like': '6'}"
    screen.press("Back to the search")
    assert "3 passages found" in screen.html, "what was typed is still there"
    screen.press("Read the whole journey", "read-6")
    assert FORMS[0] in screen.html
    screen.press("Back to the search")
    assert "3 passages found" in screen.html
    assert screen.at.text_input(key="search_typed").value == "form long"


def test_empty_states_help(place: intake.Place) -> None:
    screen = look_for(Screen(script), "   ")
    assert "Type a word or more to look for." in screen.html
    look_for(screen, "giraffe", "words")
    assert "Try fewer words" in screen.at.info[0].value
    screen.press("Look for the meaning")
    assert screen.at.radio(key="search_by").value == "meaning"
    page_of_a_reload = Screen(script, page="3", like="x")
    assert not page_of_a_reload.at.exception and 'id="found"' not in page_of_a_reload.html


def test_passages_are_gathered_under_their_themes(place: intake.Place) -> None:
    screen = look_for(Screen(script), "the", "words")
    screen.at.checkbox(key="search_grouped").check()
    html = screen.run().html
    assert html.count("<h3") == 2 and "What this search finds, by theme" not in html, "too few journeys in each"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Newcomers(None, None, {}, 0), ""),
        (
            Newcomers(12, 9, {1: 9}, 0),
            "12 stories arrived or were changed since this analysis. 9 of them speak of pain",
        ),
        (Newcomers(500, None, {}, 300), "300 are still to be read. <a"),
    ],
)
def test_the_board_says_who_arrived_since(found: Newcomers, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from insight.access import Actor, Role
    from pages.pain import board_views, ways

    drawn: list[str] = []
    monkeypatch.setattr("streamlit.html", drawn.append)
    monkeypatch.setattr(ways, "link", lambda path: f"/{path}")
    board_views.arrived_since(Actor(Role.DESIGNER), found)
    assert said in "".join(drawn) and bool(drawn) == bool(said)
