"""The codebook as files: what goes out comes in again, other programs' files are read, and attacks are turned away."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.codebook import filed, refi
from insight.codebook.interchange import ReadTheme, as_csv, as_qdc, guid, read_codebook
from insight.codebook.model import Book, LastingTheme, State
from insight.errors import BadInput, NotReady

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def lasting(number: int, label: str, parents: Sequence[int] = (), state: State = State.ACTIVE) -> LastingTheme:
    return LastingTheme(
        number=number,
        label=label,
        named=True,
        description=f"About {number}.\nOn two lines",
        includes="letters, calls" if number % 2 else "",
        excludes="e-mail" if number % 3 else "",
        state=state,
        merged_into=None,
        parents=tuple(parents),
        known=None,
        by_machine=False,
        made_by="Ada",
        made_at=NOON,
        touched=True,
    )


def book_of(*themes: LastingTheme) -> Book:
    return Book({theme.number: theme for theme in themes}, ())


BOOK = book_of(
    lasting(3, "Waiting"),
    lasting(7, "Waiting for a call | letter", [3]),
    lasting(12, "=Told again & again", [3, 20]),
    lasting(20, "Between \\ services"),
    lasting(21, "Old", state=State.SET_ASIDE),
)


def _without_keys(themes: Sequence[ReadTheme]) -> list[ReadTheme]:
    return sorted((replace(theme, number=None, guid="", made_by="") for theme in themes), key=lambda theme: theme.name)


def test_a_table_that_goes_out_comes_in_as_it_was() -> None:
    body = as_csv(BOOK)
    assert read_codebook("Codebook.CSV", body) == filed.themes_of(BOOK)
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert rows[2]["name"] == "'=Told again & again"
    assert rows[2]["broader themes"] == r"Waiting|Between \\ services"
    assert [row["state"] for row in rows] == ["active"] * 4 + ["set aside"]


def test_a_qdc_that_goes_out_comes_in_as_it_was_with_every_broader_theme() -> None:
    body = as_qdc(BOOK, place=5)
    found = read_codebook("codebook.qdc", body)
    assert _without_keys(found) == _without_keys([t for t in filed.themes_of(BOOK) if t.state is State.ACTIVE])
    assert {theme.name: theme.guid for theme in found}["Waiting"] == guid(5, 3)
    assert guid(5, 3) != guid(6, 3)
    assert body == as_qdc(BOOK, place=5)


TEXT = st.text(st.characters(exclude_characters="\x00'", exclude_categories=["Cs"]), max_size=30)


@settings(deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, st.sets(st.integers(0, 7), max_size=3)), min_size=1, max_size=8))
def test_any_codebook_makes_the_journey_out_and_in(told: list[tuple[str, str, set[int]]]) -> None:
    book = book_of(
        *(
            replace(lasting(number, label, [p for p in parents if p < len(told)]), description=description)
            for number, (label, description, parents) in enumerate(told)
        )
    )
    expected = filed.themes_of(book)
    assert read_codebook("a.csv", as_csv(book)) == expected
    assert _without_keys(read_codebook("a.qdc", as_qdc(book, 1))) == _without_keys(expected)


def test_themes_of_one_name_are_told_apart_and_circles_are_opened() -> None:
    book = book_of(lasting(1, "Phones", [2]), lasting(2, "phones", [1]))
    assert [(theme.name, theme.broader) for theme in filed.themes_of(book)] == [
        ("Phones", ("phones (2)",)),
        ("phones (2)", ()),
    ]


def test_a_codebook_with_nothing_in_use_makes_no_qdc() -> None:
    with pytest.raises(NotReady):
        as_qdc(book_of(lasting(1, "Old", state=State.SET_ASIDE)), 1)


ATLAS = """<?xml version="1.0" encoding="utf-8"?>
<q:CodeBook xmlns:q="urn:QDA-XML:codebook:1.0" origin="ATLAS.ti Win 23.4.0"><q:Codes>
<q:Code guid="{1FF58B12-6F6F-4B0C-8BE5-BBDC91F55294}" name="Phone&#10;lines" color="#46AA00" isCodable="true">
<q:Description>Rings on.
Includes: engaged tones</q:Description>
<q:Code guid="2FF58B12-6F6F-4B0C-8BE5-BBDC91F55294" name="Cut off" isCodable="true"/></q:Code></q:Codes>
<q:Sets><q:Set guid="ECA18D76-2B8B-4B0C-8BE5-BBDC91F55294" name="Contact"><q:Description>All ways in</q:Description>
<q:MemberCode guid="1ff58b12-6f6f-4b0c-8be5-bbdc91f55294"/></q:Set></q:Sets></q:CodeBook>"""


def test_groups_of_codes_of_other_programs_are_broader_themes() -> None:
    phone, cut_off, contact = read_codebook("theirs.qdc", ATLAS.encode())
    assert (phone.name, phone.description, phone.includes, phone.broader) == (
        "Phone lines", "Rings on.", "engaged tones", ("Contact",)
    )  # fmt: skip
    assert (cut_off.broader, contact.name, contact.description) == (("Phone lines",), "Contact", "All ways in")


def test_a_table_from_another_spreadsheet_is_read() -> None:
    body = b"Name;Broader Themes\r\nRent;money\r\nMoney;\r\n;\r\n"
    assert read_codebook("x.csv", body) == (ReadTheme("Rent", broader=("Money",)), ReadTheme("Money"))


def _nested(depth: int) -> str:
    return "".join(f'<Code name="{n}" guid="" isCodable="true">' for n in range(depth)) + "</Code>" * depth


def _qdc(codes: str, sets: str = "") -> str:
    return f'<CodeBook xmlns="{refi.NAMESPACE}"><Codes>{codes}</Codes>{sets}</CodeBook>'


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + _qdc('<Code name="&b;"/>')
OUTSIDE = '<!DOCTYPE x SYSTEM "file:///etc/passwd">' + _qdc('<Code name="a"/>')


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("a.qdc", LAUGHS, "DOCTYPE"),
        ("a.qdc", OUTSIDE, "DOCTYPE"),
        ("a.qdc", _qdc('<Code name="&undeclared;"/>'), "cannot be read"),
        ("a.qdc", "<CodeBook><Codes>", "cannot be read"),
        ("a.qdc", "<Project/>", "does not begin"),
        ("a.qdc", _qdc(""), "no theme"),
        ("a.qdc", _qdc('<Code guid="x"/>'), "no name"),
        ("a.qdc", _qdc('<Code name="A"/><Code name="a "/>'), "Two themes"),
        ("a.qdc", _qdc('<Code name="A" guid="g"/><Code name="B" guid="{G}"/>'), "same GUID"),
        ("a.qdc", _qdc(_nested(21)), "levels deep"),
        ("a.qdc", _qdc(_nested(50_000)), "levels deep"),
        ("a.qdc", _qdc("", '<Sets><Set name="s"><MemberCode guid="g"/></Set></Sets>'), "not in the file"),
        ("a.qdc", '<?xml version="1.0" encoding="klingon"?><CodeBook/>', "cannot be read|unknown encoding"),
        ("a.qdc", _qdc('<Code name="a"/>' * 5_001), "more than 5,000"),
        ("a.csv", "", "no column"),
        ("a.csv", "name\n", "no theme"),
        ("a.csv", "name,number\n,4\n", "Row 2 has no name"),
        ("a.csv", "name,number\nA,four\n", "whole number"),
        ("a.csv", "name,state\nA,merged\n", "set aside"),
        ("a.csv", "name,broader themes\nA,B\n", "add it or take it out"),
        ("a.csv", "name,broader themes\nA,B\nB,C\nC,A\n", "under itself"),
        ("a.csv", "name\n" + "x" * 201, "shorten it"),
        ("a.csv", "name,description\nA," + "x" * 10_001, "shorten it"),
        ("a.csv", 'name\n"A" b\n', "Row 2"),
        ("a.csv", "name\n" + "x" * 200_000, "Row 2|shorten it"),  # the reader's own limit may have been raised
        ("a.csv", "name\n" + "A\n" * 6_000, "more than 5,000"),
        ("a.csv", b"name\n\xe9t\xe9\n", "UTF-8"),
        ("a.csv", b"x" * (5 * 2**20 + 1), "larger than 5 MB"),
        ("a.xml", "<CodeBook/>", "ends so"),
    ],
)
def test_what_cannot_be_used_is_turned_away_in_one_sentence(name: str, body: str | bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        read_codebook(name, body.encode() if isinstance(body, str) else body)
    assert len(str(refused.value)) < 300
