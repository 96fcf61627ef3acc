"""Keeping the database in order: ``migrate`` and ``tidy``."""

import typer

from insight.access import SYSTEM
from insight.commands.common import ready


def migrate() -> None:
    """Bring the database to the version this program needs."""
    from insight.database import upgrade

    upgrade()
    typer.echo("The database is ready.")


def tidy() -> None:
    """Forget old drafts and old copies, and write the database anew without what was erased. Run it every night."""
    from insight import receipts

    ready()
    done = receipts.tidy(SYSTEM)
    typer.echo(f"Unsent journeys forgotten: {done.drafts:,}. Old copies of the database deleted: {done.copies:,}.")
    typer.echo("The database was written anew: nothing that was erased is left in it.")
