"""A question set as a form on paper: what stands where, in one language. Pure."""

from collections.abc import Iterator

from insight.concerns import help_for
from insight.intake import Place, digest
from insight.intake.questions import (
    Choice,
    ConsentTo,
    Days,
    Feeling,
    LongText,
    Lookup,
    Number,
    QuestionSet,
    StepQuestion,
    Steps,
    When,
    YesNo,
    said,
)
from insight.language import LANGUAGES, _, speaking, spoken
from insight.paper.model import Item, Kind, Notice, PaperForm, Part
from insight.paper.rules import boxes_of

NO_BREAK = "\N{NO-BREAK SPACE}"  # beside Arabic letters an ordinary space would swap the halves of a number
STORY_LINES = 16
OTHER_LINES = 5
STEP_LINES = 12
KINDS: dict[type, Kind] = {
    Choice: Kind.ONE,
    Feeling: Kind.ONE,
    YesNo: Kind.ONE,
    ConsentTo: Kind.ANY,
    LongText: Kind.WRITING,
    Lookup: Kind.NAME,
    When: Kind.DATE,
    Days: Kind.LENGTH,
    Number: Kind.NUMBER,
}


def checksum(questions: QuestionSet, language: str) -> str:
    """Six characters that change with any wording: staff compare those on the paper with those on the screen."""
    return digest(questions.digest, language)[:6].upper()


def form_id(questions: QuestionSet, language: str) -> str:
    """What stands at the foot of each page: question set, version, language, checksum."""
    return f"{questions.code}-{questions.version}-{language} {checksum(questions, language)}"


def fits_pdf(language: str) -> bool:
    """Whether there is a PDF in this language: its writer cannot join letters, as Arabic script needs."""
    return language in LANGUAGES and LANGUAGES[language].direction == "ltr"


def paper_form(
    questions: QuestionSet, place: Place, language: str, *, steps: int = 4, address: str = "", website: str = ""
) -> PaperForm:
    """The form in a language, with room for so many steps.

    ``address`` is where it is sent, in lines; ``website`` is where a teller comes back with the reference.
    """
    with speaking(language) as spoken:
        return PaperForm(
            id=form_id(questions, spoken.code),
            language=spoken,
            title=said(questions.title),
            place=place.name,
            danger=_danger(),
            notices=tuple(_notices(questions)),
            parts=tuple(_parts(questions, steps)),
            endings=tuple(_endings(questions, address)),
            slip=_slip(website),
            page_words=_("Page {page} of {pages}"),
            synthetic=_("{place} is an invented place. This form is to look at, not to send.").format(place=place.name)
            if place.synthetic
            else "",
        )


def who_to_call(place_code: str = "") -> tuple[str, ...]:
    """Who can help now, in the language spoken now; emergencies first."""
    lines = help_for((), spoken().code, place_code)
    return tuple(f"{line.number.replace(' ', NO_BREAK)}: {line.name}. {line.what_for}" for line in lines)


def _danger() -> Notice:
    words = _("Nobody reads this straight away. If you or somebody else is not safe, call:")
    return Notice(_("If you need help now"), (words, *who_to_call()))


def _notices(questions: QuestionSet) -> Iterator[Notice]:
    """What a teller is told online before the first question, and how paper is filled in."""
    if questions.welcome:
        yield Notice("", (said(questions.welcome),))
    yield Notice(
        _("How to fill this in"),
        (
            _("You may skip any question. Tick boxes, and write on the lines, in ink."),
            _("Not enough room? Write on more paper, with the small code that stands beside the question."),
        ),
    )
    yield Notice(
        _("Who reads it"),
        (
            _("A member of staff types it in, word for word."),
            _(
                "People who design and run public services here. They read many journeys together, to see where it "
                "goes wrong for people and what helps."
            ),
        ),
    )
    yield Notice(
        _("What is kept"),
        (
            _(
                "Your answers, and nothing else about you: we do not ask for your name. You decide at the end what "
                "may be done with them. Please leave out names, addresses and phone numbers, yours and other "
                "people's."
            ),
        ),
    )
    yield Notice(
        _("What we cannot keep secret"),
        (
            _(
                "If what you write says that a child, you or somebody else is at risk of serious harm, a trained "
                "person reads it and may have to tell those who can help, such as social services or the police. We "
                "do this because keeping people safe comes first."
            ),
        ),
    )


def _parts(questions: QuestionSet, steps: int) -> Iterator[Part]:
    """The questions in order: each run of single ones is a part, and so is each step."""
    single: list[Item] = []
    for question in questions.question:
        if isinstance(question, Steps):
            if single:
                yield Part("", items=tuple(single))
                single = []
            yield from _step_parts(question, steps)
        elif isinstance(question, ConsentTo):
            if single:
                yield Part("", items=tuple(single))
                single = []
            yield _consent_part(question)
        else:
            single.append(_item(question, question.id, STORY_LINES if question.id == "what_happened" else OTHER_LINES))
    if single:
        yield Part("", items=tuple(single))


def _step_parts(question: Steps, steps: int) -> Iterator[Part]:
    steps = max(1, min(steps, question.most))
    more = _("More steps? Write them on more paper, and put Step {number} and the small codes beside them.")
    for number in range(1, steps + 1):
        yield Part(
            _("Step {number}").format(number=number),
            lead=said(question.help) if question.help and number == 1 else "",
            items=tuple(_item(asked, f"{number}.{asked.id}", STEP_LINES) for asked in question.question),
            new_page=True,
            after=more.format(number=steps + 1) if number == steps < question.most else "",
        )


def _consent_part(question: ConsentTo) -> Part:
    why = f" {said(question.why)}" if question.why else ""
    wording = _("The name of this wording is {name}.").format(name=question.wording)
    return Part("", items=(_item(question, question.id, 0),), after=f"{why} {wording}".strip())


def _item(question: StepQuestion | ConsentTo, printed: str, lines: int) -> Item:
    kind = KINDS[type(question)]
    how = {
        Kind.ONE: _("Tick one box."),
        Kind.ANY: _("Tick the ones you agree to. Leave the others empty."),
        Kind.DATE: _("As exactly as you remember."),
    }.get(kind, "")
    # What a screen says about a list or about typing is no help on paper.
    shown = kind not in (Kind.NAME, Kind.DATE) and question.help is not None
    return Item(
        printed,
        kind,
        said(question.text),
        help=said(question.help) if shown and question.help else "",
        how=how,
        boxes=boxes_of(question),
        lines=lines if kind is Kind.WRITING else 1 if kind is Kind.NAME else 0,
        slots=_slots(kind),
    )


def _slots(kind: Kind) -> tuple[tuple[str, int], ...]:
    match kind:
        case Kind.DATE:
            return (_("Day"), 2), (_("Month"), 2), (_("Year"), 4)
        case Kind.LENGTH:
            return ((_("Number"), 3),)
        case Kind.NUMBER:
            return (("", 6),)
        case _:
            return ()


def _endings(questions: QuestionSet, address: str) -> Iterator[Notice]:
    if questions.thanks:
        yield Notice("", (said(questions.thanks),))
    lines = tuple(line.strip() for line in address.splitlines() if line.strip())
    yield Notice(
        _("How to send it back"),
        (_("Give this form to a member of staff, or post it to:"), *lines)
        if lines
        else (_("Give this form to a member of staff where you got it, or ask them where to post it."),),
    )


def _slip(website: str) -> Notice:
    come_back = (
        _("With it you can see, change or erase what you told us, at {website}").format(website=website)
        if website
        else _("With it you can see, change or erase what you told us. Ask any member of staff where.")
    )
    return Notice(
        _("Your reference"),
        (
            _("Staff write your reference here, tear it off and give it to you."),
            come_back,
            _("Keep it safe. We do not know your address, so we cannot send it to you."),
        ),
    )
