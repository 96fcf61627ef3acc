"""What commands share: a database that is ready, the place that is meant, a line that shows how far they are."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

from insight.errors import BadInput, NotFound
from insight.settings import settings


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A progress line on a terminal; on anything else one line per stage."""
    shown, width = "", 0

    def say(stage: str, done: int, total: int) -> None:
        nonlocal shown, width
        if sys.stderr.isatty():
            share = f" {100 * done // total} %" if total > 1 else ""
            line = f"{stage}{share}"
            typer.echo("\r" + line.ljust(width), nl=False, err=True)
            width = len(line)
        elif stage != shown:
            typer.echo(stage, err=True)
        shown = stage

    yield say
    if sys.stderr.isatty() and shown:
        typer.echo("\r" + " " * width + "\r", nl=False, err=True)


def ready() -> None:
    """Make the database ready to use, or say what to do."""
    from insight.database import prepare

    prepare(typer.echo)


def place_named(name: str | None) -> Any:
    """The place of that code or name; without one, the only place, or the one that the settings name."""
    from insight.intake import current_place, places, slug

    if name is None:
        known = places()
        if len(known) > 1 and slug(settings().place) not in {place.code for place in known}:
            raise BadInput("Say which place: --place " + " or --place ".join(place.code for place in known))
        return current_place()
    for place in places():
        if place.code == slug(name):
            return place
    raise NotFound(f"There is no place named {name}.")
