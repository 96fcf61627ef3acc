"""Ways to other screens, as links that keep the place and the language: a bare one, and one to a theme's evidence."""

from html import escape

from insight.access import Actor, Permission, may
from insight.painpoints import Filters
from pages.paths.asking import link


def to(label: str, path: str, **words: str | int | None) -> str:
    """A link within the product."""
    return f'<a data-go="1" href="{link(path, **words)}" target="_self">{escape(label)}</a>'


def to_evidence(actor: Actor, theme: int, label: str, filters: Filters, **words: str | int | None) -> str:
    """A theme's name, for those who may read it as a link to its evidence under the same filters."""
    if not may(actor, Permission.READ_STORIES):
        return f"<span>{escape(label)}</span>"
    asked = {name: getattr(filters, name) for name in Filters.__slots__}
    return to(label, "pain-points", theme=theme, **words, **asked)
