"""Jobs: the one queue of work that workers take from. This is the room's front door."""

from insight.jobs.calling import call_worker, process_for, served
from insight.jobs.model import Job, Kind, QueueSize, State
from insight.jobs.queue import (
    GIVEN_UP,
    beat,
    done,
    enqueue,
    enqueue_once,
    failed,
    forget_old,
    give_back,
    give_back_or_up,
    give_up_dead,
    held,
    seconds_waited,
    sizes,
    take,
    worker_name,
)

__all__ = [
    "GIVEN_UP",
    "Job",
    "Kind",
    "QueueSize",
    "State",
    "beat",
    "call_worker",
    "done",
    "enqueue",
    "enqueue_once",
    "failed",
    "forget_old",
    "give_back",
    "give_back_or_up",
    "give_up_dead",
    "held",
    "process_for",
    "seconds_waited",
    "served",
    "sizes",
    "take",
    "worker_name",
]
