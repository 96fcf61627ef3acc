"""What people may decide about themes, and say about passages. Everything is kept, with who, when and why."""

from collections.abc import Mapping, Sequence

from insight.access import Actor, Permission, use_case
from insight.codebook import rules
from insight.codebook.change import Ref, change_of, short_text
from insight.codebook.model import Book, Coding, Kind
from insight.codebook.reading import book_of
from insight.database import session
from insight.errors import BadInput
from insight.language import _


@use_case(Permission.SEE_INSIGHT)
def book(actor: Actor, place_id: int) -> Book:
    """A place's codebook as it stands, with all decisions."""
    with session() as opened:
        return book_of(opened, place_id)[0]


@use_case(Permission.CODE)
def make(actor: Actor, place_id: int, label: str, why: str = "") -> int:
    """A theme that the machine did not find; gives its number."""
    with change_of(place_id) as change:
        return change.make(actor, label, why)[0]


@use_case(Permission.CODE)
def rename(actor: Actor, place_id: int, number: int, label: str, why: str = "") -> None:
    """Give a theme a name of one's own."""
    with change_of(place_id) as change:
        change.decide(actor, Kind.RENAME, change.theme(number).number, {"label": change.free_label(label, number)}, why)


@use_case(Permission.CODE)
def describe(
    actor: Actor, place_id: int, number: int, description: str, includes: str, excludes: str, why: str = ""
) -> None:
    """Say what a theme is about, what belongs in it and what does not."""
    with change_of(place_id) as change:
        says = {"description": description, "includes": includes, "excludes": excludes}
        detail = {name: short_text(text) for name, text in says.items()}
        change.decide(actor, Kind.DESCRIBE, change.theme(number).number, detail, why)


@use_case(Permission.CODE)
def merge(actor: Actor, place_id: int, number: int, into: int, why: str = "") -> None:
    """Put a theme into another one, in which it lives on."""
    with change_of(place_id) as change:
        theme, target = change.theme(number), change.theme(into)
        if theme.number == target.number:
            raise BadInput(_("Choose another theme to merge into: a theme cannot be merged into itself."))
        change.decide(actor, Kind.MERGE, theme.number, {"into": target.number}, why)


@use_case(Permission.CODE)
def split(
    actor: Actor, place_id: int, number: int, groups: Sequence[tuple[str, Sequence[Ref]]], why: str = ""
) -> list[int]:
    """Take groups of passages out of a theme, each to a new theme of its own; gives their numbers."""
    with change_of(place_id) as change:
        theme = change.theme(number)
        if not groups or any(not passages for _label, passages in groups):
            raise BadInput(_("Choose at least one group of passages to take out of this theme."))
        made = []
        for wanted, passages in groups:
            label = change.free_label(wanted)
            new = change.add_theme(actor, label)
            detail = {"new": new, "label": label, "passages": len(passages)}
            decision = change.decide(actor, Kind.SPLIT, theme.number, detail, why)
            change.code(actor, passages, (new,), why, decision=decision)
            made.append(new)
    return made


@use_case(Permission.CODE)
def set_aside(actor: Actor, place_id: int, *numbers: int, why: str = "") -> None:
    """Take themes off the board, all or none; their passages fit no theme until they are brought back."""
    with change_of(place_id) as change:
        for number in numbers:
            change.decide(actor, Kind.SET_ASIDE, change.theme(number).number, {}, why)


@use_case(Permission.CODE)
def bring_back(actor: Actor, place_id: int, number: int, why: str = "") -> None:
    """Let a theme that was set aside or merged stand for itself again."""
    with change_of(place_id) as change:
        theme = change.any_theme(number)
        change.free_label(theme.label, number)
        change.decide(actor, Kind.BRING_BACK, number, {}, why)


@use_case(Permission.CODE)
def nest(actor: Actor, place_id: int, number: int, under: int, why: str = "") -> None:
    """Put a theme under a broader one; it may stand under several."""
    with change_of(place_id) as change:
        theme, broader = change.theme(number), change.theme(under)
        if theme.number in rules.above(change.book.themes, broader.number):
            raise BadInput(
                _("{broader} stands under {theme} already, so it cannot be the broader one.").format(
                    broader=broader.label, theme=theme.label
                )
            )
        change.decide(actor, Kind.NEST, theme.number, {"under": broader.number}, why)


@use_case(Permission.CODE)
def unnest(actor: Actor, place_id: int, number: int, under: int, why: str = "") -> None:
    """Take a theme out from under a broader one."""
    with change_of(place_id) as change:
        change.decide(actor, Kind.UNNEST, change.theme(number).number, {"under": under}, why)


@use_case(Permission.CODE)
def undo(actor: Actor, place_id: int, decision_id: int, why: str = "") -> None:
    """Take a decision back; taking back the taking back lets it stand again."""
    with change_of(place_id) as change:
        change.undo(actor, decision_id, why)


@use_case(Permission.CODE)
def code(actor: Actor, place_id: int, passages: Sequence[Ref], themes: Sequence[int], why: str = "") -> None:
    """Say which themes passages speak of, the main one first; none at all says that they fit no theme."""
    with change_of(place_id) as change:
        chosen = tuple(dict.fromkeys(change.theme(number).number for number in themes))
        change.code(actor, passages, chosen, why)


@use_case(Permission.CODE)
def take_back(actor: Actor, place_id: int, passages: Sequence[Ref]) -> None:
    """Let the machine place passages again, as if nobody had coded them."""
    with change_of(place_id) as change:
        change.code(actor, passages, None, "")


@use_case(Permission.CODE)
def coded(actor: Actor, place_id: int) -> Mapping[int, Coding]:
    """What people say of passages, by passage key."""
    with session() as opened:
        return book_of(opened, place_id)[1]
