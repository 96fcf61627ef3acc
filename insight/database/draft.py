"""Draft a migration by comparing the tables with the newest revision: ``make migration name="..."``."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from insight.database.migrate import configuration, upgrade


def draft(name: str) -> None:
    """Write the next numbered file in ``migrations/versions``; read it before you keep it."""
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'newest.db'}")
        config = configuration(engine)
        versions = len(list(ScriptDirectory.from_config(config).walk_revisions()))
        upgrade(engine)
        command.revision(config, message=name, autogenerate=True, rev_id=f"{versions + 1:04d}")
        engine.dispose()


if __name__ == "__main__":
    draft(" ".join(sys.argv[1:]) or "change")
