"""Stopping and coming back: four words that open a journey elsewhere, and coming from the Streamlit page."""

from dataclasses import replace

from starlette.responses import Response

from insight import intake
from insight.access import RESIDENT
from insight.errors import NotFound
from insight.intake import Draft
from insight.language import _
from insight.limits import count_try, give_back
from insight.settings import settings
from pages.form import drawing
from pages.form.addresses import HOME, RESUME, SENT, path_to, where_at
from pages.form.desk import Ask, draft_of
from pages.form.starting import go_on, reached
from pages.kit.plain import go

MOST_TRIES, MOST_TRIES_OF_ALL, WITHIN = 10, 1_000, 600


def later(ask: Ask) -> Response:
    """Show the four words and the link that open this journey elsewhere."""
    draft = draft_of(ask)
    if draft.reference:
        return go(SENT)
    if ask.here.kiosk:
        raise NotFound(_("This screen is shared, so a journey cannot be kept for later here."))
    words = intake.resume_words(RESIDENT, draft.key)
    site = settings().public_url.rstrip("/") or ask.site
    return drawing.page(
        ask,
        "later.html",
        words=words.split("-"),
        link=f"{site}/tell/r/{words}",
        days=settings().draft_days,
        onwards=reached(draft),
    )


def ask_for_words(ask: Ask, typed: str = "", error: str = "", status: int = 200) -> Response:
    """Ask for the four words."""
    wrong = [("#words", error)] if error else []
    typed = typed or (ask.typed("words") if ask.stale else "")
    return drawing.page(ask, "resume.html", status, typed=typed, wrong=wrong, back=HOME)


def take_words(ask: Ask) -> Response:
    """Open what four words open; tried too often from one address or by all together, nothing is opened."""
    typed = ask.typed("words")
    if not typed.strip():
        return ask_for_words(ask, typed, _("Write the four words"), 422)
    _count(ask)
    try:
        return _open(ask, intake.open_by_words(RESIDENT, typed))
    except NotFound as wrong:
        return ask_for_words(ask, typed, str(wrong), 422)


def confirm_words(ask: Ask) -> Response:
    """A link that was followed: a button opens it, since programs follow links too."""
    return drawing.page(ask, "open.html", action=ask.path, key="", page="")


def follow_words(ask: Ask) -> Response:
    """Open what the link's words open."""
    _count(ask)
    try:
        return _open(ask, intake.open_by_words(RESIDENT, ask.parts["words"]))
    except NotFound as wrong:
        return drawing.kind(ask, _("This link opens nothing"), [str(wrong)], 404, (RESUME, _("Type the four words")))


def confirm_key(ask: Ask) -> Response:
    """Coming from the Streamlit page: a button opens the journey, so that nobody is led into another's unasked."""
    key, page = _from_elsewhere(ask)
    if not key:
        return go_on(ask)
    draft = intake.open_draft(RESIDENT, key)
    if key == ask.here.draft:
        return _to_page(ask, draft, page)
    return drawing.page(ask, "open.html", action="/tell/continue", key=key, page=page)


def take_key(ask: Ask) -> Response:
    """Go on here with a journey that was begun on the Streamlit page, where it was left there."""
    key, page = _from_elsewhere(ask)
    draft = intake.open_draft(RESIDENT, key)
    _take(ask, draft)
    return _to_page(ask, draft, page)


def _from_elsewhere(ask: Ask) -> tuple[str, str]:
    """The key and the page, as the form or the address has them."""
    key, page = (ask.typed(name) or ask.query.get(name, "") for name in ("draft", "page"))
    return key, page


def _to_page(ask: Ask, draft: Draft, page: str) -> Response:
    where = where_at(draft.questions, draft.answers, {"page": page}, {}) if page else None
    return go(path_to(where)) if where and not draft.reference else go_on(ask)


def _count(ask: Ask) -> None:
    count_try("resume words", "", MOST_TRIES_OF_ALL, WITHIN)
    count_try("resume words", ask.asker, MOST_TRIES, WITHIN)


def _open(ask: Ask, draft: Draft) -> Response:
    """Words that were right do not count: many may come from one library."""
    for asker in (ask.asker, ""):
        give_back("resume words", asker)
    _take(ask, draft)
    return go_on(ask)


def _take(ask: Ask, draft: Draft) -> None:
    ask.visit = replace(ask.here, draft=draft.key, language=draft.language)
