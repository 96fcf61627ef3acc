"""The database: engine, sessions, the base of all tables, and migrations configured in code."""

from insight.database.base import Base, UtcDateTime
from insight.database.engine import dispose, engine, session, unhurried, write_session
from insight.database.migrate import is_empty, prepare, upgrade
from insight.database.retrying import again
from insight.database.sealed import SealedJson, SealedText

__all__ = [
    "Base",
    "SealedJson",
    "SealedText",
    "UtcDateTime",
    "again",
    "dispose",
    "engine",
    "is_empty",
    "prepare",
    "session",
    "unhurried",
    "upgrade",
    "write_session",
]
