"""An opened round: how far people agree on each theme, and where they differ, side by side, to be settled."""

from collections.abc import Callable
from functools import partial
from html import escape

import streamlit as st

from insight.access import Actor
from insight.codebook.agreement import NONE_OF_THEM, Agreed, Estimate
from insight.coding import comparing
from insight.coding.comparing import Comparison, Dispute
from insight.intake import Place
from insight.language import _, ngettext
from pages.coding import figures, moves
from pages.coding.desk_view import in_context
from pages.kit import charts, look, words

GOOD, FAIR = 0.80, 0.667  # Krippendorff's (2004) bounds of what can be relied on, and of what can be said tentatively
FEW, FEW_OF_THEME = 30, 5
AT_ONCE = 10


def draw(actor: Actor, place: Place, round_id: int) -> None:
    """Draw what came out of a round."""
    found = comparing.compare(actor, place, round_id)
    names = dict(found.themes)
    _how_far(found, names)
    _agreed(actor, place, found)
    _disputes(actor, place, found, names)


def _how_far(found: Comparison, names: dict[int, str]) -> None:
    st.html(f'<h3 class="tl-h2">{escape(_("How far people agree"))}</h3>')
    over_all = found.agreement.over_all
    if over_all.passages < FEW:
        few = ngettext(
            "Only {number} passage was answered by two people or more: the figures may be far off.",
            "Only {number} passages were answered by two people or more: the figures may be far off.",
            over_all.passages,
        )
        look.note(f"<p>{escape(few.format(number=over_all.passages))}</p>")
    themes = [(names[one.theme], one) for one in found.agreement.themes if one.theme in names]
    themes.sort(key=lambda theme: (-theme[1].positives, theme[0]))
    told = [_row(name, one) for name, one in themes if one.positives >= FEW_OF_THEME]
    rare = [_row(name, one) for name, one in themes if one.positives < FEW_OF_THEME]
    head = (
        _("Theme"),
        _("Passages"),
        _("Somebody saw it in"),
        _("Alpha (95% interval)"),
        _("AC1 (95% interval)"),
        _("What it means"),
    )
    st.html(figures.table(head, [_row(_("Over all (main theme)"), over_all), *told], numbers=(1, 2)))
    if rare:
        seen = ngettext(
            "{number} theme that too few passages speak of to tell",
            "{number} themes that too few passages speak of to tell",
            len(rare),
        )
        with st.expander(seen.format(number=len(rare))):
            st.html(figures.table(head, rare, numbers=(1, 2)))
    with st.expander(_("What these figures are")):
        st.markdown(
            _(
                "**Alpha** (Krippendorff) is 1 where all agree and 0 where they agree no more than by chance. From "
                "0.80 on a theme can be relied on, from 0.67 on it can be spoken of with care. It can be low by its "
                "nature where hardly anybody saw a theme. **AC1** (Gwet) is another measure that is not; where the two "
                "differ much, the theme is rare in these passages. Passages that only one person answered count "
                "nowhere."
            )
        )


def _row(name: str, one: Agreed) -> tuple[str, ...]:
    return (name, f"{one.passages:,}", f"{one.positives:,}", _figure(one.alpha), _figure(one.ac1), meaning(one))


def _figure(one: Estimate | None) -> str:
    if one is None:
        return _("not known")
    return _("{value} ({low} to {high})").format(value=f"{one.value:.2f}", low=f"{one.low:.2f}", high=f"{one.high:.2f}")


def meaning(one: Agreed) -> str:
    """What agreement on a theme allows, in plain words."""
    if one.alpha is None:
        return _("All gave the same answer, so nothing shows whether people tell it from the rest.")
    if one.positives < FEW_OF_THEME:
        return _("Too few passages to tell.")
    if one.alpha.value < FAIR:
        return _("Too little: say more clearly what belongs in it and what does not.")
    if one.alpha.low < FAIR:
        return _("Perhaps enough: more passages would tell.")
    return _("Enough to rely on.") if one.alpha.value >= GOOD else _("Enough to speak of with care.")


def _agreed(actor: Actor, place: Place, found: Comparison) -> None:
    waiting = found.agreed - found.kept
    if waiting:
        told = ngettext(
            "All agree on {number} passage that is not in the codebook yet.",
            "All agree on {number} passages that are not in the codebook yet.",
            waiting,
        )
        st.write(told.format(number=waiting))
        keep = partial(comparing.keep_agreed, actor, place, found.round.id)
        st.button(_("Put what all agree on into the codebook"), key="round-keep", on_click=moves.attempt, args=(keep,))
    elif found.agreed:
        st.write(_("What all agree on is in the codebook."))


def _disputes(actor: Actor, place: Place, found: Comparison, names: dict[int, str]) -> None:
    st.html(f'<h3 class="tl-h2">{escape(_("Where people differ"))}</h3>')
    waiting = [one for one in found.disputes if one.settled is None and one.said is not None]
    settled = [one for one in found.disputes if one.settled is not None]
    if not waiting:
        st.write(_("Nothing is left to settle."))
    for number, one in enumerate(waiting[:AT_ONCE], 1):
        with st.container(border=True, key=f"tl-card-{one.told.passage}"):
            _side_by_side(one, names)
            _settle_form(number, one, names, partial(_settle, actor, place, found, one))
    if len(waiting) > AT_ONCE:
        more = _("{number} more follow when these are settled.").format(number=len(waiting) - AT_ONCE)
        st.html(f'<p class="tl-hint">{escape(more)}</p>')
    if settled:
        with st.expander(ngettext("{number} settled", "{number} settled", len(settled)).format(number=len(settled))):
            for one in settled:
                _side_by_side(one, names)
                _how_settled(one, names)


def _side_by_side(one: Dispute, names: dict[int, str]) -> None:
    rows = [(who, _said(themes, names)) for who, themes in one.told.said]
    passage = in_context(one.said) if one.said else f"<p>{escape(_('The words of this passage have left.'))}</p>"
    table = charts.table((_("Who"), _("What they said")), rows)
    st.html(f'<div class="tl-passage">{passage}</div>{table}')


def _said(themes: tuple[int, ...], names: dict[int, str]) -> str:
    named = [names[number] for number in themes if number in names and number != NONE_OF_THEM]
    return words.listed(named, len(named)) if named else _("It fits no theme")


def _settle_form(number: int, one: Dispute, names: dict[int, str], settle: Callable[[list[int], str], None]) -> None:
    key = f"settle-{one.told.passage}"
    with st.form(key, border=False, enter_to_submit=False):
        chosen = st.multiselect(
            _("What it speaks of, the main theme first (none: it fits no theme)"),
            list(names),
            key=f"{key}-themes",
            format_func=lambda theme: names[theme],
            placeholder=_("Choose themes, or start typing"),
        )
        note = st.text_input(_("Why"), key=f"{key}-note")
        if st.form_submit_button(_("Settle :gray[number {number}]").format(number=number), key=f"{key}-save"):
            settle(chosen, note)
            st.rerun()


def _settle(actor: Actor, place: Place, found: Comparison, one: Dispute, themes: list[int], note: str) -> None:
    passage = (one.told.story, one.told.passage)
    moves.attempt(partial(comparing.settle, actor, place, found.round.id, passage, themes, note))


def _how_settled(one: Dispute, names: dict[int, str]) -> None:
    if one.settled is None:
        return
    told = _("{name} settled it: {themes}. {why}").format(
        name=one.settled.by, themes=_said(one.settled.themes or (), names), why=one.settled.why
    )
    st.html(f"<p><strong>{escape(told)}</strong></p>")
