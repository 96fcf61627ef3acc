"""What somebody can ask for, found in the code: use cases, screens with their links, plain routes."""

import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, cast
from unittest.mock import MagicMock

from starlette.routing import Route
from streamlit.web.server.starlette.starlette_app import create_streamlit_routes

import insight
from insight.access import UseCase
from pages.kit.menu import PAGES
from pages.kit.stated import StatedRoute

ROOT = Path(insight.__path__[0])
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
SWITCHED_OFF = "switched off: nobody drives screens by a program"
# Streamlit's own routes, each with the reason why it asks for no permission. A new one has none, and fails a test.
STREAMLIT = {
    "/_stcore/health": "says no more than that the process is up",
    "/_stcore/metrics": "how many screens are open and what they weigh, without a word of anybody's",
    "/_stcore/host-config": "settings of the browser's side that are the same for everybody",
    "/_stcore/stream": "the screens: the page table is asked at each run, by who holds the socket's cookies",
    "/_stcore/upload_file/{session_id}/{file_id}": "takes a file of an open screen only, whose number is a secret",
    "/_stcore/bidi-components/{path:path}": "the scripts of Streamlit's parts, the same for everybody",
    "/component/{path:path}": "the scripts of Streamlit's parts, the same for everybody",
    "/media/{file_id:path}": "a file of an open screen, named by the hash of all that it holds",
    "/auth/login": "leaves for the place's own provider",
    "/auth/logout": "ends a visit that the place's own provider began",
    "/oauth2callback": "takes the provider's answer, which carries this browser's own state",
    "/_stcore/agent/interact": SWITCHED_OFF,
    "/_stcore/agent/openapi.json": "says that the other two are switched off",
    "/_stcore/agent/mcp": SWITCHED_OFF,
    "/": "the shell of every screen: scripts and styles without a word of anybody's",
}
PARTS = {"page": "need", "n": "1", "part": "service", "survey": "winter", "words": "none", "question": "service"}


def service_functions() -> Iterator[Callable[..., Any]]:
    """Every public function of every module named service, and every use case of any other module."""
    for path in sorted(ROOT.rglob("*.py")):
        if path.stem == "service" or "\n@use_case(" in path.read_text("utf-8"):
            name = ".".join(("insight", *path.relative_to(ROOT).with_suffix("").parts))
            for called, function in vars(import_module(name)).items():
                if not inspect.isfunction(function) or called.startswith("_") or function.__module__ != name:
                    continue
                if path.stem == "service" or hasattr(function, "permission"):
                    yield function


FUNCTIONS = list(service_functions())
USE_CASES = [cast("UseCase[..., Any]", function) for function in FUNCTIONS if hasattr(function, "permission")]


def name_of(case: Callable[..., Any]) -> str:
    """A use case by its module and name, such as ``receipts.service.answer``."""
    return f"{case.__module__.removeprefix('insight.')}.{case.__name__}"


def is_download(case: Callable[..., Any]) -> bool:
    """Whether a use case gives a file, or writes one."""
    told = str(inspect.signature(case).return_annotation)
    return "bytes" in told or "Download" in told or name_of(case).endswith(".write_log")


def our_routes() -> list[StatedRoute]:
    """Every plain route that the application mounts."""
    import app

    return [route for route in app.app._user_routes if isinstance(route, StatedRoute)]


def unstated_routes() -> list[str]:
    """Plain routes that say nothing of whom they are for: there should be none."""
    import app

    return [str(route) for route in app.app._user_routes if not isinstance(route, StatedRoute)]


def streamlit_paths() -> set[str]:
    """The patterns of all that Streamlit itself answers."""
    import app  # noqa: F401  (its settings decide which routes there are)

    return {getattr(route, "path", "") or "/" for route in create_streamlit_routes(MagicMock())}


def address_of(route: Route) -> str:
    """A path that a route answers, with something in each of its parts."""
    return re.sub(r"\{(\w+)(:\w+)?\}", lambda part: PARTS.get(part[1], "none"), route.path)


def link_names() -> list[str]:
    """The names by which screens read their address, found in their source."""
    asks = re.compile(r'(?:query_params\.get\(|query_params\[|address\.(?:number|text|take)\()"(\w+)"')
    found: set[str] = set()
    for path in ROOT.parent.joinpath("pages").rglob("*.py"):
        found |= set(asks.findall(path.read_text("utf-8")))
    return sorted(found - {"lang"})


def deep_links() -> list[str]:
    """Each screen's address with a number under every name that any screen reads."""
    query = "&".join(f"{name}=1" for name in link_names())
    return [f"/{entry.path}?{query}" for entry in PAGES]
