"""Surveys without a database: edits, words, versions, results with small numbers hidden, XLSForm, posters."""

import io
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl import Workbook
from pypdf import PdfReader

from insight.errors import BadInput, NotFound
from insight.intake import Place, QuestionSet, question_set
from insight.intake.questions import Choice, ConsentTo, LongText, Number, When, YesNo
from insight.surveys import phrases, posters, publishing, results, rules
from insight.surveys.library import library
from insight.surveys.model import Working
from insight.surveys.xlsform import Carried, from_xlsform, to_xlsform

BASE = question_set()
START = rules.started_from(BASE, "Winter in Testham")
ENGLISH = rules.offer(START, ["en"])


def version(working: Working, number: int = 1, before: QuestionSet | None = None) -> QuestionSet:
    return publishing.as_questions(working, "survey-testham-winter", number, BASE, before)


def consent(questions: QuestionSet) -> ConsentTo:
    return next(question for question in questions.question if isinstance(question, ConsentTo))


def codes(question: object) -> list[str]:
    return [option.code for option in getattr(question, "options", ())]


def with_own(working: Working, kind: str = "choice", text: str = "Which door?", *options: str) -> Working:
    options = options or (("Front", "Back") if kind == "choice" else ())
    return rules.add(working, rules.own_question(working, kind, text, options))


@pytest.mark.parametrize("path", rules.KEPT)
def test_what_a_journey_needs_cannot_be_left_out_and_the_reason_is_said(path: str) -> None:
    with pytest.raises(BadInput, match="always asked"):
        rules.drop(START, path)


def test_every_other_question_can_be_left_out_and_put_back_as_it_was() -> None:
    paths = [question.id for question in BASE.question] + [f"steps.{asked.id}" for asked in BASE.steps.question]
    working = START
    for path in (path for path in paths if path not in rules.KEPT):
        working = rules.drop(working, path)
    bare = version(rules.offer(working, ["en"]))
    assert [question.id for question in bare.question] == ["need", "what_happened", "steps", "consent"]
    assert [page.questions for page in bare.steps.page] == [("service", "channel"), ("feeling",)], "no page is empty"
    for path in working.dropped:
        working = rules.restore(working, path)
    assert working == START


def test_an_own_question_gets_a_code_from_its_words_and_stands_before_the_consent() -> None:
    working = with_own(with_own(START, "choice", "Pa ŵyl? Łódź"), "yes_no", "Pa ŵyl? Łódź")
    assert [question.id for question in working.question][-3:] == ["x_pa_wyl_lodz", "x_pa_wyl_lodz_2", "consent"]
    assert codes(working.by_id("x_pa_wyl_lodz")) == ["front", "back"]
    again = rules.add(rules.drop(working, "x_pa_wyl_lodz"), working.by_id("x_pa_wyl_lodz"))
    assert again == working, "adding what is left out puts it back"


def test_answers_of_an_own_question_can_change_and_those_of_the_journey_cannot() -> None:
    working = with_own(START, "choice", "Which door?", "Front", "Back")
    working = rules.move_option(rules.add_option(working, "x_which_door", "Side door"), "x_which_door", "side_door", -1)
    asked = working.by_id("x_which_door")
    assert isinstance(asked, Choice) and codes(asked) == ["front", "side_door", "back"]
    fewer = rules.remove_option(working, "x_which_door", "front")
    for refused in (
        partial(rules.remove_option, rules.remove_option(working, "x_which_door", "back"), "x_which_door", "front"),
        partial(rules.add_option, fewer, "x_which_door", " side DOOR "),
        partial(rules.add_option, START, "need", "Another need"),
        partial(rules.remove_option, START, "consent", "quote"),
        partial(rules.require, START, "what_good", True),
        partial(rules.own_question, START, "choice", "One?", ["only one"]),
        partial(rules.own_question, START, "text", "  "),
        partial(rules.own_question, START, "consent", "Agree?"),
    ):
        with pytest.raises(BadInput):
            refused()
    with pytest.raises(NotFound):
        rules.drop(START, "steps.nothing")


def test_moving_passes_what_is_left_out_and_never_the_consent() -> None:
    working = rules.drop(START, "what_better")
    moved = rules.move(working, "need_met", 1)
    assert [q.id for q in version(moved).question] == [
        "need", "what_happened", "steps", "what_good", "need_met", "teller_role", "consent"
    ]  # fmt: skip
    assert rules.move(working, "teller_role", 1) == working
    assert rules.move(working, "consent", -1) == working
    assert rules.move(working, "need", -1) == working


def test_what_is_missing_is_named_by_text_and_language() -> None:
    working = with_own(START, "choice", "Which door?", "Front", "Back")
    gaps = {(gap.phrase.path, gap.language) for gap in phrases.missing(working)}
    assert gaps == {
        (path, language)
        for path in ("survey:title", "x_which_door:text", "x_which_door:option.front", "x_which_door:option.back")
        for language in ("cy", "pl", "ur", "ar")
    }
    assert not phrases.missing(rules.offer(working, ["en"]))
    assert not phrases.missing(
        rules.offer(rules.drop(phrases.word(working, "survey:title", "cy", "Gaeaf"), "x_which_door"), ["cy"])
    )


def test_words_change_in_one_language_and_optional_ones_can_go() -> None:
    working = phrases.word(START, "steps.hours:text", "cy", " Faint o oriau? ")
    assert working.steps.by_id("hours").text["cy"] == "Faint o oriau?"
    assert working.steps.by_id("hours").text["en"] == START.steps.by_id("hours").text["en"]
    assert phrases.word(working, "need:help", "en", "").by_id("need").help is None
    gap = phrases.word(working, "need:help", "cy", "")
    assert [(one.phrase.path, one.language) for one in phrases.missing(gap) if one.phrase.part == "need"] == [
        ("need:help", "cy")
    ]
    for path, language, text in (
        ("need:text", "en", "  "),
        ("survey:welcome", "cy", "Croeso"),
        ("survey:title", "en", "x" * 201),
        ("consent:help", "en", ""),
        ("consent:option.quote", "en", ""),
    ):
        with pytest.raises(BadInput):
            phrases.word(START, path, language, text)
    with pytest.raises(NotFound):
        phrases.word(START, "consent:option.sell", "en", "Sell it")


def test_a_consent_keeps_its_name_while_its_words_are_the_same() -> None:
    base = consent(BASE)
    first = version(ENGLISH)
    assert (consent(first).wording, consent(first).staff_wording) == (base.wording, base.staff_wording)
    edited = phrases.word(ENGLISH, "consent:option.quote", "en", "Print a sentence of it")
    second = version(edited, 2, first)
    assert (consent(second).wording, consent(second).staff_wording) == ("survey-testham-winter-2", base.staff_wording)
    third = version(rules.drop(edited, "what_good"), 3, second)
    assert consent(third).wording == "survey-testham-winter-2", "the words are those of version 2"
    assert consent(version(ENGLISH, 4, third)).wording == base.wording, "and now those of the journey again"
    assert [option.code for option in consent(third).options] == [option.code for option in base.options]


def test_what_changed_is_said_and_the_same_content_is_the_same() -> None:
    first = version(ENGLISH)
    assert publishing.same(first, version(ENGLISH, 2, first))
    assert publishing.differences(first, version(ENGLISH, 2, first)) == ()
    working = rules.move(rules.drop(with_own(ENGLISH), "steps.hours"), "need_met", 1)
    working = phrases.word(rules.require(working, "x_which_door", True), "what_happened:text", "en", "What went on?")
    assert publishing.differences(first, version(working, 2, first)) == (
        "Added: Which door?",
        "The order of the questions",
        f"About each step: Left out: {BASE.steps.by_id('hours').text['en']}",
        "Question reworded (English): What went on?",
    )


# --- Results: what is shown, and what could be worked out from it ---------------------------------------------------


@given(
    some.dictionaries(some.text("abcdef", min_size=1, max_size=2), some.integers(0, 40), max_size=8),
    some.integers(2, 10),
)
@settings(max_examples=300)
def test_hidden_numbers_cannot_be_told_from_the_sum(counts: dict[str, int], threshold: int) -> None:
    shown, together = results.hide_small(counts, threshold)
    hidden = [name for name, count in shown.items() if count is None]
    assert all(count == counts[name] and count >= threshold for name, count in shown.items() if count is not None)
    if any(count is not None for count in shown.values()) and hidden:
        assert together == sum(counts[name] for name in hidden) >= threshold
        assert len(hidden) > 1 or counts[hidden[0]] >= threshold


@given(some.lists(some.integers(0, 9), min_size=len(BASE.question) + 1, max_size=len(BASE.question) + 1))
@settings(max_examples=200)
def test_no_group_of_stops_is_small_and_together_they_are_all_of_them(unsent: list[int]) -> None:
    pages: list[str | None] = [None, *(question.id for question in BASE.question)]
    told = results.stops(BASE, dict(zip(pages, unsent, strict=True)), 5)
    assert all(stop.count >= 5 for stop in told)
    assert sum(stop.count for stop in told) == (sum(unsent) if sum(unsent) >= 5 else 0)
    assert not told or sum(len(stop.pages) for stop in told) == len(pages)


def test_stops_stand_where_people_stopped() -> None:
    told = results.stops(BASE, {"need": 6, "steps/2/wait": 9, None: 1, "of_an_older_version": 1, "consent": 2}, 5)
    assert [(stop.pages[-1], stop.count) for stop in told] == [
        ("What did you need help with?", 8),
        (BASE.question[-1].text["en"], 11),
    ]
    assert (results.minutes([60, 120, 180, 600], 0.5), results.minutes([60, 120, 180, 600], 0.9)) == (2, 10)


# --- XLSForm --------------------------------------------------------------------------------------------------------


def sheet_of(survey: str, choices: str = "", **settings_: str) -> bytes:
    """A workbook from tables with | between cells, as somebody would have written it by hand."""
    book = Workbook()
    book.active.title = "survey"
    tables = {
        "survey": survey,
        "choices": choices,
        "settings": "|".join(settings_) + "\n" + "|".join(settings_.values()),
    }
    for name, table in tables.items():
        sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
        for line in table.strip().splitlines():
            sheet.append([cell.strip() or None for cell in line.split("|")])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def reasons_of(carried: Carried) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for lost in carried.left_out:
        told.setdefault(f"{lost.sheet} {lost.row} {lost.name}", []).append(lost.reason.split(".")[0])
    return told


@pytest.fixture(scope="module")
def rich() -> QuestionSet:
    """A survey with a question of every kind, in three languages, with awkward words."""
    working = rules.drop(rules.drop(rules.offer(START, ["en", "cy", "ar"]), "steps.hours"), "what_good")
    for question in library():
        working = rules.add(working, question)
    for kind in rules.KINDS:
        working = with_own(working, kind, f"=1+1 {kind}: <b>&</b> 😀 ŵŷ")
    working = rules.limit(rules.require(working, "x_1_1_number_b_b_wy", True), "x_1_1_number_b_b_wy", 12)
    for gap in phrases.missing(
        phrases.word(phrases.word(working, "survey:welcome", "en", "Welcome"), "survey:thanks", "en", "Thanks")
    ):
        english = (gap.phrase.wording or {})["en"]
        working = phrases.word(working, gap.phrase.path, "en", english)
        working = phrases.word(working, gap.phrase.path, gap.language, f"{gap.language}: {english}")
    return version(phrases.word(working, "consent:read_out", "en", "Read this out."))


def test_our_own_file_comes_back_with_the_same_questions(rich: QuestionSet) -> None:
    carried = from_xlsform(to_xlsform(rich))
    assert publishing.differences(rich, version(carried.working)) == ()
    assert publishing.same(rich, version(carried.working))
    assert carried.left_out == ()
    assert set(carried.working.dropped) == {"what_good", "steps.hours"}, "what was left out can be put back"


def test_pyxform_converts_our_file_without_a_word(rich: QuestionSet, tmp_path: Any) -> None:
    from pyxform.xls2xform import convert

    path = tmp_path / "form.xlsx"
    refers = phrases.word(ENGLISH, "need:text", "en", "Why ${so}?")
    for questions in (rich, version(refers)):
        path.write_bytes(to_xlsform(questions))
        made = convert(str(path))
        assert made.warnings == []
        for part in ("<h:title>", 'nodeset="/data/steps"', "string-length(.) &lt;= 20000", 'relevant="false()"'):
            assert part in made.xform


HOUSING = """
type | name | label::English | label::Welsh (cy) | hint::English (en) | required | relevance | constraint | appearance
start | start | | | | | | |
note | intro | Thank you for taking part | Diolch | | | | |
begin group | home | Your home | Eich cartref | | | | |
select_one tenure | tenure | How do you live? | Sut ydych chi'n byw? | Choose one | yes | | | minimal
select_one yes_no | damp | Is there damp? | Oes lleithder? | | | ${tenure} != 'owner' | |
integer | rooms | How many rooms? | Sawl ystafell? | | | | . > 0 and . < 20 |
geopoint | where | Where is it? | Ble mae? | | | | |
image | photo | Take a picture | Tynnwch lun | | | ${damp} = 'yes' | |
end group | | | | | | | |
date | since | Since when? | Ers pryd? | | | | . <= today() |
calculate | age | | | | | | |
text | what_happened | What happened? | Beth ddigwyddodd? | | | | |
"""
HOUSING_CHOICES = """
list_name | name | label::English (en) | label::Welsh (cy)
tenure | council tenant | Council tenant | Tenant cyngor
tenure | owner | Owner | Perchennog
yes_no | yes | Yes | Oes
yes_no | no | No | Nac oes
"""


def test_a_housing_form_is_carried_as_far_as_it_goes() -> None:
    carried = from_xlsform(sheet_of(HOUSING, HOUSING_CHOICES, form_title="Damp homes", default_language="English (en)"))
    working = carried.working
    assert (working.title, working.languages) == ({"en": "Damp homes"}, ("en", "cy"))
    asked = [question for question in working.question if rules.is_own(question.id)]
    assert [(question.id, type(question), question.required) for question in asked] == [
        ("x_tenure", Choice, True), ("x_damp", YesNo, False), ("x_rooms", Number, False), ("x_since", When, False)
    ]  # fmt: skip
    assert asked[0].text["cy"] == "Sut ydych chi'n byw?" and asked[0].help == {"en": "Choose one"}
    assert codes(working.by_id("x_tenure")) == ["council_tenant", "owner"]
    rooms = working.by_id("x_rooms")
    assert isinstance(rooms, Number) and rooms.most == 20
    assert working.by_id("what_happened").text == BASE.by_id("what_happened").text, "the same words in English"
    assert reasons_of(carried) == {
        "survey 0 need": ["The file does not ask it"],
        "survey 0 steps": ["The file does not ask it"],
        "survey 0 consent": ["The file does not ask it"],
        "survey 2 start": ["Nothing is taken from somebody's device: nobody is asked who or where they are"],
        "survey 3 intro": ["Words on their own cannot be shown"],
        "survey 4 home": ["The heading of the group is not carried; its questions are"],
        "survey 5 tenure": ["How it looks is not carried"],
        "survey 6 damp": ["Its condition is not carried: everyone is asked it"],
        "survey 7 rooms": ["Its check is not carried, except for a largest number or length"],
        "survey 8 where": ["Nobody is asked where they are"],
        "survey 9 photo": ["No picture, sound or file can be sent with a journey"],
        "survey 11 since": ["Its check is not carried, except for a largest number or length"],
        "survey 12 age": ["Nothing is calculated or kept out of sight while somebody answers"],
    }
    assert phrases.missing(rules.offer(working, ["en"])) == ()


CLINIC = """
Type|Name|Label|Hint|media::image|choice_filter|required|calculation|default
select one from counties|county|County||||||
select_one towns|town|Town in ${county}|||county=${county}||
select_multiple symptoms|symptoms|What was wrong?|||||
select_one kinds or_other|kind|What kind of visit?||clinic.png||${town} != ''||
begin repeat|visit|Each visit||||||
integer|minutes|How long?||||||
end repeat||||||||
decimal|cost|What did it cost?||||||5
text|empty|||||||
rank kinds|order|Put these in order||||||
select_one_from_file towns.csv|far|Choose||||||
text|x_note|Anything else?||||||
"""
CLINIC_CHOICES = """
list name|name|label|image|county
counties|kent|Kent||
counties|devon|Devon|d.png|
towns|deal|Deal||kent
towns|bude|Bude||devon
kinds|gp|Surgery||
symptoms|pain|Pain||
symptoms|other|Other||
"""


def test_a_clinic_form_with_cascades_and_repeats_is_carried_as_far_as_it_goes() -> None:
    carried = from_xlsform(sheet_of(CLINIC, CLINIC_CHOICES))
    own = {question.id: question for question in carried.working.question if rules.is_own(question.id)}
    assert list(own) == ["x_county", "x_town", "x_kind", "x_cost", "x_note"]
    assert carried.working.languages == ("en",)
    assert codes(own["x_kind"]) == ["gp", "other"]
    told = reasons_of(carried)
    assert told["survey 3 town"] == [
        "Its words name another answer (county), which is not filled in",
        "All answers of its list are offered, whatever was answered before",
    ]
    assert told["survey 4 symptoms"] == ["Choosing several answers cannot be asked here"]
    assert told["survey 5 kind"] == [
        "The answer Other is offered, without a box to write in",
        "It may be skipped: whether it must be answered cannot depend on another answer",
        "Its picture or sound is not carried",
    ]
    assert told["survey 6 visit"] == ["Only the steps of a journey are asked several times"]
    assert told["survey 9 cost"] == ["Nothing is filled in before somebody answers"]
    assert told["survey 10 empty"] == ["It has no words in a language of ours"]
    assert told["survey 11 order"] == ["Putting answers into an order cannot be asked here"]
    assert told["survey 12 far"] == ["Answers from a list in another file cannot be carried"]
    assert told["choices 3 devon"] == ["Its picture or sound is not carried"]


def test_words_that_differ_from_ours_bring_no_translation_of_ours_with_them() -> None:
    survey = "type|name|label::English (en)|label::French (fr)\nselect_one need|need|Why did you come?|Pourquoi?\n"
    choices = "list_name|name|label::English (en)\nneed|housing|A home\nneed|money|Money"
    carried = from_xlsform(sheet_of(survey, choices, form_title="Why"))
    need = carried.working.by_id("need")
    assert isinstance(need, Choice) and need.text == {"en": "Why did you come?"}
    ours = BASE.by_id("need")
    assert isinstance(ours, Choice)
    assert (need.options[0], need.options[1].text) == (ours.options[0], {"en": "A home"})
    told = reasons_of(carried)
    assert told["survey 1 label::French (fr)"] == ["This language is not one of ours"]
    assert "These answers are the journey's own and stay: bereavement, repairs" in told["survey 2 need"][0]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"type,name\ntext,x", "not an XLSX workbook"),
        (b"", "not an XLSX workbook"),
        (b"PK\x03\x04 not a zip", "damaged or is not XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel workbook"),
        (sheet_of("a|b\n1|2"), "no column named type"),
        (sheet_of("type|name|label\nbegin group|a|A"), "row 2 of the sheet named survey is begun and not ended"),
        (sheet_of("type|name|label\nend group|a|A"), "Row 2 of the sheet named survey ends a group"),
        (sheet_of("type|name|label\ngeopoint|a|A"), "No question in this file can be carried"),
        (b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_a_file_that_is_no_form_is_refused_with_one_clear_message(data: bytes, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        from_xlsform(data)


# --- Posters --------------------------------------------------------------------------------------------------------

PLACE = Place(1, "testham", "Ystrad a Łódź ŵŷ", synthetic=False)


def test_each_campaign_has_an_address_of_its_own() -> None:
    assert (
        posters.address("https://a.uk/", "winter", from_="library", lang="")
        == "https://a.uk/tell/s/winter?from=library"
    )
    assert (
        posters.address("https://a.uk", from_=posters.campaign_code("Llyfrgell y Dŵr!"))
        == "https://a.uk/tell?from=llyfrgell-y-dwr"
    )
    assert posters.campaign_code("  ") == "" and len(posters.campaign_code("word " * 40)) <= 40


@pytest.mark.parametrize("size", posters.Size)
def test_a_poster_is_one_page_that_says_where_to_go_and_who_reads_it(size: posters.Size) -> None:
    title = {"en": "Tell us about the very long winter that everybody remembers in this town " * 2}
    shown = posters.poster(PLACE, "en", "https://a.uk/tell/s/x?from=y", "https://a.uk/tell/s/x", title)
    pdf = PdfReader(io.BytesIO(posters.as_pdf(shown, size)))
    assert len(pdf.pages) == 1
    assert round(float(pdf.pages[0].mediabox.width)) == {"A4": 595, "A5": 420}[size]
    text = " ".join(pdf.pages[0].extract_text().split())
    for part in ("Łódź ŵŷ", "a.uk/tell/s/x", "design and run public services", "Call 999", "very long winter"):
        assert part in text
    assert "from=y" not in text, "nobody types that"
    assert posters.as_pdf(shown, size) == posters.as_pdf(shown, size)


def test_arabic_is_a_page_to_print_and_no_pdf() -> None:
    shown = posters.poster(
        PLACE, "ar", "https://a.uk/tell?lang=ar", "https://a.uk/tell", {"en": "Hi", "ar": "مرحبا <b>"}
    )
    with pytest.raises(BadInput, match="print it there"):
        posters.as_pdf(shown, posters.Size.A4)
    page = posters.as_page(shown, posters.Size.A5)
    assert 'dir="rtl"' in page and "مرحبا &lt;b&gt;" in page and "size:A5" in page and "<svg" in page
    assert posters.qr("https://a.uk", "png").startswith(b"\x89PNG") and b"viewBox" in posters.qr("https://a.uk")


def test_a_library_question_can_be_added_whole() -> None:
    assert all(rules.is_own(question.id) for question in library())
    working = START
    for question in library():
        working = rules.add(working, question)
    assert {gap.phrase.part for gap in phrases.missing(working)} <= {"survey"}, "it has every language"
    assert isinstance(next(iter(library())), Choice | YesNo | LongText)
