"""Moderation and who reads whose words, on real databases: nothing unreviewed leaves, nothing of another's is shown."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import update

from insight import audit, intake, journeys, moderation, painpoints, receipts, runs, safeguarding, search, worker
from insight.access import RESIDENT, SYSTEM, Actor, Permission, Role
from insight.audit import Wanted
from insight.database import session, write_session
from insight.errors import BadInput, Conflict, InsightError, NotAllowed, NotFound
from insight.identifiers import Kind
from insight.intake import ConsentScope
from insight.intake.tables import ConcernRow, ReleaseRow, ReviewRow, StoryRow
from insight.journeys import exporting
from insight.moderation import Opened, Pile, Reason, State
from insight.painpoints.gathering import gather
from tests.access.objects import USE_CASES
from tests.stores.made_runs import add_run, add_stories

MODERATOR, SECOND = Actor(Role.MODERATOR, "moderator one"), Actor(Role.MODERATOR, "moderator two")
DESIGNER = Actor(Role.DESIGNER, "designer one")
TOLD = "I rang Mrs Fitzwilliam on 07700 900123. The lady at the blue desk was kind. It took nine weeks."


@pytest.fixture
def place(database: str) -> Iterator[intake.Place]:
    painpoints.forget_cached_runs()
    journeys.forget_cached_runs()
    yield intake.add_place(SYSTEM, "Testham")
    painpoints.forget_cached_runs()
    journeys.forget_cached_runs()


def tell(words: str, *consent: str) -> tuple[int, str]:
    """A story; gives its id and reference."""
    key = intake.start_draft(RESIDENT).key
    step = {"service": "Council tax", "feeling": "-2", "note": f"Again: {words}"}
    answers = {"what_happened": words, "steps": [step], "consent": list(consent or ("analyse", "quote"))}
    intake.save_draft(RESIDENT, key, answers)
    reference = intake.submit(RESIDENT, key).reference
    with session() as opened:
        return opened.query(StoryRow).filter_by(reference=reference).one().id, reference


def row_of(story_id: int) -> StoryRow:
    with session() as opened:
        return opened.get_one(StoryRow, story_id)


def may_leave(story_id: int, sentence: str) -> bool:
    with session() as opened:
        return intake.readable(opened, DESIGNER, [story_id]).may_leave(story_id, sentence)


def released(place: intake.Place, story_id: int, sentence: str) -> Opened:
    """A story that was accepted, and one of its sentences released."""
    accepted = moderation.accept(MODERATOR, place, story_id, moderation.read(MODERATOR, place, story_id).seen)
    return moderation.release(MODERATOR, place, story_id, [sentence], accepted.seen)


def test_the_queue_holds_no_word_and_each_opening_is_recorded(place: intake.Place) -> None:
    first, second = tell(TOLD)[0], tell("Nobody rang back.")[0]
    tell("Not for anybody's eyes.", "contact")
    queue = moderation.queue(MODERATOR, place)
    assert [item.story_id for item in queue.items] == [first, second]
    assert queue.counts == {Pile.WAITING: 2, Pile.ACCEPTED: 0, Pile.REJECTED: 0}
    assert "Fitzwilliam" not in repr(queue) and "rang" not in repr(queue)
    opened = moderation.read(MODERATOR, place, first)
    text = opened.texts[0]
    assert text.told == TOLD
    assert {text.told[mark.start : mark.end]: (mark.kind, mark.by) for mark in text.marks}["07700 900123"] == (
        Kind.PHONE,
        None,
    )
    moderation.read(MODERATOR, place, first)
    entries, number = audit.newest(Wanted(what="moderation.read"), 5)
    assert number == 2 and entries[0].about == f"story {first}" and entries[0].place_id == place.id
    for refused in (DESIGNER, SYSTEM, Actor(Role.SAFEGUARDING, "lead"), Actor(Role.MODERATOR, "m", organisation="X")):
        with pytest.raises(NotAllowed):
            moderation.read(refused, place, first)
    with pytest.raises(NotFound):
        moderation.read(MODERATOR, intake.add_place(SYSTEM, "Elsewhere"), first)


def test_mending_changes_the_safe_copy_and_the_version_and_nothing_that_was_told(place: intake.Place) -> None:
    story, reference = tell(TOLD)
    begun = intake.amend_draft(RESIDENT, reference)
    opened = moderation.read(MODERATOR, place, story)
    with pytest.raises(BadInput, match="do not stand in the story"):
        moderation.hide(MODERATOR, place, story, "the green desk", Kind.NAME, opened.seen)
    hidden = moderation.hide(MODERATOR, place, story, "lady at  the BLUE desk", Kind.NAME, opened.seen)
    row = row_of(story)
    assert row.version == 2 and row.what_happened is not None
    assert "The [name] was kind." in row.what_happened and "07700" not in row.what_happened
    with session() as looked:
        assert "blue desk" not in str([step.note for step in intake.steps_of(looked, [story])])
    assert {mark.by for mark in hidden.texts[0].marks} == {None, "moderator one"}
    assert hidden.texts[0].told == TOLD and hidden.state is State.WAITING
    phone = next(mark for mark in hidden.texts[0].marks if mark.kind is Kind.PHONE)
    shown = moderation.unhide(MODERATOR, place, story, "what_happened", phone.start, hidden.seen)
    assert "07700 900123" in str(row_of(story).what_happened) and row_of(story).version == 3
    with pytest.raises(NotFound):
        moderation.unhide(MODERATOR, place, story, "what_happened", phone.start, shown.seen)
    with pytest.raises(Conflict):
        moderation.accept(SECOND, place, story, opened.seen)
    assert TOLD in repr(receipts.held(RESIDENT, reference)) and "[name]" not in repr(receipts.held(RESIDENT, reference))
    intake.save_draft(RESIDENT, begun.key, {"what_happened": "The change that its teller had begun."})
    receipts.send_change(RESIDENT, begun.key)
    assert row_of(story).what_happened == "The change that its teller had begun."


def test_of_two_moderators_at_once_one_is_told(place: intake.Place) -> None:
    story = tell(TOLD)[0]
    seen = moderation.read(MODERATOR, place, story).seen

    def act(actor: Actor) -> str:
        try:
            if actor is MODERATOR:
                return moderation.accept(actor, place, story, seen).state.value
            return moderation.reject(actor, place, story, Reason.TEST, seen).state.value
        except Conflict:
            return "conflict"

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(act, (MODERATOR, SECOND)))
    assert sorted(ended) in (["accepted", "conflict"], ["conflict", "rejected"])
    with session() as opened:
        assert opened.get_one(ReviewRow, story).revision == 1


def test_a_rejected_story_is_nowhere_inside_until_it_is_taken_back(place: intake.Place) -> None:
    told = add_stories(place, 1, [f"The jargon letter number {number}" for number in range(6)])
    add_run(place, told, [0] * 6)
    story = told[0][0]
    before = painpoints.pain_point(DESIGNER, place, 0)
    assert before.evidence_total == 6 and painpoints.journey(DESIGNER, place, 0).what_happened
    rejected = moderation.reject(
        MODERATOR, place, story, Reason.NOT_HERE, moderation.read(MODERATOR, place, story).seen
    )
    assert (rejected.state, rejected.reason, rejected.sentences) == (State.REJECTED, Reason.NOT_HERE, ())
    after = painpoints.pain_point(DESIGNER, place, 0)
    assert after.evidence_total == 5 and told[0][1] not in repr(after)
    with pytest.raises(NotFound):
        painpoints.journey(DESIGNER, place, 0)
    with session() as opened:
        assert story not in intake.stories_with_consent(opened, [story], ConsentScope.ANALYSE)
        kept = [row.id for stories, _steps in intake.stories_in_chunks(opened, place.id) for row in stories]
        gathered = gather(opened, place.id, "en", lambda *_: None)
    assert story not in kept and len(kept) == 5
    assert gathered.left_out == {"stories that a moderator rejected": 1}
    assert [item.story_id for item in moderation.queue(MODERATOR, place, Pile.REJECTED).items] == [story]
    moderation.take_back(MODERATOR, place, story, rejected.seen)
    assert painpoints.pain_point(DESIGNER, place, 0).evidence_total == 6
    assert moderation.queue(MODERATOR, place).counts[Pile.WAITING] == 6


def test_only_released_sentences_leave_and_a_change_takes_the_release_back(place: intake.Place) -> None:
    story, reference = tell(TOLD)
    quote = "It took nine weeks."
    opened = moderation.read(MODERATOR, place, story)
    with pytest.raises(Conflict, match="Accept the story first"):
        moderation.release(MODERATOR, place, story, [quote], opened.seen)
    assert not may_leave(story, quote)
    with pytest.raises(BadInput):
        released(place, story, "I rang Mrs Fitzwilliam on 07700 900123.")
    left = released(place, story, quote)
    assert [one.text for one in left.sentences if one.released] == [quote]
    assert may_leave(story, "It  took nine\nweeks.") and not may_leave(story, "It took nine week.")
    intake_change(reference, "It took nine weeks. And a day.")
    assert not may_leave(story, quote)
    waiting = moderation.queue(MODERATOR, place)
    assert [(item.story_id, item.changed) for item in waiting.items] == [(story, True)]
    released(place, story, quote)
    receipts.withdraw(RESIDENT, reference, ConsentScope.QUOTE)
    assert not may_leave(story, quote)
    assert moderation.read(MODERATOR, place, story).sentences == ()
    with pytest.raises(Conflict, match="does not allow quoting"):
        moderation.release(MODERATOR, place, story, [quote], moderation.read(MODERATOR, place, story).seen)
    receipts.erase(RESIDENT, reference)
    with session() as opened_:
        assert (opened_.query(ReviewRow).count(), opened_.query(ReleaseRow).count()) == (0, 0)


def intake_change(reference: str, words: str) -> None:
    draft = intake.amend_draft(RESIDENT, reference)
    intake.save_draft(RESIDENT, draft.key, {"what_happened": words})
    receipts.send_change(RESIDENT, draft.key)


def test_a_quote_on_the_board_may_be_shown_inside_and_leaves_only_when_released(place: intake.Place) -> None:
    told = add_stories(place, 1, [f"The jargon letter number {number} was long." for number in range(6)])
    add_run(place, told, [0] * 6)
    quote = painpoints.board(DESIGNER, place).pain_points[0].quote
    assert quote is not None and (quote.may_quote, quote.may_leave) == (True, False)
    released(place, told[1][0], told[1][1])
    quote = painpoints.board(DESIGNER, place).pain_points[0].quote
    assert quote is not None and (quote.text, quote.may_quote, quote.may_leave) == (told[1][1], True, True)


def test_a_story_of_harm_is_not_in_the_queue_and_cannot_be_opened(place: intake.Place) -> None:
    story = tell(TOLD)[0]
    seen = moderation.read(MODERATOR, place, story).seen
    safeguarding.raise_concern(DESIGNER, story, ["harm"])
    assert moderation.queue(MODERATOR, place).items == ()
    deeds: tuple[Callable[[], Any], ...] = (
        lambda: moderation.read(MODERATOR, place, story),
        lambda: moderation.accept(MODERATOR, place, story, seen),
        lambda: moderation.hide(MODERATOR, place, story, "kind", Kind.NAME, seen),
    )
    for deed in deeds:
        with pytest.raises(NotFound):
            deed()
    with write_session() as opened:
        opened.query(ConcernRow).update({"state": "released"})
    assert [item.story_id for item in moderation.queue(MODERATOR, place).items] == [story]


def test_stories_from_before_are_masked_in_batches_and_only_once(place: intake.Place) -> None:
    texts = [
        "Ring me on 07700 900123",
        "A plain story",
        "Write to pat@example.com",
        "Another",
        "My postcode is LS1 4AP",
    ]
    told = add_stories(place, 1, texts)
    assert moderation.mask_older(SYSTEM, 2) == (2, 1)
    assert moderation.mask_older(SYSTEM, 10) == (3, 2)
    assert moderation.mask_older(SYSTEM, 10) == (0, 0)
    rows = [row_of(story) for story, _text in told]
    assert [row.version for row in rows] == [2, 1, 2, 1, 2]
    assert rows[0].what_happened == "Ring me on [phone]"
    assert moderation.read(MODERATOR, place, told[0][0]).texts[0].told == texts[0]
    assert moderation.queue(MODERATOR, place).counts[Pile.WAITING] == 5


def test_rare_words_and_services_are_counted_in_the_place(place: intake.Place) -> None:
    add_stories(place, 1, [f"The letter about parking was late, number {number}." for number in range(210)])
    story = tell("The letter about parking upset my ferret.")[0]
    waiting = moderation.read(MODERATOR, place, story)
    assert waiting.sentences == (), "nothing is offered before the story was accepted"
    opened = moderation.accept(MODERATOR, place, story, waiting.seen)
    assert opened.compared == 210
    found = {one.sign: one.words for one in opened.sentences[0].warnings}
    assert found[moderation.Sign.RARE_WORDS] == ("upset", "ferret")
    assert moderation.Sign.NAME not in found
    noted = next(one for one in opened.sentences if one.text.startswith("Again"))
    assert (moderation.Sign.RARE_SERVICE, ("Council tax",)) in [(one.sign, one.words) for one in noted.warnings]


NORTH, SOUTH = "North Trust", "South Trust"
SAID = {
    NORTH: "My zibblewick letter number {} was awful, I could not understand its jargon and codes.",
    SOUTH: "My quillhampton letter number {} was awful, I could not understand its jargon and codes.",
    None: "My marrowby letter number {} was awful, I could not understand its jargon and codes.",
}
PLANTED = {organisation: said.partition(" {}")[0].removeprefix("My ") for organisation, said in SAID.items()}
RELEASED = SAID[None].format(3)


@pytest.fixture
def heard(place: intake.Place) -> intake.Place:
    """A place with an analysis of six journeys each, gathered by two partners and by nobody; one quote is released."""
    ids = {}
    for organisation, said in SAID.items():
        for number in range(6):
            ids[organisation, number] = tell(said.format(number))[0]
        with write_session() as opened:
            mine = [story for (gathered_by, _number), story in ids.items() if gathered_by == organisation]
            opened.execute(update(StoryRow).where(StoryRow.id.in_(mine)).values(gathered_by=organisation))
    run = runs.create(DESIGNER, place.id, {"resolution": 0.1})
    worker.work(run.id)
    runs.publish(DESIGNER, run.id)
    released(place, ids[None, 3], RELEASED)
    return place


def reachable(actor: Actor, place: intake.Place) -> dict[str, list[Any]]:
    """All that a partner can reach: every use case for READ_STORIES tried on everything there is, and every quote."""
    found: dict[str, list[Any]] = {}

    def ask(name: str, deed: Callable[[], Any]) -> None:
        try:
            found.setdefault(name, []).append(deed())
        except InsightError as problem:
            found.setdefault(name, []).append(problem)

    board = painpoints.board(actor, place)
    ask("board", lambda: board)
    ask("across", lambda: painpoints.across(actor, place))
    ask("journey_map", lambda: journeys.journey_map(actor, place))
    for theme in (*board.pain_points, *board.mixed, *board.works_well):
        ask("painpoints.pain_point", lambda n=theme.number: painpoints.pain_point(actor, place, n))  # type: ignore[misc]
    ask("journeys.journey_list", lambda: journeys.journey_list(actor, place))
    for words in ("letter", "zibblewick", "quillhampton", "marrowby"):
        ask("search.search", lambda w=words: search.search(actor, place, w))  # type: ignore[misc]
    for number in range(40):
        ask("painpoints.journey", lambda n=number: painpoints.journey(actor, place, n))  # type: ignore[misc]
        ask("journeys.one_journey", lambda n=number: journeys.one_journey(actor, place, n))  # type: ignore[misc]
        ask("journeys.case_behind", lambda n=number: journeys.case_behind(actor, place, n))  # type: ignore[misc]
        ask("search.more_like", lambda n=number: search.more_like(actor, place, n))  # type: ignore[misc]
    with session() as opened:
        stories = [row.id for row in opened.query(StoryRow)]
    for story in stories:
        ask(
            "painpoints.journey_of_story",
            lambda n=story: painpoints.journey_of_story(actor, place, n),  # type: ignore[misc]
        )
    return found


RAISING = {"painpoints.raise_concern", "journeys.raise_concern", "safeguarding.raise_concern"}


def test_a_partner_reads_their_own_and_of_all_others_only_what_was_released(heard: intake.Place) -> None:
    whole = reachable(DESIGNER, heard)
    assert all(planted in repr(whole) for planted in PLANTED.values())
    reading = {
        f"{function.__module__.split('.')[1]}.{function.__name__}"
        for function in USE_CASES
        if function.permission is Permission.READ_STORIES
    }
    assert reading - RAISING == {name for name in whole if "." in name}, "try the new one on a partner too"
    for own, other in ((NORTH, SOUTH), (SOUTH, NORTH)):
        partner = Actor(Role.DESIGNER, "partner", organisation=own)
        seen = reachable(partner, heard)
        told = repr(seen)
        assert PLANTED[other] not in told
        assert PLANTED[None] not in told.replace(RELEASED, ""), "only the released sentence of anybody's"
        assert RELEASED in repr(seen["board"]), "what was released is quoted to everybody"
        assert PLANTED[own] in repr(seen["painpoints.pain_point"]) and PLANTED[own] in repr(seen["search.search"])
        assert len(seen["journeys.journey_list"][0].lines) == 6
        assert exporting.journeys_leaving(partner, heard) == 6
        assert painpoints.board(partner, heard).journeys == 18, "counts are of all"
        missing = [str(one) for one in seen["painpoints.journey"] if isinstance(one, NotFound)]
        assert len(missing) == len(seen["painpoints.journey"]) - 12 and len(set(missing)) == 1, "no hint of which exist"


def test_a_partner_cannot_raise_what_they_cannot_read(heard: intake.Place) -> None:
    partner = Actor(Role.DESIGNER, "partner", organisation=NORTH)
    with session() as opened:
        other = opened.query(StoryRow).filter_by(gathered_by=SOUTH).first()
        own = opened.query(StoryRow).filter_by(gathered_by=NORTH).first()
    assert other is not None and own is not None
    with pytest.raises(NotFound):
        safeguarding.raise_concern(partner, other.id, ["harm"])
    found = [painpoints_raise(partner, heard, number) for number in range(36)]
    assert found.count("raised") == 6 and found.count("not there") == 30, "a story that was raised is gone"
    with session() as opened:
        held = intake.held_back_stories(opened, heard.id)
        assert {row.gathered_by for row in opened.query(StoryRow).where(StoryRow.id.in_(held))} == {NORTH}


def painpoints_raise(actor: Actor, place: intake.Place, passage: int) -> str:
    run = runs.published(actor, place.id)
    assert run is not None
    try:
        painpoints.raise_concern(actor, place, passage, ["harm"], "", run.id if actor.organisation is None else None)
    except NotFound:
        return "not there"
    return "raised"
