"""Every table of the product, and every column that names a story: read from the tables, so that none is forgotten."""

from functools import lru_cache
from importlib import import_module
from pathlib import Path

from sqlalchemy import Column, Table

import insight
import insight.limits  # its table stands beside the code
from insight.database import Base


@lru_cache
def tables() -> dict[str, Table]:
    """The product's tables by name, those of rooms that nobody has opened yet among them."""
    for path in sorted(Path(insight.__path__[0]).glob("*/tables.py")):
        import_module(f"insight.{path.parent.name}.tables")
    return dict(Base.metadata.tables)


def columns_naming_a_story() -> list[Column[int]]:
    """The story's own number first, then each column that refers to it."""
    story = tables()["story"].c.id
    referring = [key.parent for table in tables().values() for key in table.foreign_keys if key.references(story.table)]
    return [story, *sorted(referring, key=str)]
