"""People who tell, page by page, as a browser without JavaScript does."""

import re
import threading
import time
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from tests.pages.test_form import Forms

TELLERS = 3
THINKING = 0.03  # seconds for each page; without it the tellers alone would keep both cores busy
LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopqrstuv")


@dataclass
class Load:
    """People who tell whole journeys through nginx, one after the other, until they are told to stop."""

    url: str
    sent: dict[str, str] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.threads = [threading.Thread(target=self._tell_on) for _number in range(TELLERS)]
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Let everybody end the journey they are at."""
        self.ended.set()
        for thread in self.threads:
            thread.join(30)

    def _tell_on(self) -> None:
        while not self.ended.is_set():
            mark = uuid4().hex.translate(LETTERS)  # digits could look like a telephone number, which is masked
            words = f"I waited for weeks and nobody rang back about the bed {mark}"
            try:
                self.sent[words] = self._tell(words)
            except Exception as fault:
                self.odd.append(str(fault) or repr(fault))

    def _tell(self, words: str) -> str:
        """Tell one journey, page by page, as a browser does; gives the reference that was shown."""
        with httpx.Client(base_url=self.url, follow_redirects=True, timeout=20) as browser:
            page = right(browser.get("/tell"))
            for _page in range(20):
                if page.url.path == "/tell/sent":
                    return _reference(page.text)
                time.sleep(THINKING)
                if page.url.path == "/tell/q/steps":
                    onwards = "/tell/q/need_met" if "remove-0" in page.text else "/tell/q/steps/1/where"
                    page = right(browser.get(onwards))
                else:
                    page = right(_pressed(browser, page, words))
        raise AssertionError(f"the journey did not end: {page.url.path}")


def right(page: httpx.Response) -> httpx.Response:
    """A page, if it came as it should."""
    if page.status_code != 200:
        raise AssertionError(f"{page.request.method} {page.url.path}: {page.status_code}")
    return page


def _pressed(browser: httpx.Client, page: httpx.Response, words: str) -> httpx.Response:
    """What comes when the first button of a page is pressed, with the words typed where there is room for them."""
    form, data = Forms(page.text), dict[str, list[str]]()
    name, value, _said = form.buttons[0]
    for field_name, told in [*form.fields, (name, value)]:
        if field_name:
            typed = words if field_name in ("what_happened", "note") else told
            data.setdefault(field_name, []).append(typed)
    if page.url.path == "/tell/q/consent":
        data["consent"] = ["analyse"]
    return browser.post(form.action, data=data)


def _reference(page: str) -> str:
    found = re.search(r"\b[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{4}\b", page)
    assert found is not None
    return found[0]
