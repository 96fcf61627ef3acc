"""The machine learns from what people coded: started when it is asked to, and by itself after every few codings."""

from dataclasses import dataclass

from insight import jobs, painpoints, runs
from insight.access import Actor, Permission, use_case
from insight.codebook import book_of, learnings, store
from insight.codebook.learnings import Learning
from insight.database import session, write_session
from insight.errors import NotReady
from insight.intake import Place, places
from insight.intake.place_store import lock_place
from insight.language import _
from insight.runs import Run

LESSON = 20  # new codings after which the machine learns again by itself


@dataclass(frozen=True, slots=True)
class Teaching:
    """How the machine's learning stands in a place.

    ``last`` is the newest attempt, ``done`` the newest that ended well; ``waiting`` passages were coded since the
    newest attempt, ``since`` since the one that ended well.
    """

    last: Learning | None
    done: Learning | None
    waiting: int
    since: int

    @property
    def running(self) -> bool:
        """Whether the machine is learning now."""
        return self.last is not None and self.last.open


@use_case(Permission.CODE)
def teaching(actor: Actor, place: Place) -> Teaching:
    """How far the machine is."""
    with session() as opened:
        last, done = learnings.newest(opened, place.id), learnings.newest_done(opened, place.id)
        waiting = store.coded_since(opened, place.id, last.last_coding if last else 0)
        same = last is not None and done is not None and last.id == done.id
        since = waiting if same else store.coded_since(opened, place.id, done.last_coding if done else 0)
    return Teaching(last, done, waiting, since)


@use_case(Permission.CODE)
def start(actor: Actor, place: Place) -> Learning:
    """Let a worker carry a learning out; one that is on its way already is given back instead."""
    run = runs.published(actor, place.id)
    if run is None:
        raise NotReady(_("There is no codebook yet. Publish an analysis first: its themes are the start."))
    with write_session() as opened:
        lock_place(opened, place.id)
        last = learnings.newest(opened, place.id)
        if last is not None and last.open:
            return last
        if not book_of(opened, place.id)[1]:
            raise NotReady(_("Nobody has coded a passage yet. Code some passages first: the machine learns from them."))
        made = learnings.begin(opened, place.id, run.id, actor.called)
        jobs.enqueue(opened, jobs.Kind.LEARN, str(made))
    _work_on(made)
    with session() as opened:
        begun = learnings.one(opened, made)
    if begun is None:
        raise NotReady(_("The machine could not begin to learn. Try again."))
    return begun[0]


@use_case(Permission.PUBLISH)
def publish(actor: Actor, run_id: int) -> Run:
    """Publish a run, and let the machine learn what people coded of its passages."""
    run = painpoints.publish(actor, run_id)
    place = next((place for place in places() if place.id == run.place_id), None)
    if place is not None:
        offer(actor, place)
    return run


@use_case(Permission.CODE)
def offer(actor: Actor, place: Place) -> bool:
    """Let the machine learn if it is time: after every ``LESSON`` codings, and when another analysis was published.

    Gives whether it began.
    """
    run = runs.published(actor, place.id)
    if run is None:
        return False
    with session() as opened:
        last = learnings.newest(opened, place.id)
        if last is not None and last.open:
            return False
        new = store.coded_since(opened, place.id, last.last_coding if last else 0)
        anew = last is not None and last.run_id != run.id
    if new < LESSON and not anew:
        return False
    try:
        start(actor, place)
    except NotReady:  # all that was coded was taken back again
        return False
    return True


def _work_on(learning_id: int) -> None:
    """Call the worker for a learning that is in the queue."""
    jobs.call_worker(jobs.Kind.LEARN, str(learning_id))
