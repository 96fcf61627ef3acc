"""Records and rights."""

import sqlalchemy as sa
from alembic import op

import insight.database.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, insight.database.base.UtcDateTime(timezone=True), nullable=nullable)


def _number(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _somebody(name: str) -> sa.Column:
    return sa.Column(name, sa.String(length=200), nullable=False)


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "retention",
        _number("id"),
        _number("place_id"),
        _number("survey_id", nullable=True),
        _number("days"),
        _somebody("set_by"),
        _moment("set_at"),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_retention_place_id_place")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_retention_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention")),
        sa.UniqueConstraint("place_id", "survey_id", name=op.f("uq_retention_place_id")),
    )
    op.create_table(
        "purge",
        _number("id"),
        _number("place_id"),
        _number("survey_id", nullable=True),
        _number("days"),
        _moment("told_before"),
        _number("stories"),
        _number("kept"),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("checked", sa.JSON(), nullable=False),
        _somebody("begun_by"),
        _moment("begun_at"),
        _moment("ended_at", nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_purge_place_id_place")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_purge_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge")),
    )
    op.create_index("ix_purge_place_id_id", "purge", ["place_id", "id"], unique=False)
    op.create_table(
        "processing_particular",
        _number("place_id"),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        _somebody("said_by"),
        _moment("said_at"),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_processing_particular_place_id_place")),
        sa.PrimaryKeyConstraint("place_id", "name", name=op.f("pk_processing_particular")),
    )


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("processing_particular")
    op.drop_index("ix_purge_place_id_id", table_name="purge")
    op.drop_table("purge")
    op.drop_table("retention")
