"""One resident's phone on the public form: asks for pages, answers them as a browser does, remembers what it was told.

Used by ``benchmarks/form_load.py``. It reads of a page only what a browser would send back, since both cores are shared
with the server that is measured.
"""

import asyncio
import random
import re
import time
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

HIDDEN = re.compile(rb'<input type="hidden" name="(\w+)" value="([^"]*)">')
LINK = re.compile(rb'<a class="button[^"]*" href="(/tell/q/[^"?]+)"')
REFERENCE = re.compile(rb'<p class="ref"><span[^>]*>([^<]+)<')
LIST, CHECK = "/tell/q/steps", "/tell/check"
TEXT = "I waited a long time, nobody called back, and then I had to explain it all again. " * 5
ANSWERS: dict[str, dict[str, str]] = {
    "need": {"need": "housing"},
    "what_happened": {"what_happened": TEXT},
    "where": {"service": "Housing advice", "channel": "phone", "when-month": "3", "when-year": "2026"},
    "wait": {"waited-number": "3", "waited-unit": "weeks", "promised-number": "10", "promised-unit": "days"},
    "how_it_went": {"feeling": "-2", "told_again": "yes", "sent_elsewhere": "no", "sorted_out": "partly"},
    "own_words": {"note": "They said that the form had not reached them.", "hours": "2.5", "pounds": "7.20"},
    "need_met": {"need_met": "partly"},
    "what_better": {"what_better": "One person who knows."},
    "what_good": {"what_good": "The nurse on ward 5."},
    "teller_role": {"teller_role": "carer"},
    "consent": {"consent": "analyse"},
}
LISTED = {"consent"}  # kept as a list of what was ticked


@dataclass
class Journey:
    """What the server acknowledged of one journey. ``sends`` counts the times it was sent, of which one may count."""

    cookie: str = ""
    told: dict[str, Any] = field(default_factory=dict)
    step: dict[str, Any] = field(default_factory=dict)
    reference: str = ""
    sends: int = 0

    def note(self, page: str, fields: dict[str, str]) -> None:
        """Remember what a page's answers are to be in the draft."""
        into = self.step if page in ("where", "wait", "how_it_went", "own_words") else self.told
        for name, value in fields.items():
            question, _dash, part = name.partition("-")
            if part:
                into[question] = {**into.get(question, {}), part: value}
            else:
                into[question] = [value] if name in LISTED else value


@dataclass
class Tally:
    """What came of the requests of one phase: seconds each took, what went wrong, and the journeys they told."""

    pages: list[float] = field(default_factory=list)
    posts: list[float] = field(default_factory=list)
    answers: int = 0
    errors: list[str] = field(default_factory=list)
    journeys: list[Journey] = field(default_factory=list)


class Broken(Exception):
    """An answer that no resident should get; it has been counted."""


class Phone:
    """A browser with one connection that stays open, and the cookie of one visit."""

    def __init__(self, port: int, tally: Tally) -> None:
        self.port, self.tally = port, tally
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None
        self.journey = Journey()
        self.hidden: dict[str, str] = {}

    async def get(self, path: str) -> bytes:
        """Ask for a page, and note what its form would send back unseen."""
        _place, body = await self._ask(f"GET {path} HTTP/1.1\r\n", b"", self.tally.pages)
        self.hidden |= {name.decode(): value.decode() for name, value in HIDDEN.findall(body)}
        return body

    async def post(self, path: str, fields: dict[str, str]) -> str:
        """Send a form; gives the path of the page that follows."""
        body = urlencode({**self.hidden, **fields}).encode()
        head = f"POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        place, _body = await self._ask(head + f"Content-Length: {len(body)}\r\n", body, self.tally.posts)
        return place

    async def begin(self) -> str:
        """Come to the front page as somebody new, and start; gives the path of the first question."""
        self.journey, self.hidden = Journey(), {}
        await self.get("/tell")
        self.tally.journeys.append(self.journey)
        return await self.post("/tell", {})

    async def answer(self, path: str, mark: str = "") -> str:
        """Answer the page at a path; ``mark`` makes its text this one's own."""
        page = path.rpartition("/")[2]
        fields = ANSWERS[page]
        if page == "what_happened":
            fields = {page: f"{mark} {TEXT}".strip()}
        after = await self.post(path, {**fields, "go": "on"})
        self.journey.note(page, fields)
        self.tally.answers += 1
        return after

    async def _ask(self, head: str, body: bytes, took: list[float]) -> tuple[str, bytes]:
        cookie = f"Cookie: {self.journey.cookie}\r\n" if self.journey.cookie else ""
        request = f"{head}Host: 127.0.0.1:{self.port}\r\nAccept-Encoding: gzip\r\n{cookie}\r\n".encode() + body
        started = time.perf_counter()
        try:
            status, headers, answer = await self._exchange(request)
        except (OSError, asyncio.IncompleteReadError) as fault:
            self.writer = None
            self._wrong(f"{type(fault).__name__} at {head.split()[1]}")
        took.append(time.perf_counter() - started)
        if status not in (200, 303):
            self._wrong(f"{status} at {head.split()[1]}")
        if "set-cookie" in headers:
            self.journey.cookie = headers["set-cookie"].split(";")[0]
        packed = headers.get("content-encoding") == "gzip"
        return headers.get("location", ""), zlib.decompress(answer, 31) if packed else answer

    def _wrong(self, what: str) -> None:
        self.tally.errors.append(what)
        raise Broken(what)

    async def _exchange(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        if self.reader is None or self.writer is None or self.reader.at_eof():  # the server ends idle connections
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(request)
        first, *lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _colon, value in (line.partition(": ") for line in lines)}
        return int(first.split(" ")[1]), headers, await self.reader.readexactly(int(headers.get("content-length", 0)))

    def hang_up(self) -> None:
        """Close the connection."""
        if self.writer is not None:
            self.writer.close()


async def tell(phone: Phone, mark: str, think: float, until: float) -> None:
    """Tell one whole journey, page by page, as long as there is time; send it from two windows at once."""
    path = await phone.begin()
    while time.perf_counter() < until:
        page = await phone.get(path)
        await pause(think)
        if path == LIST:
            path = _from_list(LINK.findall(page), bool(phone.journey.step))
        elif path == CHECK:
            return await _send(phone)
        else:
            path = await phone.answer(path, mark)
    return None


async def _send(phone: Phone) -> None:
    other = Phone(phone.port, phone.tally)
    other.journey, other.hidden = phone.journey, phone.hidden
    phone.journey.sends = 2
    try:
        await asyncio.gather(phone.post("/tell/send", {}), other.post("/tell/send", {}))
    finally:
        other.hang_up()
    found = REFERENCE.search(await phone.get("/tell/sent"))
    phone.journey.reference = found.group(1).decode() if found else "none shown"


def _from_list(links: Iterable[bytes], one_told: bool) -> str:
    """From the list of steps: to a step while none was told, then on."""
    onwards = [link.decode() for link in links]
    return next(link for link in onwards if link.startswith(f"{LIST}/") != one_told)


async def pause(think: float) -> None:
    """Think for about as long as told, in seconds."""
    if think:
        await asyncio.sleep(random.uniform(0.5, 1.5) * think)
