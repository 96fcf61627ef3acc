"""The tools for files, which need no database: ``themes`` and ``journeys``."""

from pathlib import Path
from typing import Annotated

import typer

from insight.commands.common import progress


def themes(
    file: Annotated[Path, typer.Argument(help="A CSV file.")],
    text: Annotated[str, typer.Option(help="Column with the texts.")],
    out: Annotated[Path, typer.Option(help="Folder to write the results to.")],
    id: Annotated[str | None, typer.Option(help="Column with an id; otherwise rows are numbered.")] = None,
    labelled: Annotated[str | None, typer.Option(help="Column of labels to score the themes against.")] = None,
    stories: Annotated[bool, typer.Option("--stories", help="Give each row all themes of its passages.")] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same themes.")] = 0,
    resolution: Annotated[float | None, typer.Option(help="More gives more, smaller themes.")] = None,
    encoder: Annotated[Path | None, typer.Option(help="Folder of a sentence model, instead of our table.")] = None,
) -> None:
    """Find the themes in a file of texts; needs no database."""
    from insight.text.sentence_model import SentenceModel
    from insight.themes.files import analyse_file
    from insight.themes.scoring import in_words

    with progress() as say:
        made = analyse_file(
            file,
            text=text,
            id=id,
            labelled=labelled,
            stories=stories,
            seed=seed,
            resolution=resolution,
            encoder=SentenceModel.load(encoder) if encoder else None,
            out=out,
            progress=say,
        )
    typer.echo(f"{made['themes']} themes, written to {out}. What was read, used and left out is in run.json.")
    if "score" in made:
        typer.echo(in_words(made["score"]))


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
    with progress() as say:
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
