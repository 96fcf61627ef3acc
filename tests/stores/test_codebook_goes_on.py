"""Random decisions and random runs on growing data: no human decision is lost, or moved to another theme."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from insight import codebook, intake, painpoints
from insight.access import SYSTEM, Actor, Role
from insight.codebook import State
from insight.painpoints.gathering import passage_key
from tests.conftest import use_database
from tests.stores.made_runs import Told, add_run, add_stories, names, shown

ANA = Actor(Role.DESIGNER, "Ana")
SUBJECTS = 6
PICK = st.integers(0, 10_000)


class CodebookGoesOn(RuleBasedStateMachine):
    """People decide; now and then there is more data and a run that groups it somewhat otherwise.

    Beside the product stands what should hold: the names people gave, and where each passage is that people put there,
    or that stood in a theme that people touched.
    """

    template: Path
    patch: pytest.MonkeyPatch

    @initialize(seed=PICK)
    def begin(self, seed: int) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder / "it.db")
        use_database(self.patch, f"sqlite:///{self.folder / 'it.db'}")
        painpoints.forget_cached_runs()
        self.place = intake.add_place(SYSTEM, "Testham", organisations=[], services=[])
        self.told: list[Told] = []
        self.names: dict[int, str] = {}
        self.put: dict[int, int] = {}  # story -> lasting number, as people put it
        self.runs = 0
        self.run = 0
        self.analyse(18, seed)

    def analyse(self, more: int, seed: int) -> None:
        """More stories, and a run in which the machine's numbers are shuffled and some passages are elsewhere."""
        before = shown(self.run) if self.run else {}
        touched = self.touched()
        self.told += add_stories(self.place, len(self.told), [f"words {len(self.told) + n}" for n in range(more)])
        subjects = [(story * 7 + (seed if story % 5 == seed % 5 else 0)) % SUBJECTS for story, _text in self.told]
        order = sorted(range(SUBJECTS), key=lambda subject: (subject * 7 + seed) % 11)
        merged = [order[subject] if seed % 3 else min(order[subject], SUBJECTS - 2) for subject in subjects]
        self.run = add_run(self.place, self.told, merged)
        self.runs += 1
        now = shown(self.run)
        for story, theme in before.items():
            if theme in touched:
                assert now[story] == theme, "a passage left a theme that people had touched"

    def touched(self) -> set[int]:
        """The themes in use that people have decided something about."""
        if not self.run:
            return set()
        return {theme.number for theme in self.book().active if theme.touched}

    def book(self) -> codebook.Book:
        return codebook.book(ANA, self.place.id)

    def active(self, pick: int) -> int:
        themes = self.book().active
        return themes[pick % len(themes)].number

    @precondition(lambda self: self.runs < 10)
    @rule(more=st.integers(0, 8), seed=PICK)
    def a_new_run(self, more: int, seed: int) -> None:
        self.analyse(more, seed)

    @rule(pick=PICK)
    def rename(self, pick: int) -> None:
        number, label = self.active(pick), f"Name {len(self.book().decisions)}"
        codebook.rename(ANA, self.place.id, number, label)
        self.names[number] = label

    @precondition(lambda self: len(self.book().active) > 2)
    @rule(one=PICK, other=PICK)
    def merge(self, one: int, other: int) -> None:
        number, into = self.active(one), self.active(other)
        if number != into:
            codebook.merge(ANA, self.place.id, number, into)

    @precondition(lambda self: len(self.book().active) > 2)
    @rule(pick=PICK)
    def set_aside(self, pick: int) -> None:
        codebook.set_aside(ANA, self.place.id, self.active(pick))

    @rule(pick=PICK, theme=PICK)
    def move(self, pick: int, theme: int) -> None:
        told = self.told[pick % len(self.told)]
        number = self.active(theme)
        codebook.code(ANA, self.place.id, [(told[0], passage_key(*told))], [number])
        self.put[told[0]] = number

    @rule(pick=PICK)
    def split(self, pick: int) -> None:
        number = self.active(pick)
        inside = [told for told in self.told if shown(self.run)[told[0]] == number][:3]
        if inside:
            label = f"Part {len(self.book().decisions)}"
            group = (label, [(told[0], passage_key(*told)) for told in inside])
            (new,) = codebook.split(ANA, self.place.id, number, [group])
            self.names[new] = label
            self.put |= {story: new for story, _text in inside}

    @precondition(lambda self: any(d.kind in ("merge", "set aside") and not d.undone for d in self.book().decisions))
    @rule(pick=PICK)
    def undo(self, pick: int) -> None:
        open_ones = [d for d in self.book().decisions if d.kind in ("merge", "set aside") and not d.undone]
        codebook.undo(ANA, self.place.id, open_ones[pick % len(open_ones)].id)

    @invariant()
    def names_stand(self) -> None:
        if self.run:
            book, called = self.book(), names(self.run)
            for number, label in self.names.items():
                assert book.themes[number].label == label
                assert called.get(number, label) == label

    @invariant()
    def passages_stand_where_people_put_them(self) -> None:
        if self.run:
            book, now = self.book(), shown(self.run)
            for story, number in self.put.items():
                lives = book.themes[book.live(number)]
                assert now[story] == (lives.number if lives.state is State.ACTIVE else -1)

    def teardown(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def machine(migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch, sqlite: str) -> Iterator[type[CodebookGoesOn]]:
    CodebookGoesOn.template, CodebookGoesOn.patch = migrated_sqlite, monkeypatch
    yield CodebookGoesOn
    painpoints.forget_cached_runs()


def test_no_decision_is_lost(machine: type[CodebookGoesOn]) -> None:
    quick = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    steps = settings(max_examples=6, stateful_step_count=25, deadline=None, suppress_health_check=quick)
    run_state_machine_as_test(machine, settings=steps)
