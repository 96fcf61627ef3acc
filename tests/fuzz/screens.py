"""Streamlit's websocket: malformed frames, forged widgets and pages, hostile addresses, and what they may not do."""

import asyncio
import hashlib
import os
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin, Subprotocol

from pages.kit.menu import PAGES
from pages.kit.session import SESSION_COOKIE
from tests.fuzz import payloads, serving
from tests.fuzz.oracle import TRACES, acting
from tests.fuzz.payloads import EVALUATED, MARK, encoded, text
from tests.fuzz.routes import secrets_in
from tests.fuzz.serving import Served
from tests.fuzz.tally import SCRIPT, TELLS, UNHANDLED, WRITTEN, Tally
from tests.fuzz.world import PLANTED, World

PATIENCE = 20  # seconds for one run of a screen
SILENCE = 3  # seconds after which a forged message counts as passed over
WIDGET = re.compile(rb"\$\$ID-[0-9a-f]{32}-[\w.\-]+")
NEW_EACH_TIME = re.compile(r"\$\$ID.*|[0-9a-f]{32}", re.S)
NAMES = [
    "place",
    "run",
    "theme",
    "journey",
    "survey",
    "draft",
    "page",
    "part",
    "step",
    "passage",
    "tab",
    "view",
    "then",
    "from",
]
NAMES += [
    "lang",
    "do",
    "like",
    "log",
    "need",
    "next",
    "came",
    "phases",
    "draw",
    "form",
    "group",
    "person",
    "round",
    "themes",
    "item",
    "case",
]
FOR_DEVELOPERS = ["debug_shutdown_runtime", "debug_disconnect_websocket", "stop_script", "load_git_info", "clear_cache"]
ROLES = ["far", "partner", "frontline", "designer", "moderator", "safeguarding", "admin"]
# What anybody may write: a journey of one's own; and what the product itself writes as time goes by.
MAY_GROW = {"draft"}
CHANGES = {"attempts", "job", "account_session"}
STRANGERS, BADLY, OTHERS = 0.45, 0.35, 0.2  # how many inputs are a stranger's, are no message at all, are somebody's


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


def rerun(page: str = "", query: str = "", **more: Any) -> BackMsg:
    """A browser's wish to run a screen."""
    made = BackMsg()
    made.rerun_script.query_string = query
    made.rerun_script.page_name = page
    for name, value in more.items():
        setattr(made.rerun_script, name, value)
    return made


class Attack:
    """The screens under attack: what is known of them, and what came of it."""

    def __init__(self, product: Served, world: World, seed: int, database: Path) -> None:
        self.product, self.world, self.seed, self.database = product, world, seed, database
        self.tally, self.secrets = (
            Tally("screens"),
            [one for one in secrets_in(world) if one not in world.sessions.values()],
        )
        self.widgets: list[bytes] = []
        self.hashes: list[str] = [""]

    async def learn(self) -> None:
        """What staff screens hold: their pages' hashes and their widgets' ids, as an insider would hand them on."""
        async with opened(self.product.host, self.world.sessions["admin"]) as line:
            seen = b""
            for entry in PAGES:
                for message in await line.run(rerun(entry.path)):
                    seen += message.SerializeToString()
                    self.hashes += [page.page_script_hash for page in message.navigation.app_pages]
        self.widgets = sorted(set(WIDGET.findall(seen)))
        self.hashes = sorted(set(self.hashes))
        if len(self.widgets) < 20 or len(self.hashes) < len(PAGES):
            raise RuntimeError(f"too little was learned: {len(self.widgets)} widgets, {len(self.hashes)} pages")
        async with opened(self.product.host, self.world.sessions["designer"]) as line:
            drawn = b"".join(m.SerializeToString() for m in await line.run(rerun("search", f"words={PLANTED}")))
        self.tally.answers["screens learned"] = len(self.hashes)
        self.tally.answers["widgets learned"] = len(self.widgets)
        self.tally.answers["a designer's bytes"] = len(drawn)

    # --- messages -----------------------------------------------------------------------------------------------------

    def forged(self, draw: Random) -> BackMsg:
        """A message that no page of ours would send: another's page, another's widgets, addresses that lie."""
        entry = draw.choice(PAGES)
        made = rerun(
            draw.choice(
                [
                    entry.path,
                    entry.path,
                    "",
                    "home",
                    "share",
                    text(draw, long=False).encode("utf-8", "replace").decode(),
                ]
            )
        )
        wish = made.rerun_script
        wish.query_string = self.query(draw)
        if draw.random() < 0.5:
            wish.page_script_hash = draw.choice(
                [
                    *self.hashes,
                    "x" * 32,
                    hashlib.md5(text(draw).encode("utf-8", "replace"), usedforsecurity=False).hexdigest(),
                ]
            )
        if draw.random() < 0.15:
            wish.fragment_id = draw.choice(["x", "0" * 32, "$$"])
        if draw.random() < 0.1:
            wish.is_auto_rerun = True
        for _turn in range(draw.randrange(6)):
            self._widget(draw, wish.widget_states.widgets.add())
        return made

    def query(self, draw: Random) -> str:
        """An address' query that names what is others', or nothing that there is."""
        if draw.random() < 0.15:
            return payloads.query(draw, NAMES)
        held = {"session", "draft", "sent_draft"}
        theirs = [value for name, value in self.world.there.items() if name not in held]
        return "&".join(
            f"{draw.choice(NAMES)}={encoded(draw.choice([*theirs, text(draw, long=False)]))}"
            for _n in range(draw.randrange(4))
        )

    def _widget(self, draw: Random, state: Any) -> None:
        """A widget's state: of a screen that may not be open, of the wrong kind, with a value that nobody offered."""
        state.id = (
            draw.choice(self.widgets).decode()
            if draw.random() < 0.85
            else draw.choice(["$$ID-x-y", "", "x" * 5_000, f"$$ID-{'0' * 32}-None"])
        )
        told = text(draw, long=draw.random() < 0.05).encode("utf-8", "replace").decode()
        match draw.randrange(9):
            case 0 | 1 | 2:
                state.trigger_value = True
            case 3:
                state.bool_value = draw.random() < 0.5
            case 4:
                state.int_value = draw.choice([0, -1, 2**62, -(2**62), 7])
            case 5:
                state.double_value = draw.choice([0.0, float("nan"), float("inf"), -1e308])
            case 6:
                state.string_array_value.data.extend([told] * draw.randrange(3))
            case 7:
                state.json_value = draw.choice(["{", "null", "[]", '{"a":1}', '{"event":{"x":' * 50, told])
            case _:
                state.string_value = told

    def frame(self, draw: Random) -> bytes | str:  # noqa: PLR0911  (one kind of frame a line)
        """A frame that is no message, or half of one, or one that only developers may send."""
        whole: bytes = self.forged(draw).SerializeToString()
        match draw.randrange(9):
            case 0:
                return draw.randbytes(draw.randrange(400))
            case 1:
                return whole[: draw.randrange(len(whole) + 1)]
            case 2:
                bent = bytearray(whole or b"x")
                bent[draw.randrange(len(bent))] ^= 1 << draw.randrange(8)
                return bytes(bent)
            case 3:
                return text(draw, long=False).encode("utf-8", "replace").decode()
            case 4:
                return b"\x5a\xff\xff\xff\xff\x0f" + b"a" * draw.choice([0, 10, 500_000])
            case 5:
                made = BackMsg()
                setattr(made, draw.choice(FOR_DEVELOPERS), True)
                return bytes(made.SerializeToString())
            case 6:
                made = BackMsg()
                made.file_urls_request.request_id = "x"
                made.file_urls_request.file_names.extend(["../../x", "\0", "a" * 9_000])
                made.file_urls_request.session_id = draw.choice(["x", "../x", ""])
                return bytes(made.SerializeToString())
            case 7:
                return b"\x0a" * int(draw.choice([1, 50, 20_000]))
            case _:
                return whole * int(draw.choice([2, 30]))

    # --- rounds -------------------------------------------------------------------------------------------------------

    async def strangers(self, numbers: range) -> None:
        """Forged messages of somebody who is not signed in: no word of any story comes, and nothing is written."""
        before = contents(self.database)
        for start in range(numbers.start, numbers.stop, 20):
            await self._session(range(start, min(start + 20, numbers.stop)), "", "stranger")
        for table, what in changed(before, contents(self.database)):
            self.tally.note(WRITTEN, "strangers", f"{table}: {what}")

    async def somebody(self, numbers: range) -> None:
        """The same by people of every role; whoever acts elsewhere reads nothing of this place."""
        for turn, start in enumerate(range(numbers.start, numbers.stop, 10)):
            role = ROLES[turn % len(ROLES)]
            await self._session(range(start, min(start + 10, numbers.stop)), self.world.sessions[role], role)

    async def _session(self, numbers: range, session: str, who: str) -> None:
        waiting = list(numbers)
        while waiting:
            with suppress(ConnectionClosed, TimeoutError):
                async with opened(self.product.host, session) as line:
                    while waiting:
                        number = waiting.pop(0)
                        await self._one(line, number, who)
        self.product.look(self.tally, f"{numbers} ({who})", self.secrets)

    async def _one(self, line: Line, number: int, who: str) -> None:
        made = self.forged(Random(f"{self.seed}:screens:{number}"))
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
        draw = Random(f"{self.seed}:screens:{number}")
        self.tally.inputs += 1
        with suppress(ConnectionClosed, InvalidStatus, TimeoutError, OSError):
            async with opened(self.product.host, draw.choice(["", "x" * 43, payloads.MARK])) as line:
                await line.socket.send(self.frame(draw))
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
        await attack.learn()
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
    return [asked_for.sub("THIS", one) for one in found if not NEW_EACH_TIME.fullmatch(one) and len(one) > 1]


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


def contents(database: Path) -> dict[str, set[str]]:
    """Every row of every table, as a fingerprint."""
    made: dict[str, set[str]] = {}
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as opened_:
        for (table,) in list(opened_.execute("SELECT name FROM sqlite_master WHERE type = 'table'")):
            rows = opened_.execute(f'SELECT * FROM "{table}"')
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
