"""The safeguarding queue on a real database: nothing is read unrecorded, nothing closes by itself, nothing leaks."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from insight import intake, journeys, painpoints, runs, safeguarding, worker
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.database import session, write_session
from insight.errors import BadInput, Conflict, NotAllowed, NotFound
from insight.intake.tables import ConcernRow, StoryRow
from insight.moments import now
from insight.safeguarding import Decision, Item, State, What, rules, store
from insight.safeguarding.tables import ConcernEventRow

LEAD, SECOND = Actor(Role.SAFEGUARDING, "lead one"), Actor(Role.SAFEGUARDING, "lead two")
DESIGNER = Actor(Role.DESIGNER, "designer one")
PLANTED = "The jargon letter came, I could not understand it, and I am scared of who opened it."
LETTERS = [
    "The letter was full of jargon and I could not understand a word of it.",
    "Another letter came that I could not understand, pages of jargon.",
    "I could not understand the letter, it was all jargon and codes.",
    "Nobody could understand that letter, it was jargon from start to end.",
    "A letter came full of jargon, my neighbour could not understand it either.",
    "The letter made no sense, jargon, I could not understand what they wanted.",
]


@pytest.fixture
def place(database: str) -> intake.Place:
    return intake.add_place(SYSTEM, "Testham")


def tell(text: str) -> int:
    """A story whose teller agreed to everything; gives its id."""
    key = intake.start_draft(RESIDENT).key
    step = {"service": "Council tax", "feeling": "-2", "note": text}
    intake.save_draft(RESIDENT, key, {"steps": [step], "consent": ["analyse", "quote"]})
    reference = intake.submit(RESIDENT, key).reference
    with session() as opened:
        return opened.query(StoryRow).filter_by(reference=reference).one().id


def flag(story_id: int, hours: float = 4.0) -> int:
    """What the rules do at arrival: an item, to be read within so many hours from now; gives its number."""
    with write_session() as opened:
        opened.query(ConcernRow).filter_by(story_id=story_id).delete()
        row = ConcernRow(
            place_id=opened.get_one(StoryRow, story_id).place_id,
            story_id=story_id,
            kinds=["harm"],
            raised_by="rule",
            raised_at=now(),
            due_at=now() + timedelta(hours=hours),
        )
        opened.add(row)
        opened.flush()
        return row.id


def change(story_id: int, text: str) -> None:
    """The teller changes the story."""
    with session() as opened:
        reference = opened.get_one(StoryRow, story_id).reference
    key = intake.amend_draft(RESIDENT, reference).key
    intake.save_draft(RESIDENT, key, {"what_happened": text})
    intake.submit(RESIDENT, key)


def decide(number: int, decision: Decision, by: Actor = LEAD) -> Item:
    return safeguarding.decide(by, number, decision, "A reason", safeguarding.item(by, number).seen)


def test_the_queue_holds_no_word_of_a_story_and_the_most_overdue_comes_first(place: intake.Place) -> None:
    soon, late, later = (flag(tell(PLANTED), hours) for hours in (2.0, -1.0, -30.0))
    assert [item.id for item in safeguarding.queue(LEAD, place)] == [later, late, soon]
    first = safeguarding.queue(LEAD, place)[0]
    assert first.left is not None and timedelta(hours=-31) < first.left < timedelta(hours=-29)
    assert "jargon" not in repr(safeguarding.queue(LEAD, place))
    safeguarding.read(LEAD, later)
    assert [item.id for item in safeguarding.queue(LEAD, place)] == [late, soon, later]
    read = safeguarding.item(LEAD, later)
    assert (read.left, read.times_read, read.state) == (None, 1, State.OPEN)
    assert safeguarding.queue(LEAD, intake.add_place(SYSTEM, "Elsewhere")) == []


def test_every_reading_is_recorded_before_the_text_is_given(
    place: intake.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = flag(tell(PLANTED))
    for reader in (LEAD, SECOND, LEAD):
        assert safeguarding.read(reader, number).story.steps[0].note == PLANTED
    events = safeguarding.item(LEAD, number).events
    assert [(event.what, event.by) for event in events] == [
        (What.READ, "lead one"),
        (What.READ, "lead two"),
        (What.READ, "lead one"),
    ]

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(store, "add_event", fail)
    with pytest.raises(RuntimeError):
        safeguarding.read(LEAD, number)


def test_only_those_who_safeguard_see_the_queue(place: intake.Place) -> None:
    number = flag(tell(PLANTED))
    for role in set(Role) - {Role.SAFEGUARDING}:
        for refused in (safeguarding.queue, safeguarding.decided):
            with pytest.raises(NotAllowed):
                refused(Actor(role), place)
        for refused_item in (safeguarding.item, safeguarding.read):
            with pytest.raises(NotAllowed):
                refused_item(Actor(role), number)
    with session() as opened:
        assert opened.query(ConcernEventRow).count() == 0


def test_nothing_closes_by_itself_and_a_decision_needs_a_reading_and_a_reason(place: intake.Place) -> None:
    number = flag(tell(PLANTED), -100)
    with pytest.raises(Conflict):
        decide(number, Decision.RELEASE)
    safeguarding.read(LEAD, number)
    with pytest.raises(Conflict):
        decide(number, Decision.RELEASE, SECOND)
    for note in ("", "  \0 ", "x" * 2_001):
        with pytest.raises(BadInput):
            safeguarding.decide(LEAD, number, Decision.RELEASE, note, 0)
    with pytest.raises(Conflict):
        decide(number, Decision.REOPEN)
    assert decide(number, Decision.REFER).state is State.OPEN
    assert decide(number, Decision.WITHHOLD).state is State.WITHHELD
    with pytest.raises(Conflict):
        decide(number, Decision.RELEASE)
    assert safeguarding.queue(LEAD, place) == []
    assert [(item.id, item.decided and item.decided.what) for item in safeguarding.decided(LEAD, place)] == [
        (number, Decision.WITHHOLD)
    ]
    again = decide(number, Decision.REOPEN)
    assert again.state is State.OPEN and again.left is not None and again.left > timedelta(hours=3)
    with pytest.raises(Conflict):
        decide(number, Decision.RELEASE)
    assert [event.what for event in safeguarding.item(LEAD, number).events] == [
        What.READ,
        Decision.REFER,
        Decision.WITHHOLD,
        Decision.REOPEN,
    ]


def test_two_leads_do_not_overwrite_one_another(place: intake.Place) -> None:
    number = flag(tell(PLANTED))
    seen = {lead: safeguarding.read(lead, number).item.seen for lead in (LEAD, SECOND)}

    def act(lead: Actor) -> str:
        try:
            decision = Decision.RELEASE if lead is LEAD else Decision.WITHHOLD
            return safeguarding.decide(lead, number, decision, "A reason", seen[lead]).state.value
        except Conflict:
            return "conflict"

    with ThreadPoolExecutor(2) as pool:
        ended = sorted(pool.map(act, (LEAD, SECOND)))
    stands = safeguarding.item(LEAD, number)
    assert ended == sorted(["conflict", stands.state.value])
    assert sum(isinstance(event.what, Decision) for event in stands.events) == 1


def test_a_story_that_was_changed_must_be_read_again(place: intake.Place) -> None:
    story_id = tell(PLANTED)
    number = flag(story_id, -100)
    change(story_id, "More of it.")
    waiting = safeguarding.item(LEAD, number)
    assert waiting.left is not None and waiting.left < timedelta(hours=-99), "a change gives no more time"
    seen = safeguarding.read(LEAD, number).item.seen
    change(story_id, "And more.")
    with pytest.raises(Conflict):
        safeguarding.decide(LEAD, number, Decision.RELEASE, "A reason", seen)
    with pytest.raises(Conflict):
        decide(number, Decision.RELEASE)
    waiting = safeguarding.item(LEAD, number)
    assert waiting.left is not None and timedelta(hours=3) < waiting.left < timedelta(hours=4)
    assert safeguarding.read(LEAD, number).story.what_happened == "And more."
    assert decide(number, Decision.RELEASE).state is State.RELEASED


def test_a_reader_of_the_board_raises_a_story_and_learns_nothing(place: intake.Place) -> None:
    story_id = tell("A plain story")
    with pytest.raises(NotAllowed):
        safeguarding.raise_concern(Actor(Role.FRONTLINE), story_id, ["harm"])
    with pytest.raises(BadInput):
        safeguarding.raise_concern(DESIGNER, story_id, ["no such kind"])
    with pytest.raises(NotFound):
        safeguarding.raise_concern(DESIGNER, 999, ["harm"])

    def raise_it(_: int) -> None:
        safeguarding.raise_concern(DESIGNER, story_id, ["harm"], "Step 1 worries me")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(raise_it, range(3)))
    (item,) = safeguarding.queue(LEAD, place)
    assert (item.raised_by, item.kinds, len(item.events)) == ("reader", ("harm",), 3)
    assert (item.events[0].what, item.events[0].by, item.events[0].note) == (
        What.RAISED,
        "designer one",
        "Step 1 worries me",
    )
    safeguarding.read(LEAD, item.id)
    decide(item.id, Decision.RELEASE)
    raise_it(0)
    again = safeguarding.item(LEAD, item.id)
    assert again.state is State.OPEN and again.left is not None and again.left > timedelta(hours=3)


def test_an_erased_story_leaves_kinds_and_times_alone(place: intake.Place) -> None:
    story_id = tell(PLANTED)
    number = flag(story_id)
    seen = safeguarding.read(LEAD, number).item.seen
    with write_session() as opened:
        opened.delete(opened.get_one(StoryRow, story_id))
    assert safeguarding.queue(LEAD, place) == []
    (item,) = safeguarding.decided(LEAD, place)
    assert (item.state, item.kinds, item.times_read) == (State.ERASED, ("harm",), 1)
    with pytest.raises(NotFound):
        safeguarding.read(LEAD, number)
    for decision in Decision:
        with pytest.raises(Conflict):
            safeguarding.decide(LEAD, number, decision, "A reason", seen)


def test_sentences_that_speak_of_harm_are_marked_and_else_the_whole_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(texts: Iterable[str]) -> list[str]:
        return [text for text in texts if "scared" in text or ("alone" in text and "night" in text)]

    monkeypatch.setattr(rules, "concerns_in", found)
    first, whole = "All was well. I am scared of him! He rang.", "I am alone. Every night."
    story = intake.Story(what_happened=first, what_good=whole, what_better="Nothing")
    marked = rules.marks(story)
    assert {text: [text[start:end] for start, end in spans] for text, spans in marked.items()} == {
        first: ["I am scared of him!"],
        whole: [whole],
    }


@pytest.fixture
def analysed(sqlite: str) -> Iterator[intake.Place]:
    """A place of its own, with no analysis left over from another test."""
    painpoints.forget_cached_runs()
    journeys.forget_cached_runs()
    yield intake.add_place(SYSTEM, "Small Place")
    painpoints.forget_cached_runs()


def everything_seen(place: intake.Place) -> str:
    """All words that a designer can be shown of a place: board, evidence, whole journeys, export."""
    board = painpoints.board(DESIGNER, place)
    said = [repr(board), painpoints.export(DESIGNER, place).decode()]
    for theme in (*board.pain_points, *board.mixed, *board.works_well):
        view = painpoints.pain_point(DESIGNER, place, theme.number)
        said.append(repr(view))
        said += [repr(painpoints.journey(DESIGNER, place, passage.number)) for passage in view.evidence]
    return "\n".join(said)


def analyse(place: intake.Place) -> runs.Run:
    run = runs.create(DESIGNER, place.id)
    worker.work(run.id)
    return runs.publish(DESIGNER, run.id)


def test_a_story_is_on_no_board_in_no_quote_journey_or_export_until_it_is_released(analysed: intake.Place) -> None:
    for text in LETTERS:
        tell(text)
    flagged, raised = tell(PLANTED), tell("The jargon of the letter, I could not understand it, hidden in a drawer.")
    number = flag(flagged)
    run = analyse(analysed)
    assert run.facts["stories"] == len(LETTERS) + 1
    assert any("speak of harm" in reason for reason in run.left_out)
    seen = everything_seen(analysed)
    assert "scared" not in seen and "hidden in a drawer" in seen

    board = painpoints.board(DESIGNER, analysed)
    (theme,) = (*board.pain_points, *board.mixed)
    behind = painpoints.pain_point(DESIGNER, analysed, theme.number).evidence
    passage = next(said.number for said in behind if "hidden in a drawer" in said.passage)
    mapped = journeys.journey_map(DESIGNER, analysed)
    safeguarding.raise_concern(DESIGNER, raised, ["harm"])
    assert "hidden in a drawer" not in everything_seen(analysed)
    fewer = painpoints.board(DESIGNER, analysed)
    assert (fewer.journeys, fewer.passages) == (board.journeys - 1, board.passages - 1)
    assert mapped.journeys is not None
    assert journeys.journey_map(DESIGNER, analysed).journeys == mapped.journeys - 1
    with pytest.raises(NotFound):
        painpoints.journey(DESIGNER, analysed, passage)

    worry = next(item.id for item in safeguarding.queue(LEAD, analysed) if item.raised_by == "reader")
    safeguarding.read(LEAD, worry)
    decide(worry, Decision.RELEASE)
    assert painpoints.board(DESIGNER, analysed).journeys == board.journeys
    assert "hidden in a drawer" in everything_seen(analysed)
    safeguarding.raise_concern(DESIGNER, raised, ["harm"])

    safeguarding.read(LEAD, number)
    decide(number, Decision.WITHHOLD)
    analyse(analysed)
    assert "scared" not in everything_seen(analysed)
    decide(number, Decision.REOPEN)
    safeguarding.read(LEAD, number)
    decide(number, Decision.RELEASE)
    assert "scared" not in everything_seen(analysed)
    analyse(analysed)
    seen = everything_seen(analysed)
    assert "scared" in seen and "hidden in a drawer" not in seen
