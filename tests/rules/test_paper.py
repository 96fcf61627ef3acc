"""The paper form: every question with its code, large enough, inside the page; and what is typed from it."""

import io
import re
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.pdfbase import pdfmetrics

from insight import paper
from insight.errors import BadInput
from insight.intake import Place, QuestionSet, question_set, said
from insight.intake.questions import UNKNOWN, Choice, ConsentTo, Days, Feeling, Steps, When, YesNo
from insight.intake.rules import problem_with, problems
from insight.language import LANGUAGES
from insight.paper.model import Kind

PLACE = Place(1, "ty-dwr", "Tŷ Dŵr", False)
JOURNEY = question_set("journey", 2)
LATIN = [code for code in LANGUAGES if paper.fits_pdf(code)]
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch " * 3 + "x" * 150
EDGE = 20.0  # points from the edge of the paper that printers leave white


class Print:
    """A PDF as a reader finds it: its words, and each run of text with its place and size in points."""

    def __init__(self, pdf: bytes) -> None:
        self.reader = PdfReader(io.BytesIO(pdf))
        self.runs: list[tuple[str, float, float, float, str]] = []
        self.text = " ".join(self._read(page) for page in self.reader.pages)

    def _read(self, page: Any) -> str:
        def visit(text: str, cm: list[float], tm: list[float], font: Any, size: float) -> None:
            if text.strip():
                bold = "DejaVuSans-Bold" if "Bold" in str(font["/BaseFont"]) else "DejaVuSans"
                self.runs.append((text.strip("\n"), tm[4] + cm[4], tm[5] + cm[5], size, bold))

        return squeezed(page.extract_text(visitor_text=visit))


def squeezed(text: str) -> str:
    return "".join(text.split())


@cache
def journey(language: str = "en", size: str = "a4") -> Print:
    return Print(paper.form_pdf(JOURNEY, PLACE, language, size, address="Freepost TESTHAM JOURNEYS\nTown Hall"))


def sixty_long_questions() -> QuestionSet:
    """A survey nobody should make, with every kind of question, and words that do not fit on a line or a page."""
    given = JOURNEY.model_dump()
    steps = next(q for q in given["question"] if q["type"] == "steps")
    kinds = [*(q for q in given["question"] if q["type"] in ("choice", "text")), *steps["question"]]
    for number in range(60):
        question = kinds[number % len(kinds)] | {"id": f"extra_{number}_with_a_very_long_id_of_its_own"}
        question["text"] = {"en": f"{number} {LONG}"}
        if "options" in question:
            question["options"] = [{"code": f"c{n}", "text": {"en": f"{n} {LONG}"}} for n in range(3)]
        given["question"] = (*given["question"], question)
    return QuestionSet.model_validate(given | {"code": "a-survey-with-a-long-code-" * 2, "welcome": {"en": LONG * 20}})


@pytest.mark.parametrize("language", LATIN)
def test_every_question_stands_in_the_pdf_in_its_language_with_its_code_and_boxes(language: str) -> None:
    made = journey(language)
    form = paper.paper_form(JOURNEY, PLACE, language)
    assert len(form.items) == 7 + 4 * len(JOURNEY.steps.question)
    for item in form.items:
        assert squeezed(item.words) in made.text, item.words
        assert made.text.count(squeezed(item.id)) >= 1, item.id
        assert all(squeezed(box.code + box.words) in made.text for box in item.boxes), item.id
    assert all(letter in made.text for letter in {"en": "ŷŵ", "cy": "ŷŵôâ", "pl": "łżśćęą"}[language])


def test_the_pdf_says_what_it_is_and_each_page_which_of_how_many() -> None:
    made = journey("cy")
    about = made.reader.metadata
    assert about is not None
    assert (about.title, about.author) == (f"{said(JOURNEY.title, 'cy')} (Tŷ Dŵr)", "Tŷ Dŵr")
    assert str(made.reader.root_object["/Lang"]) == "cy"
    pages = len(made.reader.pages)
    identity = squeezed(paper.form_id(JOURNEY, "cy"))
    for number, page in enumerate(made.reader.pages, 1):
        words = page.extract_text()
        assert identity in squeezed(words)
        assert re.search(rf"\b{number}\b.*\b{pages}\b", words.replace("\n", " ")), number
    assert "FreepostTESTHAMJOURNEYS" in made.text
    assert "999" in made.reader.pages[0].extract_text()


def test_the_consent_names_its_wording_and_the_same_form_is_the_same_bytes() -> None:
    made = journey()
    consent = next(q for q in JOURNEY.question if isinstance(q, ConsentTo))
    assert squeezed(f"The name of this wording is {consent.wording}") in made.text
    assert len({paper.form_pdf(JOURNEY, PLACE, "en", "a4", steps=1) for _again in range(2)}) == 1


def test_the_checksum_changes_with_a_wording_and_with_the_language() -> None:
    changed = JOURNEY.model_copy(update={"digest": "0" * 64})
    sums = {paper.checksum(JOURNEY, "en"), paper.checksum(JOURNEY, "cy"), paper.checksum(changed, "en")}
    assert len(sums) == 3


@pytest.mark.parametrize(("size", "least"), [("a4", 9), ("large", 18)])
def test_print_is_as_large_as_it_should_be(size: str, least: int) -> None:
    made = journey(size=size)
    assert made.runs
    assert min(run[3] for run in made.runs) >= least
    body = [run[3] for run in made.runs if "Nobody reads this" in run[0]]
    assert body and min(body) >= {"a4": 12, "large": 18}[size]


@pytest.mark.parametrize("size", ["a4", "large"])
@pytest.mark.parametrize("long", [False, True], ids=["journey", "sixty long questions"])
def test_no_text_runs_out_of_the_page(long: bool, size: str) -> None:
    questions = sixty_long_questions() if long else JOURNEY
    made = Print(paper.form_pdf(questions, PLACE, "en", size, address=LONG)) if long else journey(size=size)
    width, height = (float(side) for side in made.reader.pages[0].mediabox[2:])
    for words, x, y, points, font in made.runs:
        assert x >= EDGE and EDGE <= y <= height - EDGE, words[:40]
        assert x + pdfmetrics.stringWidth(words, font, points) <= width - EDGE, words[:40]
    for question in questions.question:
        if not isinstance(question, Steps):
            assert squeezed(said(question.text, "en"))[:60] in made.text, question.id


def test_what_the_pdf_cannot_do_is_refused_in_words() -> None:
    for language, size in (("ar", "a4"), ("ur", "large"), ("en", "a3")):
        with pytest.raises(BadInput):
            paper.form_pdf(JOURNEY, PLACE, language, size)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_layout_holds_every_question_once_in_every_language(language: str) -> None:
    form = paper.paper_form(JOURNEY, PLACE, language, steps=2)
    ids = [item.id for item in form.items]
    assert len(ids) == len(set(ids))
    alone = [q.id for q in JOURNEY.question if not isinstance(q, Steps)]
    assert ids[:2] == alone[:2] and ids[-5:] == alone[-5:]
    assert [i for i in ids if i[0].isdigit()] == [f"{n}.{q.id}" for n in (1, 2) for q in JOURNEY.steps.question]
    assert all(item.words for item in form.items)


def test_a_survey_without_steps_and_without_consent_can_be_printed() -> None:
    given = JOURNEY.model_dump() | {"question": [q for q in JOURNEY.model_dump()["question"] if q["id"] == "need"]}
    form = paper.paper_form(QuestionSet.model_validate(given), PLACE, "en")
    assert [item.id for item in form.items] == ["need"]


# --- What is typed from paper ---

CHOICES = [q for q in (*JOURNEY.question, *JOURNEY.steps.question) if isinstance(q, Choice | Feeling | YesNo)]


@pytest.mark.parametrize("question", CHOICES, ids=lambda q: q.id)
def test_the_code_beside_a_box_is_the_answer_that_its_words_say(question: Any) -> None:
    options = [(o.code, said(o.text, "en")) for o in question.options] if not isinstance(question, YesNo) else []
    expected = options or [("yes", "Yes"), ("no", "No"), (UNKNOWN, "I do not know")]
    boxes = paper.boxes_of(question, "en")
    assert [(paper.typed_answer(question, f" {box.code} "), box.words) for box in boxes] == expected
    for wrong in ("0", str(len(boxes) + 1), "99999999999999999999", "²", "x"):
        assert problem_with(question, paper.typed_answer(question, wrong), date(2026, 11, 22)), wrong


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("13", ["analyse", "contact"]), ("1, 3", ["analyse", "contact"]), ("3 1 1", ["contact", "analyse"]), ("", None)],
)
def test_consents_are_typed_as_the_numbers_that_are_ticked(typed: str, answer: Any) -> None:
    question = next(q for q in JOURNEY.question if isinstance(q, ConsentTo))
    assert paper.typed_answer(question, typed) == answer


@pytest.mark.parametrize("typed", ["4", "14", "yes", "0"])
def test_a_consent_that_is_not_on_the_form_is_refused(typed: str) -> None:
    question = next(q for q in JOURNEY.question if isinstance(q, ConsentTo))
    assert problem_with(question, paper.typed_answer(question, typed), date(2026, 11, 22))


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("14 3 2026", {"day": "14", "month": "3", "year": "2026"}),
        ("03/2026", {"month": "03", "year": "2026"}),
        ("2026", {"year": "2026"}),
        ("last May, I think, in 2026", "last May, I think, in 2026"),
    ],
)
def test_dates_are_typed_with_any_sign_between(typed: str, answer: Any) -> None:
    when = next(q for q in JOURNEY.steps.question if isinstance(q, When))
    assert paper.typed_answer(when, typed) == answer
    assert bool(problem_with(when, answer, date(2026, 11, 22))) is isinstance(answer, str)


@pytest.mark.parametrize(("typed", "answer"), [("3w", {"number": "3", "unit": "weeks"}), ("?", UNKNOWN), ("10", None)])
def test_lengths_are_typed_with_the_letter_beside_the_box(typed: str, answer: Any) -> None:
    days = next(q for q in JOURNEY.steps.question if isinstance(q, Days))
    assert paper.typed_answer(days, typed) == (answer or {"number": "10", "unit": "days"})


def test_steps_keep_their_row_and_names_their_spelling() -> None:
    typed = {"need": "2", "steps.0.service": "", "steps.2.service": "housing  ADVICE", "steps.4.note": " "}
    told = paper.answers_typed(JOURNEY, typed, ["Housing advice"])
    assert told == {"need": "housing", "steps": [{}, {}, {"service": "Housing advice"}]}


@given(
    st.dictionaries(
        st.sampled_from(["need", "consent", *(f"steps.{n}.{q.id}" for n in (0, 3) for q in JOURNEY.steps.question)]),
        st.text(max_size=30),
    )
)
def test_whatever_is_typed_can_be_checked(typed: dict[str, str]) -> None:
    told = paper.answers_typed(JOURNEY, typed)
    assert all(problem.message for problem in problems(JOURNEY, told, date(2026, 11, 22)))


def test_only_writing_has_many_lines() -> None:
    for item in paper.paper_form(JOURNEY, PLACE, "en").items:
        assert (item.lines > 1) is (item.kind is Kind.WRITING)
