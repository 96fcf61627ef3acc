"""Something to give to every parameter of every use case: what lies here, what lies elsewhere, what is nowhere."""

import inspect
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from insight.access import Role, UseCase
from insight.coding.history import Coded
from insight.coding.interchanging import Incoming
from insight.coding.passages import Moved
from insight.identifiers import Kind
from insight.intake import Place
from insight.journeys import Asked, PhaseDrawn
from insight.moderation.model import Reason, Seen
from insight.painpoints import Filters
from insight.safeguarding import Decision
from tests.access.objects import name_of
from tests.access.subjects import PASSWORD
from tests.access.two_places import PLAN, Filled

Known = Mapping[str, Any]
FAR = 1_000_007  # a number that nothing has
CSV = b"Comment,Date\nThe letter was late,14/03/2026\n"
LOG = b"Case no,Activity,When\nA-1,Received,2026-05-01\nA-1,Sent,2026-05-09\n"

# What says which thing is meant, by the name of the parameter; by use case and name where one name means several.
BY_NAME = {
    *("account_id", "code", "concern_id", "decision_id", "decisions", "into", "journey", "moved", "number", "numbers"),
    *("passage", "passages", "places", "reference", "round_id", "run_id", "source", "stories", "story_id", "survey"),
    *("theme", "themes", "under"),
}
NUMBERED: dict[str, Callable[[Known], Any]] = {
    "codebook.rounds.answer.passage": lambda known: known["ref"],
    "codebook.rounds.start.passages": lambda known: known["refs"],
    "codebook.service.code.passages": lambda known: known["refs"],
    "codebook.service.take_back.passages": lambda known: known["refs"],
    "codebook.service.split.groups": lambda known: [("a group", known["refs"])],
    "coding.comparing.settle.passage": lambda known: known["ref"],
    "coding.comparing.start.number": lambda known: 3,
    "coding.comparing.answer.number": lambda known: known["in_round"],
    "coding.desk.save.number": lambda known: known["passage"],
    "coding.groups.split.groups": lambda known: [("a group", known["passages"])],
    "coding.history.take_back_coded.coded": lambda known: Coded(1, (known["theme"],), (known["refs"][0][1],)),
    "journeys.case_links.linked.number": lambda known: known["case_log"],
    "journeys.cases.forget_case_log.number": lambda known: known["case_log"],
    "journeys.service.one_journey.number": lambda known: known["journey"],
    "journeys.service.raise_concern.number": lambda known: known["journey"],
    "journeys.intending.versions_of.code": lambda known: known["meant"],
    "journeys.intending.conformance.code": lambda known: known["meant"],
    "journeys.intending.save_intended.code": lambda known: known["meant"],
    "journeys.service.journey_map.intended": lambda known: known["meant"],
    "receipts.service.answer.number": lambda known: known["reply"],
    "accounts.own.end_session.number": lambda known: known["session"],
    "accounts.service.revoke_invitation.number": lambda known: known["invitation"],
    "moderation.service.unhide.start": lambda known: known["mark"],
    "moderation.service.unhide.name": lambda known: known["text"],
    **{
        f"moderation.service.{deed}.seen": lambda known: known["moderated"]
        for deed in ("accept", "reject", "take_back", "hide", "unhide", "release")
    },
    "records.auditing.entries.place_id": lambda known: known["place_id"],
}
NONE_SUCH: dict[type, Callable[[Any], Any]] = {
    int: lambda _told: FAR,
    np.ndarray: lambda told: np.full_like(told, FAR),
    Moved: lambda told: Moved(FAR, told.before),
    Place: lambda told: replace(told, id=FAR, code="none", name="None"),
    Seen: lambda told: told,
}
ANYWHERE = {"in_round"}  # a passage that every place has, asked for in a round that is elsewhere or nowhere
# What says nothing of anybody's place.
PLAIN: dict[str, Callable[[], Any]] = {
    "answers": lambda: {"what_happened": "I waited.", "consent": ["analyse"], "consent_how": "verbal"},
    "arrivals": list,
    "base": lambda: "https://place.example",
    "basis": lambda: "Agreed to share",
    "body": lambda: b"name,description\nA theme,\n",
    "closes_on": lambda: None,
    "columns": lambda: {"journey": "Case no", "step": "Activity", "time": "When"},
    "decision": lambda: Decision.RELEASE,
    "days": lambda: 365,
    "description": lambda: "words",
    "drawn": lambda: [PhaseDrawn("A phase", ("GP surgery",))],
    "edit": lambda: lambda working: working,
    "excludes": lambda: "words",
    "file": lambda: CSV,
    "first": Asked,
    "form": lambda: "csv",
    "group": lambda: np.zeros(3, np.int32),
    "includes": lambda: "words",
    "journeys.cases.bring_in.file": lambda: LOG,
    "journeys.cases.header.file": lambda: LOG,
    "journeys.exporting.write_log.into": io.BytesIO,
    "kind": lambda: Kind.NAME,
    "kinds": lambda: ["harm"],
    "label": lambda: "A name of its own",
    "language": lambda: "en",
    "limit": lambda: 1_000,
    "mapping": lambda: {"text": "Comment", "date": "Date"},
    "name": lambda: "A name",
    "coding.interchanging.preview.name": lambda: "book.csv",
    "coding.interchanging.bring_in.name": lambda: "book.csv",
    "need": lambda: None,
    "new": lambda: "meadow lantern crisp river",
    "note": lambda: "A reason",
    "old": lambda: PASSWORD,
    "opens_on": lambda: date(2026, 11, 1),
    "organisation": lambda: None,
    "password": lambda: PASSWORD,
    "accounts.own.finish_second_factor.code": lambda: "123456",
    "query": lambda: "letter",
    "reason": lambda: Reason.TEST,
    "role": lambda: Role.DESIGNER,
    "said": dict,
    "second": lambda: Asked(filters=Filters(service="GP surgery")),
    "seen": lambda: 1,
    "coding.interchanging.bring_in.seen": lambda: Incoming((), ()),
    "sentences": tuple,
    "steps": lambda: np.zeros(3, np.int32),
    "text": lambda: "Thank you for telling us.",
    "title": lambda: "A survey",
    "token": lambda: "a token of one's own",
    "toml_text": lambda: PLAN.format(word="own"),
    "version": lambda: 1,
    "view": lambda: "map",
    "words": lambda: "letter",
}


def arguments(case: UseCase[..., Any], here: Filled, known: Known) -> dict[str, Any]:
    """Something for each parameter of a use case that must be given, or that may say which thing is meant.

    ``here`` is the place that is named; what else is asked for is taken from ``known``. ``LookupError`` for a parameter
    that nothing is known for: give it a line above.
    """
    given: dict[str, Any] = {}
    for parameter in list(inspect.signature(case).parameters.values())[1:]:
        name, needed = parameter.name, parameter.default is parameter.empty
        keys = (f"{name_of(case)}.{name}", name)
        if name in ("place", "place_id") and keys[0] not in NUMBERED:
            given[name] = here.known[name]
        elif keys[0] in NUMBERED:
            given[name] = NUMBERED[keys[0]](known)
        elif keys[0] in PLAIN:
            given[name] = PLAIN[keys[0]]()
        elif name in BY_NAME:
            given[name] = known[name]
        elif needed and name in PLAIN:
            given[name] = PLAIN[name]()
        elif needed:
            raise LookupError(f"tests/access/arguments.py: nothing is known for {keys[0]}")
    return given


def call(case: UseCase[..., Any], actor: Any, given: Mapping[str, Any]) -> Any:
    """Ask for a use case; a parameter that takes any number gets one."""
    many = next((p.name for p in inspect.signature(case).parameters.values() if p.kind is p.VAR_POSITIONAL), None)
    if many is None:
        return case(actor, **given)
    rest = {name: told for name, told in given.items() if name != many}
    order = [name for name in inspect.signature(case).parameters if name in rest]
    plain = [rest.pop(name) for name in order if name in ("place", "place_id")]
    return case(actor, *plain, given[many], **rest)


def nowhere(known: Known) -> dict[str, Any]:
    """The same things, under numbers and names that there are not."""
    return {name: told if name in ANYWHERE else _none_such(told) for name, told in known.items()}


def _none_such(told: Any) -> Any:
    if isinstance(told, list | tuple):
        return type(told)(_none_such(one) for one in told)
    if isinstance(told, str):
        return f"case-{FAR}" if told.startswith("case-") else "none-such"
    return NONE_SUCH[type(told)](told)
