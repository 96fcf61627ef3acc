"""Alembic's entry: runs the migrations on the engine that ``insight.database.migrate`` hands over."""

from alembic import context

import insight.intake.tables
import insight.painpoints.tables
import insight.runs.tables  # noqa: F401  (tables register themselves when imported)
from insight.database.base import Base

engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=engine.dialect.name == "sqlite",
        compare_type=True,
        user_module_prefix="insight.database.base.",
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
