"""The receipt: with a reference and no account, see what is held, change it, allow or not, take it away, erase it."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from markupsafe import Markup
from starlette.responses import Response

from insight import intake, receipts
from insight.access import RESIDENT
from insight.errors import NotFound
from insight.intake import ConsentScope
from insight.language import _, day
from insight.limits import count_often
from insight.receipts import COPIES_KEPT_DAYS, Answer, Held, Proof
from pages.form import drawing
from pages.form.addresses import CHECKING
from pages.form.desk import Ask, Handler, screen
from pages.form.language import in_the_language_wished as wished
from pages.kit.plain import go
from pages.kit.stated import StatedRoute

ENTER, HELD, ERASE = "/tell/receipt", "/tell/receipt/held", "/tell/receipt/erase"
MINUTES = 30
DEADLINE = 0.4  # seconds: every answer to a typed reference takes this long, whether there is a story under it or not
MOST_PAGES, WITHIN = 120, 3_600  # pages of one reference within so many seconds, whoever opens them
DOWNLOADS = {"my-journey.html": "html", "my-journey.json": "json"}

WithReference = Callable[[Ask, str], Response]


def enter(ask: Ask, typed: str = "", error: str = "", status: int = 200) -> Response:
    """Ask for the reference, unless this browser has just given it."""
    if _reference(ask) and not error:
        return go(HELD)
    wrong = [("#reference", error)] if error else []
    typed = typed or (ask.typed("reference") if ask.stale else "")
    return drawing.page(ask, "receipt/enter.html", status, typed=typed, wrong=wrong, minutes=MINUTES)


def take_reference(ask: Ask) -> Response:
    """Open what a reference opens. How long the answer takes tells nothing."""
    started, typed = time.perf_counter(), ask.typed("reference")
    if not typed.strip():
        return enter(ask, "", _("Write your reference"), 422)
    try:
        _remember(ask, receipts.open_receipt(RESIDENT, typed, ask.asker))
        answer = go(HELD)
    except NotFound as wrong:
        ask.visit = replace(ask.here, reference="")
        answer = enter(ask, typed, str(wrong), 422)
    time.sleep(max(0.0, started + DEADLINE - time.perf_counter()))
    return answer


def with_reference(page: WithReference) -> Handler:
    """A page for somebody who has given a reference; others are asked for it. Each page gives them 30 minutes more."""

    @wraps(page)
    def opened(ask: Ask) -> Response:
        reference = _reference(ask)
        if not reference:
            return go(ENTER)
        count_often("pages of a reference", reference, MOST_PAGES, WITHIN)
        _remember(ask, reference)
        try:
            return page(ask, reference)
        except NotFound as gone:
            ask.visit = replace(ask.here, reference="")
            return enter(ask, "", str(gone), 404)

    return opened


@with_reference
def what_is_held(ask: Ask, reference: str) -> Response:
    """Everything that is held under the reference, and what can be done with it."""
    held = receipts.held(RESIDENT, reference)
    return drawing.page(
        ask,
        "receipt/held.html",
        held=held,
        day=day,
        aloud=", ".join(" ".join(group) for group in held.reference.split("-")),
        lang=_language_of(held),
        agreements=[consent for consent in held.consents if consent.scope != ConsentScope.CONTACT],
        done=_done(ask.query.get("done", "")),
        downloads=() if ask.here.kiosk else tuple(DOWNLOADS),
        minutes=MINUTES,
    )


@with_reference
def allow(ask: Ask, reference: str) -> Response:
    """Give one agreement, or take it back."""
    scope, given = ask.typed("scope"), ask.typed("given") == "yes"
    if scope not in (ConsentScope.ANALYSE, ConsentScope.QUOTE):
        return go(HELD)
    (receipts.give if given else receipts.withdraw)(RESIDENT, reference, ConsentScope(scope))
    return go(f"{HELD}?done={scope}-{'yes' if given else 'no'}")


@with_reference
def reply(ask: Ask, reference: str) -> Response:
    """Ask for a reply, or for none any more."""
    wanted = ask.typed("wanted") == "yes"
    (receipts.ask_for_reply if wanted else receipts.take_back_reply_request)(RESIDENT, reference)
    return go(f"{HELD}?done=reply-{'yes' if wanted else 'no'}")


@with_reference
def change(ask: Ask, reference: str) -> Response:
    """Open the journey in the form, to be changed and sent again under the same reference."""
    draft = intake.amend_draft(RESIDENT, reference)
    ask.visit = replace(ask.here, draft=draft.key)
    return go(CHECKING)


@with_reference
def download(ask: Ask, reference: str) -> Response:
    """Everything that is held, as a file."""
    file = ask.path.rsplit("/", 1)[-1]
    made = receipts.download(RESIDENT, reference, "json" if DOWNLOADS[file] == "json" else "html")
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.body, media_type=made.media_type, headers=headers)


@with_reference
def confirm_erasing(ask: Ask, reference: str) -> Response:
    """Say what goes and what stays, before anything is erased."""
    held = receipts.held(RESIDENT, reference)
    return drawing.page(ask, "receipt/erase.html", held=held, days=COPIES_KEPT_DAYS, back=HELD)


@with_reference
def erase(ask: Ask, reference: str) -> Response:
    """Erase it, and forget it in this browser too."""
    proof = receipts.erase(RESIDENT, reference)
    ask.visit = replace(ask.here, reference="", draft="")
    return go(f"/tell/receipt/erased/{proof.code}")


def erased(ask: Ask) -> Response:
    """The proof that something was erased. It names nobody, so whoever has its code may see it."""
    proof = receipts.proof_of(RESIDENT, ask.parts["code"])
    return drawing.page(
        ask, "receipt/erased.html", proof=proof, counted=_counted(proof), day=day, days=COPIES_KEPT_DAYS
    )


def close(ask: Ask) -> Response:
    """Forget the reference in this browser."""
    ask.visit = replace(ask.here, reference="")
    return go(ENTER)


def _reference(ask: Ask) -> str:
    """The reference that this browser gave in the last half hour."""
    reference, _space, until = ask.here.reference.partition(" ")
    return reference if until.isdecimal() and int(until) > time.time() else ""


def _remember(ask: Ask, reference: str) -> None:
    ask.visit = replace(ask.here, reference=f"{reference} {int(time.time()) + MINUTES * 60}")


def _language_of(held: Held) -> Callable[[Answer], Markup]:
    """The attributes of a text that somebody wrote in another language than the page's."""
    return lambda answer: Markup(receipts.in_language(answer, held.language))  # noqa: S704  # nosec B704  (from the list)


def _done(what: str) -> str:
    """What was just done, in words."""
    return {
        "analyse-yes": _("Your story will be part of the next analysis."),
        "analyse-no": _("Your story was taken out of every analysis. It is still kept here."),
        "quote-yes": _("Sentences from your story may be quoted without your name."),
        "quote-no": _("Nothing from your story will be quoted any more."),
        "reply-yes": _("We will write a reply. Come back with your reference to read it."),
        "reply-no": _("We will not write a reply."),
    }.get(what, "")


def _counted(proof: Proof) -> list[tuple[str, str]]:
    """How much was erased, what there was any of."""
    words = {
        "stories": _("Stories"),
        "steps": _("Steps"),
        "earlier_versions": _("Earlier versions"),
        "consents": _("Permissions"),
        "drafts": _("Drafts"),
        "equality_answers": _("Sets of answers about you"),
        "replies": _("Replies"),
        "passages": _("Sentences in analyses"),
        "analyses": _("Analyses that your story was taken out of"),
    }
    return [(said, f"{proof.counts[name]:,}") for name, said in words.items() if proof.counts.get(name)]


receipt_routes: list[StatedRoute] = [
    *screen(ENTER, wished(enter), take_reference),
    *screen(HELD, wished(what_is_held)),
    *screen("/tell/receipt/allow", wished(what_is_held), allow),
    *screen("/tell/receipt/reply", wished(what_is_held), reply),
    *screen("/tell/receipt/change", wished(what_is_held), change),
    *screen(ERASE, wished(confirm_erasing), erase),
    *screen("/tell/receipt/erased/{code}", wished(erased)),
    *screen("/tell/receipt/close", wished(what_is_held), close),
    *(route for file in DOWNLOADS for route in screen(f"/tell/receipt/{file}", download)),
]
