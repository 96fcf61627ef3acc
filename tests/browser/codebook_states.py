"""The states of the codebook, of search and of the common pains on the demo place, for the accessibility tests.

Nothing is changed that another test reads: what is tried is left as it was, but for a round, which no theme knows of.
"""

from typing import Any

from tests.browser.journey_states import JourneyState as State
from tests.browser.journey_states import says, shows

VIEW = "/codebook?view="


def one_theme(tab: Any) -> None:
    """The first theme, with its name and description open."""
    tab.page.locator(".tl-theme h3 a").first.click()
    tab.page.get_by_role("heading", name="With the passages you ticked").wait_for()
    tab.page.locator("summary", has_text="Name and description").click()
    tab.page.get_by_role("textbox", name="What is in").wait_for()
    tab.idle()


def groups(tab: Any) -> None:
    """What a theme falls into, one name missing."""
    tab.idle().page.locator("summary", has_text="Split it into groups").click()
    tab.page.get_by_role("button", name="Look for groups", exact=True).wait_for()
    tab.idle().press("Look for groups", "Split")
    tab.press("Make themes of the named groups")
    tab.page.get_by_role("alert").wait_for()


def nothing_ticked(tab: Any) -> None:
    """Nothing was ticked to be merged."""
    tab.page.get_by_role("heading", name="Themes in use").wait_for()
    tab.idle().press("Merge them")
    tab.page.get_by_role("alert").wait_for()


def ticked(step: str, heading: str) -> Any:
    """A step for the first two themes."""

    def act(tab: Any) -> None:
        tab.page.get_by_role("heading", name="Themes in use").wait_for()
        tab.idle()
        for number in range(2):
            tab.page.locator("[class*=st-key-book-tick] label").nth(number).click()
        tab.press(step, heading)

    return act


def at_the_desk(tab: Any) -> None:
    """Two themes chosen for a passage, and a search among all themes."""
    tab.page.locator(".tl-desk button").first.wait_for()
    tab.idle().page.keyboard.press("1")
    tab.page.keyboard.press("2")
    tab.page.keyboard.press("/")
    tab.page.keyboard.type("no")
    tab.page.locator(".tl-desk ul button").first.wait_for()


def a_round(tab: Any) -> None:
    """A round that was begun, coded blind."""
    tab.write("Your initials, since nobody signs in here", "AB")
    tab.page.keyboard.press("Enter")
    tab.idle().write("Name of the round", "Looked at")
    tab.press("Start the round")
    tab.page.locator(".tl-desk button").first.wait_for()
    tab.idle()


def found(tab: Any) -> None:
    """Passages found by what they say and mean."""
    tab.write("What are you looking for?", "nobody rang back")
    tab.page.keyboard.press("Enter")
    tab.page.locator("#found").wait_for()
    tab.idle()


def by_theme(tab: Any) -> None:
    """What was found, by theme."""
    tab.page.get_by_text("Group by theme").click()
    tab.idle()


def fewer(tab: Any) -> None:
    """Fewer and broader themes on the board."""
    tab.press("Fewer themes")
    tab.page.get_by_text("broader themes").first.wait_for()


CODEBOOK_STATES = [
    State("codebook: themes", "/codebook", shows("Themes in use")),
    State("codebook: nothing ticked", "", nothing_ticked),
    State("codebook: merge", "/codebook", ticked("Merge them", "Merge 2 themes")),
    State("codebook: nest", "/codebook", ticked("Put under a broader theme", "Put under a broader theme")),
    State("codebook: one theme", "/codebook", one_theme),
    State("codebook: split", "", groups),
    State("codebook: fits no theme", "/codebook?theme=none", shows("What people say")),
    State("codebook: desk", f"{VIEW}code", at_the_desk),
    State("codebook: unsure pile", f"{VIEW}code&pile=unsure", says("Passage")),
    State("codebook: rounds", f"{VIEW}rounds", shows("Start a round")),
    State("codebook: a round", "", a_round),
    State("codebook: machine", f"{VIEW}machine", says("The machine has not learned yet")),
    State("codebook: history", f"{VIEW}history", shows("What happened, the newest first")),
    State("codebook: out and in", f"{VIEW}files", shows("Bring a codebook in")),
    State("search: start", "/search", shows("Search")),
    State("search: found", "", found),
    State("search: by theme", "", by_theme),
    State("board: across services", "/pain-points?view=Across+services", says("How the order is made")),
    State("board: fewer themes", "/pain-points?view=Pain+points", fewer),
]
