"""So that nothing is lost: ``backup``, ``restore``, ``drill`` and ``move``."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from insight.access import SYSTEM
from insight.operations.checksums import TableSum
from insight.settings import settings

app = typer.Typer()
# An address may carry a password, and what stands on a command line can be read by everybody on the machine.
Address = Annotated[
    str | None,
    typer.Option("--to", envvar="INSIGHT_TO", help="Address of an empty database; best set as INSIGHT_TO."),
]


@app.command()
def backup(
    to: Annotated[Path, typer.Option(help="The archive to write; it must not exist yet.")],
    keys: Annotated[bool, typer.Option(help="Put the keys into it that open what people wrote.")] = True,
) -> None:
    """Write a locked archive of the database as it is now, while people go on using it."""
    from insight.operations import service

    made_key = _no_backup_key()
    tables = service.back_up(SYSTEM, to, with_keys=keys)
    typer.echo(f"{to}: {_counted(tables)}, locked with the backup key.")
    if keys:
        typer.echo("It holds the keys too: whoever has this file and the backup key can read everything.")
    else:
        typer.echo("It holds no keys. Keep these two elsewhere: without them, what people wrote stays locked for ever.")
        typer.echo(f"  {settings().text_keys_file}\n  {settings().secret_key_file}")
    if made_key:
        typer.echo(f"A new backup key was made in {settings().backup_key_file}. Keep a copy away from this machine.")


@app.command()
def restore(
    archive: Annotated[Path, typer.Argument(help="An archive that `backup` wrote.")], to: Address = None
) -> None:
    """Put an archive into an empty database: the one in the settings, or the one that --to names."""
    from insight.operations import service

    done = service.restore(SYSTEM, archive, to or settings().database_url)
    typer.echo(f"Restored from {done.made_at:%-d %B %Y, %H:%M} UTC: {_counted(done.tables)}, each compared.")
    for path in done.key_files:
        typer.echo(f"The keys from the archive were written to {path}.")


@app.command()
def drill(
    archive: Annotated[Path | None, typer.Argument(help="An archive to try; otherwise a new one is made.")] = None,
) -> None:
    """Try whether a backup can be restored: into a throw-away database, every table compared. For schedules."""
    from insight.operations import service

    tables = service.drill(SYSTEM, archive)
    _show(tables)
    typer.echo(f"The backup restores: {_counted(tables)}, each equal to the snapshot's.")


@app.command()
def move(to: Address = None) -> None:
    """Copy the database into an empty one elsewhere, such as from SQLite to PostgreSQL, and compare every table."""
    from insight.errors import BadInput
    from insight.operations import service

    if to is None:
        raise BadInput("Say where to: --to ADDRESS, or INSIGHT_TO.")
    tables = service.move(SYSTEM, to)
    _show(tables)
    typer.echo(f"Copied and compared: {_counted(tables)}. Set INSIGHT_DATABASE_URL to the new address, then start.")


def _no_backup_key() -> bool:
    return not settings().backup_key.get_secret_value() and not Path(settings().backup_key_file).exists()


def _counted(tables: Sequence[TableSum]) -> str:
    return f"{len(tables)} tables with {sum(table.rows for table in tables):,} rows"


def _show(tables: Sequence[TableSum]) -> None:
    width = max(len(table.table) for table in tables)
    for table in tables:
        typer.echo(f"{table.table.ljust(width)}  {table.rows:>10,}  {table.digest[:16]}")
