"""A running server as everybody sees it: plain routes by HTTP, screens by Streamlit's own websocket."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from pages.kit.menu import Entry
from tests.access.objects import link_names
from tests.access.subjects import SUBJECTS, Subject
from tests.access.trying import PLANTED, Answer, Tally, cells_of_pages

SEED = """
import json
from insight.database import prepare
prepare()
from tests.access.subjects import arrive
from tests.access.two_places import fill
here, elsewhere = fill("Hereham", "marrowgate", 14), fill("Farham", "quillfeather", 20)
print(json.dumps(arrive(elsewhere.place)))
"""
HERE, ELSEWHERE = PLANTED
LINK = "&".join(f"{name}=1" for name in link_names())
STAFFED = {"INSIGHT_DEMO_MODE": "0"}
PATIENCE = 20  # seconds within which a screen is drawn
REFUSED, PUZZLED = ": not for this role", "something went wrong on our side"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A screen as it came over the socket: all the words that were sent."""

    words: str

    def refuses(self, entry: Entry) -> bool:
        """Whether it says that this screen is not for whoever asked."""
        return f"{entry.title}{REFUSED}" in self.words

    @property
    def failed(self) -> bool:
        """Whether something unforeseen happened while it was drawn."""
        return PUZZLED in self.words


class Server:
    """Asks a running server over connections that stay open."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.Client(base_url=url, follow_redirects=False, timeout=PATIENCE)

    def ask(self, method: str, path: str, cookies: Mapping[str, str]) -> Answer:
        """A plain route."""
        self._client.cookies.clear()
        answer = self._client.request(method, path, headers=_header(cookies))
        return Answer(answer.status_code, answer.headers.get("location", ""), answer.text)

    def screen(self, path: str, query: str, cookies: Mapping[str, str], session: str = "") -> Drawn:
        """A screen, as a browser that has just loaded its shell asks for it; ``session`` claims an earlier visit."""
        wanted = BackMsg()
        wanted.rerun_script.page_name, wanted.rerun_script.query_string = path, query
        parts = []
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        protocols = [Subprotocol(name) for name in ("streamlit", *(("none", session) if session else ()))]
        headers = _header(cookies)
        with connect(
            address, additional_headers=headers, subprotocols=protocols, max_size=None, origin=Origin(self.url)
        ) as socket:
            socket.send(wanted.SerializeToString())
            while True:
                told = ForwardMsg.FromString(socket.recv(PATIENCE, decode=False))
                parts.append(str(told))
                if told.WhichOneof("type") == "script_finished":
                    return Drawn("\n".join(parts))

    def screens(self, cookies: Mapping[str, Mapping[str, str]], subjects: Sequence[Subject] = SUBJECTS) -> Tally:
        """Every screen, asked for by everybody: whoever is refused asks with a number under every name there is."""
        tally = Tally()
        for subject, entry, opens in cells_of_pages(subjects):
            drawn = self.screen(entry.path, "" if opens else LINK, cookies[subject.name])
            hidden = PLANTED if not opens else (HERE,) if subject.elsewhere else ()
            right = drawn.refuses(entry) is not opens and not any(word in drawn.words for word in hidden)
            tally.count(f"{subject.name}: /{entry.path}", refused=not opens, right=right and not drawn.failed)
        return tally

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()


def _header(cookies: Mapping[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={told}" for name, told in cookies.items())} if cookies else {}
