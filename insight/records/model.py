"""The words of records: rules of retention with their clock, proofs of purges, and files to take away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Clock:
    """How long some stories are kept, and what falls due when: a survey's, or (``survey`` None) all others of a place.

    ``days`` is None where no rule was set: they are kept until one is. ``own`` is false where a survey goes by the
    place's rule. ``due`` stories are overdue, ``kept`` of them stay while their safeguarding item is open; ``soon``
    fall due within 30 days, the first of all that are not overdue at ``next_due``.
    """

    survey: str | None
    title: str | None
    days: int | None
    own: bool
    set_by: str
    set_at: datetime | None
    stories: int
    due: int = 0
    kept: int = 0
    soon: int = 0
    next_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """That stories were purged: under which rule, when, by whom, how much of what, and what was found afterwards.

    ``checked`` says for each column that names a story how many rows still named one of these: 0. ``digest`` is
    computed from all of it and stands in the audit too; ``holds`` says that it still fits. ``ended_at`` is None where a
    purge was interrupted; the next one goes on with it.
    """

    number: int
    title: str | None
    days: int
    told_before: datetime
    stories: int
    kept: int
    counts: Mapping[str, int]
    checked: Mapping[str, int]
    begun_by: str
    begun_at: datetime
    ended_at: datetime | None
    digest: str | None
    holds: bool


@dataclass(frozen=True, slots=True)
class Retention:
    """The rules of a place with their clocks, its own first, and the newest proofs."""

    clocks: Sequence[Clock]
    proofs: Sequence[Proof]

    @property
    def due(self) -> int:
        """How many stories a purge would erase now."""
        return sum(clock.due - clock.kept for clock in self.clocks)

    @property
    def unset(self) -> Sequence[Clock]:
        """Those without any rule that hold stories, and the place's own."""
        return [clock for clock in self.clocks if clock.days is None and (clock.stories or clock.survey is None)]
