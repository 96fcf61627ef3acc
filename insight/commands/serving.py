"""Serving the pages: ``serve``."""

import os
import sys
from typing import Annotated

import typer

from insight.commands import analyses, people
from insight.commands.common import ready
from insight.errors import NotReady
from insight.settings import ROOT, is_loopback, settings


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Demo mode; builds the demo place if there is no place.")
    ] = False,
) -> None:
    """Serve the pages."""
    if demo:
        os.environ["INSIGHT_DEMO_MODE"] = "1"
        settings.cache_clear()
    address, listen = host or settings().host, port or settings().port
    if settings().demo_mode and not is_loopback(address):
        raise NotReady(f"Demo mode asks nobody to sign in, so it is not served on {address}. Use --host 127.0.0.1.")
    os.environ |= {"INSIGHT_HOST": address, "INSIGHT_PORT": str(listen)}  # links lead to where it really listens
    settings.cache_clear()
    ready()
    if demo:
        _build_demo_if_empty()
    import uvicorn

    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml from the working directory
    typer.echo(f"\nThroughline is at http://{'127.0.0.1' if is_loopback(address) else address}:{listen}")
    if settings().demo_mode:
        typer.echo(f"Demo board: http://127.0.0.1:{listen}/sign-in?next=/pain-points (choose Service designer)")
    elif link := people.first_admin_link():
        typer.echo(f"Nobody has an account yet. Make the first administrator's within 24 hours: {link}")
    typer.echo("Stop it with Ctrl+C.\n")
    uvicorn.run(
        "app:app",
        host=address,
        port=listen,
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # pages/doors reads them, from trusted proxies alone
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=30,
    )


def _build_demo_if_empty() -> None:
    from insight.intake import places

    if not places():
        typer.echo("Building the demo place (about half a minute, once).")
        analyses.demo(journeys=1_200, seed=2026, truth=None, analyse=True)
