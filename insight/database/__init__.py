"""The database: engine, sessions, the base of all tables, and migrations configured in code."""

from insight.database.base import Base, UtcDateTime
from insight.database.engine import dispose, engine, session, write_session
from insight.database.migrate import is_empty, prepare, upgrade

__all__ = ["Base", "UtcDateTime", "dispose", "engine", "is_empty", "prepare", "session", "upgrade", "write_session"]
