"""The command line: all that the pages can do, for people and for schedules."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from insight.access import SYSTEM
from insight.commands import audit, backup, keys, mask, people, records, work
from insight.errors import BadInput, InsightError, NotFound, NotReady
from insight.settings import ROOT, is_loopback, settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Throughline: hear residents' journeys across public services, and see where they hurt.",
)
app.add_typer(backup.app)
app.command()(work.work)
app.command()(mask.mask)
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


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
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


@app.command()
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
    _ready()
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


@app.command()
def migrate() -> None:
    """Bring the database to the version this program needs."""
    from insight.database import upgrade

    upgrade()
    typer.echo("The database is ready.")


@app.command()
def demo(
    journeys: Annotated[int, typer.Option(min=1, help="How many journeys to invent.")] = 1_200,
    seed: Annotated[int, typer.Option(help="The same seed makes the same place.")] = 2026,
    truth: Annotated[Path | None, typer.Option(help="Also write which pain was planted where, as CSV.")] = None,
    analyse: Annotated[bool, typer.Option(help="Analyse and publish afterwards.")] = True,
) -> None:
    """Build the demo place: a fictional place with invented journeys, labelled synthetic wherever it shows."""
    from insight.demo.build import build

    _ready()
    with _progress() as say:
        place, kept = build(journeys, seed, truth, say)
    typer.echo(f"{place.name}: {kept:,} invented journeys added.")
    if analyse:
        _analyse(place.id, {}, publish=True)


@app.command(name="import")
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

    _ready()
    named = {"text": text, "service": service, "date": date, "feeling": feeling}
    for field, _, told in (pair.partition("=") for pair in column or ()):
        named[field] = told
    asked = {field: told for field, told in named.items() if told}
    target = add_place(SYSTEM, place or settings().place)
    with _progress() as say:
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


@app.command()
def analyse(
    place: Annotated[str | None, typer.Option(help="Code or name of the place.")] = None,
    publish: Annotated[bool, typer.Option("--publish", help="Let everyone see the result.")] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same themes.")] = 0,
    resolution: Annotated[float | None, typer.Option(help="More gives more, smaller themes.")] = None,
) -> None:
    """Analyse a place's stories in this process, showing progress."""
    _ready()
    _analyse(_place(place).id, {"seed": seed, "resolution": resolution}, publish)


@app.command()
def publish(number: Annotated[int, typer.Argument(help="The analysis to publish.")]) -> None:
    """Let everyone see an analysis."""
    from insight.coding import teaching

    _ready()
    teaching.publish(SYSTEM, number)
    typer.echo(f"Analysis {number} is what everyone sees now.")


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="The CSV file to write.")],
    place: Annotated[str | None, typer.Option(help="Code or name of the place.")] = None,
) -> None:
    """Write the published board as CSV; small numbers are hidden as on the screen."""
    from insight.painpoints import export as board_as_csv

    _ready()
    out.write_bytes(board_as_csv(SYSTEM, _place(place)))
    typer.echo(f"The board is in {out}.")


@app.command()
def tidy() -> None:
    """Forget old drafts and old copies, and write the database anew without what was erased. Run it every night."""
    from insight import receipts

    _ready()
    done = receipts.tidy(SYSTEM)
    typer.echo(f"Unsent journeys forgotten: {done.drafts:,}. Old copies of the database deleted: {done.copies:,}.")
    typer.echo("The database was written anew: nothing that was erased is left in it.")


@app.command()
def themes(
    file: Annotated[Path, typer.Argument(help="A CSV file.")],
    text: Annotated[str, typer.Option(help="Column with the texts.")],
    out: Annotated[Path, typer.Option(help="Folder to write the results to.")],
    id: Annotated[str | None, typer.Option(help="Column with an id; otherwise rows are numbered.")] = None,
    labelled: Annotated[str | None, typer.Option(help="Column of labels to score the themes against.")] = None,
    stories: Annotated[bool, typer.Option("--stories", help="Give each row all themes of its passages.")] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same themes.")] = 0,
    resolution: Annotated[float | None, typer.Option(help="More gives more, smaller themes.")] = None,
) -> None:
    """Find the themes in a file of texts; needs no database."""
    from insight.themes.files import analyse_file
    from insight.themes.scoring import in_words

    with _progress() as say:
        made = analyse_file(
            file,
            text=text,
            id=id,
            labelled=labelled,
            stories=stories,
            seed=seed,
            resolution=resolution,
            out=out,
            progress=say,
        )
    typer.echo(f"{made['themes']} themes, written to {out}. What was read, used and left out is in run.json.")
    if "score" in made:
        typer.echo(in_words(made["score"]))


@app.command()
def journeys(
    file: Annotated[Path, typer.Argument(help="An event log: CSV or XES, also as .gz, or Parquet.")],
    out: Annotated[Path, typer.Option(help="Folder to write the results to.")],
    journey: Annotated[str | None, typer.Option(help="Column with the journey's id; XES needs no columns.")] = None,
    step: Annotated[str | None, typer.Option(help="Column with the name of the step.")] = None,
    time: Annotated[str | None, typer.Option(help="Column with the time of the step.")] = None,
    organisation: Annotated[str | None, typer.Option(help="Column with the organisation or team.")] = None,
    order: Annotated[str | None, typer.Option(help="Column with a number that orders steps of the same time.")] = None,
    intended: Annotated[Path | None, typer.Option(help="An intended journey (TOML) to compare with.")] = None,
) -> None:
    """Find the paths, waits and handoffs in an event log; needs no database."""
    from insight.journeys.files.reading import Columns
    from insight.journeys.files.tool import mine_file

    columns = Columns(journey, step, time, organisation, order)
    with _progress() as say:
        made = mine_file(file, columns, out, intended=intended, progress=say)
    typer.echo(f"{made['journeys']:,} journeys, {made['events']:,} steps, {made['variants']:,} different paths.")
    for why, number in made["rows_left_out"].items():
        typer.echo(f"Rows left out {why}: {number:,}.")
    if made["tied_steps"]:
        typer.echo(
            f"Steps at the very time of the step before them, which stand as in the file: {made['tied_steps']:,}. "
            f"{'Check the order column.' if order else 'If a column says their order, name it with --order.'}"
        )
    for note in made["notes"]:
        typer.echo(note)
    typer.echo(f"The tables and summary.json are in {out}.")


def _ready() -> None:
    from insight.database import prepare

    prepare(typer.echo)


def _place(name: str | None) -> Any:
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


def _build_demo_if_empty() -> None:
    from insight.intake import places

    if not places():
        typer.echo("Building the demo place (about half a minute, once).")
        demo(journeys=1_200, seed=2026, truth=None, analyse=True)


def _analyse(place_id: int, parameters: dict[str, Any], publish: bool) -> None:
    from insight import runs, worker
    from insight.coding import teaching

    run = runs.create(SYSTEM, place_id, parameters)
    with _progress() as say:
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
