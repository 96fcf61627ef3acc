"""Two places with the same kinds of things in them, and the number of each thing by the name it is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from insight import accounts, intake, journeys, painpoints, receipts, runs, safeguarding, surveys, worker
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.accounts import sessions
from insight.accounts.model import How
from insight.accounts.tables import AccountRow, SessionRow
from insight.codebook import service as codebook
from insight.coding import comparing, passages
from insight.database import session, write_session
from insight.intake import NewService, Place
from insight.intake.importing.service import import_file, save_mapping
from insight.intake.tables import StoryRow
from insight.journeys import PhaseDrawn, cases
from insight.moderation import service as moderation
from insight.painpoints.reading import reading
from insight.surveys import rules
from tests.access.subjects import account

WORKER = "person who logs"
LETTER = "The {} letter was awful, I could not understand its jargon and codes, said {}."
WHICH = ("first", "second", "third", "blue", "long", "last", "new", "old", "red", "green", "short", "spare")
PLAN = 'name = "{word} plan"\nneed = "bereavement"\n[[step]]\nname = "GP surgery"\n[[step]]\nname = "Council tax"\n'
TO_MOVE = 6  # so many journeys as may be counted, into a theme that a person made
RANG = " They rang 07700 900123."  # in the first story, so that there is a mark
Tell = Callable[[Place, int], str]
COLUMNS = {"journey": "Case no", "step": "Activity", "time": "When"}


@dataclass(frozen=True)
class Filled:
    """A place, the word that stands in everything of it, and what there is to ask for in it."""

    place: Place
    word: str
    known: Mapping[str, Any]


def forget_what_is_held() -> None:
    """Let go of runs that this process read from another database, whose numbers are the same."""
    painpoints.forget_cached_runs()
    journeys.forget_cached_runs()


def fill(name: str, word: str, stories: int, tell: Tell | None = None) -> Filled:
    """A place with a published analysis and one or more of everything else; ``tell`` tells a story, by its number."""
    forget_what_is_held()
    services = [NewService("tax", "Council tax", f"{name} council"), NewService("gp", "GP surgery", f"{name} trust")]
    organisations = [(f"{name} council", "council"), (f"{name} trust", "nhs")]
    place = intake.add_place(SYSTEM, name, organisations=organisations, services=services)
    references = [(tell or partial(_told, word))(place, number) for number in range(stories)]
    run = runs.create(SYSTEM, place.id, {"resolution": 0.1})
    worker.work(run.id)
    painpoints.publish(SYSTEM, run.id)
    known = {"run_id": run.id, **_coded(place, word, run.id), **_watched(place, word, run.id, references)}
    known |= _brought_in(place, word) | _asked(place, word) | _people(place, word)
    return Filled(place, word, known | {"place": place, "place_id": place.id, "places": [place.id]})


def _told(word: str, place: Place, number: int) -> str:
    key = intake.start_draft(RESIDENT, place.code).key
    when = {"day": str(1 + number), "month": "9", "year": "2026"}
    gp = {"service": "GP surgery", "feeling": "1", "when": when}
    tax = {"service": "Council tax", "feeling": "-2", "when": when, "note": LETTER.format("tax", word)}
    ring = "" if number else RANG
    answers = {"what_happened": LETTER.format(WHICH[number % len(WHICH)], word) + ring, "steps": [gp, tax]}
    intake.save_draft(RESIDENT, key, {**answers, "consent": ["analyse", "quote"]})
    return intake.submit(RESIDENT, key).reference


def _coded(place: Place, word: str, run_id: int) -> dict[str, Any]:
    """What people decided in the codebook, and said of passages."""
    themes = [codebook.make(SYSTEM, place.id, f"{word} theme {number}", word) for number in range(2 + place.id)]
    codebook.rename(SYSTEM, place.id, 0, f"{word} renamed", word)
    round_ = comparing.start(SYSTEM, place, f"{word} round", 3)
    held = reading(runs.get(SYSTEM, run_id)).cube
    rows = [row for row in range(len(held.theme)) if held.passage_story[row] < TO_MOVE]
    moved = passages.move(SYSTEM, place, rows, [themes[-1]], word)
    refs = [(int(held.story_id[held.passage_story[row]]), int(held.key[row])) for row in range(len(held.theme))]
    book = codebook.book(SYSTEM, place.id)
    return {
        "number": themes[-1],
        "theme": themes[-1],
        "themes": [themes[-1]],
        "numbers": themes[-1],
        "into": themes[-1],
        "under": themes[-1],
        "decision_id": book.decisions[-1].id,
        "decisions": [book.decisions[-1].id],
        "round_id": round_.id,
        "moved": moved,
        "passage": len(refs) - 1,
        "passages": [len(refs) - 1],
        "journey": len(set(held.passage_story.tolist())) - 1,
        "ref": round_.passages[0],
        "in_round": refs.index(round_.passages[0]),
        "refs": [refs[0]],
        "stories": held.story_id[:3],
    }


def _watched(place: Place, word: str, run_id: int, references: list[str]) -> dict[str, Any]:
    """A story that speaks of harm, and one whose teller asked for a reply."""
    with session() as opened:
        stories = {row.reference: row.id for row in opened.query(StoryRow).filter_by(place_id=place.id)}
    safeguarding.raise_concern(SYSTEM, stories[references[TO_MOVE]], ["harm"], word)
    receipts.ask_for_reply(RESIDENT, references[0])
    lead = Actor(Role.SAFEGUARDING, "a lead")
    (item,) = safeguarding.queue(lead, place)
    first = stories[references[0]]
    moderated = moderation.read(Actor(Role.MODERATOR, "a moderator"), place, first)
    text = moderated.texts[0]
    marked = {"mark": text.marks[0].start, "text": text.name, "moderated": moderated.seen}
    return {"concern_id": item.id, "seen": item.seen, "reply": first, "story_id": first, **marked}


def _brought_in(place: Place, word: str) -> dict[str, Any]:
    """What staff logged, a file of stories, and case logs: as many as the place's own number."""
    told = {"what_happened": LETTER.format("logged", word), "source": "staff_phone", "consent_how": "verbal"}
    entry = intake.log_story(Actor(Role.FRONTLINE, WORKER), place, f"token {word}", told | {"consent": ["analyse"]})
    file = f"Comment,Date\n{LETTER.format('imported', word)},14/03/2026\n".encode()
    import_file(SYSTEM, place, file, {"text": "Comment", "date": "Date"}, basis="Agreed to share", name=f"{word}.csv")
    save_mapping(SYSTEM, place, f"{word} mapping", {"text": "Comment"})
    rows = [f"{word}-{case},{step},2026-05-0{day}" for case in range(8) for day, step in ((1, "Received"), (9, "Sent"))]
    body = "\n".join(["Case no,Activity,When", *rows]).encode()
    log = cases.bring_in(SYSTEM, place, f"{word} log", body, COLUMNS, file_name=f"{word}.csv")
    source = journeys.sources(SYSTEM, place)[-1].code
    return {"reference": entry.reference, "case_log": log.number, "source": source, "name": f"{word} mapping"}


def _asked(place: Place, word: str) -> dict[str, Any]:
    """A survey, and the journey as it is meant to be, with phases of one's own."""
    survey = surveys.create(SYSTEM, place, f"{word} survey").code
    surveys.revise(SYSTEM, place, survey, partial(rules.offer, languages=["en"]))
    surveys.publish(SYSTEM, place, survey)
    meant = journeys.save_intended(SYSTEM, place, PLAN.format(word=word))
    journeys.save_phases(SYSTEM, place, None, [PhaseDrawn(f"{word} phase", ("GP surgery",))])
    return {"code": survey, "survey": survey, "meant": meant.code}


def _people(place: Place, word: str) -> dict[str, Any]:
    """An admin of this place alone, who is signed in, another of its people, and an open invitation."""
    admin = account(Role.ADMIN, frozenset({place.id}))
    other = account(Role.DESIGNER, frozenset({place.id}))
    with write_session() as opened:
        sessions.open_session(opened, opened.get_one(AccountRow, other.id), How.PASSWORD, True, "192.0.2.1")
        sessions.open_session(opened, opened.get_one(AccountRow, admin.id), How.PASSWORD, True, "192.0.2.1")
        held = opened.query(SessionRow).filter_by(account_id=admin.id).one().id
    accounts.invite(SYSTEM, Role.DESIGNER, [place.id], email=f"{word}@testham.example")
    invitations = accounts.invitations(Actor(Role.ADMIN, "an admin", frozenset({place.id})))
    return {"account": admin.id, "account_id": other.id, "session": held, "invitation": invitations[0].number}
