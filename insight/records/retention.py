"""How long stories are kept: rules of a place and of its surveys, each with a clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from insight.access import Actor, Permission, use_case
from insight.database import session, write_session
from insight.errors import NotFound
from insight.intake import Place
from insight.intake.place_store import lock_place
from insight.intake.tables import StoryRow
from insight.language import _
from insight.moments import now
from insight.records import rules, store
from insight.records.model import Clock, Proof, Retention
from insight.records.tables import PurgeRow, RetentionRow

PROOFS_SHOWN = 50


@dataclass(frozen=True)
class Scope:
    """The stories that one rule is for, and the rule: a survey's own, else the place's."""

    place_id: int
    survey_id: int | None
    survey: str | None
    title: str | None
    where: ColumnElement[bool]
    rule: RetentionRow | None

    @property
    def own(self) -> bool:
        """Whether the rule was set for just these."""
        return self.rule is not None and self.rule.survey_id == self.survey_id


@use_case(Permission.KEEP_RECORDS)
def retention(actor: Actor, place: Place) -> Retention:
    """The rules of a place, what falls due when under each, and the newest proofs of purges."""
    at = now()
    with session() as opened:
        scopes = scopes_of(opened, place.id)
        clocks = [_clock(opened, scope, at) for scope in scopes]
        titles = {scope.survey_id: scope.title for scope in scopes}
        return Retention(clocks, [proof(row, titles) for row in store.purges_of(opened, place.id, PROOFS_SHOWN)])


@use_case(Permission.KEEP_RECORDS, recorded=True)
def set_retention(actor: Actor, place: Place, days: int | None, survey: str | None = None) -> None:
    """Keep the stories of a survey (by its code), or all others of a place, for so many days after they were told.

    None takes the rule away: a survey then goes by the place's, and what has no rule is kept.
    """
    if days is not None:
        rules.check_days(days)
    with write_session() as opened:
        lock_place(opened, place.id)
        survey_id = _survey_id(opened, place.id, survey)
        row = store.rule_of(opened, place.id, survey_id)
        if days is None:
            if row is not None:
                opened.delete(row)
            return
        if row is None:
            row = RetentionRow(place_id=place.id, survey_id=survey_id)
            opened.add(row)
        row.days, row.set_by, row.set_at = days, actor.called, now()


def scopes_of(opened: Session, place_id: int) -> list[Scope]:
    """A place's own scope, then one for each survey. Surveys without a rule of their own go by the place's."""
    by_survey = {row.survey_id: row for row in store.rules_of(opened, place_id)}
    surveys = store.surveys_of(opened, place_id)
    own = by_survey.get(None)
    others = Scope(place_id, None, None, None, store.of_place(place_id, [row.id for row in surveys]), own)
    return [
        others,
        *(
            Scope(place_id, row.id, row.code, row.title, store.of_survey(place_id, row.id), by_survey.get(row.id, own))
            for row in surveys
        ),
    ]


def falls_due(opened: Session, story: StoryRow) -> tuple[int, datetime] | None:
    """For how many days a story is kept, and when it falls due; None while no rule was set."""
    by_survey = {row.survey_id: row for row in store.rules_of(opened, story.place_id)}
    rule = by_survey.get(story.survey_id) or by_survey.get(None)
    return None if rule is None else (rule.days, rules.due_at(story.told_at, rule.days))


def proof(row: PurgeRow, titles: dict[int | None, str | None]) -> Proof:
    """A purge as people read it."""
    return Proof(
        number=row.id,
        title=titles.get(row.survey_id),
        days=row.days,
        told_before=row.told_before,
        stories=row.stories,
        kept=row.kept,
        counts=row.counts,
        checked=row.checked,
        begun_by=row.begun_by,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        digest=row.digest,
        holds=row.digest is not None and row.digest == digest_of(row),
    )


def digest_of(row: PurgeRow) -> str:
    """The digest of all that a proof says."""
    names = ("days", "told_before", "stories", "kept", "counts", "checked", "begun_by", "begun_at", "ended_at")
    told: dict[str, Any] = {name: getattr(row, name) for name in names}
    return rules.digest(row.id, row.place_id, row.survey_id, told)


def _clock(opened: Session, scope: Scope, at: datetime) -> Clock:
    stories = store.count(opened, scope.where)
    if scope.rule is None:
        return Clock(scope.survey, scope.title, None, False, "", None, stories)
    days = scope.rule.days
    until = rules.told_before(at, days)
    oldest = store.oldest_after(opened, scope.where, until)
    return Clock(
        survey=scope.survey,
        title=scope.title,
        days=days,
        own=scope.own,
        set_by=scope.rule.set_by,
        set_at=scope.rule.set_at,
        stories=stories,
        due=store.count_told(opened, scope.where, None, until),
        kept=store.count_kept(opened, scope.where, until),
        soon=store.count_told(opened, scope.where, until, until + rules.SOON),
        next_due=None if oldest is None else rules.due_at(oldest, days),
    )


def _survey_id(opened: Session, place_id: int, code: str | None) -> int | None:
    if code is None:
        return None
    for row in store.surveys_of(opened, place_id):
        if row.code == code:
            return row.id
    raise NotFound(_("There is no survey with that address in this place."))
