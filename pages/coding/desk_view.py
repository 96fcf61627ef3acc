"""The coding desk: one passage at a time, in its context, with the themes it may speak of."""

from functools import partial
from html import escape

import streamlit as st

from insight.access import Actor
from insight.coding import desk, teaching
from insight.coding.desk import Card, Pile, Turn
from insight.coding.teaching import LESSON
from insight.intake import Place
from insight.language import _, ngettext, noted
from insight.painpoints import Evidence
from pages.coding import keys, moves
from pages.kit import look, words
from pages.pain import address, one_journey
from pages.pain.cards import lang

PILES = {
    Pile.READING.value: noted("Reading list"),
    Pile.UNSURE.value: noted("Unsure pile"),
}


def draw(actor: Actor, place: Place) -> None:
    """Draw the desk below the page's heading."""
    st.html(keys.STYLES)
    pile = _choose_pile()
    name = f"{place.id}-{pile}"
    here = moves.desk(name)
    shown = desk.turn(actor, place, pile, skipped=here.skipped, first=here.first)
    st.html(f'<p class="tl-hint">{escape(_lead(pile, shown))} {escape(_lesson(actor, place))}</p>')
    if here.problem:
        look.problem(here.problem)
    if shown.card is None:
        _worked_through(name, here)
        return
    here.first = shown.card.number
    hands = moves.Hands(partial(desk.save, actor, place), partial(desk.go_back, actor, place))
    on_desk(name, shown, shown.card, hands, _guess(shown, shown.card))


def on_desk(name: str, shown: Turn, card: Card, hands: moves.Hands, guess: str) -> None:
    """One passage and what can be chosen for it: the same desk for oneself and for a blind round."""
    here = moves.desk(name)
    heading = _("Passage {number} of {all}").format(number=shown.place, all=shown.of)
    st.html(
        '<div class="tl-passage" id="tl-passage" role="group" aria-labelledby="tl-where" aria-describedby="tl-told">'
        f'<h2 id="tl-where">{escape(heading)}</h2>{in_context(card.said, "tl-told")}{guess}</div>'
    )
    choice = keys.Choice(here.token(card.number), shown.themes, card.likeliest, here.chosen)
    keys.draw(choice, partial(moves.act, name, card.number, hands))


def in_context(said: Evidence, told_id: str = "") -> str:
    """A passage between the words around it, with where it was told; ``told_id`` is the id of its words."""
    named = f' id="{told_id}"' if told_id else ""
    before = f'<span class="tl-around">{escape(said.before)}</span> ' if said.before else ""
    after = f' <span class="tl-around">{escape(said.after)}</span>' if said.after else ""
    told = f"{before}<mark>{escape(said.passage)}</mark>{after}"
    parts = [said.service, one_journey.felt(said.feeling), words.field(said.field), words.day(said.told_on)]
    where = " · ".join(part for part in parts if part)
    return f'<p class="tl-told"{named}{lang(said.language)}>{told}</p><p class="tl-hint">{escape(where)}</p>'


def _choose_pile() -> Pile:
    address.take("pile", PILES, Pile.READING.value)
    chosen = st.segmented_control(
        _("Passages"),
        list(PILES),
        format_func=lambda code: _(PILES[code]),
        key="pile",
        on_change=address.put,
        args=("pile", Pile.READING.value),
    )
    return Pile(chosen or Pile.READING.value)


def _lead(pile: Pile, shown: Turn) -> str:
    if shown.unsure is None:
        return _("The clearest and the most doubtful passages of each theme, so that the machine learns what is meant.")
    if pile is Pile.READING:
        return _("The passages that would teach the machine most.")
    return ngettext(
        "{number} passage whose theme the machine cannot promise, the least sure first.",
        "{number} passages whose theme the machine cannot promise, the least sure first.",
        shown.unsure,
    ).format(number=f"{shown.unsure:,}")


def _lesson(actor: Actor, place: Place) -> str:
    """When the machine learns next."""
    stands = teaching.teaching(actor, place)
    if stands.running:
        return _("The machine is learning from what was coded; what it learns comes with one of the next passages.")
    left = max(LESSON - stands.waiting, 1)
    return ngettext(
        "The machine learns after {number} more passage.", "The machine learns after {number} more passages.", left
    ).format(number=left)


def _guess(shown: Turn, card: Card) -> str:
    """What the machine would say, and how sure it is."""
    theme = dict(shown.themes).get(-1 if card.guess is None else card.guess)
    if card.confidence is None:
        says = _("The machine grouped it under: {theme}") if theme else _("The machine put it into no theme")
    elif theme:
        says = _("The machine would say: {theme} ({share} sure)")
    else:
        says = _("The machine would say that it fits no theme ({share} sure)")
    share = words.per_cent(card.confidence or 0)
    return f"<p>{escape(says.format(theme=theme, share=share))}</p>"


def _worked_through(name: str, here: moves.Desk) -> None:
    if here.skipped:
        st.write(_("You have worked through this list but for what you skipped."))
        st.button(_("Bring back what I skipped"), on_click=moves.bring_back_skipped, args=(name,))
    else:
        st.write(_("There is nothing left to code here."))
