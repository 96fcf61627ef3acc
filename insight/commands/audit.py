"""The audit from the command line: check it, read its newest entries, take down its head."""

from pathlib import Path
from typing import Annotated

import typer

from insight.access import SYSTEM
from insight.errors import BadInput

BROKEN = 2
app = typer.Typer(no_args_is_help=True, help="The audit: who did what that matters, in a chain that shows any change.")


@app.command()
def verify(
    expect: Annotated[str, typer.Option(help="A head that was kept, as NUMBER:DIGEST.")] = "",
    from_: Annotated[Path | None, typer.Option("--from", help="A file with such a head; its last line counts.")] = None,
) -> None:
    """Check that nobody changed, removed or added an entry; exit code 2 when somebody did.

    Only with a head that was kept elsewhere does it show that no entry was cut off at the end.
    """
    from insight.audit import in_words
    from insight.records import auditing

    _ready()
    expected = expect or _last_line(from_)
    found = auditing.verify(SYSTEM, expected)
    for finding in found.findings:
        typer.echo(in_words(finding), err=True)
    if not found.sound:
        typer.echo(f"The audit is broken: {found.faults:,} faults in {found.entries:,} entries.", err=True)
        raise typer.Exit(BROKEN)
    typer.echo(f"Nothing was changed: {found.entries:,} entries are as they were written.")
    if not expected:
        typer.echo("Whether entries were cut off at the end shows only against a head that was kept: see --expect.")
    typer.echo(f"Head: {found.head}")


@app.command()
def show(last: Annotated[int, typer.Option(min=1, max=1_000, help="How many of the newest entries.")] = 20) -> None:
    """Show the newest entries, the newest last."""
    from insight.records import auditing

    _ready()
    for entry in reversed(auditing.newest(SYSTEM, last)):
        where = "" if entry.place_id is None else f"place {entry.place_id}"
        told = (f"{entry.at:%Y-%m-%d %H:%M:%S}Z", entry.name, entry.role, entry.what, where, entry.about)
        typer.echo(f"{entry.number}  " + "  ".join(part for part in told if part))


@app.command()
def head() -> None:
    """Print the newest entry's number and digest; keep it where whoever keeps the database cannot write."""
    from insight.records import auditing

    _ready()
    typer.echo(str(auditing.head(SYSTEM)))


def _last_line(file: Path | None) -> str:
    if file is None:
        return ""
    try:
        lines = file.read_text("utf-8").split()
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"The file {file.name} cannot be read. Name a file that holds a head.") from None
    if not lines:
        raise BadInput(f"There is no head in {file.name}. Name a file that holds one.")
    return lines[-1]


def _ready() -> None:
    from insight.database import prepare

    prepare(lambda told: typer.echo(told, err=True))
