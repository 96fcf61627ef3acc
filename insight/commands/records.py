"""Records from the command line: purging what is overdue, and the documents that the law asks for."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from insight.access import SYSTEM
from insight.errors import BadInput
from insight.language import day

if TYPE_CHECKING:
    from insight.records import Document

app = typer.Typer(no_args_is_help=True, help="How long things are kept, and what is written down about it.")

PlaceCode = Annotated[str | None, typer.Option(help="Code of the place.")]
Out = Annotated[Path, typer.Option(help="The file to write: .md for Markdown, .html for a page.")]


@app.command()
def purge(
    place: Annotated[str | None, typer.Option(help="Code of one place; every place without it.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say only what would be erased.")] = False,
) -> None:
    """Erase what is overdue by the retention rules, and look afterwards that nothing of it is left."""
    from insight import records
    from insight.intake import current_place, places

    _ready()
    for one in [current_place(place)] if place else places():
        held = records.retention(SYSTEM, one)
        for clock in held.unset:
            typer.echo(f"{one.name}: no rule for {clock.title or 'stories outside of surveys'}; they are kept.")
        if dry_run:
            typer.echo(f"{one.name}: {held.due:,} stories would be erased.")
            continue
        proofs = records.purge(SYSTEM, one) if held.due or any(not proof.ended_at for proof in held.proofs) else []
        typer.echo(f"{one.name}: {sum(proof.stories for proof in proofs):,} stories erased.")
        for proof in proofs:
            found = f"{len(proof.checked)} places were looked through, and none was left"
            typer.echo(f"Proof {proof.number}: told until {day(proof.told_before)}; {found}. {proof.digest}")


@app.command()
def ropa(out: Out, place: PlaceCode = None) -> None:
    """Write the record of processing activities (UK GDPR, Article 30)."""
    from insight import records
    from insight.intake import current_place

    _ready()
    _write(records.processing(SYSTEM, current_place(place)).ropa, out)


@app.command()
def dpia(out: Out, place: PlaceCode = None) -> None:
    """Write a draft of the data protection impact assessment (UK GDPR, Article 35)."""
    from insight import records
    from insight.intake import current_place

    _ready()
    _write(records.processing(SYSTEM, current_place(place)).dpia, out)


def _write(document: "Document", out: Path) -> None:
    from insight import records

    kinds = {".md": records.as_markdown, ".html": records.as_html}
    if out.suffix.lower() not in kinds:
        raise BadInput("Name a file that ends in .md or .html.")
    try:
        out.write_bytes(kinds[out.suffix.lower()](document))
    except OSError as fault:
        raise BadInput(f"The file {out.name} cannot be written ({type(fault).__name__}).") from None
    typer.echo(f"Written to {out}. It says at its start what people still have to decide.")


def _ready() -> None:
    from insight.database import prepare

    prepare(lambda told: typer.echo(told, err=True))
