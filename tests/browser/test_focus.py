"""The script that moves the focus, as a slow phone runs it: late, and the older state after the newer."""

from collections.abc import Iterator
from typing import Any

import pytest

from pages.kit.a11y import SCRIPT

pytestmark = pytest.mark.browser
BEFORE = {"drawn": 1.0, "opened": "search/0", "token": "search/0", "focus": ""}
AFTER = {"drawn": 2.0, "opened": "search/0", "token": "search/1", "focus": "found"}
SAME = {"lang": "en", "dir": "ltr", "keeps": [], "fields": []}
RUN = """async ([script, states]) => {
    const address = URL.createObjectURL(new Blob([script], {type: 'text/javascript'}));
    const {default: run} = await import(address);
    for (const state of states) run({data: [state], setTriggerValue: () => {}});
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    return document.activeElement.id;
}"""


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context()
    page = context.new_page()
    page.set_content('<div data-testid="stMain"><h1 id="search">Search</h1><h2 id="found">Found</h2></div>')
    yield page
    context.close()


@pytest.mark.parametrize(
    ("states", "focused"),
    [
        pytest.param([BEFORE], "", id="a page that opens moves nothing"),
        pytest.param([BEFORE, AFTER], "found", id="in order"),
        pytest.param([AFTER], "found", id="the script came when the button was pressed already"),
        pytest.param([AFTER, BEFORE], "found", id="the older state after the newer"),
        pytest.param([BEFORE, AFTER, AFTER | {"drawn": 3.0, "focus": ""}], "found", id="drawn again, nothing new"),
        pytest.param([BEFORE, AFTER, BEFORE | {"drawn": 3.0}], "search", id="back where the visit began"),
    ],
)
def test_the_focus_goes_to_what_was_drawn_last(page: Any, states: list[dict[str, Any]], focused: str) -> None:
    assert page.evaluate(RUN, [SCRIPT, [SAME | state for state in states]]) == focused
