"""The front page of the form, and beginning a journey there."""

from dataclasses import replace

from starlette.responses import JSONResponse, Response

from insight import intake
from insight.access import RESIDENT
from insight.errors import NotFound
from insight.intake import Draft, Invitation
from insight.intake.questions import Lookup
from insight.language import _, day
from insight.settings import settings
from pages.form import drawing, keeping
from pages.form.addresses import HOME, SENT, path_to, where_after
from pages.form.desk import Ask, draft_of
from pages.form.helping import everyone
from pages.kit.plain import go
from pages.sharing.address import Where


def start(ask: Ask) -> Response:
    """Before the first question: what this is, who reads it, what cannot be kept secret, who can help now."""
    invited = _invited(ask)
    if not invited.open:
        return drawing.kind(ask, _("This survey is not open today"), list(_when_open(invited)), 200)
    draft = _unsent(ask)
    return drawing.page(
        ask,
        "start.html",
        idle=draft is not None,
        place=invited.place,
        welcome=invited.questions.welcome,
        title=invited.questions.title if invited.survey else None,
        may_skip=invited.questions.may_be_passed_by,
        action=ask.path,
        campaign=ask.query.get("from") or ask.typed("from"),
        place_code=ask.query.get("place") or ask.typed("place"),
        onwards=reached(draft) if draft else "",
        everyone=everyone(invited.place.code),
    )


def begin(ask: Ask) -> Response:
    """Open a draft and go to its first question; pressed twice, it is the same draft while nothing is in it."""
    invited = _invited(ask)
    draft = _unsent(ask)
    if draft is None or draft.answers or draft.survey != invited.survey:
        draft = intake.start_draft(
            RESIDENT, invited.place.code, ask.language, survey=invited.survey, campaign=ask.typed("from") or None
        )
    ask.visit = replace(ask.here, draft=draft.key, language=ask.language, reference="")
    return go(path_to(Where(draft.questions.question[0].id)))


def go_on(ask: Ask) -> Response:
    """To the page that was reached, from wherever one came."""
    draft = draft_of(ask)
    return go(SENT if draft.reference else reached(draft))


def to_pictures(ask: Ask) -> Response:
    """The same journey on the Streamlit page, where its key stands in the address."""
    draft = _unsent(ask)
    if draft is None:
        return go("/share")
    return go("/share" + where_after(draft.questions, draft.answers, draft.answers.get(keeping.AT)).link(draft.key))


def privacy(ask: Ask) -> Response:
    """Who reads it, what is kept and for how long, and the one cookie."""
    return drawing.page(ask, "privacy.html", place=intake.current_place(), days=settings().draft_days, back=HOME)


def names(ask: Ask) -> Response:
    """A place's services or organisations, where there are too many of them to stand in the page."""
    draft = draft_of(ask)
    lists = intake.place_lists(RESIDENT, draft.place)
    asked = next((one for one in draft.questions.steps.question if one.id == ask.parts["question"]), None)
    if not isinstance(asked, Lookup):
        raise NotFound(_("There is no page at this address. Check the address, or start again."))
    return JSONResponse(list(lists.services if asked.list == "service" else lists.organisations))


def _invited(ask: Ask) -> Invitation:
    place = ask.query.get("place") or ask.typed("place")
    return intake.invitation(RESIDENT, place or None, ask.parts.get("survey"))


def _unsent(ask: Ask) -> Draft | None:
    try:
        draft = draft_of(ask)
    except NotFound:
        return None
    return None if draft.reference else draft


def reached(draft: Draft) -> str:
    """The path of the page to go on with."""
    return path_to(where_after(draft.questions, draft.answers, draft.answers.get(keeping.AT)))


def _when_open(invited: Invitation) -> list[str]:
    opens, closes = invited.opens_on, invited.closes_on
    sentences = [_("It opens on {day}.").format(day=day(opens))] if opens else []
    return sentences + ([_("It closes after {day}.").format(day=day(closes))] if closes else [])
