"""The queue: how many stories wait, and which, the oldest first. No word of a story stands here."""

from html import escape

import streamlit as st

from insight import moderation
from insight.access import Actor
from insight.intake import Place
from insight.language import _, day
from insight.moderation import PAGE, Pile, Waiting
from pages.kit import look
from pages.kit import words as said
from pages.kit.a11y import Field, Page
from pages.kit.pager import pager
from pages.moderating import moves, words


def render(actor: Actor, place: Place, page: Page) -> None:
    """Draw the piles and a page of the one that is looked at."""
    asked = st.query_params.get("page", "")
    shown = moderation.queue(actor, place, moves.pile(), int(asked[:6]) if asked.isascii() and asked.isdecimal() else 1)
    look.title(
        _("Moderation"),
        _(
            "New stories are looked through here: whether the marks are right, whether the story can stay, and which "
            "sentences may leave the place. Analyses need not wait for it, but nothing leaves before."
        ),
    )
    for _where, message in moves.last().wrong:
        look.problem(message)
    st.segmented_control(
        _("Stories"),
        list(Pile),
        default=Pile.WAITING,
        format_func=lambda pile: f"{words.pile(pile)} ({shown.counts[pile]:,})",
        key=moves.PILE,
        on_change=moves.turn_to_pile,
        required=True,
    )
    if not shown.items:
        st.html(f'<p class="tl-prose">{escape(_("There is no story in this list."))}</p>')
    for item in shown.items:
        _card(actor, place, item, page)
    pager(shown.page, shown.counts[shown.pile], PAGE)


def _card(actor: Actor, place: Place, item: Waiting, page: Page) -> None:
    key, name = f"moderate-{item.story_id}", _("Story {number}").format(number=item.story_id)
    facts = [
        _("Received on {day}").format(day=day(item.received_at)),
        said.source(item.source),
        _("Changed by its teller since it was looked through") if item.changed else "",
    ]
    with st.container(key=f"tl-card-{item.story_id}", border=True, gap="small"):
        told = escape(" · ".join(fact for fact in facts if fact))
        st.html(f'<h2 class="tl-h3">{escape(name)}</h2><p class="tl-hint">{told}</p>')
        st.button(_("Read the story"), key=key, on_click=moves.read, args=(actor, place, item.story_id))
    page.fields.append(Field(key, name=_("Read story {number}").format(number=item.story_id), button=True))
