"""Residents who tell journeys on the plain form while its processes are killed: for ``benchmarks/crash.py``.

They do what people do: press the button again until there is an answer, stop and come back by four words, send from two
windows at once, close the window without waiting, or never send.
"""

import asyncio
import random
import re
import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count

from benchmarks.crash_ledger import Told
from benchmarks.form_walk import REFERENCE, Broken, Journey, Phone, Tally

PATIENCE, GIVES_UP = 20.0, 180.0  # seconds for one answer, and for pressing a button again and again
WORDS = re.compile(rb"/tell/r/([a-z]+(?:-[a-z]+){3})")
TEXT = "I waited and nobody rang back. My name is Mary Okafor, ring me on 07700 900{number:03d}. "


@dataclass
class Crowd:
    """All who tell: their journeys, what was left unanswered, and when to stop."""

    port: int
    seed: int
    told: list[Told] = field(default_factory=list)
    heard: Counter[str] = field(default_factory=Counter)
    numbers: "count[int]" = field(default_factory=lambda: count(1))
    ending: bool = False

    @property
    def acknowledged(self) -> int:
        """How many journeys were given a reference."""
        return self.heard["acknowledged"]


class Resident(Phone):
    """A browser whose owner presses the button again until there is an answer."""

    def __init__(self, crowd: Crowd, number: int) -> None:
        super().__init__(crowd.port, Tally())
        self.crowd = crowd
        self.address = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"

    async def _ask(self, head: str, body: bytes, took: list[float]) -> tuple[str, bytes]:
        cookie = f"Cookie: {self.journey.cookie}\r\n" if self.journey.cookie else ""
        told = f"Host: 127.0.0.1:{self.port}\r\nX-Forwarded-For: {self.address}\r\n"
        request = f"{head}{told}{cookie}\r\n".encode() + body
        until = time.monotonic() + GIVES_UP
        while time.monotonic() < until:
            try:
                async with asyncio.timeout(PATIENCE):
                    status, headers, answer = await self._exchange(request)
            except (OSError, EOFError, TimeoutError, ValueError):
                self.crowd.heard["no answer"] += 1
                self.lose_line()
            else:
                if status in (200, 303):
                    if "set-cookie" in headers:
                        self.journey.cookie = headers["set-cookie"].split(";")[0]
                    return headers.get("location", ""), answer
                self.crowd.heard[f"answer {status}"] += 1
                if status not in (409, 500, 503):
                    raise Broken(f"{status} at {head.split()[1]}")
            await asyncio.sleep(random.uniform(0.05, 0.4))
        raise Broken(f"no answer at {head.split()[1]}")

    def lose_line(self) -> None:
        """Begin the next request on a new connection."""
        self.hang_up()
        self.reader = self.writer = None

    async def send_and_leave(self) -> None:
        """Press Send and close the window: whether it arrives, nobody knows."""
        try:
            async with asyncio.timeout(random.uniform(0.001, 0.05)):
                await self.post("/tell/send", {})
        except (TimeoutError, Broken):
            self.lose_line()


async def tell_on(crowd: Crowd, number: int) -> None:
    """Tell one journey after another until the crowd goes home."""
    chance = random.Random(crowd.seed * 1_000 + number)
    resident: Resident | None = None
    while not crowd.ending:
        told = _new(next(crowd.numbers))
        crowd.told.append(told)
        try:
            if resident is None:
                resident = Resident(crowd, number + 1)
                await resident.get("/tell")
            resident = await _tell(resident, told, chance.random())
        except Broken as fault:
            crowd.heard[f"broken: {fault}"] += 1
            resident = None


def _new(number: int) -> Told:
    words = f"Journey {number}. " + (TEXT.format(number=number % 1_000) * 3).strip()
    return Told(number, words, [f"Note {step} of journey {number}." for step in (1, 2)])


async def _tell(resident: Resident, told: Told, chance: float) -> Resident | None:
    """``chance``, evenly between 0 and 1, decides what this teller is like; gives the browser they are left with."""
    await resident.post("/tell", {})
    told.key = _key(resident.journey)
    await _answer(resident, told, "/tell/q/what_happened", "what_happened", told.words)
    if chance < 0.1:
        resident = await _come_back(resident, told)
    for step, note in enumerate(told.notes, 1):
        resident.hidden["new"] = secrets.token_hex(4)  # a page of a step that is not there yet has such a name
        await _answer(resident, told, f"/tell/q/steps/{step}/own_words", "note", note)
    if 0.1 <= chance < 0.15:
        return None  # never sent: the draft must be there as it was left
    await resident.post("/tell/q/consent", {"consent": "analyse", "go": "on"})
    told.sent = True
    if 0.15 <= chance < 0.2:
        await resident.send_and_leave()
        return None
    await _send(resident, told, twice=chance > 0.8)
    return resident


async def _answer(resident: Resident, told: Told, path: str, name: str, words: str) -> None:
    await resident.post(path, {name: words, "go": "finish" if name == "note" else "on"})
    told.saved.append(words)


async def _come_back(resident: Resident, told: Told) -> Resident:
    """Write down the four words, and go on with them elsewhere."""
    found = WORDS.search(await resident.get("/tell/later"))
    if found is None:
        raise Broken("no words at /tell/later")
    elsewhere = Resident(resident.crowd, told.number % 60_000 + 1_000)
    resident.hang_up()
    await elsewhere.get("/tell/resume")
    await elsewhere.post("/tell/resume", {"words": found.group(1).decode()})
    if _key(elsewhere.journey) != told.key:
        raise Broken("the words opened something else")
    return elsewhere


async def _send(resident: Resident, told: Told, *, twice: bool) -> None:
    other = Resident(resident.crowd, told.number % 60_000 + 1_000)
    other.journey, other.hidden = resident.journey, resident.hidden
    found = None
    while found is None:
        await asyncio.gather(
            *(window.post("/tell/send", {}) for window in ([resident, other] if twice else [resident]))
        )
        found = REFERENCE.search(await resident.get("/tell/sent"))
    other.hang_up()
    told.reference = found.group(1).decode()
    resident.crowd.heard["acknowledged"] += 1


def _key(journey: Journey) -> str:
    from pages.form.visit import read_visit

    visit = read_visit(journey.cookie.partition("=")[2])
    return visit.draft if visit else ""
