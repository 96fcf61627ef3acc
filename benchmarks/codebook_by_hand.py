"""A codebook of ten themes and 100 coded passages, by hand in Chromium: ``python benchmarks/codebook_by_hand.py``.

On the demo place with a fresh analysis that nobody has published. It makes only the clicks and keys that a person
would make, and counts them; what the product takes to answer is timed from the press until the page is done. A
person's own time is not measured but assumed, and said: ``SECONDS`` for hands and eyes.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILL = """
from insight.database import prepare
prepare()
from insight import runs, worker
from insight.access import SYSTEM
from insight.demo.build import build
place, _ = build(1200, 2026, None, lambda *_: None)
worker.work(runs.create(SYSTEM, place.id).id)
"""
# A click with its way there, and a key, as of the keystroke-level model (Card, Moran and Newell, 1980: 1.1 + 0.2 s, and
# 0.28 s for somebody who types 40 words a minute); reading a passage, and making up one's mind on a theme, as assumed.
SECONDS = {"click": 1.3, "key": 0.28, "passage": 3.0, "theme": 10.0}
PASSAGES, LIMIT = 100, 15 * 60
APART = 0.65  # two presses within 600 ms count as one, for everybody
GLANCE = 0.4  # nobody sees a page and presses something on it sooner
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'

MERGED = {
    "Telling it and proving it again": ("Having to tell it all again", "Asked for the same proof again"),
    "Waiting without an end": ("Waiting with no idea how long", "Appointments cancelled or moved at short notice"),
    "Not listened to": ("Not being listened to", "Staff who are rude or do not care"),
    "Letters and decisions nobody can follow": ("Letters nobody can understand", "A decision without a reason"),
}
RENAMED = {
    "Nobody answers or rings back": ("No answer, no call back", "Ringing, mailing or waiting for a call in vain."),
    "Passed from one service to another": ("Passed on and passed back", "Each says that it is for another to do."),
    "Sent home from hospital without support": ("Home from hospital, nothing set up", ""),
    "Money stopped while a claim is looked at": ("No money meanwhile", ""),
}
SPLIT, GROUP = "Passed on and passed back", "Nobody feels responsible"
UNDER, BROADER = ("No answer, no call back", "Letters and decisions nobody can follow"), "Getting through to somebody"
# What a passage says, as this reader reads it: the first that fits. What fits none is coded so.
READS = (
    ("Telling it and proving it again", r"again|repeat|proof|same (story|form|question)|from the start|start over"),
    ("Not listened to", r"rude|listen|dismiss|attitude|talked? down|believe"),
    ("No answer, no call back", r"r[ai]ng|phone|call|answer|on hold|voicemail|email"),
    ("Passed on and passed back", r"pass(ed)?|referr|sent (me|us) (to|back)|transferr|another (team|department)"),
    ("Nobody feels responsible", r"responsib|nobody's job|not our|falls? between"),
    ("Home from hospital, nothing set up", r"hospital|ward|discharge|sent home"),
    ("No money meanwhile", r"money|payment|claim|benefit|rent|food bank"),
    ("Letters and decisions nobody can follow", r"letter|decision|reason|jargon|understand"),
    ("Waiting without an end", r"wait|weeks|months|cancel|appointment|how long"),
)


@dataclass
class Person:
    """Somebody at a browser: what they press is counted, and how long the product takes to answer."""

    page: Any
    url: str
    clicks: int = 0
    keys: int = 0
    themes: int = 0
    answers: list[tuple[float, str]] = field(default_factory=list)
    pressed: float = 0.0

    @contextmanager
    def answered(self, what: str) -> Iterator[None]:
        """Time what the product takes to answer a press, until the page is done."""
        time.sleep(max(0.0, self.pressed + APART - time.perf_counter()))
        self.pressed = time.perf_counter()
        yield
        self.page.wait_for_selector(IDLE)
        self.page.wait_for_function("() => !document.querySelector('[data-stale=true]')")
        self.answers.append((time.perf_counter() - self.pressed, what))
        time.sleep(GLANCE)

    def click(self, found: Any) -> "Person":
        """Click on something that asks the server nothing."""
        found.click()
        self.clicks += 1
        return self

    def open(self, found: Any, what: str, sign: Any) -> "Person":
        """Click on something, and wait for the sign of its answer."""
        found.scroll_into_view_if_needed()
        with self.answered(what):
            self.click(found)
            sign.wait_for()
        return self

    def press(self, name: str, what: str, sign: Any) -> "Person":
        """Press a button."""
        return self.open(self.page.get_by_role("button", name=name, exact=True), what, sign)

    def type(self, label: str, text: str) -> "Person":
        """Click into a field, and type over what is there."""
        field_ = self.page.get_by_role("textbox", name=label, exact=True)
        self.click(field_)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
        self.page.keyboard.press("Tab")
        self.keys += len(text) + 2
        return self

    def tick(self, theme: str) -> "Person":
        """Tick a theme of the list."""
        box = self.page.get_by_role("checkbox", name=f"Tick {theme}", exact=True)
        self.click(box.locator("xpath=ancestor::label"))
        return self

    def heading(self, words: str, level: int = 1) -> Any:
        """A heading, as the sign of an answer."""
        return self.page.get_by_role("heading", name=words, level=level, exact=True)

    def said(self, words: str) -> Any:
        """What the page says that was done, as the sign of an answer."""
        return self.page.locator("#saved", has_text=words)

    def to_all(self) -> "Person":
        """Back to all themes, if one is open."""
        there = self.page.get_by_role("link", name="All themes", exact=True)
        return self.open(there, "all themes", self.heading("Codebook")) if there.count() else self

    def to_theme(self, theme: str) -> "Person":
        """Open a theme of the list."""
        self.to_all()
        link = self.page.locator(".tl-theme h3").get_by_role("link", name=theme, exact=True)
        return self.open(link, "one theme", self.heading(theme))

    def to_view(self, view: str, sign: Any) -> "Person":
        """Open one of the codebook's views."""
        return self.open(self.page.get_by_role("radio", name=view, exact=True), f"view: {view}", sign)


def publish(person: Person) -> None:
    """From the analyses to the codebook."""
    person.page.goto(f"{person.url}/runs")
    person.press("Publish", "publish", person.page.get_by_text("what everyone sees"))
    menu = person.page.get_by_role("link", name="Codebook", exact=True)
    person.open(menu, "codebook", person.heading("Themes in use", 2))


def ten_themes(person: Person) -> None:
    """Merge, rename, describe, split, nest, and set the rest aside."""
    for name, themes in MERGED.items():
        person.to_all()
        for theme in themes:
            person.tick(theme)
        person.press("Merge them", "to merge", person.heading(f"Merge {len(themes)} themes"))
        person.type("Or give it a new name", name).type("Why (if you want to say)", "One pain to us")
        person.press("Merge", "merge", person.heading(name))
        person.themes += 1
    for old, (new, about) in RENAMED.items():
        person.to_theme(old).click(person.page.locator("summary", has_text="Name and description"))
        person.type("Name", new)
        if about:
            person.type("What it is about", about).type("What is in", "Also where it came right late.")
        person.press("Save", "rename", person.heading(new))
        person.themes += 1
    split(person)
    nest(person)
    set_the_rest_aside(person)


def split(person: Person) -> None:
    """Make a theme of one of the groups within another."""
    person.to_theme(SPLIT).click(person.page.locator("summary", has_text="Split it into groups"))
    person.press("Look for groups", "groups", person.heading(f"Split “{SPLIT}”"))
    person.type("Name of group 2", GROUP)
    person.press("Make themes of the named groups", "split", person.said(GROUP))
    person.themes += 1


def nest(person: Person) -> None:
    """Put two under a broader theme that is new."""
    person.to_all()
    for theme in UNDER:
        person.tick(theme)
    person.press("Put under a broader theme", "to nest", person.heading("Put under a broader theme"))
    person.type("Or make a new broader theme called", BROADER)
    person.press("Put under it", "nest", person.said(BROADER))
    person.themes += 1


def set_the_rest_aside(person: Person) -> None:
    """All that the machine found and nobody named: shown, ticked at once, one's own left out, set aside."""
    person.to_all()
    if (every := person.page.get_by_role("button", name=re.compile("^Show all"))).count():
        before = person.page.locator(".tl-theme").count()
        shown = person.page.locator(f".tl-theme >> nth={before}")
        person.open(every, "show all", shown)
    ticked = person.page.locator("label:has(input:checked)").first
    person.press("Tick all shown, or none", "tick all", ticked)
    for name in person.page.locator(".tl-theme h3 a").all_inner_texts():
        if name in own():
            person.tick(name)
    person.press("Set aside", "set aside", person.said("Set aside"))
    person.themes += 1


def own() -> set[str]:
    """The ten themes."""
    return {*MERGED, *(new for new, _about in RENAMED.values()), GROUP, BROADER}


def code(person: Person, passages: int) -> None:
    """Read and code at the desk by keyboard alone; the machine learns on the way."""
    person.to_view("Code passages", person.page.locator(".tl-desk button").first)
    for _ in range(passages):
        said = person.page.locator("#tl-passage mark").inner_text()
        theme = next((name for name, words in READS if re.search(words, said, re.IGNORECASE)), None)
        keys = choice(person, theme)
        token = person.page.evaluate("window.tlDesk.token")
        for key in keys[:-1]:
            person.page.keyboard.press(key)
        person.pressed = 0.0
        with person.answered("next passage"):
            person.page.keyboard.press(keys[-1])
            person.page.wait_for_function("token => window.tlDesk.token !== token", arg=token)
        person.keys += len(keys)


def choice(person: Person, theme: str | None) -> Sequence[str]:
    """The keys that give the passage on the desk a theme."""
    if theme is None:
        return ("n",)
    likely = person.page.locator(".tl-desk ol button span").all_inner_texts()
    named = [name.lstrip("✓ ").strip() for name in likely]
    if theme in named:
        return (str(named.index(theme) + 1), "Enter")
    return ("/", *theme[:12], "Enter", "Enter")


def look_at_the_end(person: Person) -> None:
    """How well the machine agrees, and the board in the designer's words."""
    learned = person.page.get_by_role("heading", name="Over all")
    person.to_view("How well the machine agrees", person.page.get_by_text("Learned on").or_(learned).first)
    person.to_view("Themes", person.heading("Themes in use", 2))
    print(person.page.get_by_text("themes in use in").inner_text().replace("\n", " "))
    assert set(person.page.locator(".tl-theme h3 a").all_inner_texts()) == own(), "the ten themes, and nothing else"
    menu = person.page.get_by_role("link", name="Pain points", exact=True)
    person.open(menu, "the board", person.page.get_by_text(next(iter(MERGED))).first)


@contextmanager
def served() -> Iterator[str]:
    """The product with the demo place, analysed and not published."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        given = {"INSIGHT_DATABASE_URL": f"sqlite:///{folder}/hand.db", "INSIGHT_DEMO_MODE": "1"}
        environment = os.environ | given | {"INSIGHT_PLACE": "Ottermarsh"}
        subprocess.run([sys.executable, "-c", FILL], cwd=ROOT, env=environment, check=True)
        command = [sys.executable, "-m", "insight", "serve", "--port", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            _wait(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(10)


def _wait(url: str) -> None:
    for _attempt in range(300):
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the product was not up within 30 seconds")


def report(person: Person, seconds: float) -> None:
    """Print what was counted and timed, and what a person would take with the assumed time of their own."""
    took = sorted(took for took, _what in person.answers)
    reading = PASSAGES * SECONDS["passage"]
    hands = person.clicks * SECONDS["click"] + person.keys * SECONDS["key"]
    thinking = person.themes * SECONDS["theme"]
    print(f"{person.clicks} clicks, {person.keys} keys; {len(took)} answers of the product")
    print(f"an answer: median {median(took):.2f} s, p95 {quantiles(took, n=20)[-1]:.2f} s, worst {took[-1]:.2f} s")
    for took_one, what in sorted(person.answers, reverse=True)[:5]:
        print(f"  {took_one:5.2f} s  {what}")
    coded = [took for took, what in person.answers if what == "next passage"]
    print(f"the next passage: median {median(coded):.2f} s, worst {max(coded):.2f} s")
    print(f"the script: {seconds:.0f} s, of which {sum(took):.0f} s waiting for answers")
    print(f"with {SECONDS['passage']:.0f} s to read each passage: {(seconds + reading) / 60:.1f} minutes")
    slow = sum(took) + reading + hands + thinking
    print(f"with slow hands too ({hands:.0f} s) and {thinking:.0f} s to make up one's mind: {slow / 60:.1f} minutes")
    assert seconds + reading < LIMIT, "over fifteen minutes"


def main() -> None:
    """Fill, serve, and do it all."""
    from playwright.sync_api import sync_playwright

    with served() as url, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"))
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(20_000)
        context.add_cookies([{"name": "throughline_demo_role", "value": "designer", "url": url}])
        person, started = Person(context.new_page(), url), time.perf_counter()
        try:
            publish(person)
            ten_themes(person)
            code(person, PASSAGES)
            look_at_the_end(person)
        except Exception:
            person.page.screenshot(path=str(Path(tempfile.gettempdir()) / "codebook_by_hand.png"), full_page=True)
            raise
        report(person, time.perf_counter() - started)
        browser.close()


if __name__ == "__main__":
    main()
