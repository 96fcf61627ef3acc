"""Every state of every page: axe-core finds nothing, nothing scrolls sideways at 320 px, and the focus follows.

A page joins by adding its states to ``STATES``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.browser.account_states import ACCOUNT_STATES, AccountState
from tests.browser.axe import FORM_VIEWS, VIEWS, Looker
from tests.browser.codebook_states import CODEBOOK_STATES
from tests.browser.form_states import FORM_STATES, FormState, reach
from tests.browser.guard_states import GUARD_STATES
from tests.browser.journey_states import JOURNEY_STATES
from tests.browser.paper_states import PAPER_STATES
from tests.browser.record_states import RECORD_STATES
from tests.browser.survey_states import SURVEY_STATES

pytestmark = pytest.mark.browser


def nothing(_tab: Any) -> None:
    """The state is there as soon as the page is."""


def press(name: str, alert: bool = True) -> Callable[[Any], None]:
    """A state that a button leads to."""

    def act(tab: Any) -> None:
        tab.press(name)
        if alert:
            tab.page.get_by_role("alert").wait_for()

    return act


def wrong_date(tab: Any) -> None:
    """A date that does not exist."""
    tab.write("Day. When was it?", "31").write("Month. When was it?", "2").write("Year. When was it?", "2026")
    press("Continue")(tab)


def open_list(tab: Any) -> None:
    """A type-ahead with its suggestions open."""
    tab.page.get_by_role("combobox", name="Service", exact=True).fill("e")
    tab.page.get_by_role("option").first.wait_for()


def unclear_wait(tab: Any) -> None:
    """An error in the grid, and one above the consent."""
    tab.write("1. Waited", "ages")
    tab.page.get_by_text("Use my story").click()
    press("Save story")(tab)


def saved(tab: Any) -> None:
    """A story was saved."""
    tab.write("1. Waited", "3w").look_up("How they agreed", "They said")
    tab.press("Save story")
    tab.page.locator("#saved").wait_for()


def editing(tab: Any) -> None:
    """An entry is in the form."""
    tab.page.get_by_role("button", name="Edit ").last.click()
    tab.on("Change entry")


@dataclass(frozen=True)
class State:
    """A state of a page: who opens which address, and what they do there. ``{names}`` are drafts of the site."""

    name: str
    path: str
    act: Callable[[Any], None] = nothing
    role: str = "resident"


def of_step(part: str) -> str:
    return "/share?draft={whole}&page=steps&step=2&part=" + part


STATES = [
    State("share: start", "/share"),
    State("share: a choice", "/share?draft={whole}&page=need"),
    State("share: own words", "/share?draft={whole}&page=what_happened"),
    State("share: no steps yet", "/share?draft={empty}&page=steps"),
    State("share: steps", "/share?draft={whole}&page=steps"),
    State("share: a step removed", "/share?draft={broken}&page=steps", press("Remove: step 1", alert=False)),
    State("share: a step put back", "/share?draft={broken}&page=steps", press("Undo", alert=False)),
    State("share: step, who", of_step("where")),
    State("share: step, suggestions", of_step("where"), open_list),
    State("share: step, wrong date", "/share?draft={broken}&page=steps&step=1&part=where", wrong_date),
    State("share: step, wait", of_step("wait")),
    State("share: step, how it went", of_step("how_it_went")),
    State("share: step, words", of_step("own_words")),
    State("share: consent", "/share?draft={whole}&page=consent"),
    State("share: check", "/share?draft={whole}&page=check"),
    State("share: cannot be sent", "/share?draft={broken}&page=check", press("Send")),
    State("share: receipt", "/share?draft={sent}"),
    State("share: wrong key", "/share?draft=guessed"),
    State("log: empty", "/log", role="frontline"),
    State("log: errors", "/log", unclear_wait, "frontline"),
    State("log: saved", "/log", saved, "frontline"),
    State("log: editing", "/log", editing, "frontline"),
]


def open_filters(tab: Any) -> None:
    """The filters of the board."""
    tab.page.get_by_text("Filters", exact=True).click()
    tab.page.get_by_role("combobox", name="Service").wait_for()


def opened(title: str) -> Callable[[Any], None]:
    """A view with one of its folded parts open."""

    def act(tab: Any) -> None:
        tab.page.get_by_text(title, exact=True).click()
        tab.idle()

    return act


def first_evidence(tab: Any) -> None:
    """The first pain point's evidence."""
    tab.page.get_by_role("button", name="See the evidence").first.click()
    tab.page.get_by_role("heading", name="What people say").wait_for()
    tab.idle()


def first_journey(tab: Any) -> None:
    """A journey behind the first pain point."""
    tab.page.get_by_role("button", name="Read the whole journey").first.click()
    tab.on("A journey")


def facts_of_run(tab: Any) -> None:
    """What a run used and left out."""
    tab.page.get_by_text("What was used and what was left out").first.click()
    tab.page.get_by_text("Program version").first.wait_for()


DEMO_STATES = [
    State("home: resident", "/"),
    State("sign-in", "/sign-in"),
    State("refused", "/pain-points"),
    State("board", "/pain-points", role="designer"),
    State("board: filters", "/pain-points", open_filters, "designer"),
    State("board: by service", "/pain-points?view=By+service", role="designer"),
    State("board: what changed", "/pain-points?view=What+changed", opened("All themes as a table"), "designer"),
    State("board: who differs", "/pain-points?view=Who+differs", opened("All differences as a table"), "designer"),
    State("board: told together", "/pain-points?view=Told+together", opened("How this is worked out"), "designer"),
    State("board: map", "/pain-points?view=Map", role="designer"),
    State("board: works well", "/pain-points?view=What+works+well", role="designer"),
    State("board: one pain point", "/pain-points?view=Pain+points", first_evidence, "designer"),
    State("board: one journey", "", first_journey, "designer"),
    State("board: for frontline", "/pain-points", role="frontline"),
    State("runs", "/runs", role="designer"),
    State("runs: facts", "", facts_of_run, "designer"),
    State("import: start", "/import", role="designer"),
    State("home: designer", "/", role="designer"),
]


@pytest.fixture(scope="module")
def tabs(opener: Callable[..., Any]) -> Callable[[str], Any]:
    """One tab per role for all states: a state is a step on from the one before, as it is for people."""
    return one_per_role(opener)


@pytest.fixture(scope="module")
def demo_tabs(demo_opener: Callable[..., Any]) -> Callable[[str], Any]:
    """The same on the demo place."""
    return one_per_role(demo_opener)


@pytest.fixture(scope="module")
def staffed_tabs(staffed_opener: Callable[..., Any]) -> Callable[[str], Any]:
    """The same where people sign in."""
    return one_per_role(staffed_opener)


def one_per_role(opener: Callable[..., Any]) -> Callable[[str], Any]:
    """A function that gives a role's tab."""
    opened: dict[str, Any] = {}

    def tab_of(role: str) -> Any:
        if role not in opened:
            opened[role] = opener(role)
        return opened[role]

    return tab_of


@pytest.fixture
def looker(record_property: Callable[[str, object], None]) -> Looker:
    """Looks with axe-core; what was looked at is counted at the end of the run."""
    return Looker(record_property)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_a_state_is_accessible_and_fits_a_phone(
    state: State, site: Any, tabs: Callable[[str], Any], looker: Looker
) -> None:
    tab, path = tabs(state.role), state.path.format(**site.drafts)
    if tab.page.url.split("?")[0] == site.url + path.split("?", maxsplit=1)[0]:
        tab.go(path)
    else:
        tab.visit(path)
    state.act(tab)
    looker.look(tab.page)


STAFF_STATES = [*GUARD_STATES, *PAPER_STATES, *SURVEY_STATES, *RECORD_STATES]


@pytest.mark.parametrize("state", STAFF_STATES, ids=lambda state: state.name)
def test_a_state_of_what_staff_use_is_accessible(
    state: Any, site: Any, tabs: Callable[[str], Any], looker: Looker
) -> None:
    tab = tabs(state.role)
    state.act(tab, site.drafts)
    looker.look(tab.page)


@pytest.mark.parametrize("state", FORM_STATES, ids=lambda state: state.name)
def test_a_state_of_the_form_is_accessible(
    state: FormState, site: Any, tabs: Callable[[str], Any], looker: Looker
) -> None:
    page = tabs("the form").page
    reach(page, site.url, site.drafts, state)
    looker.look(page, FORM_VIEWS)


@pytest.mark.parametrize("state", [*DEMO_STATES, *JOURNEY_STATES, *CODEBOOK_STATES], ids=lambda state: state.name)
def test_a_state_of_the_demo_is_accessible(state: Any, demo_tabs: Callable[[str], Any], looker: Looker) -> None:
    tab = demo_tabs(state.role)
    if state.path.startswith("/sign-in"):
        tab.page.goto(tab.url + state.path)
        tab.page.wait_for_selector("h1")
    elif state.path:
        (tab.go if tab.page.url.startswith(tab.url) and "/sign-in" not in tab.page.url else tab.visit)(state.path)
    state.act(tab)
    looker.look(tab.page)


@pytest.mark.parametrize("state", ACCOUNT_STATES, ids=lambda state: state.name)
def test_a_state_of_signing_in_is_accessible(
    state: AccountState, staffed_site: Any, staffed_tabs: Callable[[str], Any], looker: Looker
) -> None:
    tab = staffed_tabs("somebody")
    state.act(tab, staffed_site.drafts)
    looker.look(tab.page, VIEWS if state.name.startswith("people") else FORM_VIEWS)


def test_the_focus_follows_to_the_heading_the_summary_and_the_field(site: Any, tab_as: Callable[..., Any]) -> None:
    tab = tab_as().visit(f"/share?draft={site.drafts['to mend']}&page=steps&step=1&part=where")
    wrong_date(tab)
    assert tab.page.evaluate("document.documentElement.lang") == "en-GB"
    assert tab.focus_reaches("error-summary"), tab.focused
    assert tab.page.title().startswith("Error: ")
    day = tab.page.get_by_role("textbox", name="Day. When was it?")
    assert day.get_attribute("aria-invalid") == "true"
    described = tab.page.evaluate(
        "ids => ids.split(' ').map(id => document.getElementById(id).textContent).join(' ')",
        day.get_attribute("aria-describedby"),
    )
    message = tab.page.locator("#error-summary a").inner_text()
    assert message in described
    tab.page.locator("#error-summary a").click()
    assert tab.focus_reaches("Day. When was it?"), tab.focused
    tab.write("Day. When was it?", "28").press("Continue", "How long did you wait?")
    assert tab.focus_reaches("How long did you wait?"), tab.focused
    assert not tab.page.title().startswith("Error")
    tab.page.go_back()
    tab.on("Who did you deal with?")
    assert tab.focus_reaches("Who did you deal with?"), tab.focused
    assert tab.page.get_by_role("textbox", name="Day. When was it?").get_attribute("aria-invalid") is None


def test_moving_a_step_keeps_the_focus_on_it(site: Any, tab_as: Callable[..., Any]) -> None:
    tab = tab_as().visit(f"/share?draft={site.drafts['whole']}&page=steps")
    tab.press("Move up: step 3")
    assert tab.focus_reaches("Move up: step 2"), tab.focused
    tab.press("Move down: step 2")
    assert tab.focus_reaches("Move up: step 3"), tab.focused
