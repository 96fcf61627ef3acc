"""The command line: all that the pages can do, for people and for schedules, in the order of its help."""

import sys

import typer

from insight.commands import analyses, audit, backup, files, keys, mask, people, records, serving, upkeep, work
from insight.errors import InsightError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Throughline: hear residents' journeys across public services, and see where they hurt.",
)
app.command()(work.work)
app.command()(mask.mask)
app.command()(serving.serve)
app.command()(upkeep.migrate)
app.command()(analyses.demo)
app.command(name="import")(analyses.import_)
app.command()(analyses.analyse)
app.command()(analyses.publish)
app.command()(analyses.export)
app.command()(upkeep.tidy)
app.command()(files.themes)
app.command()(files.journeys)
app.add_typer(backup.app)
for name, part in {"people": people.app, "keys": keys.app, "audit": audit.app, "records": records.app}.items():
    app.add_typer(part, name=name)
WRONG_INPUT = 2


def run() -> None:
    """Run a command; a problem that a person can mend is one line and exit code 2."""
    try:
        app()
    except InsightError as problem:
        typer.echo(f"{problem}", err=True)
        sys.exit(WRONG_INPUT)
