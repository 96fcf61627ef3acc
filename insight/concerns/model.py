"""The words of this room: what a concern is about, that one was found, and who can be called."""

from dataclasses import dataclass
from enum import StrEnum


class ConcernKind(StrEnum):
    """What a text may speak of. It says which help fits; it is no diagnosis and no finding."""

    HARM = "harm"
    ABUSE = "abuse"
    SELF_HARM = "self_harm"
    CHILD = "child"
    ADULT_AT_RISK = "adult_at_risk"


@dataclass(frozen=True, slots=True, order=True)
class Concern:
    """That a sign was found: its kind and its id in ``data/safeguarding/signs.toml``. Never the words themselves."""

    kind: ConcernKind
    sign: str


@dataclass(frozen=True, slots=True)
class HelpLine:
    """Somebody to call, in one language.

    ``number`` is how people read it; ``dial`` is an address for a link (``tel:116123`` or ``sms:85258``).
    """

    id: str
    name: str
    number: str
    dial: str
    open: str
    what_for: str
