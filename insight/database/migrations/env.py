"""Alembic's entry: runs the migrations on the engine that ``insight.database.migrate`` hands over."""

from alembic import context

import insight.accounts.tables
import insight.audit.tables
import insight.equality.tables
import insight.intake.tables
import insight.jobs.tables
import insight.journeys.tables
import insight.limits
import insight.painpoints.tables
import insight.receipts.tables
import insight.records.tables
import insight.runs.tables
import insight.safeguarding.tables  # noqa: F401  (tables register themselves when imported)
from insight.database.base import Base

engine = context.config.attributes["engine"]
sqlite = engine.dialect.name == "sqlite"
with engine.connect() as connection:
    if sqlite:  # it changes a table by making it anew, and dropping the old one would cascade; not within a transaction
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=sqlite,
        compare_type=True,
        user_module_prefix="insight.database.base.",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
    if sqlite:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
