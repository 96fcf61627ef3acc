"""A place's stories and their analysis: ``demo``, ``import``, ``analyse``, ``publish`` and ``export``."""

from pathlib import Path
from typing import Annotated, Any

import typer

from insight.access import SYSTEM
from insight.commands.common import place_named, progress, ready
from insight.settings import settings


def demo(
    journeys: Annotated[int, typer.Option(min=1, help="How many journeys to invent.")] = 1_200,
    seed: Annotated[int, typer.Option(help="The same seed makes the same place.")] = 2026,
    truth: Annotated[Path | None, typer.Option(help="Also write which pain was planted where, as CSV.")] = None,
    analyse: Annotated[bool, typer.Option(help="Analyse and publish afterwards.")] = True,
) -> None:
    """Build the demo place: a fictional place with invented journeys, labelled synthetic wherever it shows."""
    from insight.demo.build import build

    ready()
    with progress() as say:
        place, kept = build(journeys, seed, truth, say)
    typer.echo(f"{place.name}: {kept:,} invented journeys added.")
    if analyse:
        _carry_out(place.id, {}, publish=True)


def import_(
    file: Annotated[Path, typer.Argument(help="A CSV or XLSX file.")],
    place: Annotated[str | None, typer.Option(help="Name of the place; made if it does not exist.")] = None,
    text: Annotated[str | None, typer.Option(help="Column with what people said.")] = None,
    service: Annotated[str | None, typer.Option(help="Column with the service.")] = None,
    date: Annotated[str | None, typer.Option(help="Column with the date.")] = None,
    feeling: Annotated[str | None, typer.Option(help="Column with a score or feeling.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="Any other FIELD=COLUMN, more than once if needed.")] = None,
    basis: Annotated[str, typer.Option(help="What allows these stories to be analysed.")] = "collected for improvement",
    quotes: Annotated[bool, typer.Option("--quotes", help="Their tellers allow quoting without a name.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only.")] = False,
    bad_rows: Annotated[Path | None, typer.Option(help="Where to write rows that need mending.")] = None,
) -> None:
    """Bring in stories from a file. The same file twice adds nothing."""
    from insight.intake import add_place
    from insight.intake.importing import import_file

    ready()
    named = {"text": text, "service": service, "date": date, "feeling": feeling}
    for field, _, told in (pair.partition("=") for pair in column or ()):
        named[field] = told
    asked = {field: told for field, told in named.items() if told}
    target = add_place(SYSTEM, place or settings().place)
    with progress() as say:
        report = import_file(
            SYSTEM,
            target,
            file,
            asked,
            guess=True,
            basis=basis,
            quotes=quotes,
            dry_run=dry_run,
            progress=say,
        )
    for line in report.lines():
        typer.echo(line)
    if report.bad:
        written = bad_rows or file.with_name(f"{file.stem}-to-mend.csv")
        if not dry_run:
            written.write_bytes(report.bad_rows_csv)
            typer.echo(f"The rows to mend are in {written}. Correct them there and import that file.")


def analyse(
    place: Annotated[str | None, typer.Option(help="Code or name of the place.")] = None,
    publish: Annotated[bool, typer.Option("--publish", help="Let everyone see the result.")] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same themes.")] = 0,
    resolution: Annotated[float | None, typer.Option(help="More gives more, smaller themes.")] = None,
) -> None:
    """Analyse a place's stories in this process, showing progress."""
    ready()
    _carry_out(place_named(place).id, {"seed": seed, "resolution": resolution}, publish)


def publish(number: Annotated[int, typer.Argument(help="The analysis to publish.")]) -> None:
    """Let everyone see an analysis."""
    from insight.coding import teaching

    ready()
    teaching.publish(SYSTEM, number)
    typer.echo(f"Analysis {number} is what everyone sees now.")


def export(
    out: Annotated[Path, typer.Argument(help="The CSV file to write.")],
    place: Annotated[str | None, typer.Option(help="Code or name of the place.")] = None,
) -> None:
    """Write the published board as CSV; small numbers are hidden as on the screen."""
    from insight.painpoints import export as board_as_csv

    ready()
    out.write_bytes(board_as_csv(SYSTEM, place_named(place)))
    typer.echo(f"The board is in {out}.")


def _carry_out(place_id: int, parameters: dict[str, Any], publish: bool) -> None:
    from insight import runs, worker
    from insight.coding import teaching

    run = runs.create(SYSTEM, place_id, parameters)
    with progress() as say:
        worker.work(run.id, say)
    done = runs.get(SYSTEM, run.id)
    facts = done.facts
    typer.echo(
        f"Analysis {run.id}: {facts['stories']:,} journeys, {facts['passages']:,} passages, {facts['themes']} themes, "
        f"{facts['unplaced']:,} passages in no theme; {facts['seconds_in_all']} seconds."
    )
    for why, number in done.left_out.items():
        typer.echo(f"Left out: {number:,} {why}.")
    if publish:
        teaching.publish(SYSTEM, run.id)
        typer.echo("Published.")
