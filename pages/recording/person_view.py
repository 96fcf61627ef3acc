"""A person's data: from the reference that they give to one file with all that is held, to hand over to them."""

import streamlit as st

from insight.access import Actor
from insight.intake import Place
from insight.language import _
from pages.kit.a11y import Page
from pages.recording import moves, parts


def render(actor: Actor, place: Place, page: Page) -> None:
    """Draw the question for the reference, and the file once it is made."""
    told = _(
        "Somebody asks what is held of them. With their reference you make a file with everything: what they told, "
        "word for word, the copy that staff read, what they agreed to, what became of it, and how long it is kept."
    )
    more = _(
        "They can also do this themselves, with the reference, from the page where they told it. Without a reference "
        "nobody can find a story: that is by design. Each file, and each wrong reference, stands in the audit."
    )
    st.html(parts.paragraphs(told, more))
    parts.done()
    if moves.taken():
        _file()
    with st.form("records-person", border=False, enter_to_submit=False, clear_on_submit=True):
        hint = _("Such as BCD-F34-GHJK. Make sure that whoever asks is the person, or may act for them.")
        parts.label(page, moves.REFERENCE, _("Their reference"), hint)
        st.text_input(
            _("Their reference"), key=moves.REFERENCE, label_visibility="collapsed", autocomplete="off", width=280
        )
        st.form_submit_button(_("Make the file"), type="primary", on_click=moves.take_out, args=(actor, place))


def _file() -> None:
    made = moves.taken()
    if made is None:
        return
    with st.container(horizontal=True, gap="small", key="tl-onwards"):
        st.download_button(
            _("Download the file (ZIP)"),
            made.body,
            made.name,
            made.media_type,
            key="records-file",
            on_click="ignore",
            type="primary",
        )
        st.button(_("Put the file away"), on_click=moves.put_away, key="records-away")
