"""The place that is attacked: two places, people of every role, and what a stranger must learn nothing of."""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from insight import accounts, intake, limits, painpoints, receipts, runs, surveys
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.accounts import SignedIn, hashing
from insight.database import session, write_session
from insight.demo.build import build
from insight.intake import references
from insight.intake.tables import StoryRow
from insight.settings import settings
from insight.surveys import rules

PLANTED = "quibblezoon"  # stands in stories of the place; no stranger may read it
PASSWORD = "harbour violet ladder stone"
PLACE, FAR = "Ottermarsh", "Fardale"
FEW = "what_happened"
LOGIN, DISABLED = "dana@testham.example", "gone@testham.example"


@dataclass(frozen=True, slots=True)
class World:
    """What there is: secrets and numbers by name, each with one of the same shape that there is not; and sessions."""

    there: dict[str, str]
    absent: dict[str, str]
    sessions: dict[str, str]
    secret_key: str

    @classmethod
    def load(cls, folder: Path) -> "World":
        """The world that another process filled."""
        return cls(**json.loads((folder / "world.json").read_text("utf-8")))

    def save(self, folder: Path) -> None:
        """Keep it for other processes."""
        (folder / "world.json").write_text(json.dumps(asdict(self)), "utf-8")


def environment(folder: Path) -> dict[str, str]:
    """The settings under which the product is attacked: as in production, without limits that would hide doors."""
    return {
        "INSIGHT_DATABASE_URL": f"sqlite:///{(folder / 'fuzz.db').as_posix()}",
        "INSIGHT_SECRET_KEY": "fuzz-secret-key-0123456789-abcdefghij",
        "INSIGHT_TEXT_KEYS_FILE": (folder / "text.keys").as_posix(),
        "INSIGHT_BACKUP_KEY_FILE": (folder / "backup.key").as_posix(),
        "INSIGHT_REQUESTS_PER_ADDRESS": "0",
        "INSIGHT_SECOND_FACTOR": "0",
        "INSIGHT_DEMO_MODE": "0",
        "INSIGHT_PLACE": PLACE,
        "INSIGHT_UPLOAD_LIMIT_MB": "20",
    }


def cheapen() -> None:
    """Hashes that cost little, and no wait before an answer: what both cost is tested elsewhere."""
    from pages.form import receipt

    hashing.MEMORY_KIB, hashing.PASSES = 64, 1
    for made in (hashing._hasher, hashing._nobodys):
        made.cache_clear()
    receipt.DEADLINE = 0.0


def forget_tries() -> None:
    """Let nothing be tried too often: a limit would hide what lies behind it."""
    limits._kept.clear()
    with write_session() as opened:
        opened.query(limits.AttemptsRow).delete()


def fill(journeys: int) -> World:
    """Fill the database that the settings name. With journeys, they are analysed and the run is published."""
    cheapen()
    os.environ.pop("INSIGHT_PUBLIC_URL", None)
    here = _here(journeys)
    far = intake.add_place(SYSTEM, FAR, organisations=[("Fardale Council", "council")])
    there = _told() | _people() | _surveys(here, far)
    if journeys:
        there["run"] = str(_analysed(here))
    with session() as opened:
        there |= {"story": str(opened.query(StoryRow.id).order_by(StoryRow.id).first()[0]), "place": here.code}  # type: ignore[index]
    there["place_number"] = str(here.id)
    sessions = _sessions(far)
    there["session"] = sessions["admin"]
    return World(
        there,
        {name: _like(name, value) for name, value in there.items()},
        sessions,
        settings().secret_key.get_secret_value(),
    )


def _here(journeys: int) -> intake.Place:
    if journeys:
        return build(journeys, 2026, None, lambda *_said: None)[0]
    return intake.add_place(
        SYSTEM, PLACE, organisations=[("Ottermarsh Council", "council"), ("Riverside Homes", "housing")]
    )


def _told() -> dict[str, str]:
    """Drafts and stories of people who are not here now."""
    made = {"draft": draft(), "sent_draft": draft()}
    made["reference"] = intake.submit(RESIDENT, made["sent_draft"]).reference
    for _number in range(8):
        intake.submit(RESIDENT, draft())
    made["words"] = intake.resume_words(RESIDENT, made["draft"])
    erased = intake.submit(RESIDENT, draft()).reference
    receipts.erase(RESIDENT, erased)
    return made | {"erased_reference": erased}


def draft(more: Mapping[str, Any] | None = None) -> str:
    """A journey that somebody is telling; gives its key."""
    key = intake.start_draft(RESIDENT).key
    told = f"The {PLANTED} letter never came and the housing office sent me away three times without an answer."
    step = {
        "service": "Housing advice",
        "organisation": "Ottermarsh Council",
        "feeling": "-2",
        "note": f"A {PLANTED} note.",
    }
    whole = {
        "need": "hospital_discharge",
        FEW: told,
        "steps": [step, step],
        "need_met": "partly",
        "consent": ["analyse", "quote"],
    }
    intake.save_draft(RESIDENT, key, {**whole, **(more or {})})
    return key


def _people() -> dict[str, str]:
    person(Role.DESIGNER, LOGIN)
    gone = person(Role.DESIGNER, DISABLED)
    accounts.disable(SYSTEM, gone)
    used = accounts.invite(SYSTEM, Role.FRONTLINE)
    accounts.accept(used.token, "used@testham.example", "Used", PASSWORD)
    revoked = accounts.invite(SYSTEM, Role.FRONTLINE)
    accounts.revoke_invitation(SYSTEM, accounts.invitations(SYSTEM)[0].number)
    opened = accounts.invite(SYSTEM, Role.FRONTLINE, email="olu@testham.example")
    return {
        "login": LOGIN,
        "disabled_login": DISABLED,
        "invitation": opened.token,
        "used_invitation": used.token,
        "revoked_invitation": revoked.token,
        "account": str(gone),
    }


def person(role: Role, login: str, places: list[int] | None = None, organisation: str | None = None) -> int:
    """Somebody who was invited and took it up; gives their number."""
    made = accounts.invite(SYSTEM, role, places, organisation)
    return accounts.accept(made.token, login, login.partition("@")[0].title(), PASSWORD).id


def _surveys(here: intake.Place, far: intake.Place) -> dict[str, str]:
    designer = Actor(Role.DESIGNER, "a designer")
    open_, hidden = (surveys.create(designer, here, title).code for title in ("Rain survey open", "Rain survey hidden"))
    for edit in (partial(rules.offer, languages=["en"]), partial(rules.add, question=surveys.library()[0])):
        surveys.revise(designer, here, open_, edit)
    surveys.publish(designer, here, open_)
    surveys.create(designer, far, "Fardale survey")
    return {"survey": open_, "hidden_survey": hidden}


def _analysed(here: intake.Place) -> int:
    from insight import worker

    run = runs.create(SYSTEM, here.id)
    worker.work(run.id)
    painpoints.publish(SYSTEM, run.id)
    return run.id


def _sessions(far: intake.Place) -> dict[str, str]:
    for role in Role:
        if role is not Role.RESIDENT:
            person(role, f"{role}@testham.example")
    person(Role.DESIGNER, "far@testham.example", [far.id])
    person(Role.FRONTLINE, "partner@testham.example", None, "Riverside Homes")
    names = [*(str(role) for role in Role if role is not Role.RESIDENT), "far", "partner"]
    return {name: come_in(f"{name}@testham.example") for name in names}


def come_in(login: str) -> str:
    """Sign in; gives the session's token."""
    entry = accounts.sign_in(login, PASSWORD, "192.0.2.1")
    assert isinstance(entry, SignedIn), f"{login} would need a second factor"
    return entry.token


def _like(name: str, value: str) -> str:
    """Something of the same shape that there is not."""
    shapes: dict[str, Callable[[], str]] = {
        "draft": references.new_key,
        "sent_draft": references.new_key,
        "reference": references.new_reference,
        "erased_reference": references.new_reference,
        "words": lambda: "-".join(reversed(value.split("-"))),
        "login": lambda: "tina@testham.example",
        "disabled_login": lambda: "lost@testham.example",
        "survey": lambda: "rail-survey-open",
        "hidden_survey": lambda: "rail-survey-hidden",
        "place": lambda: "ambermarsh",
    }
    if name in shapes:
        return shapes[name]()
    return str(int(value) + 5_000) if value.isdecimal() else secrets.token_urlsafe(len(value))[: len(value)]
