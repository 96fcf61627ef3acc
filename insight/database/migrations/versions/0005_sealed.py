"""What people wrote is locked; stories keep a safe copy beside what was told, and say who gathered them."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from insight import sealing

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CHUNK = 2_000
# table, its key, columns of words, columns of JSON
SEALED: tuple[tuple[str, Sequence[str], Sequence[str], Sequence[str]], ...] = (
    ("story", ("id",), ("what_happened", "what_better", "what_good", "obstacle_text"), ("answers",)),
    ("step", ("story_id", "position"), ("note",), ()),
    ("draft", ("id",), (), ("answers",)),
    ("story_history", ("story_id", "version"), (), ("body",)),
    ("equality_response", ("story_id",), (), ("answers",)),
    ("reply", ("story_id",), ("answer",), ()),
    ("concern_event", ("id",), ("note",), ()),
    ("codebook_decision", ("id",), ("why",), ()),
    ("coding", ("id",), ("why",), ()),
)
WORDS = {name for _table, _keys, words, _told in SEALED for name in words}


def upgrade() -> None:
    """Go to this revision."""
    op.create_table(
        "story_original",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["story.id"], name=op.f("fk_story_original_story_id_story"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("story_id", name=op.f("pk_story_original")),
    )
    op.create_table(
        "passage_wording",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["analysis_run.id"],
            name=op.f("fk_passage_wording_run_id_analysis_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "part", name=op.f("pk_passage_wording")),
    )
    op.add_column("story", sa.Column("gathered_by", sa.String(length=200), nullable=True))
    _rewrite(_locked, _locked_json)


def downgrade() -> None:
    """Go back to the one before: words lie open again, and what was told beside its safe copy is forgotten."""
    _rewrite(sealing.unseal, sealing.unseal_json)
    op.drop_column("story", "gathered_by")
    op.drop_table("passage_wording")
    op.drop_table("story_original")


def _rewrite(words_as: Callable[[str, str], str], json_as: Callable[[Any, str], Any]) -> None:
    connection = op.get_bind()
    for name, keys, words, told in SEALED:
        table = sa.table(name, *(sa.column(column) for column in (*keys, *words, *told)))
        _rewrite_table(connection, table, keys, dict.fromkeys(words, words_as) | dict.fromkeys(told, json_as))


def _rewrite_table(
    connection: sa.Connection, table: sa.TableClause, keys: Sequence[str], columns: dict[str, Callable[[Any, str], Any]]
) -> None:
    """Rewrite some columns of one table, in chunks; what is empty stays empty."""
    kinds = {name: sa.Text() if name in WORDS else sa.JSON(none_as_null=True) for name in columns}
    wanted = [sa.type_coerce(table.c[name], kinds[name]).label(name) for name in columns]
    rows = connection.execute(sa.select(*(table.c[key] for key in keys), *wanted)).all()
    change = sa.update(table).where(*(table.c[key] == sa.bindparam(f"key_{key}") for key in keys))
    change = change.values({name: sa.bindparam(f"new_{name}", type_=kinds[name]) for name in columns})
    for start in range(0, len(rows), CHUNK):
        told = [
            {f"key_{key}": getattr(row, key) for key in keys}
            | {
                f"new_{name}": None if getattr(row, name) is None else act(getattr(row, name), f"{table.name}.{name}")
                for name, act in columns.items()
            }
            for row in rows[start : start + CHUNK]
        ]
        connection.execute(change, told)


def _locked(words: str, purpose: str) -> str:
    return words if sealing.is_sealed(words) else sealing.seal(words, purpose)


def _locked_json(told: Any, purpose: str) -> Any:
    return told if isinstance(told, str) and sealing.is_sealed(told) else sealing.seal_json(told, purpose)
