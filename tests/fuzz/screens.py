"""Streamlit's websocket: malformed frames, forged widgets and pages, hostile addresses, and what they may not do."""

import asyncio
import hashlib
import os
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from insight import intake
from insight.access import RESIDENT
from pages.kit.a11y import KEY
from pages.kit.menu import PAGES
from pages.kit.session import SESSION_COOKIE
from tests.fuzz import serving
from tests.fuzz.forging import Forger, Screen, open_screens, rerun, staff_screens
from tests.fuzz.oracle import TRACES, acting
from tests.fuzz.payloads import EVALUATED, MARK, encoded
from tests.fuzz.routes import secrets_in
from tests.fuzz.serving import Served
from tests.fuzz.tally import SCRIPT, TELLS, UNHANDLED, WRITTEN, Tally
from tests.fuzz.world import PLANTED, World

PATIENCE = 20  # seconds for one run of a screen
SILENCE = 3  # seconds after which a forged message counts as passed over
WIDGET = re.compile(rb"\$\$ID-[0-9a-f]{32}-[\w.\-]+")
SCRIPTS = KEY.encode()  # a screen's script tells by a name of Streamlit's own what happened
NEW_EACH_TIME = re.compile(r"\$\$ID.*|[0-9a-f]{32}", re.S)
WHEN_DRAWN = re.compile(r'"drawn": [\d.]+')  # the moment at which a screen was drawn, which its script is told
ROLES = ["far", "partner", "frontline", "designer", "moderator", "safeguarding", "admin"]
# What anybody may write: a journey of one's own; and what the product itself writes as time goes by.
MAY_GROW = {"draft"}
CHANGES = {"attempts", "job", "account_session"}
STRANGERS, BADLY = 0.4, 0.2  # how many inputs are a stranger's, and are no message at all; the rest is staff's


class Line:
    """One browser's websocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def run(self, asked: BackMsg, patience: float = PATIENCE) -> list[ForwardMsg]:
        """Ask for one run of a screen; gives all that is sent until it is done."""
        await self.socket.send(asked.SerializeToString())
        came: list[ForwardMsg] = []
        async with asyncio.timeout(patience):
            while not came or came[-1].WhichOneof("type") != "script_finished":
                message = ForwardMsg()
                message.ParseFromString(await self.socket.recv(decode=False))
                came.append(message)
        return came


@asynccontextmanager
async def opened(host: str, session: str = "", more: str = "") -> AsyncIterator[Line]:
    """A websocket as a browser opens it, with somebody's session or without."""
    cookies = f"{SESSION_COOKIE}={session}; {more}" if session else more
    headers = {"Cookie": cookies, "Accept-Language": "en"} if cookies else {"Accept-Language": "en"}
    kind = [Subprotocol("streamlit")]
    address = f"ws://{host}/_stcore/stream"
    async with connect(
        address,
        origin=Origin(f"http://{host}"),
        subprotocols=kind,
        additional_headers=headers,
        max_size=None,
        compression=None,
    ) as socket:
        yield Line(socket)


class Attack:
    """The screens under attack: what is known of them, and what came of it."""

    def __init__(self, product: Served, world: World, seed: int, database: Path) -> None:
        self.product, self.world, self.database = product, world, database
        self.tally, self.secrets = (
            Tally("screens"),
            [one for one in secrets_in(world) if one not in world.sessions.values()],
        )
        self.forger = Forger(world, seed)

    async def learn(self, screens: list[Screen], session: str) -> None:
        """What screens hold for somebody: their widgets' ids and their pages' hashes."""
        async with opened(self.product.host, session) as line:
            for screen in screens:
                came = await line.run(rerun(*screen))
                ids = set(WIDGET.findall(b"".join(message.SerializeToString() for message in came)))
                ids |= {b"$$STREAMLIT_INTERNAL_KEY_" + one + b"__events" for one in ids if one.endswith(SCRIPTS)}
                self.forger.widgets[screen] = sorted(ids)
                self.forger.hashes |= {
                    page.page_script_hash for message in came for page in message.navigation.app_pages
                }
                self.tally.answers["screens learned"] += 1
                self.tally.answers["widgets learned"] += len(ids)

    # --- rounds -------------------------------------------------------------------------------------------------------

    async def strangers(self, numbers: range) -> None:
        """Forged messages of somebody who is not signed in: no word of any story comes, and nothing is written."""
        newest = newest_story(self.database)
        before = contents(self.database, newest)
        near = open_screens(intake.start_draft(RESIDENT).key)
        await self.learn(near, "")
        for start in range(numbers.start, numbers.stop, 20):
            await self._session(range(start, min(start + 20, numbers.stop)), "", "stranger", near)
        for table, what in changed(before, contents(self.database, newest)):
            self.tally.note(WRITTEN, "strangers", f"{table}: {what}")

    async def somebody(self, numbers: range) -> None:
        """The same by people of every role; whoever acts elsewhere reads nothing of this place."""
        for turn, start in enumerate(range(numbers.start, numbers.stop, 10)):
            role = ROLES[turn % len(ROLES)]
            near = list(self.forger.widgets)
            await self._session(range(start, min(start + 10, numbers.stop)), self.world.sessions[role], role, near)

    async def _session(self, numbers: range, session: str, who: str, near: list[Screen]) -> None:
        waiting = list(numbers)
        while waiting:
            with suppress(ConnectionClosed, TimeoutError):
                async with opened(self.product.host, session) as line:
                    while waiting:
                        number = waiting.pop(0)
                        await self._one(line, self.forger.message(number, near), number, who)
        self.product.look(self.tally, f"{numbers} ({who})", self.secrets)

    async def _one(self, line: Line, made: BackMsg, number: int, who: str) -> None:
        self.tally.inputs += 1
        try:
            came = await line.run(made, SILENCE)
        except TimeoutError:
            self.tally.answers["passed over"] += 1
            raise
        except ConnectionClosed:
            self.tally.answers["hung up"] += 1
            raise
        self.tally.answers[f"{who} answered"] += 1
        whole = b"".join(message.SerializeToString() for message in came).decode("utf-8", "replace")
        theirs = self.secrets if who in ("stranger", "far") else []
        for secret in theirs:
            if secret in whole and secret not in made.rerun_script.query_string:
                self.tally.note(
                    TELLS, f"{number} ({who})", f"{secret[:6]}... came at {made.rerun_script.page_name[:40]}"
                )
        if "went wrong on our side" in whole:
            self.tally.answers["said kindly that it failed"] += 1  # why, and whether it was ours, stands in the log
        for kind, what in drawn_faults(came):
            self.tally.note(kind, f"{number} ({who}, {made.rerun_script.page_name[:30]!r})", what)

    async def badly(self, numbers: range) -> None:
        """Frames that are no messages: the line may be cut, the product may not."""
        for start in range(numbers.start, numbers.stop, 10):
            some = range(start, min(start + 10, numbers.stop))
            await asyncio.gather(*(self._frame(number) for number in some))
            self.product.look(self.tally, some, self.secrets)

    async def _frame(self, number: int) -> None:
        self.tally.inputs += 1
        with suppress(ConnectionClosed, InvalidStatus, TimeoutError, OSError):
            async with opened(self.product.host, ("", "x" * 43, MARK)[number % 3]) as line:
                await line.socket.send(self.forger.frame(number))
                async with asyncio.timeout(0.3):
                    while True:
                        came = await line.socket.recv(decode=False)
                        if PLANTED.encode() in came:
                            self.tally.note(TELLS, number, "a planted word came")
        self.tally.answers["frames"] += 1

    async def still_drawn(self) -> None:
        """After all that, the front screen is drawn for the next visitor."""
        async with opened(self.product.host) as line:
            if len(await line.run(rerun("home"))) < len(PAGES) // 4:
                self.tally.note(UNHANDLED, "the end", "the front screen is not drawn any more")

    async def pairs(self) -> None:
        """Whoever acts in another place, and a stranger, ask for what there is and for what there is not."""
        kinds = [
            name
            for name in ("place", "run", "story", "hidden_survey", "account", "reference")
            if name in self.world.there
        ]
        usual = {
            "place": "place",
            "run": "run",
            "story": "journey",
            "hidden_survey": "survey",
            "account": "person",
            "reference": "journey",
        }
        for who in ("far", ""):
            async with opened(self.product.host, self.world.sessions[who] if who else "") as line:
                for kind in kinds:
                    for entry in PAGES:
                        names = (self.world.there[kind], self.world.absent[kind])
                        seen = [
                            words_of(await line.run(rerun(entry.path, f"{usual[kind]}={encoded(name)}")), names)
                            for name in names
                        ]
                        self.tally.inputs += 2
                        if seen[0] != seen[1]:
                            only = [sorted(set(a) - set(b))[:4] for a, b in (seen, seen[::-1])]
                            self.tally.note(TELLS, f"{who or 'stranger'} {entry.path}?{usual[kind]}=", f"{only}"[:500])


async def throw(folder: Path, world: World, seed: int, numbers: range) -> Tally:
    """Attack the screens with the messages of these numbers; afterwards the product lives, and nothing was written."""
    async with serving.served(folder) as product:
        attack = Attack(product, world, seed, Path(os.environ["INSIGHT_DATABASE_URL"].removeprefix("sqlite:///")))
        await attack.learn(staff_screens(world), world.sessions["admin"])
        if attack.tally.answers["widgets learned"] < 300:
            raise RuntimeError("too few widgets were learned: the sessions of a kept place are over after half an hour")
        first = numbers.start + int(len(numbers) * STRANGERS)
        second = first + int(len(numbers) * BADLY)
        await attack.strangers(range(numbers.start, first))
        await attack.badly(range(first, second))
        if len(numbers) > 1:
            await attack.pairs()
        await attack.somebody(range(second, numbers.stop))
        await attack.still_drawn()
        if not await asyncio.to_thread(product.lives):
            attack.tally.note(UNHANDLED, "all", "the server does not answer any more")
        product.look(attack.tally, "the end", attack.secrets)
    return attack.tally


# --- What was drawn ---------------------------------------------------------------------------------------------------


def drawn_faults(came: list[ForwardMsg]) -> Iterator[tuple[str, str]]:
    """What is wrong with what a screen drew: a fault shown as one, or a text that would act."""
    for message in came:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            yield UNHANDLED, f"shown: {element.exception.type}"
        body = (
            element.html.body
            if kind == "html"
            else element.markdown.body
            if kind == "markdown" and element.markdown.allow_html
            else ""
        )
        if MARK in body:
            yield from ((SCRIPT, one) for one in acting(body))
        whole = message.delta.SerializeToString().decode("utf-8", "replace")
        if EVALUATED in whole:
            yield SCRIPT, "a template was worked out"
        if trace := TRACES.search(whole):
            yield UNHANDLED, f"shown: {trace[0]!r}"


def words_of(came: list[ForwardMsg], names: tuple[str, str]) -> list[str]:
    """All texts of what a screen drew, without ids and without the names that were asked for."""
    found: list[str] = []
    for message in came:
        if message.WhichOneof("type") == "delta":
            _texts(message.delta, found)
    either = "|".join(re.escape(name) for name in names)
    asked_for = re.compile(rf"(?:(?<!\w)|(?<=%3D))(?:{either})(?!\w)")
    kept = [WHEN_DRAWN.sub("", one) for one in found if not NEW_EACH_TIME.fullmatch(one) and len(one) > 1]
    return [asked_for.sub("THIS", one) for one in kept]


def _texts(message: Any, into: list[str]) -> None:
    for field, value in message.ListFields():
        if field.name in ("id", "form_id", "url", "file_id", "hash", "script_run_id", "fragment_id", "key"):
            continue
        for one in value if field.is_repeated else [value]:
            if isinstance(one, str):
                into.append(one)
            elif hasattr(one, "ListFields"):
                _texts(one, into)


# --- What was written -------------------------------------------------------------------------------------------------


def newest_story(database: Path) -> int:
    """The number of the story that came last: those after it are a stranger's own, told during the attack."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as opened_:
        return int(opened_.execute("SELECT max(id) FROM story").fetchone()[0])


def contents(database: Path, newest: int) -> dict[str, set[str]]:
    """Every row of every table, as a fingerprint, but for what belongs to stories after the newest."""
    made: dict[str, set[str]] = {}
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as opened_:
        for (table,) in list(opened_.execute("SELECT name FROM sqlite_master WHERE type = 'table'")):
            columns = {column[1] for column in opened_.execute(f'PRAGMA table_info("{table}")')}
            number = "id" if table == "story" else "story_id" if "story_id" in columns else "0"
            rows = opened_.execute(f'SELECT * FROM "{table}" WHERE {number} IS NULL OR {number} <= ?', (newest,))
            made[table] = {hashlib.sha256(repr(row).encode()).hexdigest() for row in rows}
    return made


def changed(before: dict[str, set[str]], after: dict[str, set[str]]) -> Iterator[tuple[str, str]]:
    """The tables in which a row went, changed or came that a stranger may not touch."""
    for table, rows in after.items():
        gone, new = before.get(table, set()) - rows, rows - before.get(table, set())
        if gone and table not in CHANGES:
            yield table, f"{len(gone)} rows went or changed"
        if new and table not in MAY_GROW | CHANGES:
            yield table, f"{len(new)} rows came"
