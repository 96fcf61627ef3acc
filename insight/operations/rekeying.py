"""Changing the key that locks what people wrote, while the product is in use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table

from insight import sealing
from insight.access import Actor, Permission, use_case
from insight.database import again, session, write_session
from insight.errors import BadInput, Busy
from insight.operations import sealed_store
from insight.settings import settings

BATCH = 200  # rows in one unit of work: those who tell a story meanwhile wait for it
ROUNDS = 10

Say = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A key by its number, how many values it locks, and whether new ones are locked with it."""

    number: int
    values: int
    current: bool


@use_case(Permission.SET_UP, recorded=True)
def rotate(actor: Actor, say: Say = lambda *_: None) -> int:
    """Make a new key that locks from now on, and lock everything anew with it; gives its number."""
    number = sealing.add_key()
    _reseal(say)
    return number


@use_case(Permission.SET_UP, recorded=True)
def reseal(actor: Actor, say: Say = lambda *_: None) -> int:
    """Lock with the current key all that an older one locks: goes on where a rotation was interrupted.

    Gives how many rows were locked anew.
    """
    return _reseal(say)


@use_case(Permission.SET_UP)
def key_uses(actor: Actor) -> list[KeyUse]:
    """How many values each key locks, the current key first."""
    ring = sealing.ring()
    with session() as opened:
        counts = sealed_store.values_by_key(opened, list(ring.keys))
    return [KeyUse(number, counts[number], number == ring.current) for number in ring.keys]


@use_case(Permission.SET_UP, recorded=True)
def drop_keys(actor: Actor) -> list[int]:
    """Forget the keys that lock nothing any more; gives their numbers. Nobody writes while this is looked at."""
    with write_session() as opened:
        sealed_store.hold_still(opened)
        ring = sealing.ring()
        counts = sealed_store.values_by_key(opened, list(ring.keys))
        unused = [number for number, count in counts.items() if not count and number != ring.current]
        if unused and settings().text_keys.get_secret_value():
            numbers = ", ".join(str(number) for number in unused)
            raise BadInput(f"The keys come from INSIGHT_TEXT_KEYS. Take these out there, then restart: {numbers}.")
        if unused:
            sealing.drop_keys(set(unused))
    return unused


def _reseal(say: Say) -> int:
    """Go through all tables until a round finds nothing: others may have put back an older value meanwhile."""
    done = 0
    for _round in range(ROUNDS):
        found = _one_round(say)
        if not found:
            return done
        done += found
    raise Busy("Some values were changed again and again meanwhile. Run: python -m insight keys reseal")


def _one_round(say: Say) -> int:
    tables, done = sealed_store.sealed_tables(), 0
    for number, (table, columns) in enumerate(tables):
        say("locking anew", number, len(tables))
        last = None
        while True:
            batch = _batch(table, columns, last)
            done, last = done + batch.rows, batch.last
            if batch.rows < BATCH:
                break
    return done


@again  # a value that was locked anew already is passed over
def _batch(table: Table, columns: list[Column[Any]], after: tuple[Any, ...] | None) -> sealed_store.Batch:
    with write_session() as opened:
        return sealed_store.reseal_batch(opened, table, columns, after, BATCH)
