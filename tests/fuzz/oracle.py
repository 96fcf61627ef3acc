"""What an answer may never be: unhandled, acting on what was thrown, leading elsewhere, telling what is not theirs."""

import logging
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from urllib.parse import urlsplit

from insight.settings import settings
from pages.doors.logs import JsonLines
from tests.fuzz.asking import HOST, Answer
from tests.fuzz.payloads import EVALUATED, MARK
from tests.fuzz.tally import SCRIPT, TELLS, UNHANDLED

NEEDED = ("content-security-policy", "x-content-type-options", "x-frame-options", "referrer-policy")
TRACES = re.compile(r"Traceback \(most recent|File \"/|site-packages|sqlalchemy\.|\bsqlite3\.|\.py\", line|\.py:\d")
LEADS = ("href", "src", "action", "formaction", "srcdoc", "data", "poster", "xlink:href", "background")
ACTS = ("javascript:", "vbscript:", "data:text", "data:application")
Finding = tuple[str, str]


class Drawn(HTMLParser):
    """A page as a browser would take it apart: what in it would act."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.acting: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag if tag in ("script", "style") else ""
        if MARK in tag or tag in ("iframe", "object", "embed", "base"):
            self.acting.append(f"a <{tag[:30]}>")
        for name, told in attrs:
            value = "".join((told or "").lower().split())
            if MARK in name or name.startswith("on") or name == "srcdoc":
                self.acting.append(f"<{tag} {name}>")
            elif name in LEADS and (value.startswith(ACTS) or re.match(rf"(\w+:)?[/\\]{{2}}[^/]*{MARK}", value)):
                self.acting.append(f"<{tag} {name}={value[:40]}>")
            elif name == "style" and MARK in value:
                self.acting.append(f"<{tag} style>")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside and MARK in data:
            self.acting.append(f"{MARK} inside <{self.inside}>")


def acting(page: str) -> list[str]:
    """What in a page would act on what was thrown."""
    drawn = Drawn()
    drawn.feed(page)
    drawn.close()
    return drawn.acting


class Listening(logging.Handler):
    """What was logged since it was last asked, as the log holds it."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(JsonLines())
        self.lines: list[tuple[int, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.levelno, self.format(record)))

    def taken(self) -> list[tuple[int, str]]:
        """What came since, once."""
        came, self.lines = self.lines, []
        return came


def faults_in(answer: Answer, left: bool, logged: Iterable[tuple[int, str]], secrets: Iterable[str]) -> list[Finding]:
    """All that is wrong with an answer and with what was logged of it.

    ``secrets`` are others' and must be in neither; ``left`` says that nobody waited for an answer.
    """
    found: list[Finding] = [*_broken(answer, left), *_page(answer), *_headers(answer)]
    lines = list(logged)
    found += [(UNHANDLED, f"logged: {line[:900]}") for level, line in lines if is_fault(level >= logging.ERROR, line)]
    whole = answer.text + "".join(f"{name!r}{value!r}" for name, value in answer.headers)
    found += [(TELLS, f"{secret[:6]}... in the answer") for secret in secrets if secret in whole]
    found += [(TELLS, f"what was thrown is in the log: {line[:200]}") for _level, line in lines if MARK in line]
    return found + [(TELLS, "a secret in the log") for secret in secrets for _level, line in lines if secret in line]


def is_fault(loud: bool, line: str) -> bool:
    """Whether a line tells of a fault of ours, or of one that came through our code.

    What Streamlit refuses of a forged message before any of our code runs, it logs as an error too: the line names no
    file of ours but the doors around it, and whoever forged it is the only one to be told.
    """
    theirs = '"logger": "streamlit' in line and not re.search(r"/(insight|pages)/(?!doors/|main\.py)", line)
    return loud and not theirs and ('"logger": "throughline' in line or '"fault"' in line)


def _broken(answer: Answer, left: bool) -> Iterable[Finding]:
    if answer.fault is not None:
        yield UNHANDLED, f"{type(answer.fault).__name__}: {answer.fault}"[:300]
    elif (answer.status >= 500 and answer.status not in (501, 503)) or not (answer.status or left):
        yield UNHANDLED, f"status {answer.status}"
    if trace := TRACES.search(answer.text):
        yield UNHANDLED, f"the answer holds {trace[0]!r}"


def _page(answer: Answer) -> Iterable[Finding]:
    kind = answer.header("content-type")
    if "html" in kind or "svg" in kind or "xml" in kind:
        yield from ((SCRIPT, one) for one in acting(answer.text))
        if EVALUATED in answer.text:
            yield SCRIPT, "a template was worked out"
    elif not kind and (MARK in answer.text or "<" in answer.text):
        yield SCRIPT, "a body of no kind that holds what was thrown: a browser would guess"


def _headers(answer: Answer) -> Iterable[Finding]:
    if not answer.status:
        return
    for name, value in answer.headers:
        if MARK.encode() in name.lower() or b"\n" in value or b"\r" in value:
            yield SCRIPT, f"a header {name[:30]!r} was put in"
    missing = [name for name in NEEDED if not answer.header(name)]
    if missing:
        yield UNHANDLED, f"no {', '.join(missing)}"
    place = answer.header("location")
    if place and not _inside(place):
        yield SCRIPT, f"leads to {place[:60]}"
    if "\\" in place[:3] or (place and urlsplit(place).scheme.lower() in ("javascript", "data")):
        yield SCRIPT, f"leads to {place[:60]}"


def _inside(place: str) -> bool:
    """Whether an address is the product's own, or where a setting leads."""
    try:
        parts = urlsplit(place)
    except ValueError:
        return False
    return (
        place == settings().exit_url
        or (not parts.netloc and not place.startswith(("//", "/\\")))
        or parts.netloc == HOST.decode()
    )
