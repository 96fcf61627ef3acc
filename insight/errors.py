"""The one family of errors that people may read: every message says what to do next.

A front end translates the family once (``pages/main.py``, ``insight/cli.py``); anything else is a fault of ours and is
shown as such, without its text. Messages never carry what a resident wrote.
"""


class InsightError(Exception):
    """Something a person can mend, said in their words."""


class NotAllowed(InsightError):
    """The actor's role may not do this."""


class NotFound(InsightError):
    """There is no such thing, or not for this actor: the two are not told apart."""


class BadInput(InsightError):
    """What came in cannot be used: a wrong file, a missing column, an answer out of range."""


class Conflict(InsightError):
    """It was changed or done meanwhile: the person must look again."""


class NotReady(InsightError):
    """The database, a run or a setting is not in the state this needs."""


class Busy(NotReady):
    """The database is away or has too much to do: what was kept before is safe, and trying again later helps."""
