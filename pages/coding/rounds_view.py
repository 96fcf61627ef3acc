"""Two people or more code the same passages blind: start a round, code, open it, see where people differ, settle it."""

from dataclasses import replace
from functools import partial
from html import escape

import streamlit as st

from insight.access import Actor
from insight.codebook import rounds
from insight.codebook.rounds import Round
from insight.coding import comparing
from insight.coding.comparing import Source
from insight.intake import Place
from insight.language import _, day, ngettext, noted
from insight.settings import settings
from pages.coding import agreement_view, keys, moves
from pages.coding.desk_view import on_desk
from pages.kit import look

SOURCES = {
    Source.SPREAD.value: noted("A random sample across all themes"),
    Source.UNSURE.value: noted("A random sample of the unsure pile"),
    Source.THEME.value: noted("A random sample of one theme"),
}
USUAL, FEWEST = 30, 5


def draw(actor: Actor, place: Place) -> None:
    """Draw the rounds, or the one that the address names."""
    st.html(keys.STYLES)
    coder = _coder(actor)
    moves.say_problem()
    asked = st.query_params.get("round", "")
    if asked.isdecimal():
        _one(actor, coder, place, rounds.one(coder, place.id, int(asked)))
    else:
        _all(coder, place)


def _coder(actor: Actor) -> Actor:
    """Who codes. In demo mode nobody signs in, so that two people would be one but for their initials."""
    if not settings().demo_mode:
        return actor
    told = st.text_input(
        _("Your initials, since nobody signs in here"), key="who", bind="query-params", max_chars=8, width=420
    )
    initials = "".join(letter for letter in str(told or "") if letter.isalnum()).upper()
    return replace(actor, name=f"{actor.name} {initials}") if initials else actor


def _all(coder: Actor, place: Place) -> None:
    lead = _(
        "Two or more people code the same passages without seeing one another's answers, nor the machine's. Where they "
        "agree, a theme means the same to both; where they differ, its description needs work."
    )
    st.html(f'<p class="tl-hint">{escape(lead)}</p>')
    for one in rounds.every(coder, place.id):
        with st.container(border=True, key=f"tl-card-round-{one.id}"):
            st.html(f'<h2 class="tl-h3">{escape(one.name)}</h2><p class="tl-hint">{escape(_standing(one))}</p>')
            told = _("See the answers") if one.opened_at else _("Code blind")
            label = f"{told} :gray[{_('in {name}').format(name=_plain(one.name))}]"
            st.button(label, key=f"round-{one.id}", on_click=_go, args=(one.id,))
    _start_form(coder, place)


def _plain(name: str) -> str:
    """A name in a button's label, where brackets would mean something."""
    return "".join(letter for letter in name if letter not in "[]:*_`$\\")


def _standing(one: Round) -> str:
    """How far a round is, without what anybody said."""
    parts = [
        ngettext("{number} passage", "{number} passages", len(one.passages)).format(number=len(one.passages)),
        _("started by {name} on {day}").format(name=one.made_by, day=day(one.made_at)),
    ]
    parts += [
        _("{name} answered {number}").format(name=who, number=_("all") if n >= len(one.passages) else n)
        for who, n in one.coders
    ]
    parts.append(_("opened on {day}").format(day=day(one.opened_at)) if one.opened_at else _("still blind"))
    return " · ".join(parts)


def _go(round_id: int) -> None:
    st.query_params["round"] = str(round_id)


def _leave() -> None:
    st.query_params.pop("round", None)


def _start_form(coder: Actor, place: Place) -> None:
    st.html(f'<h2 class="tl-h2">{escape(_("Start a round"))}</h2>')
    names = dict(comparing.themes(coder, place))
    with st.form("round-start", border=False, enter_to_submit=False):
        st.text_input(_("Name of the round"), key="round-name", max_chars=rounds.LONGEST_NAME, width=420)
        st.number_input(
            _("How many passages"), FEWEST, rounds.MOST_PASSAGES, USUAL, key="round-number", width=200, step=5
        )
        label = _("Which passages")
        st.radio(label, list(SOURCES), key="round-source", format_func=lambda code: _(SOURCES[code]))
        st.selectbox(
            _("The theme, if you take one"),
            list(names),
            index=None,
            key="round-theme",
            format_func=lambda number: names[number],
            placeholder=_("Choose one, or start typing"),
            width=420,
        )
        st.form_submit_button(_("Start the round"), type="primary", on_click=_start, args=(coder, place))


def _start(coder: Actor, place: Place) -> None:
    state = st.session_state

    def begin() -> None:
        made = comparing.start(
            coder,
            place,
            str(state.get("round-name") or ""),
            int(state.get("round-number") or USUAL),
            Source(state.get("round-source") or Source.SPREAD.value),
            state.get("round-theme"),
        )
        _go(made.id)

    moves.attempt(begin)


def _one(actor: Actor, coder: Actor, place: Place, one: Round) -> None:
    st.button(_("All rounds"), icon=":material/arrow_back:", on_click=_leave)
    st.html(f'<h2 class="tl-h2">{escape(one.name)}</h2><p class="tl-hint">{escape(_standing(one))}</p>')
    if one.opened_at is not None:
        agreement_view.draw(coder, place, one.id)
        return
    if coder == actor and settings().demo_mode:
        st.write(_("Type your initials above first, so that your answers can be told from the others'."))
        return
    _blind(coder, place, one)
    if len(one.coders) > 1:
        lead = _("When everybody is done, open the round. Nobody can answer any more after that.")
        st.html(f'<p class="tl-hint">{escape(lead)}</p>')
        open_it = partial(rounds.open_answers, coder, place.id, one.id)
        st.button(_("Open the answers to all"), key="round-open", on_click=moves.attempt, args=(open_it,))


def _blind(coder: Actor, place: Place, one: Round) -> None:
    name = f"{place.id}-round-{one.id}-{coder.name}"
    here = moves.desk(name)
    shown = comparing.blind_turn(coder, place, one.id, skipped=here.skipped, first=here.first)
    if here.problem:
        look.problem(here.problem)
    if shown.card is None:
        if here.skipped:
            st.write(_("You have worked through this list but for what you skipped."))
            st.button(_("Bring back what I skipped"), on_click=moves.bring_back_skipped, args=(name,))
        else:
            look.note(f"<p>{escape(_('You have answered every passage of this round.'))}</p>")
        return
    here.first = shown.card.number
    save = partial(comparing.answer, coder, place, one.id)
    hands = moves.Hands(save, partial(comparing.blind_back, coder, place, one.id))
    on_desk(name, shown, shown.card, hands, "")
