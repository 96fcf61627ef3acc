"""What no browser of ours would send: another's pages and widgets, values of the wrong kind, half a message."""

import hashlib
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg

from pages.kit.menu import PAGES
from tests.fuzz import payloads
from tests.fuzz.payloads import encoded, text
from tests.fuzz.world import World

Screen = tuple[str, str]
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
]
NAMES += [
    "from",
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
]
NAMES += ["themes", "item", "case"]
# Screens behind those of the menu, where most is drawn and most is kept.
DEEPER = [
    "codebook?view=code",
    "codebook?theme=1",
    "journeys?view=Case+logs",
    "journeys?view=Compare&by=period",
    "journeys?view=Intended&draw=new",
    "journeys?view=Journeys",
    "journeys?view=Paths",
    "journeys?phases=1",
    "pain-points?theme=1",
    "people?do=invite",
    "people?person={account}",
    "records?view=person",
    "search?words=rain",
    "surveys?survey={hidden_survey}&tab=questions",
]
FOR_DEVELOPERS = ["debug_shutdown_runtime", "debug_disconnect_websocket", "stop_script", "load_git_info", "clear_cache"]
IDS = [
    "$$ID-x-y",
    "",
    "x",
    "x" * 5_000,
    f"$$ID-{'0' * 32}-None",
    f"$$ID-{'0' * 32}-plan-name",
    "plan-draft",
    "people-round",
]
JSON = ["{", "null", "[]", "7", '{"a":1}', '{"event":"typed","value":7}', '{"event":{"x":' * 50, "[" * 20_000]
STAYS = 4  # so many messages of a session in a row are about one screen: what was forged meets what is drawn there


# Parts of a journey that one is telling.
OWN = ["", "need", "steps", "steps&step=1&part=where", "what_happened", "consent", "check", "about-you"]


def staff_screens(world: World) -> list[Screen]:
    """Every screen of the menu, and those behind them."""
    deeper = [address.format(**world.there).partition("?") for address in DEEPER]
    return [*((entry.path, "") for entry in PAGES), *((path, query) for path, _mark, query in deeper)]


def open_screens(draft: str) -> list[Screen]:
    """Every screen that anybody may open, with a draft of their own."""
    return [("home", ""), ("share", ""), *(("share", f"draft={draft}&page={part}") for part in OWN)]


def rerun(page: str = "", query: str = "", **more: Any) -> BackMsg:
    """A browser's wish to run a screen."""
    made = BackMsg()
    made.rerun_script.query_string = query
    made.rerun_script.page_name = page
    for name, value in more.items():
        setattr(made.rerun_script, name, value)
    return made


class Forger:
    """Makes hostile messages, each from the seed and its number.

    ``widgets`` are the ids of what every screen draws, as an insider would hand them on, and ``hashes`` those of pages.
    """

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.seed = world, seed
        self.widgets: dict[Screen, list[bytes]] = {}
        self.hashes: set[str] = set()

    def _draw(self, number: object) -> Random:
        return Random(f"{self.seed}:screens:{number}")

    def message(self, number: int, near: Sequence[Screen]) -> BackMsg:
        """A message that no page of ours would send, mostly about a screen of those that are ``near``."""
        draw, screen = self._draw(number), self._draw(f"at:{number // STAYS}").choice(near)
        if draw.random() < 0.6:
            made, offered = rerun(*screen), self.widgets[screen]
        else:
            made, offered = self._elsewhere(draw), []
        for _turn in range(draw.randrange(6)):
            self._widget(draw, made.rerun_script.widget_states.widgets.add(), offered)
        return made

    def _elsewhere(self, draw: Random) -> BackMsg:
        """Another's page, and an address that lies."""
        path = draw.choice(PAGES).path
        made = rerun(draw.choice([path, path, "", "home", "share", _said(draw)]), self._query(draw))
        wish = made.rerun_script
        if draw.random() < 0.5:
            invented = hashlib.md5(_said(draw).encode(), usedforsecurity=False).hexdigest()
            wish.page_script_hash = draw.choice([*sorted(self.hashes), "x" * 32, invented])
        if draw.random() < 0.05:
            wish.fragment_id = draw.choice(["x", "0" * 32, "$$"])
        if draw.random() < 0.05:
            wish.is_auto_rerun = True
        return made

    def _query(self, draw: Random) -> str:
        """An address' query that names what is others', or nothing that there is."""
        if draw.random() < 0.15:
            return payloads.query(draw, NAMES)
        held = {"session", "draft", "sent_draft"}
        theirs = [value for name, value in self.world.there.items() if name not in held]
        return "&".join(
            f"{draw.choice(NAMES)}={encoded(draw.choice([*theirs, text(draw, long=False)]))}"
            for _n in range(draw.randrange(4))
        )

    def _widget(self, draw: Random, state: Any, offered: list[bytes]) -> None:
        """A widget's state: of a screen that may not be open, of the wrong kind, with a value that nobody offered."""
        every = offered or [one for some in self.widgets.values() for one in some]
        state.id = draw.choice(every).decode() if draw.random() < 0.85 else draw.choice(IDS)
        draw.choice(VALUES)(draw, state)

    def frame(self, number: int) -> bytes | str:  # noqa: PLR0911  (one kind of frame a line)
        """A frame that is no message, or half of one, or one that only developers may send."""
        draw = self._draw(number)
        whole: bytes = self.message(number, list(self.widgets)).SerializeToString()
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
                return _said(draw)
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


def _said(draw: Random) -> str:
    return text(draw, long=False).encode("utf-8", "replace").decode()


def _json(draw: Random) -> str:
    return draw.choice([*JSON, _said(draw)])


def _pressed(_draw: Random, state: Any) -> None:
    state.trigger_value = True


def _empty(draw: Random, state: Any) -> None:
    kinds = ("string_array_value", "int_array_value", "double_array_value", "file_uploader_state_value", "arrow_value")
    getattr(state, draw.choice(kinds)).SetInParent()


def _value(name: str, choose: Callable[[Random], Any]) -> Callable[[Random, Any], None]:
    return lambda draw, state: setattr(state, name, choose(draw))


def _part(name: str, choose: Callable[[Random], dict[str, Any]]) -> Callable[[Random, Any], None]:
    return lambda draw, state: getattr(state, name).MergeFrom(type(getattr(state, name))(**choose(draw)))


# Buttons are what acts, so a third of all presses one.
VALUES: list[Callable[[Random, Any], None]] = [
    *[_pressed] * 5,
    _empty,
    _value("bool_value", lambda draw: draw.random() < 0.5),
    _value("int_value", lambda draw: draw.choice([0, -1, 2**62, -(2**62), 7])),
    _value("double_value", lambda draw: draw.choice([0.0, float("nan"), float("inf"), -1e308])),
    _value("string_value", lambda draw: text(draw, long=draw.random() < 0.05).encode("utf-8", "replace").decode()),
    _value("bytes_value", lambda draw: draw.randbytes(9)),
    _value("json_value", _json),
    _value("json_trigger_value", _json),
    _part("string_array_value", lambda draw: {"data": [_said(draw)] * draw.randrange(3)}),
    _part("double_array_value", lambda draw: {"data": [draw.choice([float("nan"), float("inf"), 2.0])]}),
    _part("string_trigger_value", lambda draw: {"data": _said(draw)}),
    _part("file_uploader_state_value", lambda draw: {"uploaded_file_info": [{"file_id": _said(draw), "name": "../x"}]}),
]
