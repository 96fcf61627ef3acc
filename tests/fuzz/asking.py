"""One request to the product as a server would hand it over, but also as none would: nothing tidies it on the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Headers = list[tuple[bytes, bytes]]
PATIENCE = 10  # seconds in which any request must be answered
HOST = b"127.0.0.1:8501"


@dataclass(slots=True)
class Asked:
    """One request. ``body`` is cut at ``parts``; ``leaves`` says that the browser goes away before its end."""

    method: str = "GET"
    path: str = "/"
    query: str = ""
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    parts: int = 1
    leaves: bool = False
    address: str = "198.51.100.7"
    hosts: tuple[bytes, ...] = (HOST,)

    def scope(self) -> dict[str, Any]:
        """The request as an ASGI server describes it."""
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": self.path.encode("utf-8", "surrogatepass").decode("utf-8", "replace"),  # as uvicorn reads it
            "raw_path": self.path.encode("utf-8", "surrogatepass"),
            "root_path": "",
            "query_string": self.query.encode("utf-8", "surrogatepass"),
            "headers": [*((b"host", host) for host in self.hosts), *self.headers],
            "client": (self.address, 50_000),
            "server": ("127.0.0.1", 8501),
            "state": {},
        }

    def messages(self) -> list[dict[str, Any]]:
        """The body as it comes in."""
        size = max(1, -(-len(self.body) // self.parts))
        cut = [self.body[at : at + size] for at in range(0, len(self.body), size)] or [b""]
        made: list[dict[str, Any]] = [{"type": "http.request", "body": part, "more_body": True} for part in cut]
        if self.leaves:
            return [*made[:-1], {"type": "http.disconnect"}]
        made[-1]["more_body"] = False
        return made


@dataclass(slots=True)
class Answer:
    """What came back. ``fault`` is what the application let out, if anything."""

    status: int = 0
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    fault: BaseException | None = None

    def header(self, name: str) -> str:
        """A header's value, "" without one."""
        return next(
            (value.decode("latin-1") for key, value in self.headers if key.decode("latin-1").lower() == name), ""
        )

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


async def ask(app: Any, asked: Asked) -> Answer:
    """Put one request to an ASGI application."""
    answer, coming = Answer(), iter(asked.messages())

    async def receive() -> dict[str, Any]:
        message = next(coming, None)
        if message is None:
            if not asked.leaves and not answer.status:
                await asyncio.sleep(2 * PATIENCE)  # whoever waits for more than there is, waits too long
            return {"type": "http.disconnect"}
        return message

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            answer.status, answer.headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            answer.body += message.get("body", b"")

    try:
        async with asyncio.timeout(PATIENCE):
            await app(asked.scope(), receive, send)
    except Exception as fault:  # whatever the application lets out is what is looked for
        answer.fault = fault
    return answer


@asynccontextmanager
async def alive(app: Any) -> AsyncIterator[None]:
    """The application between its start and its stop, as a server keeps it."""
    told: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    said: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    life = asyncio.create_task(app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, told.get, said.put))
    await told.put({"type": "lifespan.startup"})
    started = await said.get()
    if started["type"] != "lifespan.startup.complete":
        raise RuntimeError(str(started))
    yield
    await told.put({"type": "lifespan.shutdown"})
    await life
