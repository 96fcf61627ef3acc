"""``mask``: look for what points to a person in stories that were kept before the product did so on arrival."""

from typing import Annotated

import typer

from insight.access import SYSTEM


def mask(
    batch: Annotated[int, typer.Option(min=1, max=5_000, help="Stories that are looked through at a time.")] = 100,
) -> None:
    """Put marks for names, numbers and addresses into stories that arrived before this was done. May be stopped."""
    from insight import moderation
    from insight.database import prepare

    prepare(lambda told: typer.echo(told, err=True))
    looked, changed = 0, 0
    while (done := moderation.mask_older(SYSTEM, batch))[0]:
        looked, changed = looked + done[0], changed + done[1]
        typer.echo(f"{looked:,} stories looked through, {changed:,} changed.")
    if changed:
        typer.echo("Start a new analysis in each place: analyses made before pass the changed stories over.")
    typer.echo("Every story has been looked through.")
