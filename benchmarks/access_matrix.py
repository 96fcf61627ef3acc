"""The access matrix on running servers: ``python benchmarks/access_matrix.py``.

Everybody there can be x every use case, screen with its links, plain route and Streamlit route: in this process, then
on a warm server by HTTP and websocket. Then a server of its own for each screen and each plain route that asks for a
permission: a stranger's request is the very first one it gets. Prints cells, refusals and leaks.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import cast

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("INSIGHT_DATABASE_URL", "sqlite://")
os.environ["INSIGHT_DEMO_MODE"] = "0"

from insight.access import Permission  # noqa: E402
from pages.kit.menu import PAGES  # noqa: E402
from tests.access import served, trying  # noqa: E402
from tests.access.objects import address_of, our_routes, streamlit_paths  # noqa: E402
from tests.access.subjects import SUBJECTS, actor_like  # noqa: E402
from tests.browser.conftest import Site, filled_once, serve  # noqa: E402

STRANGER = SUBJECTS[0]


def main() -> None:
    """Try it all, and say what was found."""
    folder = Path(tempfile.mkdtemp(prefix="access-matrix-"))
    total = _said(
        "use cases, in process", trying.use_cases({subject.name: actor_like(subject) for subject in SUBJECTS})
    )
    filled = filled_once(folder / "filled", served.SEED, {})
    with _server(folder / "warm", filled) as (site, server):
        cookies = cast("Mapping[str, Mapping[str, str]]", site.drafts)
        total += _said("screens and their links, warm", server.screens(cookies))
        total += _said("plain routes, warm", trying.plain_routes(our_routes(), server.ask, cookies))
        total += _said("methods that are not there, warm", trying.methods_that_are_not_there(our_routes(), server.ask))
        total += _said("Streamlit's routes, warm", trying.streamlit_routes(sorted(streamlit_paths()), server.ask))
    total += _said("first requests to fresh servers", _fresh(folder, filled))
    _said("all", total)
    shutil.rmtree(folder)
    sys.exit(bool(total.leaks))


def _fresh(folder: Path, filled: Path) -> trying.Tally:
    """A server for each address that asks for a permission; a stranger comes first."""
    tally = trying.Tally()
    for number, entry in enumerate(entry for entry in PAGES if entry.permission is not Permission.TELL):
        with _server(folder / f"screen-{number}", filled) as (_site, server):
            drawn = server.screen(entry.path, served.LINK, {})
            told = any(word in drawn.words for word in trying.PLANTED)
            right = drawn.refuses(entry) and not told and not drawn.failed
            tally.count(f"fresh: /{entry.path}", refused=True, right=right)
    for number, route in enumerate(our_routes()):
        if route.permission in STRANGER.allowed or route.permission is None:
            continue
        for method in sorted(route.methods or ()):
            with _server(folder / f"route-{number}-{method}", filled) as (_site, server):
                answer = server.ask(method, address_of(route), {})
                right = trying.fits(route, answer, refused=True)
                tally.count(f"fresh: {method} {route.path} -> {answer.status}", refused=True, right=right)
    return tally


@contextmanager
def _server(folder: Path, filled: Path) -> Iterator[tuple[Site, served.Server]]:
    folder.mkdir()
    running = serve(folder, filled, served.STAFFED)
    site = next(running)
    server = served.Server(site.url)
    try:
        yield site, server
    finally:
        server.close()
        next(running, None)


def _said(what: str, tally: trying.Tally) -> trying.Tally:
    print(f"{what}: {tally.cells:,} cells, {tally.refusals:,} refusals, {len(tally.leaks)} leaks", flush=True)
    for leak in tally.leaks:
        print(f"  {leak}")
    return tally


if __name__ == "__main__":
    began = time.perf_counter()
    try:
        main()
    finally:
        print(f"{time.perf_counter() - began:.0f} s")
