"""Questions about the teller, once the journey was sent: each may be left out, and no answer is shown again."""

from dataclasses import replace

from starlette.responses import Response

from insight import equality
from insight.access import RESIDENT
from insight.errors import NotFound
from insight.intake import PlaceLists
from insight.intake.questions import Choice
from insight.language import _
from pages.form import drawing
from pages.form.addresses import CHECKING, SENT
from pages.form.desk import Ask, draft_of, screen
from pages.form.fields import RATHER_NOT, field
from pages.form.language import in_the_language_wished as wished
from pages.form.language import speak_from_now
from pages.kit.plain import go
from pages.kit.stated import StatedRoute

ABOUT_YOU = "/tell/about-you"


def intro(ask: Ask) -> Response:
    """Why these questions are asked, and that they may be skipped."""
    if not draft_of(ask).reference:
        return go(CHECKING)
    asked = _asked()
    return drawing.page(ask, "about_you/intro.html", first=_path(asked[0]), count=len(asked), back=SENT)


def show(ask: Ask) -> Response:
    """One question, without what was answered before: the next person at this screen must not read it."""
    if not draft_of(ask).reference:
        return go(CHECKING)
    return _question(ask, ask.typed(ask.parts["question"]) if ask.stale else "")


def take(ask: Ask) -> Response:
    """Keep the answer if one was given, and lead on to the next question; after the last one, to the reference."""
    asked, here = _asked(), _here(ask)
    told = ask.typed(asked[here].id)
    equality.keep(RESIDENT, draft_of(ask).key, {asked[here].id: told})
    button = ask.typed("go")
    if button.startswith("lang-"):
        speak_from_now(ask, button.removeprefix("lang-"))
        return _question(ask, told)
    return go(_path(asked[here + 1]) if here + 1 < len(asked) else SENT)


def _question(ask: Ask, told: str) -> Response:
    asked, here = _asked(), _here(ask)
    drawn = field(asked[here], told, "", PlaceLists({}, ()))
    return drawing.page(
        ask,
        "about_you/question.html",
        field=replace(drawn, inputs=tuple(one for one in drawn.inputs if one.value != RATHER_NOT)),
        above=_("Question {number} of {count}").format(number=here + 1, count=len(asked)),
        back=_path(asked[here - 1]) if here else ABOUT_YOU,
        action=_path(asked[here]),
        skip=SENT if here + 1 < len(asked) else "",
        form_id="answers",
    )


def _asked() -> list[Choice]:
    questions = equality.equality_questions(RESIDENT).question
    return [question for question in questions if isinstance(question, Choice)]


def _here(ask: Ask) -> int:
    for number, question in enumerate(_asked()):
        if question.id == ask.parts["question"]:
            return number
    raise NotFound(_("There is no page at this address. Check the address, or start again."))


def _path(question: Choice) -> str:
    return f"{ABOUT_YOU}/{question.id}"


about_you_routes: list[StatedRoute] = [
    *screen(ABOUT_YOU, wished(intro)),
    *screen(ABOUT_YOU + "/{question}", wished(show), take),
]
