"""Two partners in one place: each reads what its own staff gathered; of the other's stories, counts and no sentence."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from insight import intake
from insight.access import GRANTS, PARTNERS, Actor, Permission, Role
from insight.intake import Place
from tests.access.arguments import arguments
from tests.access.objects import USE_CASES, name_of
from tests.access.test_scope import answer
from tests.access.two_places import LETTER, RANG, WHICH, Filled, fill, forget_what_is_held
from tests.conftest import use_database

OURS, THEIRS = "marrowgate", "quillfeather"
PARTNER_OF = {OURS: "Riverside Homes", THEIRS: "Dale Advice"}
EACH = 9
SAID = ", said {}"  # so it stands in what was told; the terms of themes are words alone, without commas
OPEN = [case for case in USE_CASES if case.permission in PARTNERS - {Permission.TELL}]


def tell(place: Place, number: int) -> str:
    """Our staff log the first stories, theirs the others. Each has a word of its own, which names no theme."""
    gatherer = OURS if number < EACH else THEIRS
    own = f"{gatherer}{'abcdefghi'[number % EACH]}"
    worker = Actor(Role.FRONTLINE, f"{gatherer} worker", organisation=PARTNER_OF[gatherer])
    when = {"day": str(1 + number), "month": "9", "year": "2026"}
    gp = {"service": "GP surgery", "feeling": "1", "when": when}
    tax = {"service": "Council tax", "feeling": "-2", "when": when, "note": LETTER.format("tax", own)}
    told = {
        "what_happened": LETTER.format(WHICH[number % EACH], own) + ("" if number else RANG),
        "steps": [gp, tax],
        "source": "staff_phone",
    }
    agreed = {"consent": ["analyse", "quote"], "consent_how": "verbal"}
    return intake.log_story(worker, place, f"token {number}", told | agreed).reference


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Filled]:
    """A place whose stories two partners gathered."""
    database = tmp_path_factory.mktemp("partners") / "shared.db"
    shutil.copy(migrated_sqlite, database)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INSIGHT_WORKER", "service")
        use_database(patch, f"sqlite:///{database}")
        yield fill("Sharedham", "ploverstone", 2 * EACH, tell)
        use_database(patch, "sqlite://")
    forget_what_is_held()


@pytest.mark.parametrize("role", [Role.FRONTLINE, Role.DESIGNER, Role.MODERATOR])
def test_no_use_case_gives_a_partner_sentences_that_another_gathered(shared: Filled, role: Role) -> None:
    actor = Actor(role, "somebody", organisation=PARTNER_OF[OURS], account=shared.known["account"])
    told, tried = [], 0
    for case in (case for case in OPEN if case.permission in GRANTS[role]):
        for number in (shared.known["theme"], 0):
            known = {**shared.known, "number": number, "theme": number, "story_id": shared.known["story_id"] + EACH}
            kind, words = answer(case, actor, arguments(case, shared, known))
            tried += 1
            told += [(name_of(case), kind)] if SAID.format(THEIRS) in words else []
    assert told == []
    assert tried > 20


def test_a_partner_reads_its_own_whole_and_whoever_is_none_reads_all(shared: Filled) -> None:
    passages = range(shared.known["passage"] + 1)
    partner = Actor(Role.DESIGNER, "somebody", organisation=PARTNER_OF[OURS])
    for actor, wanted in ((partner, {OURS}), (Actor(Role.DESIGNER, "anybody"), {OURS, THEIRS})):
        journey = next(case for case in OPEN if name_of(case) == "painpoints.service.journey")
        heard = "".join(answer(journey, actor, {"place": shared.place, "passage": number})[1] for number in passages)
        assert {word for word in PARTNER_OF if SAID.format(word) in heard} == wanted
