"""The keys that lock what people wrote: ``keys rotate``, ``keys reseal``, ``keys status``, ``keys drop``."""

import typer

from insight.access import SYSTEM
from insight.database import prepare
from insight.settings import settings

app = typer.Typer(no_args_is_help=True, help="The keys that lock what people wrote.")


@app.command()
def rotate() -> None:
    """Make a new key, and lock everything anew with it; the product may be in use meanwhile."""
    from insight.operations import rekeying

    prepare(typer.echo)
    number = rekeying.rotate(SYSTEM, _say)
    typer.echo(f"Key {number} locks everything now. Back up {settings().text_keys_file}, then run `keys drop`.")


@app.command()
def reseal() -> None:
    """Lock with the current key what older ones lock: after a rotation that was interrupted."""
    from insight.operations import rekeying

    prepare(typer.echo)
    typer.echo(f"Rows locked anew: {rekeying.reseal(SYSTEM, _say):,}.")


@app.command()
def status() -> None:
    """Say how many values each key locks."""
    from insight.operations import rekeying

    prepare(typer.echo)
    for key in rekeying.key_uses(SYSTEM):
        typer.echo(f"key {key.number}: {key.values:,} values{' (locks new ones)' if key.current else ''}")


@app.command()
def drop() -> None:
    """Forget the keys that lock nothing any more. Backups from before the rotation still need them."""
    from insight.operations import rekeying

    prepare(typer.echo)
    dropped = rekeying.drop_keys(SYSTEM)
    typer.echo(f"Keys forgotten: {', '.join(map(str, dropped))}." if dropped else "Every older key is in use still.")


def _say(stage: str, done: int, total: int) -> None:
    typer.echo(f"{stage}: table {done + 1} of {total}", err=True)
