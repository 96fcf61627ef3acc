"""How long stories are kept: the rules with their clocks, setting one, purging, and the proofs of what was purged."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from insight import records
from insight.access import Actor
from insight.intake import Place
from insight.language import _, day, ngettext
from insight.records import Clock, Proof, Retention
from pages.kit.a11y import Page
from pages.kit.words import when
from pages.recording import moves, parts


def render(actor: Actor, place: Place, page: Page) -> None:
    """Draw the rules and what comes of them."""
    held = records.retention(actor, place)
    told = _(
        "A story is kept for a number of days after it was told, counted in UTC. Each day, what is overdue is erased "
        "with all that was made of it, as when its teller erases it. A story whose safeguarding item is open stays "
        "until that item is decided."
    )
    st.html(parts.paragraphs(told))
    parts.done()
    st.html(f'<dl class="tl-summary">{"".join(_clock(clock) for clock in held.clocks)}</dl>')
    _rule_form(actor, place, held, page)
    _purge_form(actor, place, held, page)
    _proofs(held.proofs)


def named(clock: Clock) -> str:
    """Which stories a rule is for."""
    if clock.survey is None:
        return _("Stories outside of surveys")
    return _("Survey: {title}").format(title=clock.title or clock.survey)


def _clock(clock: Clock) -> str:
    if clock.days is None:
        rule = f'<span class="tl-unkept">{escape(_("No rule: they are kept until you set one."))}</span>'
    else:
        rule = escape(_days(clock))
    lines = [rule, *(escape(line) for line in _counts(clock))]
    return f"<div><dt>{escape(named(clock))}</dt><dd>{'<br>'.join(lines)}</dd></div>"


def _days(clock: Clock) -> str:
    days = ngettext("Kept for {number} day.", "Kept for {number} days.", clock.days or 0).format(
        number=f"{clock.days:,}"
    )
    if not clock.own and clock.survey is not None:
        return days + " " + _("This is the place's own rule.")
    if clock.set_at is None:
        return days
    return days + " " + _("Set by {name} on {day}.").format(name=clock.set_by, day=day(clock.set_at))


def _counts(clock: Clock) -> list[str]:
    lines = [
        ngettext("{number} story is held.", "{number} stories are held.", clock.stories).format(
            number=f"{clock.stories:,}"
        )
    ]
    overdue = clock.due - clock.kept
    if overdue:
        lines.append(_overdue(overdue))
    if clock.kept:
        lines.append(
            ngettext(
                "{number} more is overdue and stays: its safeguarding item is open.",
                "{number} more are overdue and stay: their safeguarding items are open.",
                clock.kept,
            ).format(number=f"{clock.kept:,}")
        )
    if clock.next_due:
        lines.append(_("The next falls due on {day}.").format(day=day(clock.next_due)))
    if clock.soon:
        lines.append(
            ngettext("{number} falls due within 30 days.", "{number} fall due within 30 days.", clock.soon).format(
                number=f"{clock.soon:,}"
            )
        )
    return lines


def _overdue(stories: int) -> str:
    return ngettext(
        "{number} is overdue and goes with the next purge.", "{number} are overdue and go with the next purge.", stories
    ).format(number=f"{stories:,}")


def _rule_form(actor: Actor, place: Place, held: Retention, page: Page) -> None:
    parts.heading(_("Set how long"))
    options = {clock.survey or moves.OTHERS: named(clock) for clock in held.clocks}
    with st.form("records-rule", border=False, enter_to_submit=False):
        parts.one_of(
            page, moves.WHICH, _("Which stories"), "", options, next(iter(options)) if len(options) == 1 else None
        )
        hint = _("Such as 730 for two years. What is overdue by the new rule goes with the next purge, within a day.")
        parts.label(page, moves.DAYS, _("Days after they were told"), hint)
        st.text_input(_("Days after they were told"), key=moves.DAYS, label_visibility="collapsed", width=160)
        with st.container(horizontal=True, gap="small", key="tl-onwards"):
            args = (actor, place)
            st.form_submit_button(_("Save the rule"), type="primary", on_click=moves.set_rule, args=args)
            st.form_submit_button(_("Take the rule away"), on_click=moves.drop_rule, args=args)


def _purge_form(actor: Actor, place: Place, held: Retention, page: Page) -> None:
    parts.heading(_("Purge now"), _overdue(held.due) if held.due else _("Nothing is overdue."))
    if not held.due and all(proof.ended_at for proof in held.proofs):
        return
    with st.form("records-purge", border=False, enter_to_submit=False):
        parts.label(page, moves.SURE, _("A purge cannot be undone"))
        st.checkbox(_("I know that it cannot be undone"), key=moves.SURE)
        st.form_submit_button(_("Erase what is overdue"), on_click=moves.purge, args=(actor, place))


def _proofs(proofs: Sequence[Proof]) -> None:
    parts.heading(_("What was purged"))
    if not proofs:
        st.html(parts.paragraphs(_("Nothing was purged yet.")))
        return
    told = _(
        "Before each batch was kept, every table that may name a story was looked through, and none of these was "
        "found. The digest is made of all that a proof says and stands in the audit too."
    )
    heads = (_("Proof"), _("When"), _("Rule"), _("What went"), _("Found afterwards"))
    st.html(parts.paragraphs(told) + parts.table(_("Proofs of purges"), heads, [_row(proof) for proof in proofs]))


def _row(proof: Proof) -> list[str]:
    who = _("by {name}").format(name=proof.begun_by)
    ended = when(proof.ended_at) if proof.ended_at else _("Interrupted: the next purge goes on with it")
    digest = f'<br><code class="tl-head">{escape(proof.digest)}</code>' if proof.digest else ""
    changed = (
        ""
        if proof.holds or not proof.ended_at
        else f'<br><strong class="tl-unkept">{escape(_("Changed since"))}</strong>'
    )
    title = proof.title or _("Stories outside of surveys")
    rule = _("{title}: {number} days").format(title=title, number=f"{proof.days:,}")
    return [
        f"{proof.number:,}{digest}{changed}",
        f"{escape(ended)}<br>{escape(who)}",
        escape(rule),
        escape(_went(proof)),
        escape(_found(proof)),
    ]


def _went(proof: Proof) -> str:
    stories = ngettext("{number} story", "{number} stories", proof.stories).format(number=f"{proof.stories:,}")
    rows = sum(number for name, number in proof.counts.items() if name not in ("stories", "analyses"))
    return _("{stories}, {rows} other rows").format(stories=stories, rows=f"{rows:,}")


def _found(proof: Proof) -> str:
    left, looked = sum(proof.checked.values()), len(proof.checked)
    return _("{left} in {looked} places looked through").format(left=f"{left:,}", looked=looked)
