"""The queue of jobs."""

import sqlalchemy as sa
from alembic import op

import insight.database.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, insight.database.base.UtcDateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        _moment("queued_at"),
        _moment("not_before"),
        sa.Column("taken_by", sa.String(length=80), nullable=True),
        _moment("taken_at", nullable=True),
        _moment("heartbeat_at", nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_job_kind")),
    )
    op.create_index("ix_job_state_not_before", "job", ["state", "not_before"], unique=False)


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_index("ix_job_state_not_before", table_name="job")
    op.drop_table("job")
