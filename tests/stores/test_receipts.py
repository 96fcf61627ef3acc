"""Receipts on a real database: what is held, what a teller may change, the reply, and what a wrong reference gets."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from insight import equality, intake, limits, receipts
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.database import session, write_session
from insight.errors import BadInput, Conflict, NotAllowed, NotFound
from insight.intake import ConsentScope
from insight.intake.tables import ConcernRow, StoryRow
from insight.language import speaking
from insight.moments import now

DESIGNER = Actor(Role.DESIGNER, "designer one")
ANSWERS: dict[str, Any] = {
    "need": "housing",
    "what_happened": "The window was <b>broken</b> & nobody came.",
    "steps": [
        {
            "service": "Housing advice",
            "when": {"month": "3", "year": "2026"},
            "waited": {"number": "3", "unit": "weeks"},
            "told_again": "yes",
        },
        {"service": "The food bank", "note": "They were kind."},
    ],
    "need_met": "partly",
    "consent": ["analyse", "quote"],
}


@pytest.fixture
def place(database: str) -> intake.Place:
    return intake.add_place(SYSTEM, "Testham")


def tell(answers: dict[str, Any] = ANSWERS) -> tuple[str, str]:
    """Send a journey; gives its reference and the key of its draft."""
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, answers)
    return intake.submit(RESIDENT, key).reference, key


def change(reference: str, changes: dict[str, Any]) -> None:
    draft = intake.amend_draft(RESIDENT, reference)
    intake.save_draft(RESIDENT, draft.key, changes)
    receipts.send_change(RESIDENT, draft.key)


def standing(reference: str) -> dict[str, bool]:
    return {consent.scope: consent.given for consent in receipts.held(RESIDENT, reference).consents}


def test_everything_is_held_in_the_words_that_were_asked(place: intake.Place) -> None:
    reference, key = tell()
    equality.keep(RESIDENT, key, {equality.equality_questions(RESIDENT).question[0].id: equality.NOT_SAID})
    change(reference, {"what_happened": "It was mended.", "consent": ["analyse"]})
    held = receipts.held(RESIDENT, reference)
    assert (held.place, held.version) == ("Testham", 2)
    assert [(a.id, a.said) for a in held.answers[:2]] == [
        ("need", "Having somewhere to live"),
        ("what_happened", "It was mended."),
    ]
    assert held.answers[0].asked == "What did you need help with?"
    assert [a.said for a in held.steps[0].answers] == ["Housing advice", "March 2026", "3 weeks", "Yes"]
    (before,) = held.history
    assert before.by_teller
    assert before.answers[1].said == ANSWERS["what_happened"]
    assert before.consents == (
        "Use my story to find out what should get better",
        "Quote sentences from it, without my name",
    )
    assert standing(reference) == {"analyse": True, "quote": False, "contact": False}
    assert len(held.equality) == 1
    with speaking("cy"):
        assert receipts.held(RESIDENT, reference).answers[0].asked != held.answers[0].asked


def test_each_agreement_is_taken_back_and_given_on_its_own(place: intake.Place) -> None:
    reference, _ = tell()
    receipts.withdraw(RESIDENT, reference, ConsentScope.QUOTE)
    quote = next(c for c in receipts.held(RESIDENT, reference).consents if c.scope == "quote")
    assert not quote.given
    assert quote.withdrawn_at is not None
    assert standing(reference) == {"analyse": True, "quote": False, "contact": False}
    receipts.withdraw(RESIDENT, reference, ConsentScope.ANALYSE)
    receipts.give(RESIDENT, reference, ConsentScope.QUOTE)
    again = next(c for c in receipts.held(RESIDENT, reference).consents if c.scope == "quote")
    assert (again.given, again.withdrawn_at) == (True, None)
    assert standing(reference) == {"analyse": False, "quote": True, "contact": False}


def test_changing_the_story_later_brings_no_old_agreement_back(place: intake.Place) -> None:
    reference, _ = tell()
    opened_before = intake.amend_draft(RESIDENT, reference)
    receipts.withdraw(RESIDENT, reference, ConsentScope.QUOTE)
    change(reference, {"what_better": "A key safe."})
    assert standing(reference)["quote"] is False
    assert intake.open_draft(RESIDENT, opened_before.key).answers["consent"] == ["analyse"]


def test_a_reply_is_asked_for_written_once_and_read_with_the_reference(place: intake.Place) -> None:
    first, _ = tell()
    second, _ = tell({**ANSWERS, "consent": ["contact"]})
    receipts.ask_for_reply(RESIDENT, first)
    receipts.ask_for_reply(RESIDENT, first)
    waiting, total = receipts.waiting_for_reply(DESIGNER, place)
    assert total == len(waiting) == 2
    assert [request.answers[1].said for request in waiting if request.answers] == [ANSWERS["what_happened"]] * 2
    assert not any(reference in repr(waiting) for reference in (first, second))
    answered = waiting[0]
    with pytest.raises(BadInput):
        receipts.answer(DESIGNER, place, answered.number, " \n ")
    receipts.answer(DESIGNER, place, answered.number, "We have asked the landlord.")
    with pytest.raises(Conflict):
        receipts.answer(DESIGNER, place, answered.number, "Again")
    replies = [receipts.held(RESIDENT, reference).reply for reference in (first, second)]
    assert {reply.answer for reply in replies if reply} == {"We have asked the landlord.", None}
    for reference in (first, second):
        receipts.take_back_reply_request(RESIDENT, reference)
        assert receipts.held(RESIDENT, reference).reply is None
    assert receipts.waiting_for_reply(DESIGNER, place) == ([], 0)
    with pytest.raises(NotAllowed):
        receipts.waiting_for_reply(Actor(Role.FRONTLINE), place)
    with pytest.raises(Conflict):
        receipts.answer(DESIGNER, intake.add_place(SYSTEM, "Elsewhere"), answered.number, "From another place")


def test_a_story_that_is_held_back_is_not_read_for_a_reply(place: intake.Place) -> None:
    reference, _ = tell()
    receipts.ask_for_reply(RESIDENT, reference)
    with write_session() as opened:
        story = opened.query(StoryRow).one()
        moment = now()
        opened.add(
            ConcernRow(
                place_id=place.id, story_id=story.id, kinds=[], raised_by="staff", raised_at=moment, due_at=moment
            )
        )
    ((request,), _total) = receipts.waiting_for_reply(DESIGNER, place)
    assert request.answers is None
    with pytest.raises(Conflict):
        receipts.answer(DESIGNER, place, request.number, "Unread")


def test_what_is_taken_away_is_everything_and_no_markup_of_the_teller_s(place: intake.Place) -> None:
    reference, _ = tell()
    receipts.ask_for_reply(RESIDENT, reference)
    told = json.loads(receipts.download(RESIDENT, reference, "json").body)
    assert (told["format"], told["reference"]) == ("throughline-receipt-1", reference)
    assert told["answers"][1]["value"] == ANSWERS["what_happened"]
    assert [step["number"] for step in told["steps"]] == [1, 2]
    assert told["reply"]["answer"] is None
    with speaking("ar"):
        page = receipts.download(RESIDENT, reference, "html").body.decode()
    assert 'lang="ar" dir="rtl"' in page
    assert '<dd lang="en-GB" dir="ltr">The window was &lt;b&gt;broken&lt;/b&gt; &amp; nobody came.</dd>' in page


def test_erasing_takes_all_rows_and_a_second_time_is_a_wrong_reference(place: intake.Place) -> None:
    reference, key = tell()
    other, _ = tell()
    change(reference, {"what_happened": "Changed."})
    intake.amend_draft(RESIDENT, reference)
    receipts.ask_for_reply(RESIDENT, reference)
    proof = receipts.erase(RESIDENT, reference)
    assert {name: proof.counts[name] for name in ("stories", "steps", "consents", "earlier_versions", "drafts")} == {
        "stories": 1,
        "steps": 2,
        "consents": 3,
        "earlier_versions": 1,
        "drafts": 3,
    }
    with pytest.raises(NotFound) as erased:
        receipts.erase(RESIDENT, reference)
    with pytest.raises(NotFound) as wrong:
        receipts.held(RESIDENT, "BCD-F34-GHJK")
    assert str(erased.value) == str(wrong.value)
    with pytest.raises(NotFound):
        intake.submit(RESIDENT, key)
    with session() as opened:
        assert [row.reference for row in opened.query(StoryRow)] == [other]


def test_only_wrong_references_are_counted_and_then_refused_unlooked_at(place: intake.Place) -> None:
    reference, _ = tell()
    for _turn in range(12):
        assert receipts.open_receipt(RESIDENT, reference.lower().replace("-", " "), "192.0.2.1") == reference
    for typed in ("", "BCD-F34-GHJK", "\0 ' OR 1=1", reference[:-1], "x") * 2:
        with pytest.raises(NotFound):
            receipts.open_receipt(RESIDENT, typed, "192.0.2.1")
    with pytest.raises(limits.TooOften):
        receipts.open_receipt(RESIDENT, reference, "192.0.2.1")
    assert receipts.open_receipt(RESIDENT, reference, "192.0.2.2") == reference


def test_old_copies_of_the_database_are_deleted_and_others_files_are_not(sqlite: str, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    moments = {days: f"{now() - timedelta(days=days):%Y%m%d-%H%M%S}" for days in (1, 29, 31)}
    for name in (*(f"test-{moment}.db" for moment in moments.values()), "test-mine.db", f"other-{moments[31]}.db"):
        (folder / name).write_bytes(b"")
    assert receipts.tidy(SYSTEM).copies == 1
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [f"test-{moments[1]}.db", f"test-{moments[29]}.db", "test-mine.db", f"other-{moments[31]}.db"]
    )
