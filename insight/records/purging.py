"""Purging what is overdue, in batches, each of which proves itself before it is kept."""

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from insight import audit, intake
from insight.access import Actor, Permission, Role, use_case
from insight.database import session, write_session
from insight.errors import NotReady
from insight.intake import Place
from insight.intake.place_store import lock_place
from insight.moments import now
from insight.receipts import erasing, leaving
from insight.records import rules, store
from insight.records.model import Proof
from insight.records.retention import Scope, digest_of, proof, scopes_of
from insight.records.tables import PurgeRow

log = logging.getLogger("throughline")
BATCH = 100  # stories in one transaction: others who write wait about a second
IN_ANALYSES = "analyses"
DAILY = Actor(Role.ADMIN, "daily purge")


@use_case(Permission.KEEP_RECORDS, recorded=True)
def purge(actor: Actor, place: Place) -> list[Proof]:
    """Erase what is overdue in a place, the way in which its teller would; gives a proof for each rule that did so.

    A batch of stories is erased, every table that may name a story is looked through for them, and only when none of
    them is found is the batch kept. A purge that was interrupted is gone on with. Stories whose safeguarding item is
    open stay. Raises :class:`~insight.errors.NotReady` when something was still there: that batch is then untouched.
    """
    with session() as opened:
        scopes = scopes_of(opened, place.id)
    begun = [(scope, number) for scope in scopes if (number := _begin(actor, scope)) is not None]
    for scope, number in begun:
        while _batch(scope, number):
            pass
        _end(actor, scope, number)
    erasing.leave_no_trace()
    with session() as opened:
        titles = {scope.survey_id: scope.title for scope in scopes}
        return [proof(opened.get_one(PurgeRow, number), titles) for _scope, number in begun]


def purge_everywhere() -> int:
    """Purge every place in which something is overdue; gives how many stories. The daily chore."""
    purged, failed = 0, []
    for place in intake.places():
        try:
            if is_due(place):
                purged += sum(made.stories for made in purge(DAILY, place))
        except Exception as fault:  # what cannot be purged in one place must not be kept in another for it
            log.error("purge of place %s failed: %s", place.id, type(fault).__name__)
            failed.append(place.code)
    if failed:
        raise NotReady(f"Some places could not be purged: {', '.join(failed)}.")
    return purged


def is_due(place: Place) -> bool:
    """Whether a purge of a place would erase anything, or go on with one that was interrupted."""
    with session() as opened:
        return any(_begins(opened, scope) for scope in scopes_of(opened, place.id))


def _begins(opened: Session, scope: Scope) -> bool:
    return store.unfinished(opened, scope.place_id, scope.survey_id) is not None or _overdue(opened, scope, now())


def _overdue(opened: Session, scope: Scope, at: datetime) -> bool:
    if scope.rule is None:
        return False
    until = rules.told_before(at, scope.rule.days)
    return store.count_told(opened, scope.where, None, until) > store.count_kept(opened, scope.where, until)


def _begin(actor: Actor, scope: Scope) -> int | None:
    """The number of the purge under a rule: a new one, or the one that was interrupted; None where nothing is due."""
    with write_session() as opened:
        lock_place(opened, scope.place_id)
        begun = store.unfinished(opened, scope.place_id, scope.survey_id)
        if begun is not None:
            return begun.id
        at = now()
        if scope.rule is None or not _overdue(opened, scope, at):
            return None
        made = store.add_purge(
            opened,
            place_id=scope.place_id,
            survey_id=scope.survey_id,
            days=scope.rule.days,
            told_before=rules.told_before(at, scope.rule.days),
            begun_by=actor.called,
            begun_at=at,
        )
        return made.id


def _batch(scope: Scope, number: int) -> bool:
    """Erase one batch and look for what is left of it; False where nothing was due any more."""
    with write_session() as opened:
        row = store.purge_for_change(opened, number)
        # A rule that was loosened or taken away since an interrupted purge began spares what it no longer covers.
        if row.ended_at is not None or scope.rule is None:
            return False
        until = min(row.told_before, rules.told_before(now(), scope.rule.days))
        stories = store.overdue(opened, scope.where, until, BATCH)
        if not stories:
            return False
        ids = [story.id for story in stories]
        counts = erasing.erase_stories(opened, scope.place_id, stories)
        opened.flush()
        found = store.still_naming(opened, ids)
        found[IN_ANALYSES] = len(leaving.runs_that_read(opened, scope.place_id, *ids))
        _none_left(found)
        row.stories += len(ids)
        analyses = max(row.counts.get(IN_ANALYSES, 0), counts.pop(IN_ANALYSES))  # each batch leaves the same ones
        row.counts = {name: row.counts.get(name, 0) + counts[name] for name in counts} | {IN_ANALYSES: analyses}
        row.checked = found
    leaving.forget_cached_runs()
    return True


def _end(actor: Actor, scope: Scope, number: int) -> None:
    """Look once more, then close the proof and write its digest into the audit."""
    with write_session() as opened:
        row = store.purge_for_change(opened, number)
        if row.ended_at is not None:
            return
        _none_left(store.naming_nothing(opened))
        row.kept = store.count_kept(opened, scope.where, row.told_before)
        row.ended_at = now()
        row.digest = digest_of(row)
        opened.flush()
        told = f"purge {number}, proof {row.digest}"
        audit.record_within(opened, actor.called, actor.role, "records.purged", scope.place_id, told)


def _none_left(found: dict[str, int]) -> None:
    left = sorted(name for name, rows in found.items() if rows)
    if left:
        raise NotReady(f"The purge stopped: stories would still be named in {', '.join(left)}. Please report this.")
