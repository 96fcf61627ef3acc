"""The import page: a file, its columns, a check, the import, the bad rows, and refusals."""

from typing import Self

import pytest

from insight import intake
from insight.access import SYSTEM
from insight.database import session
from insight.intake import reading_store
from insight.intake.importing import saved_mappings
from tests.pages.screen import Screen

HEADER = "Comment,Team,Submitted,Rating\n"
BODY = (
    HEADER + "they were kind and quick,A,14/03/2026,5\nthe letter came too late,B,soon,1\n"
    "nobody <b>rang</b>,A,2/3/2026,2\n"
)


def script() -> None:
    from insight.access import Actor, Role
    from pages.imports import render

    render(Actor(Role.FRONTLINE, "worker one"))


@pytest.fixture
def place(sqlite: str) -> intake.Place:
    return intake.add_place(SYSTEM, "Testham")


class Visit(Screen):
    """One browser tab on the page."""

    def __init__(self) -> None:
        super().__init__(script)

    def upload(self, body: str | bytes, name: str = "survey.csv") -> Self:
        self.at.file_uploader[0].upload(name, body.encode() if isinstance(body, str) else body)
        return self.run()

    def say_basis(self, words: str) -> Self:
        next(field for field in self.at.text_input if field.label.startswith("What allows")).input(words)
        return self.run()

    def column(self, label: str) -> str | None:
        value: str | None = next(box for box in self.at.selectbox if box.label.startswith(label)).value
        return value


def count(place: intake.Place) -> int:
    with session() as opened:
        return reading_store.count_stories(opened, place.id)


def test_a_file_is_guessed_checked_brought_in_and_mended(place: intake.Place) -> None:
    visit = Visit().upload(BODY)
    guessed = [visit.column(name) for name in ("What happened", "Service", "Date:", "How it felt")]
    assert guessed == ["Comment", "Team", "Submitted", "Rating"]
    assert "14 March 2026" in visit.html and "Needs mending" in visit.html
    assert "nobody &lt;b&gt;rang" in visit.html and "<b>rang" not in visit.html
    visit.say_basis("People were told").press("Check the whole file")
    assert "What an import would do" in visit.html and count(place) == 0
    visit.press("Import the good rows")
    assert count(place) == 2 and "Submitted" in visit.html and "survey.csv" in visit.html
    assert [button.proto.label for button in visit.at.get("download_button")] == ["Download 1 row to mend"]
    visit.press("Import the good rows")
    assert count(place) == 2


def test_without_a_basis_nothing_comes_in_and_the_page_says_why(place: intake.Place) -> None:
    visit = Visit().upload(BODY).press("Import the good rows")
    assert "what allows these stories" in visit.html and count(place) == 0
    visit.say_basis("People were told").press("Import the good rows")
    assert count(place) == 2


def test_a_changed_column_changes_the_preview(place: intake.Place) -> None:
    visit = Visit().upload(BODY)
    next(box for box in visit.at.selectbox if box.label.startswith("Date:")).set_value("")
    visit.run()
    assert "14 March 2026" not in visit.html and "Needs mending" not in visit.html


def test_a_saved_mapping_is_offered_for_the_next_file_of_its_kind(place: intake.Place) -> None:
    visit = Visit().upload(BODY)
    next(box for box in visit.at.selectbox if box.label.startswith("How it felt")).set_value("")
    visit.run()
    next(field for field in visit.at.text_input if field.label == "Name").input("Without scores")
    visit.press("Save the mapping")
    assert "feeling" not in saved_mappings(SYSTEM, place)["Without scores"]
    another = Visit().upload(HEADER + "another one altogether,B,15/03/2026,4\n", "april.csv")
    assert another.column("Start from") == "Without scores"
    assert (another.column("How it felt"), another.column("Service")) == ("", "Team")


@pytest.mark.parametrize(
    ("body", "told"),
    [(b"", "is empty"), (HEADER.encode(), "no rows"), (b"\x89PNG\r\n\x1a\n" + bytes(99), "not a text file")],
)
def test_a_file_that_cannot_be_used_is_said_kindly(place: intake.Place, body: bytes, told: str) -> None:
    visit = Visit().upload(body)
    assert told in visit.html and "There is a problem" in visit.html
    visit.upload(BODY)
    assert "There is a problem" not in visit.html
