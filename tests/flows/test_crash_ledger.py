"""The ledger of the crash test finds what is lost, doubled, half there, or never sent."""

import pytest
from sqlalchemy import text

from benchmarks.crash_ledger import Findings, Kept, Told, findings, halves, kept_stories, lost_drafts
from insight import intake
from insight.access import RESIDENT, SYSTEM
from insight.database import write_session

WORDS = "Journey {number}. I waited. My name is Mary Okafor, ring me on 07700 900123."
NOTES = ["They said no.", "They said yes."]
HALF_GONE = {
    "steps": "DELETE FROM step WHERE position = 2",
    "consents": "DELETE FROM consent WHERE scope = 'quote'",
    "originals": "DELETE FROM story_original",
    "draft not closed": "UPDATE draft SET sent_at = NULL",
    "sent without a story": "DELETE FROM story",
}


def _told(number: int, reference: str = "", *, sent: bool = True) -> Told:
    return Told(number, WORDS.format(number=number), NOTES, sent=sent, reference=reference)


def _kept(number: int, reference: str, notes: tuple[str, ...] = tuple(NOTES)) -> Kept:
    return Kept(reference, WORDS.format(number=number), notes, frozenset({"analyse"}))


def test_what_is_as_it_must_be() -> None:
    told = [_told(1, "A"), _told(2), _told(3), _told(4, sent=False)]
    assert findings(told, [_kept(1, "A"), _kept(2, "B")]).none, "one that nobody answered may be there or not"


@pytest.mark.parametrize(
    ("kept", "found"),
    [
        ([], Findings(lost=(1,))),
        ([_kept(1, "B")], Findings(lost=(1,))),
        ([_kept(1, "A"), _kept(1, "B")], Findings(doubled=(1,))),
        ([_kept(1, "A", ("They said no.",))], Findings(half=(1,))),
        ([_kept(1, "A"), _kept(2, "B")], Findings(strange=("B",))),
        ([_kept(1, "A"), _kept(7, "C")], Findings(strange=("C",))),
    ],
)
def test_what_is_not(kept: list[Kept], found: Findings) -> None:
    assert findings([_told(1, "A"), _told(2, sent=False)], kept) == found
    assert not found.none


@pytest.fixture
def sent(sqlite: str) -> tuple[int, Told]:
    """A place with one journey that was sent, as its teller knows it."""
    place = intake.add_place(SYSTEM, "Testham")
    told = _told(1)
    told.key = intake.start_draft(RESIDENT).key
    steps = [{"note": note} for note in NOTES]
    answers = {"what_happened": told.words, "consent": ["analyse"], "steps": steps}
    intake.save_draft(RESIDENT, told.key, answers)
    told.saved = [told.words, *NOTES]
    told.reference = intake.submit(RESIDENT, told.key).reference
    return place.id, told


def test_a_story_is_read_as_it_was_told(sent: tuple[int, Told]) -> None:
    place_id, told = sent
    assert findings([told], [story for _id, story in kept_stories(place_id)]).none
    assert halves(place_id) == {}


@pytest.mark.parametrize("kind", HALF_GONE)
def test_rows_that_are_missing(kind: str, sent: tuple[int, Told]) -> None:
    place_id, _told_of_it = sent
    with write_session() as opened:
        opened.execute(text(HALF_GONE[kind]))
    assert halves(place_id)[kind] == 1


def test_a_draft_that_is_not_as_it_was_acknowledged(sqlite: str) -> None:
    intake.add_place(SYSTEM, "Testham")
    told = _told(1, sent=False)
    told.key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, told.key, {"what_happened": told.words, "steps": [{"note": NOTES[0]}]})
    told.saved = [told.words, NOTES[0]]
    assert lost_drafts([told]) == []
    told.saved.append(NOTES[1])
    assert lost_drafts([told]) == [1]
    told.key = "nobody has this key"
    assert lost_drafts([told]) == [1]
