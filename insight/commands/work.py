"""The worker service: ``python -m insight work``."""

import logging
import signal
from threading import Event
from types import FrameType
from typing import Annotated

import typer

GRACE = 20.0


def work(
    grace: Annotated[
        float, typer.Option(min=0, help="Seconds that a job under way has to end when the service is stopped.")
    ] = GRACE,
) -> None:
    """Carry out analyses, learnings and daily chores, until stopped. Set INSIGHT_WORKER=service for the app."""
    from insight.database import prepare
    from insight.operations import working

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    prepare(typer.echo)
    stopping = Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    typer.echo("The worker waits for jobs. Stop it with Ctrl+C.")
    working.serve(stopping, grace)
