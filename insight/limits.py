"""How often something may be tried: counts per window, in the database, so that several processes share them."""

import time

from sqlalchemy import BigInteger, String
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from insight.database import Base, write_session
from insight.errors import InsightError
from insight.keys import tag
from insight.language import ngettext


class TooOften(InsightError):
    """It was tried too many times; ``seconds`` says how long to wait."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class AttemptsRow(Base):
    """How often one thing was tried by one asker within one window; the tag stands for both, and names neither."""

    __tablename__ = "attempts"
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    window: Mapped[int] = mapped_column(BigInteger)
    tries: Mapped[int]


def count_try(what: str, asker: str, most: int, seconds: int, now: float | None = None) -> int:
    """Count one try of something by an asker (an address, or ``""`` for everyone together); gives what is left.

    Windows are fixed and ``seconds`` long. Raises :class:`TooOften` when ``most`` tries were made in this one.
    """
    moment = time.time() if now is None else now
    window = int(moment // seconds)
    named = tag("attempts", what, asker)
    with write_session() as opened:
        row = _row(opened, named, window)
        if row.window != window:
            row.window, row.tries = window, 0
        row.tries += 1
        left = most - row.tries
    if left < 0:
        wait = int((window + 1) * seconds - moment) + 1
        minutes = max(1, round(wait / 60))
        words = ngettext(
            "That was tried too often. Wait {number} minute, then try again.",
            "That was tried too often. Wait {number} minutes, then try again.",
            minutes,
        )
        raise TooOften(words.format(number=minutes), wait)
    return left


def give_back(what: str, asker: str) -> None:
    """Let the last try of something not count, since it was a right one."""
    with write_session() as opened:
        row = opened.get(AttemptsRow, tag("attempts", what, asker), with_for_update=True)
        if row is not None:
            row.tries = max(0, row.tries - 1)


def _row(opened: Session, named: str, window: int) -> AttemptsRow:
    """The row to count in, which nobody else counts in until this is done; made at the first try."""
    known = opened.get(AttemptsRow, named, with_for_update=True)
    if known is not None:
        return known
    try:
        with opened.begin_nested():
            opened.add(AttemptsRow(tag=named, window=window, tries=0))
    except IntegrityError:
        pass  # another first try came first, and counts
    return opened.get_one(AttemptsRow, named, with_for_update=True, populate_existing=True)
