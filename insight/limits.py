"""How often something may be tried: counts per window, in the database, so that several processes share them."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock

from sqlalchemy import BigInteger, String, delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from insight.database import Base, write_session
from insight.errors import InsightError
from insight.keys import tag
from insight.language import ngettext

SHORTEST_WAIT, LONGEST_WAIT = 60, 60 * 60  # seconds
FORGOTTEN_AFTER = 24 * 60 * 60
SHARE = 10  # a process tells the database of its tries when they are a tenth of what may be tried
MOST_KEPT = 50_000  # askers that a process remembers


class TooOften(InsightError):
    """It was tried too many times; ``seconds`` says how long to wait."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


class AttemptsRow(Base):
    """How often one thing was tried by one asker since ``window``, in seconds since 1970; the tag names neither."""

    __tablename__ = "attempts"
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    window: Mapped[int] = mapped_column(BigInteger)
    tries: Mapped[int]


def count_try(what: str, asker: str, most: int, seconds: int, now: float | None = None) -> int:
    """Count one try of something by an asker (an address, or ``""`` for everyone together); gives what is left.

    Windows are fixed and ``seconds`` long. Raises :class:`TooOften` when ``most`` tries were made in this one.
    """
    moment = time.time() if now is None else now
    window = _window(moment, seconds)
    left = most - _add(tag("attempts", what, asker), window, 1)
    if left < 0:
        raise too_often_until(seconds, moment)
    return left


def count_lightly(
    what: str, asker: str, most: int, seconds: int, now: float | None = None
) -> tuple[int, Callable[[], int] | None]:
    """As :func:`count_try`, for what is tried all the time: most tries are counted in this process alone.

    Gives how many tries were made in this window, as far as this process knows, and, now and then, a function that
    tells the database and learns what other processes counted; who may not wait calls it elsewhere. The database hears
    a tenth of ``most`` at a time, and nothing of what is refused, so that a flood costs it ten writes; each process may
    let through a tenth too many. What is too often is for the caller to say, with :func:`too_often_until`.
    """
    moment = time.time() if now is None else now
    window, named = _window(moment, seconds), tag("attempts", what, asker)
    with _lock:
        counted = _counted(named, window)
        counted.untold += 1
        tries, told = counted.known + counted.untold, 0
        if counted.known <= most and counted.untold >= max(1, most // SHARE):
            told, counted.known, counted.untold = counted.untold, tries, 0
    return tries, partial(_tell, counted, named, told) if told else None


def count_often(what: str, asker: str, most: int, seconds: int) -> None:
    """Count lightly one try of what may be tried often; raises :class:`TooOften` when it was too often."""
    tries, tell = count_lightly(what, asker, most, seconds)
    if max(tries, tell() if tell else 0) > most:
        raise too_often_until(seconds)


def _tell(counted: "_Counted", named: str, told: int) -> int:
    tries = _add(named, counted.window, told)
    with _lock:
        counted.known = max(counted.known, tries)
    return tries


def too_often_until(seconds: int, now: float | None = None) -> TooOften:
    """What is said to somebody who tried too often in this window of so many seconds."""
    moment = time.time() if now is None else now
    return _too_often(int(_window(moment, seconds) + seconds - moment) + 1)


@dataclass(slots=True)
class _Counted:
    """Tries in a window: ``known`` to the database when it was last asked, and ``untold`` since."""

    window: int
    known: int = 0
    untold: int = 0


_kept: dict[str, _Counted] = {}
_lock = Lock()


def _counted(named: str, window: int) -> _Counted:
    found = _kept.get(named)
    if found is None or found.window != window:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()  # who was here before starts anew in this process; the database remembers
        found = _kept[named] = _Counted(window)
    return found


def _window(moment: float, seconds: int) -> int:
    return int(moment // seconds) * seconds


def _add(named: str, window: int, tries: int) -> int:
    """Add tries in a window; gives how many they are by now."""
    with write_session() as opened:
        row = _row(opened, named, window)
        if row.window != window:
            row.window, row.tries = window, 0
        row.tries += tries
        return row.tries


def give_back(what: str, asker: str) -> None:
    """Let the last try of something not count, since it was a right one."""
    _one_less(tag("attempts", what, asker))


def wait_longer(what: str, asker: str, free: int, now: float | None = None) -> None:
    """Count one guess at a secret; after ``free`` of them in a row, waits grow from a minute to an hour.

    The guess counts before it is looked at, so that many at once are no more than one after another; a right one is
    forgotten with :func:`forget_guesses`. A guess within a wait raises :class:`TooOften` and does not count, and a day
    without any starts anew: nobody waits for ever.
    """
    moment = int(time.time() if now is None else now)
    named = tag("guesses", what, asker)
    with write_session() as opened:
        row = _row(opened, named, moment)
        if moment - row.window >= FORGOTTEN_AFTER:
            row.tries = 0
        wait = row.window + wait_after(row.tries, free) - moment
        if wait <= 0:
            row.window, row.tries = moment, row.tries + 1
    if wait > 0:
        raise _too_often(wait)


def wait_after(tries: int, free: int) -> int:
    """Seconds to wait after so many guesses in a row: 0 before ``free`` of them, then 60, 120, 240 ... up to 3,600."""
    return 0 if tries < free else min(LONGEST_WAIT, SHORTEST_WAIT << min(tries - free, 10))


def forget_guesses(what: str, asker: str) -> None:
    """Let somebody guess from the start again, since they were right or somebody vouched for them."""
    with write_session() as opened:
        opened.execute(update(AttemptsRow).where(AttemptsRow.tag == tag("guesses", what, asker)).values(tries=0))


def take_back_guess(what: str, asker: str) -> None:
    """Let the last guess not count, since it was right; the ones before it still do."""
    _one_less(tag("guesses", what, asker))


def _one_less(named: str) -> None:
    with write_session() as opened:
        row = opened.get(AttemptsRow, named, with_for_update=True)
        if row is not None:
            row.tries = max(0, row.tries - 1)


def forget_old_guesses(now: float | None = None) -> int:
    """Delete the tries and guesses of more than a day ago; gives how many rows."""
    moment = int(time.time() if now is None else now)
    old = delete(AttemptsRow).where(AttemptsRow.window < moment - FORGOTTEN_AFTER)
    with write_session() as opened:
        return opened.execute(old).rowcount  # type: ignore[attr-defined, no-any-return]


def _too_often(wait: int) -> TooOften:
    minutes = max(1, math.ceil((wait - 1) / 60))
    words = ngettext(
        "That was tried too often. Wait {number} minute, then try again.",
        "That was tried too often. Wait {number} minutes, then try again.",
        minutes,
    )
    return TooOften(words.format(number=minutes), wait)


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
