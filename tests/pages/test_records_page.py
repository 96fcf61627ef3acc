"""The screen of records: rules and their clocks, purging, a person's file, and the documents."""

from datetime import timedelta
from typing import Any

import pytest

from insight import audit, intake, records
from insight.access import RESIDENT, SYSTEM
from insight.audit import Wanted
from insight.database import session, write_session
from insight.intake.tables import StoryRow
from insight.moments import now
from tests.pages.screen import Screen as Base


def script() -> None:
    from insight.access import Actor, Role
    from pages.records import render

    render(Actor(Role.ADMIN, "keeper"))


class Screen(Base):
    """The screen, and what one can do there."""

    def __init__(self, **query: str) -> None:
        super().__init__(script, **query)

    def write(self, key: str, words: str) -> "Screen":
        next(box for box in self.at.text_input if box.key == key).set_value(words)
        return self

    def choose(self, key: str, value: Any) -> "Screen":
        next(box for box in self.at.selectbox if box.key == key).set_value(value)
        return self


@pytest.fixture
def reference(sqlite: str) -> str:
    """One story, told 50 days ago."""
    intake.add_place(SYSTEM, "Testham")
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, {"what_happened": "Ring me on 07700 900123", "consent": ["analyse"]})
    reference = intake.submit(RESIDENT, key).reference
    with write_session() as opened:
        opened.query(StoryRow).one().told_at = now() - timedelta(days=50)
    return reference


def test_without_a_rule_it_says_so_then_the_clock_runs_and_a_purge_is_meant(reference: str) -> None:
    screen = Screen()
    assert 'tl-unkept">No rule: they are kept until you set one.' in screen.html
    assert "Nothing is overdue." in screen.html and "Erase what is overdue" not in [b.label for b in screen.at.button]
    screen.write("records-days", "two years").press("Save the rule")
    assert 'id="records-days-error"' in screen.html and "tl-unkept" in screen.html
    screen.write("records-days", "1,000").press("Save the rule")
    assert "Kept for 1,000 days. Set by keeper on" in screen.html and "The next falls due on" in screen.html
    screen.write("records-days", "30").press("Save the rule")
    assert "1 is overdue and goes with the next purge." in screen.html
    screen.press("Erase what is overdue")
    assert 'id="records-sure-error"' in screen.html
    next(box for box in screen.at.checkbox if box.key == "records-sure").check()
    screen.press("Erase what is overdue")
    assert "1 story was erased." in screen.html and "0 in " in screen.html
    with session() as opened:
        assert opened.query(StoryRow).count() == 0
    digest = records.retention(SYSTEM, intake.current_place()).proofs[0].digest
    assert str(digest) in screen.html and "Changed since" not in screen.html
    screen.press("Take the rule away")
    assert "No rule: they are kept" in screen.html


def test_a_person_s_file_is_made_by_a_button_recorded_and_put_away(reference: str) -> None:
    screen = Screen(view="person")
    screen.press("Make the file")
    assert 'id="records-reference-error"' in screen.html
    screen.write("records-reference", "BCD-F34-GHJK").press("Make the file")
    assert "We hold nothing under that reference." in screen.html and not screen.at.get("download_button")
    screen.write("records-reference", f" {reference.lower()} ").press("Make the file")
    assert "The file is ready." in screen.html and len(screen.at.get("download_button")) == 1
    screen.run()
    entries, total = audit.newest(Wanted(what="records.subject_access"), 9)
    assert total == 2
    assert entries[0].about == audit.tagged(reference)
    assert reference not in screen.html and not {reference, "reference"} & set(screen.at.query_params)
    screen.press("Put the file away")
    assert not screen.at.get("download_button")


def test_the_documents_say_what_is_open_and_answers_are_kept(reference: str) -> None:
    screen = Screen(view="processing")
    before = len(records.processing(SYSTEM, intake.current_place()).undecided)
    assert f"{before} things are still open" in screen.html
    screen.choose("records-1-lawful_basis", "public_task")
    next(box for box in screen.at.text_area if box.key == "records-1-controller").set_value("Testham <i>Council")
    screen.press("Save")
    assert f"{before - 2} things are still open" in screen.html
    assert "Testham &lt;i&gt;Council" in screen.html and "<i>" not in screen.html
    assert len(screen.at.get("download_button")) == 4


def test_whoever_acts_in_other_places_sees_nothing_here(reference: str) -> None:
    intake.add_place(SYSTEM, "Elsewhere")

    def elsewhere() -> None:
        from insight.access import Actor, Role
        from pages.records import render

        render(Actor(Role.ADMIN, "keeper", places=frozenset({2})))

    told = Base(elsewhere, place="testham").html
    assert "0 stories are held." in told and "Testham" not in told
