"""Column types for what people wrote: locked before it reaches the database, opened when it is read."""

from typing import Any

from sqlalchemy import JSON, Dialect, Text
from sqlalchemy.types import TypeDecorator

from insight import sealing


class SealedText(TypeDecorator[str]):
    """Words that lie locked in the database. ``purpose`` names the column: a value moved elsewhere does not open."""

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Lock what goes in."""
        return None if value is None else sealing.seal(value, self.purpose)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Open what comes out."""
        return None if value is None else sealing.unseal(value, self.purpose)


class SealedJson(TypeDecorator[Any]):
    """As :class:`SealedText` for anything that JSON can say; the database sees one JSON string. None is NULL."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:
        """Lock what goes in."""
        return None if value is None else sealing.seal_json(value, self.purpose)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any | None:
        """Open what comes out."""
        return None if value is None else sealing.unseal_json(value, self.purpose)
