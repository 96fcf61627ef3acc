"""What axe-core finds on a page, in each of the views in which people may see it."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import axe_playwright_python

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
Views = Mapping[str, tuple[int, str]]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
# name -> width, colours. A window of 1280 pixels enlarged twice has 640 left to lay a page out in.
DESK, PHONE = {"1280 px": (1280, "light")}, {"320 px": (320, "light")}
ENLARGED = {"1280 px enlarged to 200 %": (640, "light")}
DARK = {"1280 px, dark": (1280, "dark"), "320 px, dark": (320, "dark")}
EVERYTHING = os.environ.get("RECORD_ACCESSIBILITY") == "1"  # all views take three minutes more
# Streamlit's pages keep the colours of their theme; the form follows the browser's wish.
VIEWS: Views = {**DESK, **ENLARGED, **PHONE} if EVERYTHING else {**DESK, **PHONE}
FORM_VIEWS: Views = {**VIEWS, **DARK} if EVERYTHING else {**DESK, "320 px, dark": DARK["320 px, dark"]}


SETTLED = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  return !app || app.dataset.testScriptState === 'notRunning' && !app.querySelector('[data-stale=true]');
}"""  # what Streamlit is about to draw anew is pale for a moment
RUN = """async tags => {
  const found = await axe.run({runOnly: tags, resultTypes: ['violations']});
  const line = one => `${one.id}: ${one.nodes[0].html.slice(0, 160)} (and ${one.nodes.length - 1} more)`;
  return {passes: found.passes.length, violations: found.violations.map(line)};
}"""  # what passes is counted alone: a list of every element that does takes as long as the looking


def violations(page: Any) -> list[str]:
    """What axe-core finds, one line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found = page.evaluate(RUN, TAGS)
    assert found["passes"], "axe-core looked at nothing"
    return list(found["violations"])


@dataclass(frozen=True)
class Looker:
    """Looks at one state in several views, and notes that it did."""

    note: Callable[[str, object], None]

    def look(self, page: Any, views: Views = VIEWS) -> None:
        """Nothing that axe-core finds, and nothing that scrolls sideways, in any view.

        In an ordinary run axe-core looks at the tightest view alone; for the record it looks at all of them.
        """
        found: list[str] = []
        *_wider, tightest = views
        for name, (width, colours) in views.items():
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=colours)
            page.wait_for_timeout(60)
            page.wait_for_function(SETTLED)
            if EVERYTHING or name == tightest:
                found += [f"{name}: {violation}" for violation in violations(page)]
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name}: scrolls sideways"
            main = "document.querySelector('[data-testid=stMain]')"
            assert page.evaluate(f"!{main} || {main}.scrollWidth <= {main}.clientWidth"), f"{name}: scrolls sideways"
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
        self.note("axe", len(views) if EVERYTHING else 1)
        assert not found, "\n".join(found)
