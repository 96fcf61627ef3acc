"""What happened to the codebook, newest first, in plain sentences, each with its way back."""

from html import escape

import streamlit as st

from insight import coding
from insight.access import Actor
from insight.codebook import Book, Decision, Kind
from insight.coding import Event, History
from insight.coding.history import PAGE
from insight.intake import Place
from insight.language import _, day, ngettext
from pages.book import moves, outcome, parts
from pages.book.parts import all_quoted, name, quoted
from pages.kit.a11y import Field, Page
from pages.kit.pager import pager
from pages.kit.words import UK
from pages.pain import address


def render(actor: Actor, place: Place, page: Page) -> None:
    """Draw the history of the whole codebook."""
    told = coding.history(actor, place, None, address.number("page") or 1)
    st.html(f'<h2 class="tl-h2">{escape(_("What happened, the newest first"))}</h2>')
    _events(actor, place, page, told)
    pager(told.page, told.total, PAGE)


def of_theme(actor: Actor, place: Place, page: Page, theme: int) -> None:
    """Draw the history of one theme."""
    told = coding.history(actor, place, theme)
    _events(actor, place, page, told)
    if told.total > len(told.events):
        st.caption(_("The newest {number} of {all}.").format(number=len(told.events), all=told.total))


def _events(actor: Actor, place: Place, page: Page, told: History) -> None:
    form = outcome.form()
    for number, event in enumerate(told.events):
        with st.container(key=f"book-event-{number}", horizontal=True, gap="small", vertical_alignment="center"):
            sentence = _sentence(told.book, event)
            st.html(_drawn(event, sentence), width="stretch")
            if event.decision and not event.decision.undone:
                key = f"book-undo-{event.decision.id}"
                label = _("Undo the undo") if event.decision.kind is Kind.UNDO else _("Undo")
                page.fields.append(Field(key, name=f"{label}: {sentence}", button=True))
                st.button(label, key=key, on_click=moves.undo_decision, args=(actor, place, event.decision.id, form))
            elif event.coded and event.coded.standing and event.coded.themes is not None:
                key = f"book-uncode-{number}"
                page.fields.append(Field(key, name=f"{_('Undo')}: {sentence}", button=True))
                st.button(_("Undo"), key=key, on_click=moves.take_back_coded, args=(actor, place, event.coded, form))


def _drawn(event: Event, sentence: str) -> str:
    when = event.at.astimezone(UK)
    at = _("{day}, {time}").format(day=day(when), time=when.strftime("%H:%M"))
    undone = event.decision is not None and event.decision.undone
    said = f'<span class="tl-undone">{escape(sentence)}</span> {escape(_("(undone)"))}' if undone else escape(sentence)
    why = f": {escape(event.why)}" if event.why else ""
    by = "" if event.by else f"<b>{escape(_('Machine'))}</b> · "
    return f'<p class="tl-mark">{by}{escape(at)}</p><p>{said}{why}</p>'


def _sentence(book: Book, event: Event) -> str:
    if event.decision:
        return _decided(book, event.decision, event.was)
    if event.coded is None:
        found = ngettext("An analysis found {number} new theme", "An analysis found {number} new themes", event.found)
        return found.format(number=event.found)
    many = parts.passages(event.coded.passages)
    if event.coded.themes is None:
        told = _("{person} let the machine place {passages} again")
    elif event.coded.themes:
        told = _("{person} placed {passages} in {themes}")
    else:
        told = _("{person} took {passages} out of all themes")
    labels = all_quoted([name(book, number) for number in event.coded.themes or ()])
    return told.format(person=event.by, passages=many, themes=labels)


def _decided(book: Book, decision: Decision, was: str = "") -> str:
    detail = decision.detail
    told = {
        Kind.MAKE: _("{person} made {label}"),
        Kind.RENAME: _("{person} renamed {was} to {label}") if was else _("{person} named a theme {label}"),
        Kind.DESCRIBE: _("{person} described {theme}"),
        Kind.MERGE: _("{person} merged {theme} into {into}"),
        Kind.SPLIT: _("{person} split {label} ({passages}) off {theme}"),
        Kind.SET_ASIDE: _("{person} set {theme} aside"),
        Kind.BRING_BACK: _("{person} brought {theme} back"),
        Kind.NEST: _("{person} put {theme} under {under}"),
        Kind.UNNEST: _("{person} took {theme} out from under {under}"),
        Kind.UNDO: _("{person} undid: {what}"),
    }[decision.kind]
    undone = next((one for one in book.decisions if one.id == detail.get("decision")), None)
    return told.format(
        person=decision.by,
        theme=quoted(name(book, decision.theme)),
        was=quoted(was),
        label=quoted(str(detail.get("label", ""))),
        passages=parts.passages(int(detail.get("passages", 0))),
        into=quoted(name(book, int(detail.get("into", -1)))),
        under=quoted(name(book, int(detail.get("under", -1)))),
        what=_decided(book, undone) if undone else "",
    )
