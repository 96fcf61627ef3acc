"""What those who manage people may do: invite, change, disable, help somebody back in.

An admin with places, or of one organisation, manages people within that scope only, and gives nothing beyond it. Nobody
changes what they themselves may do.
"""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy.orm import Session

from insight.access import Actor, Permission, Role, use_case
from insight.accounts import lockout, rules, store
from insight.accounts.inviting import open_link
from insight.accounts.model import Account, InvitationMade, InvitationView, LinkKind, Refused
from insight.accounts.own import take_second_factor
from insight.accounts.sessions import as_account, places_of
from insight.accounts.tables import AccountRow, InvitationRow
from insight.database import session, write_session
from insight.errors import BadInput, Conflict, NotFound
from insight.intake import places as all_places
from insight.language import _
from insight.moments import now


@use_case(Permission.MANAGE_PEOPLE)
def people(actor: Actor) -> list[Account]:
    """Everybody whom this actor may manage, by name: an actor with places sees those within them only."""
    with session() as opened:
        accounts = [as_account(row) for row in store.all_accounts(opened)]
    return [account for account in accounts if rules.within(actor, account.places, account.organisation)]


@use_case(Permission.MANAGE_PEOPLE)
def invitations(actor: Actor) -> list[InvitationView]:
    """The open invitations that this actor may manage, newest first. Password links are not among them."""
    with session() as opened:
        views = [_view(row) for row in store.open_invitations(opened, now())]
    return [view for view in views if rules.within(actor, view.places, view.organisation)]


@use_case(Permission.MANAGE_PEOPLE, recorded=True)
def invite(
    actor: Actor, role: Role, places: Iterable[int] | None = None, organisation: str | None = None, email: str = ""
) -> InvitationMade:
    """Invite somebody for seven days. ``email`` is needed where they will sign in by the place's own provider.

    Places of None are every place. ``BadInput`` for a role nobody is invited to or a place that is not there,
    ``NotFound`` for places or an organisation beyond the actor's own.
    """
    given, named = _scope(actor, places, organisation)
    fitting, wanted = rules.fit_role(role), rules.fit_email(email)
    with write_session() as opened:
        token, row = open_link(opened, LinkKind.INVITE, fitting, actor.called, given, named, wanted)
        return InvitationMade(token, row.expires_at)


@use_case(Permission.MANAGE_PEOPLE, recorded=True)
def revoke_invitation(actor: Actor, number: int) -> None:
    """Take an open invitation back."""
    with write_session() as opened:
        row = opened.get(InvitationRow, number) if rules.is_number(number) else None
        if row is None or row.kind != LinkKind.INVITE or not _may_manage(actor, row):
            raise NotFound(_("That invitation is not open any more."))
        opened.delete(row)


@use_case(Permission.MANAGE_PEOPLE, recorded=True)
def change_person(
    actor: Actor, account_id: int, role: Role, places: Iterable[int] | None, organisation: str | None
) -> Account:
    """Change what somebody may do, from this moment on.

    ``Conflict`` where it is oneself, or where no admin for every place would be left; ``NotFound`` for an account,
    place or organisation beyond the actor's own.
    """
    given, named = _scope(actor, places, organisation)
    fitting = rules.fit_role(role)
    with write_session() as opened:
        whole = _whole_admins(opened)
        row = _somebody(opened, actor, account_id)
        if not (fitting is Role.ADMIN and given is None and named is None):
            _leave_one(whole, row)
        row.role, row.places = fitting, None if given is None else sorted(given)
        row.organisation = named
        return as_account(row)


@use_case(Permission.MANAGE_PEOPLE, recorded=True)
def disable(actor: Actor, account_id: int) -> None:
    """Let somebody sign in no more, and end their sessions. ``Conflict`` as :func:`change_person`."""
    with write_session() as opened:
        whole = _whole_admins(opened)
        row = _somebody(opened, actor, account_id)
        _leave_one(whole, row)
        row.disabled = True
        store.end_sessions(opened, row.id)
        store.drop_invitations(opened, LinkKind.RESET, row.id)


@use_case(Permission.MANAGE_PEOPLE, recorded=True)
def enable(actor: Actor, account_id: int) -> None:
    """Let somebody sign in again."""
    with write_session() as opened:
        _somebody(opened, actor, account_id).disabled = False


@use_case(Permission.MANAGE_PEOPLE, recorded=True)
def sign_person_out(actor: Actor, account_id: int) -> int:
    """End all sessions of somebody, who may sign in again; gives how many."""
    with write_session() as opened:
        return store.end_sessions(opened, _somebody(opened, actor, account_id).id)


@use_case(Permission.MANAGE_PEOPLE, recorded=True)
def sign_everybody_out(actor: Actor) -> int:
    """End all sessions of everybody whom this actor may manage, but for the actor's own; gives how many."""
    with write_session() as opened:
        others = (row for row in store.all_accounts(opened) if row.id != actor.account and _may_manage(actor, row))
        return sum(store.end_sessions(opened, row.id) for row in others)


@use_case(Permission.MANAGE_PEOPLE, recorded=True)
def reset_second_factor(actor: Actor, account_id: int) -> None:
    """Take somebody's second factor and recovery codes away, since they lost them; their sessions end."""
    with write_session() as opened:
        row = _somebody(opened, actor, account_id)
        take_second_factor(opened, row)
        store.end_sessions(opened, row.id)
    lockout.vouched_for(row.login)


@use_case(Permission.MANAGE_PEOPLE, recorded=True)
def reset_link(actor: Actor, account_id: int) -> InvitationMade:
    """A one-time link, for 24 hours, with which somebody sets a new password; it also ends any waiting."""
    with write_session() as opened:
        row = _somebody(opened, actor, account_id)
        if row.disabled:
            raise Conflict(_("That account is disabled. Enable it first."))
        store.drop_invitations(opened, LinkKind.RESET, row.id)
        token, link = open_link(opened, LinkKind.RESET, Role(row.role), actor.called, account_id=row.id)
    lockout.vouched_for(row.login)
    return InvitationMade(token, link.expires_at)


@use_case(Permission.MANAGE_PEOPLE)
def refused_sign_ins(actor: Actor, days: int = 30) -> list[Refused]:
    """How often people were refused at the door, by day and reason, newest first; not who, nor what they typed."""
    since = now().date() - timedelta(days=days)
    with session() as opened:
        return [Refused(row.day.isoformat(), row.why, row.times) for row in store.refused_since(opened, since)]


def _scope(
    actor: Actor, places: Iterable[int] | None, organisation: str | None
) -> tuple[frozenset[int] | None, str | None]:
    """A scope that this actor may give."""
    given = None if places is None else frozenset(places)
    named = rules.fit_organisation(organisation)
    if not rules.within(actor, given, named):
        raise NotFound(_("You can give people only places and an organisation that are yours. Choose among them."))
    if given is not None and not (given and given <= {place.id for place in all_places()}):
        raise BadInput(_("Choose at least one place, or every place."))
    return given, named


def _somebody(opened: Session, actor: Actor, account_id: int) -> AccountRow:
    """Somebody whom this actor may manage, and nobody else changes until the unit of work ends."""
    row = store.account_for_change(opened, account_id) if rules.is_number(account_id) else None
    if row is None or not _may_manage(actor, row):
        raise NotFound(_("There is nobody here with that account. Look at the list of people again."))
    if row.id == actor.account:
        raise Conflict(_("You cannot change your own account here. Ask somebody else who manages people."))
    return row


def _may_manage(actor: Actor, row: AccountRow | InvitationRow) -> bool:
    return rules.within(actor, places_of(row), row.organisation)


def _whole_admins(opened: Session) -> list[int]:
    """Who manages everything. Asked before anything is changed: of two changes at once the second waits, and sees."""
    return [row.id for row in store.admins_for_change(opened) if row.places is None and row.organisation is None]


def _leave_one(whole: list[int], row: AccountRow) -> None:
    if whole == [row.id]:
        raise Conflict(_("This is the last admin for every place. Make somebody else one first."))


def _view(row: InvitationRow) -> InvitationView:
    return InvitationView(
        row.id,
        Role(row.role),
        places_of(row),
        row.organisation,
        row.email or "",
        row.made_by,
        row.made_at,
        row.expires_at,
    )
