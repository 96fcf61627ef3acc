"""Every path and method of the application, filled with what is hostile and with what belongs to others."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from starlette.routing import Mount, Route

from insight import intake
from insight.access import RESIDENT
from insight.accounts import sessions
from pages.accounts import door
from pages.form import visit
from pages.kit.menu import PAGES
from pages.kit.session import SESSION_COOKIE
from tests.fuzz import payloads, world
from tests.fuzz.asking import HOST, Asked
from tests.fuzz.payloads import text

ROOT = Path(__file__).resolve().parents[2]
PART = re.compile(r"\{(\w+)(?::\w+)?\}")
QUERY = [
    "lang",
    "then",
    "done",
    "step",
    "from",
    "place",
    "page",
    "part",
    "draft",
    "next",
    "survey",
    "n",
    "paper",
    "kiosk",
    "code",
    "state",
]
SOME_OF = {
    "page": ["need", "what_happened", "steps", "consent", "need_met"],
    "n": ["1", "2", "0"],
    "part": ["where", "when"],
}
STREAMLIT_ONLY = ("_stcore", "media", "component", "static", "auth", "vendor")
TALKS = [
    b"Accept-Language",
    b"Accept-Encoding",
    b"Accept",
    b"Range",
    b"Origin",
    b"Referer",
    b"User-Agent",
    b"If-None-Match",
]
TALKS += [
    b"X-Forwarded-For",
    b"X-Forwarded-Host",
    b"X-Forwarded-Proto",
    b"Forwarded",
    b"X-Http-Method-Override",
    b"X-Real-Ip",
]
TALKS += [
    b"X-Request-Id",
    b"Authorization",
    b"Content-Encoding",
    b"Transfer-Encoding",
    b"Expect",
    b"Upgrade",
    b"X-Xsrftoken",
]


@dataclass(frozen=True, slots=True)
class Door:
    """One path pattern with the methods it takes."""

    path: str
    methods: tuple[str, ...]


def doors_of(routes: Any) -> list[Door]:
    """All paths and methods of an application's routes, and all screens, which Streamlit serves by one of them."""
    made = [Door(f"/{entry.path}", ("GET",)) for entry in PAGES] + [Door("/", ("GET",))]
    for route in routes:
        if isinstance(route, Route):
            made.append(Door(route.path, tuple(sorted(route.methods or ("GET",)))))
        elif isinstance(route, Mount):
            made.append(Door(f"{route.path}/{{rest:path}}", ("GET",)))
    return list(dict.fromkeys(made))


def field_names() -> list[str]:
    """The names of all fields that the pages' forms have."""
    templates = [path.read_text("utf-8") for path in (ROOT / "pages").rglob("templates/**/*.html")]
    names = {name for told in templates for name in re.findall(r'\bname="([a-z_-]+)"', told)}
    asked = [
        "need",
        "what_happened",
        "consent",
        "need_met",
        "service",
        "organisation",
        "channel",
        "when-day",
        "when-month",
    ]
    asked += [
        "when-year",
        "waited-number",
        "waited-unit",
        "feeling",
        "note",
        "login",
        "password",
        "old",
        "new",
        "name",
        "code",
    ]
    return sorted(names | {*asked, "recovery", "password-to-drop", "ticket", "kind", "wanted", "given", "next"})


class Thrower:
    """Makes requests, each from the seed and its own number alone, but for the keys of its own journeys."""

    def __init__(self, routes: Any, made: world.World, seed: int, many: bool = True) -> None:
        self.doors, self.world, self.seed, self.many = doors_of(routes), made, seed, many
        self.names = field_names()
        self.own_draft = self.own_reference = ""

    def refresh(self) -> None:
        """Journeys of the attacker's own: pages behind them are attacked too."""
        self.own_draft = world.draft({world.FEW: "Something of my own.", "steps": [{"service": "x", "note": "mine"}]})
        own = world.draft({world.FEW: "Mine, and sent.", "steps": [{"service": "x"}]})
        self.own_reference = intake.submit(RESIDENT, own).reference

    def request(self, number: int) -> Asked:
        """The request of one number."""
        draw = Random(f"{self.seed}:routes:{number}")
        door_ = self.doors[number % len(self.doors)] if draw.random() < 0.97 else Door("/" + text(draw), ("GET",))
        method = draw.choice(door_.methods) if draw.random() < 0.9 else draw.choice(payloads.METHODS)
        if "POST" in door_.methods and draw.random() < 0.6:
            method = "POST"
        asked = Asked(
            method=method,
            path=self.path(draw, door_.path),
            address=f"198.51.{draw.randrange(256)}.{draw.randrange(1, 255)}",
        )
        if draw.random() < 0.6:
            asked.query = payloads.query(draw, QUERY)
        cookies, token = self.cookies(draw, asked.path)
        asked.headers = [(b"cookie", cookies)] if cookies else []
        if method != "GET" or draw.random() < 0.03:
            self._fill(draw, asked, token)
        self._talk(draw, asked)
        return asked

    def path(self, draw: Random, pattern: str) -> str:
        """A pattern with its parts filled: with what there is, with what is others', with what is hostile."""

        def part(found: re.Match[str]) -> str:
            roll = draw.random()
            if roll < 0.4 and found[1] in SOME_OF:
                return draw.choice(SOME_OF[found[1]])
            return draw.choice(list(self.foreign().values())) if roll < 0.6 else text(draw, long=draw.random() < 0.1)

        return PART.sub(part, pattern)

    def foreign(self) -> dict[str, str]:
        """What belongs to others, or to nobody: all but what opens what it names to whoever holds it."""
        held = {"draft", "reference", "words", "invitation", "session", "sent_draft"}
        return {**{name: value for name, value in self.world.there.items() if name not in held}, **self.world.absent}

    def cookies(self, draw: Random, path: str) -> tuple[bytes, str]:
        """The cookies of a browser, real and forged, and a token for its forms."""
        roll = draw.random()
        if roll < 0.1:
            return b"", text(draw)
        if roll < 0.3:
            return self._forged(draw), text(draw, long=False)
        if path.startswith("/tell"):
            mine = visit.Visit(
                f"fuzz-{draw.randrange(99)}", self.own_draft, draw.choice(["", "en", "cy", "ar"]), draw.random() < 0.1
            )
            if draw.random() < 0.5:
                mine = replace(mine, reference=f"{self.own_reference} {2**33}")
            return (
                f"{visit.COOKIE}={_signed(mine)}".encode(),
                mine.token(),
            )
        coming = door.Door(
            f"fuzz-{draw.randrange(99)}",
            target=text(draw, long=False),
            ticket=draw.choice(["", "x" * 43]),
            enrol=draw.random() < 0.3,
        )
        coming = replace(
            coming,
            invitation=draw.choice(["", *(self.world.there[n] for n in ("used_invitation", "revoked_invitation"))]),
        )
        writable = coming.target.encode("utf-8", "replace").decode()
        held = f"{door.COOKIE}={door.write_door(replace(coming, target=writable))}"
        if draw.random() < 0.4 and self.many:
            mine_ = self.world.sessions[draw.choice(["far", "partner", "frontline"])]
            return f"{held}; {SESSION_COOKIE}={mine_}".encode(), door.form_token(mine_)
        return held.encode(), door.form_token(coming.id)

    def _forged(self, draw: Random) -> bytes:
        """Cookies that nobody of ours signed."""
        name = draw.choice(
            [
                visit.COOKIE,
                door.COOKIE,
                SESSION_COOKIE,
                "throughline_demo_role",
                "_streamlit_user",
                "_streamlit_xsrf",
                f"__Host-{SESSION_COOKIE}",
            ]
        )
        signed = visit._signer().dumps({"id": "x", "draft": self.own_draft})
        claims = base64.urlsafe_b64encode(
            b'{"id":"x","draft":"%s","kiosk":[],"evil":1}' % self.own_draft.encode()
        ).decode()
        value = draw.choice(
            [
                signed[:-2] + "xx", signed[::-1], claims + ".AAAA", claims, "." * 99, "a" * 9_000, "admin",
                sessions.new_token(),
                door._signer().dumps({"id": "x"}), visit._signer().dumps({"id": "x", "draft": "%s"}),
                text(draw, long=False),
                "2|1|x|y", '"; x=1; "', "e30.e30.e30",
            ]
        )  # fmt: skip
        return f"{name}={value}".encode("utf-8", "surrogatepass")

    def _fill(self, draw: Random, asked: Asked, token: str) -> None:
        """A body: hostile fields, with a token that holds, with another's, or with none."""
        made = payloads.fields(draw, self.names)
        if draw.random() < 0.75:
            made.insert(0, ("token", token))
        if draw.random() < 0.5:
            made.append(
                (
                    "go",
                    draw.choice(
                        [
                            "on",
                            "back",
                            "finish",
                            "lang-cy",
                            "up-1",
                            "remove-0",
                            "add",
                            "up-99999",
                            text(draw, long=False),
                        ]
                    ),
                )
            )
        if draw.random() < 0.2:
            foreign = list(self.foreign().items())
            made.append(draw.choice(foreign))
        asked.body, kind = payloads.written(draw, made)
        asked.headers.append((b"content-type", kind.encode("utf-8", "replace")))
        asked.parts = draw.choice([1, 1, 1, 2, 7, 40])
        asked.leaves = draw.random() < 0.02
        if draw.random() < 0.1:
            length = draw.choice(
                [b"0", b"5", b"-1", b"99999999999", b"x", b"1, 2", b"", b"\xff", str(len(asked.body)).encode()]
            )
            asked.headers.append((b"content-length", length))

    def _talk(self, draw: Random, asked: Asked) -> None:
        """Headers that lie."""
        if draw.random() < 0.5:
            for _turn in range(draw.randrange(1, 4)):
                value = text(draw, long=False).encode("utf-8", "surrogatepass")
                asked.headers.append((draw.choice(TALKS).lower(), value.replace(b"\0", b"")))
        if draw.random() < 0.05:
            asked.headers += [(f"x-{number}".encode(), b"a" * 500) for number in range(80)]
        if draw.random() < 0.06:
            host = draw.choice(payloads.HOSTS).encode()
            asked.hosts = draw.choice([(host,), (HOST, host), (), (host, host)])


def _signed(mine: visit.Visit) -> str:
    told = {name: value for name in visit.Visit.__slots__ if (value := getattr(mine, name))}
    return str(visit._signer().dumps(told))


def secrets_in(made: world.World) -> Iterator[str]:
    """What is others', and what is the place's own: in no answer to a stranger, and in no log."""
    yield world.PLANTED
    yield made.secret_key
    yield from made.sessions.values()
    yield from (made.there[name] for name in ("draft", "sent_draft", "reference", "words"))
