"""Bytes that are no HTTP, or nearly, straight into the server's socket."""

import asyncio
from contextlib import suppress
from pathlib import Path
from random import Random

from tests.fuzz import payloads, serving
from tests.fuzz.oracle import TRACES
from tests.fuzz.payloads import MARK
from tests.fuzz.tally import SCRIPT, UNHANDLED, Tally

FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
AT_ONCE = 8
LENGTHS = ["-1", "5", "99999", "x", "1e3", "+5", " 5", "0x5"]
ENCODINGS = ["chunked, x", "xchunked", " chunked", "gzip"]
CHUNKS = ["FFFFFFFFF", "-5", "zz", "5;x=" + "a" * 9_000]


async def throw(folder: Path, seed: int, numbers: range) -> Tally:
    """Send the lines of these numbers, some at once; the server answers each or hangs up, and lives."""
    tally = Tally("lines")
    async with serving.served(folder) as product:
        for start in range(numbers.start, numbers.stop, AT_ONCE):
            some = range(start, min(start + AT_ONCE, numbers.stop))
            came = await asyncio.gather(*(_send(product.port, line(Random(f"{seed}:lines:{n}"))) for n in some))
            for number, answer in zip(some, came, strict=True):
                _judge(tally, number, answer)
            product.look(tally, some, [])
        if not await asyncio.to_thread(product.lives):
            tally.note(UNHANDLED, "all", "the server does not answer any more")
    return tally


def _judge(tally: Tally, number: int, answer: bytes) -> None:
    tally.inputs += 1
    status = answer[9:12].decode("latin-1") if answer.startswith(b"HTTP/") else "hung up"
    tally.answers[status] += 1
    told = answer.decode("utf-8", "replace")
    if status.startswith("5") and status not in ("501", "503", "505"):
        tally.note(UNHANDLED, number, f"status {status}")
    if trace := TRACES.search(told):
        tally.note(UNHANDLED, number, f"the answer holds {trace[0]!r}")
    drawn = "content-type: text/html" in told.lower()  # the websocket library names a wrong header in plain text
    if f"\r\nx-{MARK}" in told.lower() or (drawn and f"<script>{MARK}" in told):
        tally.note(SCRIPT, number, "what was thrown came back as it was")


def line(draw: Random) -> bytes:
    """One hostile message."""
    path = draw.choice(
        ["/tell", "/sign-in", "/tell/q/need", "/_stcore/health", "/", "/metrics", payloads.text(draw, long=False)]
    )
    head = f"Host: 127.0.0.1\r\n{draw.choice(['', FORM])}"
    body, post, odd = f"token=x&need={MARK}", f"POST {path} HTTP/1.1\r\n{head}", payloads.text(draw, long=False)
    told = draw.choice(
        [
            f"GET {path} HTTP/1.1\r\n{head}X: {payloads.text(draw)}\r\n\r\n",
            f"GET {path} HTTP/{draw.choice(['0.9', '1.0', '2.0', '9.9', 'x', ''])}\r\n{head}\r\n",
            f"{post}Content-Length: {draw.choice(LENGTHS)}\r\n\r\n{body}",
            f"POST {path} HTTP/1.1\r\n{head}Content-Length: 5\r\nContent-Length: 6\r\n\r\n{body}",
            f"{post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n",
            f"{post}Transfer-Encoding: {draw.choice(ENCODINGS)}\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
            f"{post}Transfer-Encoding: chunked\r\n\r\n{draw.choice(CHUNKS)}\r\nabcde\r\n",
            f"GET {path} HTTP/1.1\r\nHost: {draw.choice(payloads.HOSTS)}\r\n\r\n",
            f"GET {path} HTTP/1.1\r\n\r\n",
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
            f"GET {path} HTTP/1.1\r\n{head}" + "X-Y: z\r\n" * draw.choice([10, 500, 5_000]) + "\r\n",
            f"GET {path}{'a' * draw.choice([100, 9_000, 90_000])} HTTP/1.1\r\n{head}\r\n",
            f"GET {path} HTTP/1.1\r\n{head}Cookie: throughline_tell={'a' * draw.choice([10, 9_000, 70_000])}\r\n\r\n",
            f"GET /_stcore/stream HTTP/1.1\r\n{head}Upgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {odd}\r\nSec-WebSocket-Version: {draw.choice(['13', '0', 'x'])}\r\n\r\n",
            f"{draw.choice(payloads.METHODS)} http://evil.example{path} HTTP/1.1\r\n{head}\r\n",
            f"GET {path} HTTP/1.1\r\n{head}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
            f"GET {path} HTTP/1.1\r\n{head} folded: yes\r\n\tmore\r\n\r\n" * draw.choice([1, 30]),
        ]
    )  # fmt: skip
    made = told.encode("utf-8", "surrogatepass")
    roll = draw.random()
    if roll < 0.1:
        return draw.randbytes(draw.randrange(2_000))
    if roll < 0.2:
        return made[: draw.randrange(len(made))]
    return made


async def _send(port: int, told: bytes) -> bytes:
    """Say it, say no more, and hear what comes; a server that waits for more is left waiting."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return b""
    answer = b""
    with suppress(OSError, TimeoutError):
        writer.write(told)
        await writer.drain()
        async with asyncio.timeout(0.6):
            while part := await reader.read(65_536):
                answer += part
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return answer
