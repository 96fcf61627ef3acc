"""Serving the pages: ``serve``."""

import os
import ssl
import sys
from typing import Annotated

import typer

from insight.commands import analyses, people
from insight.commands.common import ready
from insight.errors import NotReady
from insight.settings import ROOT, is_loopback, served_at, settings


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
    _look_at_settings()
    ready()
    if demo:
        _build_demo_if_empty()
    import uvicorn

    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)  # Streamlit reads .streamlit/config.toml from the working directory
    typer.echo(f"\nThroughline is at {served_at()}")
    if settings().demo_mode:
        typer.echo(f"Demo board: {served_at()}/sign-in?next=/pain-points (choose Service designer)")
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
        ssl_certfile=settings().tls_certificate or None,
        ssl_keyfile=settings().tls_key or None,
    )


def _look_at_settings() -> None:
    """Refuse what would otherwise fail somebody later, while whoever starts this is looking."""
    from insight import accounts

    accounts.look_at_list()
    accounts.look_at_provider_settings()
    _look_at_certificate(settings().tls_certificate, settings().tls_key)


def _look_at_certificate(certificate: str, key: str) -> None:
    if not (certificate or key):
        return
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key, lambda: "")
    except (OSError, ValueError) as fault:
        raise NotReady(
            f"INSIGHT_TLS_CERTIFICATE and INSIGHT_TLS_KEY must be a certificate and its own key, both in PEM: {fault}"
        ) from None


def _build_demo_if_empty() -> None:
    from insight.intake import places

    if not places():
        typer.echo("Building the demo place (about half a minute, once).")
        analyses.demo(journeys=1_200, seed=2026, truth=None, analyse=True)
