"""One change to a place's codebook: checked against the book as it stands, under the place's lock."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from insight.access import Actor
from insight.codebook import store
from insight.codebook.model import Book, Kind, LastingTheme, State
from insight.codebook.reading import decided
from insight.database import write_session
from insight.errors import BadInput, Conflict, NotFound, NotReady
from insight.intake.place_store import lock_place
from insight.language import _

LONGEST_LABEL = 120
LONGEST_TEXT = 2_000
Ref = tuple[int, int]  # a passage: its story's id, and its key


class Change:
    """What a change may ask of the book (see ``reading.decided``), and add to it."""

    def __init__(self, opened: Session, place_id: int, book: Book) -> None:
        self.opened = opened
        self.place_id = place_id
        self.book = book
        self.at = datetime.now(UTC)

    def any_theme(self, number: int) -> LastingTheme:
        """A theme of the book, in use or not."""
        theme = self.book.themes.get(number)
        if theme is None:
            raise NotFound(_("There is no theme with that number in this codebook."))
        return theme

    def theme(self, number: int) -> LastingTheme:
        """A theme in use."""
        theme = self.any_theme(number)
        if theme.state is not State.ACTIVE:
            raise Conflict(
                _("“{theme}” is not in use any more. Somebody may have changed it: look at its history.").format(
                    theme=theme.label
                )
            )
        return theme

    def free_label(self, label: str, number: int | None = None) -> str:
        """A name that no other theme in use has; ``number`` is the theme that will carry it."""
        told = " ".join(label.split())
        if not told:
            raise BadInput(_("Give the theme a name."))
        if len(told) > LONGEST_LABEL:
            raise BadInput(_("Use at most {number} characters for a name.").format(number=LONGEST_LABEL))
        other = self.book.called(told)
        if other is not None and other.number != number:
            raise Conflict(
                _("There is a theme called “{theme}” already. Choose another name, or merge the two.").format(
                    theme=other.label
                )
            )
        return told

    def add_theme(self, actor: Actor, label: str) -> int:
        """A new lasting theme of a person's making; gives its number."""
        number = store.next_number(self.opened, self.place_id)
        who = actor.called
        store.add_theme(self.opened, self.place_id, number, label, who, self.at)
        return number

    def make(self, actor: Actor, label: str, why: str) -> tuple[int, int]:
        """A theme that somebody decides to make; gives its number, and the decision's id."""
        free = self.free_label(label)
        number = self.add_theme(actor, free)
        return number, self.decide(actor, Kind.MAKE, number, {"label": free}, why)

    def undo(self, actor: Actor, decision_id: int, why: str) -> None:
        """Take back a decision that stands."""
        decision = next((one for one in self.book.decisions if one.id == decision_id), None)
        if decision is None:
            raise NotFound(_("There is no decision with that number."))
        if decision.undone:
            raise Conflict(_("That decision was taken back already."))
        self.decide(actor, Kind.UNDO, decision.theme, {"decision": decision.id}, why)

    def decide(self, actor: Actor, kind: Kind, theme: int, detail: Mapping[str, Any], why: str) -> int:
        """Keep a decision; gives its id."""
        kept = {
            "kind": kind,
            "theme": theme,
            "detail": dict(detail),
            "why": short_text(why),
            "decided_by": actor.called,
            "decided_at": self.at,
        }
        return store.add_decision(self.opened, self.place_id, kept)

    def code(
        self,
        actor: Actor,
        passages: Sequence[Ref],
        themes: Sequence[int] | None,
        why: str,
        *,
        round_id: int | None = None,
        decision: int | None = None,
    ) -> None:
        """Keep what somebody says of passages; NotFound where a story is not here, or not any more."""
        check_passages(self.opened, self.place_id, passages)
        same = {
            "place_id": self.place_id,
            "themes": None if themes is None else list(themes),
            "why": short_text(why),
            "coded_by": actor.called,
            "coded_at": self.at,
            "round_id": round_id,
            "decision_id": decision,
        }
        store.add_codings(self.opened, [{**same, "story_id": story, "passage": key} for story, key in passages])


@contextmanager
def change_of(place_id: int) -> Iterator[Change]:
    """Open a place's codebook to be changed; nobody else changes it meanwhile."""
    with write_session() as opened:
        lock_place(opened, place_id)
        book = decided(opened, place_id)
        if not book.themes:
            raise NotReady(_("There is no codebook yet. Publish an analysis first: its themes are the start."))
        yield Change(opened, place_id, book)


def check_passages(opened: Session, place_id: int, passages: Sequence[Ref]) -> None:
    """Raise NotFound unless the stories of all these passages belong to a place."""
    told = sorted({story for story, _key in passages})
    if len(store.stories_among(opened, place_id, told)) < len(told):
        raise NotFound(_("One of these passages is no longer here. Look at them again."))


def short_text(text: str) -> str:
    """A text as it is kept; BadInput where it is too long."""
    told = text.strip()
    if len(told) > LONGEST_TEXT:
        raise BadInput(_("Use at most {number} characters.").format(number=LONGEST_TEXT))
    return told
