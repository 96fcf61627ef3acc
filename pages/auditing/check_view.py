"""The check: whether anybody changed the audit, said in a sentence; and the head, to be kept elsewhere."""

from dataclasses import dataclass
from html import escape

import streamlit as st

from insight.access import Actor
from insight.audit import Checked, in_words
from insight.errors import InsightError
from insight.language import _, ngettext, speak
from insight.records import auditing
from pages.kit.a11y import Field, Page
from pages.kit.questions import error_line
from pages.kit.session import chosen_language
from pages.sharing.frame import summary_of

KEPT, OUTCOME, RESULT = "audit-kept", "audit-outcome", "audit-result"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the last check led to; ``turn`` moves the focus, ``against`` says that a kept head was given."""

    turn: int = 0
    found: Checked | None = None
    against: bool = False
    wrong: str = ""


def last() -> Outcome:
    """What the last check of this visit led to."""
    return st.session_state.get(OUTCOME) or Outcome()


def focus() -> str:
    """Where the focus goes after a check."""
    outcome = last()
    return "error-summary" if outcome.wrong else RESULT if outcome.found else ""


def problem() -> None:
    """At the top of the page: what is wrong with what was typed."""
    if last().wrong:
        summary_of([(KEPT, last().wrong)])


def draw(actor: Actor, page: Page) -> None:
    """Draw the head, the field for a kept one, the button, and what the last check found."""
    outcome = last()
    st.html(f'<h2 class="tl-h2">{escape(_("Check the audit"))}</h2>{_head(actor)}')
    with st.form("audit-check", border=False, enter_to_submit=False):
        label = _("A head that you kept before (optional)")
        error = error_line(KEPT, outcome.wrong) if outcome.wrong else ""
        hint = _("With it the check also shows whether entries were cut off at the end.")
        st.html(
            f'<div class="tl-ask"><p class="tl-label">{escape(label)}</p>'
            f'<p class="tl-hint" id="{KEPT}-hint">{escape(hint)}</p>{error}</div>'
        )
        st.text_input(label, key=KEPT, label_visibility="collapsed", autocomplete="off")
        described = f"{KEPT}-hint {KEPT}-error" if error else f"{KEPT}-hint"
        page.fields.append(Field(KEPT, described, wrong=bool(error)))
        st.form_submit_button(_("Check that nothing was changed"), type="primary", on_click=_check, args=(actor,))
    if outcome.found:
        st.html(_result(outcome, outcome.found))


def _head(actor: Actor) -> str:
    head = auditing.head(actor)
    if not head.number:
        return f'<p class="tl-prose">{escape(_("Nothing has been recorded yet."))}</p>'
    told = _("The head of the audit now is:")
    why = _("Keep it where whoever looks after the database cannot write, such as in an email to a colleague.")
    return (
        f'<p class="tl-prose">{escape(told)}</p><p class="tl-head"><code>{escape(str(head))}</code></p>'
        f'<p class="tl-prose">{escape(why)}</p>'
    )


def _check(actor: Actor) -> None:
    speak(chosen_language())  # buttons are worked off before the page is run
    typed, turn = str(st.session_state.get(KEPT) or ""), last().turn + 1
    try:
        found = auditing.verify(actor, typed)
    except InsightError as wrong:
        st.session_state[OUTCOME] = Outcome(turn, wrong=str(wrong))
    else:
        st.session_state[OUTCOME] = Outcome(turn, found, bool(typed.strip()))


def _result(outcome: Outcome, found: Checked) -> str:
    if not found.sound:
        return _broken(found)
    told = ngettext(
        "Nothing was changed. The one entry is as it was written.",
        "Nothing was changed. All {number} entries are as they were written.",
        found.entries,
    ).format(number=f"{found.entries:,}")
    if outcome.against:
        more = _("None was cut off since the head that you gave.")
    else:
        more = _("Whether entries were cut off at the end shows only with a head that you kept.")
    return (
        f'<div class="tl-saved" id="{RESULT}" role="status" tabindex="-1"><p>{escape(told)}</p>'
        f'<p>{escape(more)}</p><p class="tl-head">{escape(_("Head:"))} <code>{escape(str(found.head))}</code></p></div>'
    )


def _broken(found: Checked) -> str:
    lines = "".join(f"<li>{escape(in_words(finding))}</li>" for finding in found.findings)
    hidden = found.faults - len(found.findings)
    more = _("And {number} more.").format(number=f"{hidden:,}") if hidden else ""
    do = _(
        "Do not restart or clean up anything. Tell whoever answers for data protection, and keep a copy of the "
        "database and of the logs as they are."
    )
    return (
        f'<div class="tl-error" id="{RESULT}" role="alert" tabindex="-1"><h2>{escape(_("The audit was changed"))}</h2>'
        f"<ul>{lines}</ul>{f'<p>{escape(more)}</p>' if more else ''}<p>{escape(do)}</p></div>"
    )
