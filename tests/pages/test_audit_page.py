"""The audit's screen: what was done in plain words, asked for by person, action and place; and the check."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from insight import audit, intake, receipts
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.audit import Entry, Wanted
from insight.database import engine
from insight.moments import now
from insight.records.auditing import PAGE
from pages.auditing import words
from tests.pages.screen import Screen


def script() -> None:
    from insight.access import SYSTEM
    from pages.audit import render

    render(SYSTEM)


def local_script() -> None:
    from insight.access import Actor, Role
    from pages.audit import render

    render(Actor(Role.ADMIN, "local", places=frozenset({1})))


@pytest.fixture
def places(sqlite: str) -> Iterator[tuple[int, int]]:
    """Two places with something done in each, by two people."""
    first, second = intake.add_place(SYSTEM, "Testham").id, intake.add_place(SYSTEM, "Ashby").id
    audit.record("Pat <Lee>", "designer", "painpoints.publish", first, "analysis 12")
    audit.record("Sam Roe", "safeguarding", "safeguarding.read", second, "item 3")
    yield first, second


def choose(screen: Screen, label: str, value: object) -> Screen:
    next(box for box in screen.at.selectbox if box.label == label).set_value(value)
    return screen.run()


def rows(screen: Screen) -> int:
    return screen.html.count('<tr role="row"><td')


def test_entries_are_said_in_plain_words(places: tuple[int, int]) -> None:
    told = Screen(script).html
    assert "4 entries, the newest first." in told
    for words_shown in (
        "Pat &lt;Lee&gt; (designer)",
        "Publish an analysis",
        "Testham · analysis 12",
        "command line (admin)",
    ):
        assert words_shown in told
    assert told.index("Read the story of a safeguarding item") < told.index("Publish an analysis")


def test_one_can_ask_for_a_person_an_action_and_a_place(places: tuple[int, int]) -> None:
    first, second = places
    screen = Screen(script)
    assert rows(choose(screen, "Person", "Sam Roe")) == 1
    assert "Pat" not in screen.html
    assert not screen.at.query_params, "names of people stand in no address"
    assert "No entry fits." in choose(screen, "Place", first).html
    assert rows(choose(screen, "Place", second)) == 1
    choose(screen, "Person", None)
    assert rows(choose(screen, "Action", "safeguarding.read")) == 1
    assert "No entry fits." in choose(screen, "Action", "painpoints.publish").html


def test_who_acts_in_one_place_sees_no_other(places: tuple[int, int]) -> None:
    assert places[0] == 1
    screen = Screen(local_script)
    assert rows(screen) == 1
    assert "Ashby" not in screen.html
    assert "Sam Roe" not in next(box for box in screen.at.selectbox if box.label == "Person").options


def test_older_entries_are_on_the_next_page_and_asking_starts_anew(sqlite: str) -> None:
    for number in range(PAGE + 2):
        audit.record("Pat Lee", "designer", "painpoints.publish", None, f"analysis {number}")
    screen = Screen(script)
    assert rows(screen) == PAGE
    assert rows(screen.press("Next")) == 2
    assert "analysis 0" in screen.html
    assert rows(choose(screen, "Person", "Pat Lee")) == PAGE


def test_the_check_says_that_nothing_was_changed(places: tuple[int, int]) -> None:
    screen = Screen(script)
    head = str(audit.head())
    assert head in screen.html
    assert "Nothing was changed" not in screen.html
    screen.press("Check that nothing was changed")
    assert "All 4 entries are as they were written." in screen.html
    assert "shows only with a head that you kept" in screen.html
    screen.at.text_input[0].set_value(head)
    screen.press("Check that nothing was changed")
    assert "None was cut off since the head that you gave." in screen.html


def test_the_check_names_what_was_changed(places: tuple[int, int]) -> None:
    head = str(audit.head())
    screen = Screen(script)
    with engine().begin() as connection:
        for name in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER audit_entry_{name}"))
        connection.execute(text("UPDATE audit_entry SET at = 'never', about = '<b>' WHERE number = 2"))
        connection.execute(text("DELETE FROM audit_entry WHERE number = 4"))
    screen.at.text_input[0].set_value(head)
    screen.press("Check that nothing was changed")
    assert "The audit was changed" in screen.html
    assert "Entry 2 was changed" in screen.html
    assert "Entry 4 is missing." in screen.html
    assert "<b>" not in screen.html


def test_a_head_that_cannot_be_one_is_said_at_its_field(places: tuple[int, int]) -> None:
    screen = Screen(script)
    screen.at.text_input[0].set_value("12")
    screen.press("Check that nothing was changed")
    assert 'id="audit-kept-error"' in screen.html
    assert "Nothing was changed" not in screen.html
    screen.at.text_input[0].set_value("")
    assert "audit-kept-error" not in screen.press("Check that nothing was changed").html


def test_nobody_without_the_permission_reads_it(places: tuple[int, int]) -> None:
    from insight.errors import NotAllowed
    from insight.records import auditing

    for role in Role:
        if role is not Role.ADMIN:
            with pytest.raises(NotAllowed):
                auditing.entries(Actor(role, "somebody"))


def guard_script() -> None:
    from insight.access import Actor, Role
    from pages.safeguarding import render

    render(Actor(Role.SAFEGUARDING, "lead one"))


def test_a_reading_is_recorded_once_for_each_opening(sqlite: str) -> None:
    intake.add_place(SYSTEM, "Testham")
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, {"what_happened": "My neighbour threatened to kill me", "consent": ["analyse"]})
    intake.submit(RESIDENT, key)
    screen = Screen(guard_script, item="1")
    readings = Wanted(what="safeguarding.read")
    assert audit.newest(readings, 9)[1] == 0, "opening the item is not reading its story"
    screen.press("Read the story")
    for _turn in range(3):
        assert "threatened" in screen.run().html
    entries, total = audit.newest(readings, 9)
    assert (total, entries[0].name, entries[0].role) == (1, "lead one", "safeguarding")
    screen.press("Back to the queue").press("Open").press("Read the story")
    assert audit.newest(readings, 9)[1] == 2


def test_what_residents_do_is_recorded_without_what_leads_to_them(sqlite: str) -> None:
    place = intake.add_place(SYSTEM, "Testham")
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, {"what_happened": "Nobody rang back", "consent": ["analyse"]})
    reference = intake.submit(RESIDENT, key).reference
    receipts.withdraw(RESIDENT, reference, intake.ConsentScope.ANALYSE)
    receipts.erase(RESIDENT, reference)
    entries, _total = audit.newest(Wanted(name="resident"), 9)
    assert [entry.what for entry in entries] == ["receipts.erase", "receipts.withdraw"]
    assert {entry.role for entry in entries} == {"resident"}
    assert {entry.about for entry in entries} == {audit.tagged(reference)}
    told = "".join(str(entry) for entry in entries)
    assert place.code not in told
    assert not [word for word in (reference, reference.replace("-", ""), key, "rang") if word in told]


def test_an_entry_of_another_version_is_still_readable() -> None:
    entry = Entry(1, now(), "", "steward", "gone.deed", None, "thing 4", "", "")
    assert (words.who(entry), words.action(entry.what), words.about(entry)) == ("steward", "gone.deed", "thing 4")
