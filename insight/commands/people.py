"""People from the command line: who may sign in, and one-time links to let somebody in, or back in."""

from typing import Annotated

import typer

from insight.access import SYSTEM, Role
from insight.database import prepare
from insight.errors import BadInput, NotFound
from insight.settings import served_at, settings

app = typer.Typer(no_args_is_help=True, help="The people who may sign in.")

Login = Annotated[str, typer.Argument(help="Their login.")]


@app.command(name="list")
def list_() -> None:
    """List everybody, with role, scope and when they were last here."""
    from insight import accounts
    from insight.intake import places

    prepare(typer.echo)
    names = {place.id: place.name for place in places()}
    for person in accounts.people(SYSTEM):
        where = "every place" if person.places is None else ", ".join(names.get(n, "?") for n in sorted(person.places))
        seen = f"{person.last_seen_at:%Y-%m-%d}" if person.last_seen_at else "never here"
        second = "second factor" if person.second_factor else "no second factor"
        told = [person.login, person.name, person.role, where, person.organisation or "", second, seen]
        typer.echo("  ".join(part for part in [*told, "disabled" if person.disabled else ""] if part))


@app.command()
def invite(
    role: Annotated[Role, typer.Option(help="What they may do.")],
    place: Annotated[list[str] | None, typer.Option(help="Code of a place; more than once for several.")] = None,
    organisation: Annotated[str, typer.Option(help="The partner whose own stories alone they see whole.")] = "",
    email: Annotated[str, typer.Option(help="Needed where they sign in by the place's own provider.")] = "",
) -> None:
    """Make a one-time link, for seven days, with which somebody gets an account; without --place for every place."""
    from insight import accounts
    from insight.intake import current_place

    prepare(typer.echo)
    numbers = [current_place(code).id for code in place] if place else None
    _print_link(accounts.invite(SYSTEM, role, numbers, organisation, email).token, "7 days")


@app.command()
def disable(login: Login) -> None:
    """Let somebody sign in no more, and end their sessions."""
    from insight import accounts

    accounts.disable(SYSTEM, _number(login))
    typer.echo("They cannot sign in any more.")


@app.command()
def enable(login: Login) -> None:
    """Let somebody sign in again."""
    from insight import accounts

    accounts.enable(SYSTEM, _number(login))
    typer.echo("They can sign in again.")


@app.command(name="sign-out")
def sign_out(login: Login) -> None:
    """End all sessions of somebody, who may sign in again."""
    from insight import accounts

    typer.echo(f"Sessions ended: {accounts.sign_person_out(SYSTEM, _number(login))}")


@app.command(name="sign-everybody-out")
def sign_everybody_out() -> None:
    """End all sessions of everybody; they sign in again. For when somebody may hold a session that is not theirs."""
    from insight import accounts

    prepare(typer.echo)
    typer.echo(f"Sessions ended: {accounts.sign_everybody_out(SYSTEM):,}")


@app.command(name="reset-link")
def reset_link(login: Login) -> None:
    """Make a one-time link, for 24 hours, with which somebody sets a new password; it also ends any waiting."""
    from insight import accounts

    _print_link(accounts.reset_link(SYSTEM, _number(login)).token, "24 hours")


@app.command(name="reset-second-factor")
def reset_second_factor(login: Login) -> None:
    """Take away a second factor that somebody lost; a role that needs one sets up another at the next sign-in."""
    from insight import accounts

    accounts.reset_second_factor(SYSTEM, _number(login))
    typer.echo("Their second factor and recovery codes are gone.")


@app.command(name="check-breached")
def check_breached() -> None:
    """Read the place's own list of breached passwords from end to end, and say whether it can be used."""
    from insight import accounts

    if not (lines := accounts.look_at_list(whole=True)):
        raise BadInput("No list is set. Name its file in INSIGHT_BREACHED_PASSWORDS: see docs/accounts.md")
    typer.echo(f"{lines:,} hashes, in order.")


@app.command(name="check-provider")
def check_provider() -> None:
    """Ask the place's own sign-in provider who it is, and say whether it is the one that the settings mean."""
    from insight import accounts

    accounts.look_at_provider_settings()
    if not settings().oidc_metadata_url:
        raise BadInput("No provider is set. Name it in INSIGHT_OIDC_METADATA_URL: see docs/sign-in.md")
    typer.echo(f"The provider is the one that the settings mean: {accounts.check_description()}")


@app.command(name="first-admin")
def first_admin() -> None:
    """Make the one-time link of the first admin, for 24 hours; the one before no longer holds."""
    from insight import accounts

    prepare(typer.echo)
    token = accounts.first_admin_token()
    if token is None:
        raise BadInput("There are accounts already. Use: people invite --role admin, or: people reset-link LOGIN")
    _print_link(token, "24 hours")


def first_admin_link() -> str | None:
    """The address that a server prints at its start while nobody has an account; None once somebody has."""
    from insight import accounts

    token = accounts.first_admin_token()
    return None if token is None else link(token)


def link(token: str) -> str:
    """The address of a one-time link."""
    return f"{settings().public_url.rstrip('/') or served_at()}/invitation/{token}"


def _print_link(token: str, holds: str) -> None:
    typer.echo(f"Open this link within {holds}; it works once, and is not shown again:\n{link(token)}")


def _number(login: str) -> int:
    from insight import accounts
    from insight.accounts.rules import tidy_login

    prepare(typer.echo)
    known = {person.login: person.id for person in accounts.people(SYSTEM)}
    number = known.get(tidy_login(login))
    if number is None:
        raise NotFound("Nobody has that login. See: people list")
    return number
