"""What the buttons of the codebook do. Whatever fails, what was typed and ticked stays; nothing is done twice."""

from collections.abc import Sequence

import streamlit as st

from insight import codebook, coding
from insight.access import Actor
from insight.coding import Proposal, Shown
from insight.intake import Place
from insight.language import _, noted
from pages.book import outcome, parts
from pages.book.outcome import Done
from pages.book.parts import all_quoted, quoted, said


def tick(number: int) -> str:
    """The key of the box that ticks a theme."""
    return f"book-tick-{number}-{outcome.form()}"


def tick_passage(number: int) -> str:
    """The key of the box that ticks a passage."""
    return f"book-said-{number}-{outcome.form()}"


def _ticked(numbers: Sequence[int]) -> list[int]:
    return [number for number in numbers if st.session_state.get(tick(number))]


def _label(actor: Actor, place: Place, number: int) -> str:
    return parts.name(codebook.book(actor, place.id), number)


def several(do: str, ticks: Sequence[int], form: int) -> None:
    """Go on to a step that changes the themes that were ticked."""
    chosen = _ticked(ticks)
    if form != outcome.form():
        return
    if len(chosen) < (2 if do == "merge" else 1):
        two, one = noted("Tick at least two themes to merge."), noted("Tick at least one theme first.")
        outcome.wrong("", two if do == "merge" else one)
        return
    outcome.forget()
    st.query_params["theme"] = ".".join(map(str, chosen))
    st.query_params["do"] = do


def tick_all(ticks: Sequence[int]) -> None:
    """Tick every theme that is shown, or none where all are ticked."""
    wanted = len(_ticked(ticks)) < len(ticks)
    for number in ticks:
        st.session_state[tick(number)] = wanted


def set_aside_ticked(actor: Actor, place: Place, ticks: Sequence[int], form: int) -> None:
    """Set aside the themes that were ticked."""
    chosen = _ticked(ticks)
    if not chosen and form == outcome.form():
        outcome.wrong("", noted("Tick at least one theme first."))
        return
    set_aside(actor, place, chosen, "", form)


def set_aside(actor: Actor, place: Place, themes: Sequence[int], why: str, form: int) -> None:
    """Set themes aside."""

    def change() -> Done:
        book = codebook.book(actor, place.id)
        labels = [parts.name(book, number) for number in themes]
        codebook.set_aside(actor, place.id, *themes, why=said(why))
        return Done(_("Set aside: {themes}.").format(themes=all_quoted(labels)))

    outcome.act(actor, place, form, change)


def bring_back(actor: Actor, place: Place, theme: int, form: int) -> None:
    """Let a theme stand for itself again."""

    def change() -> Done:
        codebook.bring_back(actor, place.id, theme)
        return Done(_("Brought back: {theme}.").format(theme=quoted(_label(actor, place, theme))))

    outcome.act(actor, place, form, change)


def make(actor: Actor, place: Place, key: str, form: int) -> None:
    """Make a theme that the machine did not find."""

    def change() -> Done:
        number = codebook.make(actor, place.id, said(key))
        return Done(_("Made: {theme}.").format(theme=quoted(_label(actor, place, number))))

    outcome.act(actor, place, form, change, key)


def merge(actor: Actor, place: Place, themes: Sequence[int], keep: str, name: str, why: str, form: int) -> None:
    """Merge themes into the one whose name was chosen to stay, or under a new name."""
    into = int(st.session_state.get(keep, -1))
    if into not in themes:
        outcome.wrong(keep, noted("Choose which theme stays."))
        return

    def change() -> Done:
        book, label = codebook.book(actor, place.id), said(name)
        others = [number for number in themes if number != into]
        for number in others:
            codebook.merge(actor, place.id, number, into, said(why))
        if label or not book.themes[into].named:  # a name that somebody chose is a name given by people
            codebook.rename(actor, place.id, into, label or book.themes[into].label, said(why))
        told = _("Merged {themes} into {theme}.")
        merged = all_quoted([parts.name(book, number) for number in others])
        return Done(told.format(themes=merged, theme=quoted(label or parts.name(book, into))))

    if outcome.act(actor, place, form, change, name):
        parts.go(into)


def merge_into(actor: Actor, place: Place, theme: int, target: str, why: str, form: int) -> None:
    """Merge one theme into another, and go there."""
    into = st.session_state.get(target)
    if into is None:
        outcome.wrong(target, noted("Choose a theme to merge into."))
        return

    def change() -> Done:
        book = codebook.book(actor, place.id)
        codebook.merge(actor, place.id, theme, into, said(why))
        told = _("Merged {themes} into {theme}.")
        return Done(told.format(themes=quoted(parts.name(book, theme)), theme=quoted(parts.name(book, into))))

    if outcome.act(actor, place, form, change, target):
        parts.go(int(into))


def nest(actor: Actor, place: Place, themes: Sequence[int], target: str, name: str, why: str, form: int) -> None:
    """Put themes under a broader one, which may be new."""
    under, label = st.session_state.get(target), said(name)
    if under is None and not label:
        outcome.wrong(target, noted("Choose a broader theme, or name a new one."))
        return

    def change() -> Done:
        book = codebook.book(actor, place.id)
        over = codebook.make(actor, place.id, label, said(why)) if label else int(under or 0)
        for number in themes:
            codebook.nest(actor, place.id, number, over, said(why))
        told = _("Put {themes} under {theme}.")
        below = all_quoted([parts.name(book, number) for number in themes])
        return Done(told.format(themes=below, theme=quoted(label or parts.name(book, over))))

    if outcome.act(actor, place, form, change, name if label else target) and st.query_params.get("do"):
        parts.leave()


def unnest(actor: Actor, place: Place, theme: int, under: Sequence[int], label: str, form: int) -> None:
    """Take a theme out from under a broader one, by all the numbers that live on in it."""

    def change() -> Done:
        for number in under:
            codebook.unnest(actor, place.id, theme, number)
        told = _("{theme} does not stand under {broader} any more.")
        return Done(told.format(theme=quoted(_label(actor, place, theme)), broader=quoted(label)))

    outcome.act(actor, place, form, change)


def describe(actor: Actor, place: Place, theme: int, keys: Sequence[str], form: int) -> None:
    """Save name and description where they changed; ``keys`` of name, description, includes, excludes and why."""
    label, description, includes, excludes, why = map(said, keys)

    def change() -> Done:
        known = codebook.book(actor, place.id).themes[theme]
        told = []
        if label != known.label:
            codebook.rename(actor, place.id, theme, label, why)
            told.append(_("{old} is now called {new}.").format(old=quoted(known.label), new=quoted(label)))
        if (description, includes, excludes) != (known.description, known.includes, known.excludes):
            codebook.describe(actor, place.id, theme, description, includes, excludes, why)
            told.append(_("The description of {theme} is saved.").format(theme=quoted(label)))
        return Done(" ".join(told) or _("Nothing was changed."))

    outcome.act(actor, place, form, change, keys[0])


def place_passages(
    actor: Actor, place: Place, shown: Shown, passages: Sequence[int], keys: tuple[str, str, str], do: str, form: int
) -> None:
    """Move the ticked passages: "move" to the themes chosen or a new one, "out" of all themes, or "back".

    ``keys`` are those of the chosen themes, the new theme's name, and the reason.
    """
    chosen = [number for number in passages if st.session_state.get(tick_passage(number))]
    themes, label, why = list(st.session_state.get(keys[0]) or ()), said(keys[1]), said(keys[2])
    if form == outcome.form() and not chosen:
        outcome.wrong("", noted("Tick at least one passage first."))
        return
    if form == outcome.form() and do == "move" and not themes and not label:
        outcome.wrong(keys[0], noted("Choose a theme, or name a new one."))
        return

    def change() -> Done:
        many = parts.passages(len(chosen))
        if do == "back":
            moved = coding.take_back(actor, place, chosen, shown)
            return Done(_("The machine places {passages} again.").format(passages=many), (), moved)
        if do == "out":
            moved = coding.move(actor, place, chosen, (), why, shown)
            return Done(_("Took {passages} out of all themes.").format(passages=many), (), moved)
        if label:
            moved, new = coding.move_to_new(actor, place, chosen, label, why, shown)
        else:
            moved = coding.move(actor, place, chosen, themes, why, shown)
        labels = all_quoted([_label(actor, place, number) for number in ([new] if label else themes)])
        return Done(_("Moved {passages} to {themes}.").format(passages=many, themes=labels), (), moved)

    outcome.act(actor, place, form, change, keys[1] if label else keys[0])


def split(actor: Actor, place: Place, proposal: Proposal, keys: Sequence[str], why: str, form: int) -> None:
    """Make themes of the groups that were named; the others stay."""
    named = [(said(key), group.passages) for key, group in zip(keys, proposal.groups, strict=True) if said(key)]
    theme = proposal.shown.theme
    if form == outcome.form() and not named:
        outcome.wrong(keys[0], noted("Name at least one group. Groups without a name stay where they are."))
        return

    def change() -> Done:
        coding.split(actor, place, theme, named, said(why), proposal.shown)
        labels = all_quoted([label for label, _passages in named])
        return Done(_("Made {themes}.").format(themes=labels))

    if outcome.act(actor, place, form, change, keys[0]):
        parts.go(theme)


def undo_decision(actor: Actor, place: Place, decision: int, form: int) -> None:
    """Take back a decision in the history, or the taking back of one."""

    def change() -> Done:
        coding.undo_all(actor, place, [decision])
        return Done(_("Undone. It stands in the history, where it can be done again."))

    outcome.act(actor, place, form, change)


def take_back_coded(actor: Actor, place: Place, coded: coding.Coded, form: int) -> None:
    """Let the machine place passages again that somebody placed."""

    def change() -> Done:
        coding.take_back_coded(actor, place, coded)
        return Done(_("Undone: the machine places these passages again."))

    outcome.act(actor, place, form, change)
