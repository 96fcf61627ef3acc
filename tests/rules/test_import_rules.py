"""Reading files: encodings, delimiters, dates, scores, guesses, workbooks. Nothing here touches a database."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from insight import uploads
from insight.errors import BadInput
from insight.intake.importing import feelings, guess_mapping, open_table, workbook
from insight.intake.importing.bad_rows import bad_rows_csv
from insight.intake.importing.dates import Order, OrderEvidence, Unreadable, read_date
from insight.intake.importing.feelings import FEELINGS, Scale, ScaleEvidence, read_feeling, read_scale
from insight.intake.importing.values import read_channel, read_days, read_need_met, read_yes_no
from insight.intake.model import Channel, NeedMet, Precision
from insight.settings import settings
from insight.sheets import plain, unquoted

TODAY = date(2026, 11, 22)


def rows_of(file: bytes, sheet: str | None = None) -> list[list[str]]:
    with open_table(file, sheet) as table:
        return [list(table.header), *(row.cells for row in table.rows())]


def workbook_of(*rows: list[object], more: str = "") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if more:
        book.create_sheet(more)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-14",
        "2026/3/14",
        "20260314",
        "14/03/2026",
        "14/3/26",
        "14.03.2026",
        "14-Mar-2026",
        "14 March 2026",
        "14th of March 2026",
        "Sat 14 Mar 2026",
        "March 14, 2026",
        "14/03/2026 10:30",
        "14/03/2026 10:30:15 PM",
        "2026-03-14T10:30:00Z",
        "2026-03-14 10:30:00.123+01:00",
        "Sat Mar 14 22:09:49 GMT 2026",
        "46095",
        "46095.4375",
    ],
)
def test_a_day_is_read_however_it_is_written(written: str) -> None:
    assert read_date(written, Order.DAY_FIRST, TODAY) == (date(2026, 3, 14), Precision.DAY)


@pytest.mark.parametrize("written", ["March 2026", "Mar 2026", "mar-26", "03/2026", "2026-03"])
def test_a_month_is_read_as_a_month(written: str) -> None:
    assert read_date(written, Order.DAY_FIRST, TODAY) == (date(2026, 3, 1), Precision.MONTH)


def test_a_year_is_read_as_a_year() -> None:
    assert read_date("2026", Order.DAY_FIRST, TODAY) == (date(2026, 1, 1), Precision.YEAR)


@pytest.mark.parametrize(
    "written", ["31/02/2026", "soon", "14/3", "99999", "01/01/1850", "23/11/2026", "2026-13-01", "12"]
)
def test_what_is_no_date_is_said_to_be_none_without_repeating_it(written: str) -> None:
    with pytest.raises(Unreadable) as told:
        read_date(written, Order.DAY_FIRST, TODAY)
    assert written not in str(told.value)


def test_two_digits_of_a_year_never_lie_ahead() -> None:
    assert read_date("14/3/27", Order.DAY_FIRST, TODAY)[0].year == 1927


@given(st.dates(date(1990, 1, 1), TODAY), st.sampled_from([Order.DAY_FIRST, Order.MONTH_FIRST]))
def test_a_column_tells_its_order(day: date, order: Order) -> None:
    written = f"{day:%d/%m/%Y}" if order is Order.DAY_FIRST else f"{day:%m/%d/%Y}"
    telling = "25/12/2020" if order is Order.DAY_FIRST else "12/25/2020"
    evidence = OrderEvidence()
    for value in (written, telling):
        evidence.add(value)
    assert read_date(written, evidence.order(), TODAY)[0] == day


def test_dates_in_both_orders_are_reported_and_each_sure_one_is_read_rightly() -> None:
    evidence = OrderEvidence()
    for value in ("25/12/2020", "26/12/2020", "12/25/2020", "03/04/2020"):
        evidence.add(value)
    assert evidence.order() is Order.DAY_FIRST
    note = evidence.note("When", Order.DAY_FIRST)
    assert note is not None and "both orders" in note and "When" in note
    assert read_date("12/25/2020", Order.DAY_FIRST, TODAY)[0] == date(2020, 12, 25)


def scale_of(column: str, scores: list[tuple[str, str]]) -> Scale:
    evidence = ScaleEvidence()
    for score, comment in scores:
        evidence.add(score, comment)
    return evidence.scale(column)[0]


def test_scales_are_told_by_their_values() -> None:
    assert scale_of("Score", [("-2", ""), ("1", "")]) == FEELINGS
    assert scale_of("Score", [("1", ""), ("5", "")]) == Scale(1, 5, 5)
    assert scale_of("Score", [("0", ""), ("10", ""), ("7", "")]) == Scale(0, 10, 10)
    assert scale_of("Score", [(str(n), "") for n in range(1, 8)]) == Scale(1, 7, 7)
    assert scale_of("Score", [(str(n), "") for n in (1, 2, 3, 4, 5, 9)]) == Scale(1, 5, 5, frozenset({9}))
    assert scale_of("Score", [("85%", ""), ("40%", "")]) == Scale(0, 100, 100)
    assert scale_of("Score", [("0", ""), ("1", "")]) == Scale(0, 1, 1)


def test_one_slip_of_the_keyboard_does_not_turn_the_scale_of_a_column() -> None:
    sound = [(str(n % 5 + 1), "") for n in range(40)]
    for slip in ("55", "-1", "900"):
        scale = scale_of("Score", [*sound, (slip, "")])
        assert scale == Scale(1, 5, 5)
        with pytest.raises(Unreadable):
            read_feeling(slip, scale)


def test_the_glad_comments_tell_which_end_is_best() -> None:
    sore, glad = "Rude and late, waited for weeks", "Kind, friendly and helpful"
    high_is_sore = [("5", sore)] * 20 + [("1", glad)] * 20
    assert scale_of("Rating", high_is_sore).best == 1
    assert scale_of("Rating", [(str(6 - int(score)), text) for score, text in high_is_sore]).best == 5


def test_the_friends_and_family_test_codes_one_as_the_best_and_six_and_seven_as_no_answer() -> None:
    scale = scale_of("FFT score", [(str(n), "") for n in (1, 2, 3, 4, 5, 6, 7)])
    assert [scale.feeling(n) for n in (1, 3, 5, 6, 7)] == [2, 0, -2, None, None]


@pytest.mark.parametrize(
    ("said", "felt"),
    [
        ("Very good", 2),
        ("extremely  LIKELY", 2),
        ("1 - Very good", 2),
        ("Neither good nor poor", 0),
        ("Poor", -1),
        ("Extremely unlikely", -2),
        ("Don't know", None),
        ("4/5", 1),
        ("2 stars", -1),
        ("★★★★★", 2),
    ],
)
def test_feelings_are_read_from_words_and_stars(said: str, felt: int | None) -> None:
    assert read_feeling(said, Scale(1, 5, 5)) == felt


@given(st.sampled_from([(1, 5), (0, 10), (1, 10), (0, 100), (1, 7), (-2, 2)]), st.data())
def test_a_scale_is_even_and_turning_it_round_turns_the_feeling(ends: tuple[int, int], data: st.DataObject) -> None:
    number = data.draw(st.integers(*ends))
    up, down = Scale(*ends, ends[1]), Scale(*ends, ends[0])
    felt, turned = up.feeling(number), down.feeling(number)
    assert felt is not None and turned is not None
    assert felt == -turned and -2 <= felt <= 2
    assert read_scale(str(up)) == up and read_scale(str(down)) == down


def test_a_score_off_the_scale_and_a_scale_that_is_none_are_refused() -> None:
    with pytest.raises(Unreadable, match="from 1 to 5"):
        read_feeling("9", Scale(1, 5, 5))
    with pytest.raises(BadInput, match="1 to 5 with 1 the best"):
        read_scale("5 is best")


def test_facts_are_read_in_the_words_people_use() -> None:
    assert read_channel("Telephone call") is Channel.PHONE
    assert read_channel("A visit to my home") is Channel.HOME_VISIT
    assert read_channel("I do not know") is None
    assert read_need_met("Partially") is NeedMet.PARTLY
    assert read_yes_no("Yes, I agree") is True
    assert (read_days("3 weeks"), read_days("10"), read_days("2 months")) == (21, 10, 60)
    for read in (read_channel, read_need_met, read_yes_no, read_days):
        with pytest.raises(Unreadable):
            read("carrier pigeon")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_found(codec: str) -> None:
    assert rows_of("Comment,Team\ncafé £5,Zoë\n".encode(codec))[1] == ["café £5", "Zoë"]


def test_a_single_broken_character_does_not_turn_a_utf8_file_into_another_encoding() -> None:
    body = "Comment,Team\ncafé café café,Zoë\n".encode() + b"broken \xff here,A\n"
    with open_table(body) as table:
        rows = list(table.rows())
    assert rows[0].cells == ["café café café", "Zoë"]
    assert [row.damaged for row in rows] == [False, True]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(delimiter: str) -> None:
    body = (
        f'Comment{delimiter}Team{delimiter}Date\n"a, b; c"{delimiter}x{delimiter}2020\nd{delimiter}y{delimiter}2021\n'
    )
    assert rows_of(body.encode())[1] == ["a, b; c", "x", "2020"]


def test_one_column_of_text_with_commas_stays_one_column() -> None:
    rows = rows_of(b"Comment\nwaited, then nothing\nfine\nrude, late, and loud\n")
    assert rows == [["Comment"], ["waited, then nothing"], ["fine"], ["rude, late, and loud"]]


def test_headers_can_be_told_apart() -> None:
    assert rows_of(b"Comment,,Comment,Team\na,b,c,d\n")[0] == ["Comment", "Column 2", "Comment (2)", "Team"]


def test_rows_are_numbered_as_in_a_spreadsheet_though_cells_have_lines() -> None:
    with open_table(b'Comment,Team\n"one\ntwo",A\n\nthree,B\n') as table:
        assert [(row.number, row.cells[0]) for row in table.rows()] == [(2, "one\ntwo"), (3, ""), (4, "three")]


def test_a_title_above_the_column_names_is_passed_over() -> None:
    with open_table(b"Feedback 2026,,\n,,\nComment,Team,Date\nfine,A,2020\n") as table:
        assert table.header == ("Comment", "Team", "Date")
        assert [row.number for row in table.rows()] == [4]
        assert "title" in table.notes[0]


def test_nul_bytes_and_a_megabyte_in_a_cell_do_not_stop_the_reader() -> None:
    rows = rows_of(b"Comment,Team\nhel\0lo,A\n" + b"x" * 1_000_000 + b",B\n")
    assert rows[1][0].replace("\0", "") == "hello"
    assert len(rows[2][0]) == 1_000_000


def test_a_quotation_mark_that_never_closes_is_told_from_a_stray_one() -> None:
    with open_table(b'Comment,Team\nfine,A\n"open,B\nlost,C\n') as table:
        assert [row.unclosed for row in table.rows()] == [False, True]
    with open_table(b'Comment,Team\n5" pipe,B\n') as table:
        assert [row.unclosed for row in table.rows()] == [False]


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (b"", "is empty"),
        (b"\n\n", "no column names"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not a text file"),
        (bytes(range(256)) * 40, "not a text file"),
        ("Comment,Team\nx,y\n".encode("utf-16-le"), "UTF-16"),
        (b'{"comment": "x"}', "JSON"),
        (b"PK\x03\x04 this is not a zip", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        ((",".join(map(str, range(2_000))) + "\n").encode(), "2,000 columns"),
    ],
)
def test_a_file_that_cannot_be_used_gets_one_clear_answer(file: bytes, told: str) -> None:
    with pytest.raises(BadInput, match=told), open_table(file):
        pass


def test_a_missing_file_a_folder_and_a_large_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (tmp_path / "nowhere.csv", tmp_path):
        with pytest.raises(BadInput, match="cannot be opened"), open_table(path):
            pass
    monkeypatch.setenv("INSIGHT_UPLOAD_LIMIT_MB", "1")
    settings.cache_clear()
    with pytest.raises(BadInput, match="1 MB or less"), open_table(b"a,b\n" + b"x,y\n" * 300_000):
        pass
    settings.cache_clear()


def test_an_uploaded_file_stays_open_and_keeps_its_name() -> None:
    upload = io.BytesIO(b"Comment,Team\nfine,A\n")
    upload.name = "survey.csv"
    with open_table(upload) as table:
        assert table.name == "survey.csv"
    assert upload.getvalue()


def test_a_workbook_is_read_with_its_dates_numbers_and_first_shown_sheet() -> None:
    body = workbook_of(
        ["Comment", "When", "Score"], ["fine", datetime(2026, 3, 14, 10, 30), 4.0], ["", None, 2.5], more="B"
    )
    with open_table(body) as table:
        assert table.sheets == ("Sheet", "B") and "Sheet was read" in table.notes[0]
    assert rows_of(body)[1:] == [["fine", "2026-03-14 10:30:00", "4"], ["", "", "2.5"]]
    with pytest.raises(BadInput, match="It has: Sheet, B"):
        rows_of(body, sheet="Third")


def test_formulas_are_never_calculated() -> None:
    with open_table(workbook_of(["Comment", "Score"], ["fine", "=1+1"])) as table:
        row = next(iter(table.rows()))
    assert row.cells == ["fine", ""]
    assert row.faults == ((1, workbook.NO_VALUE),)


def test_a_workbook_that_would_unpack_to_too_much_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 16 * 1024 * 1024)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            for _ in range(17):
                member.write(bytes(1024 * 1024))
    assert len(made.getvalue()) < 100_000
    with pytest.raises(BadInput, match="unpacks to more"), open_table(made.getvalue()):
        pass


def test_a_zip_and_a_torn_workbook_are_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("survey.csv", "a,b")
    with pytest.raises(BadInput, match="zip file"), open_table(made.getvalue()):
        pass
    whole = workbook_of(["Comment"], ["fine"])
    with pytest.raises(BadInput, match="damaged"), open_table(whole[: len(whole) // 2]):
        pass


def test_columns_are_guessed_from_names_and_content() -> None:
    sample = [
        [f"The staff on visit {n} were kind but late", f"Team {n % 3}", f"{n % 28 + 1}/03/2026", str(n % 5 + 1)]
        for n in range(60)
    ]
    assert guess_mapping(["Comment", "Team", "Submitted", "Rating"], sample, TODAY) == {
        "text": "Comment",
        "service": "Team",
        "date": "Submitted",
        "feeling": "Rating",
    }


def test_columns_are_guessed_from_content_alone() -> None:
    places = ["Housing", "Libraries", "Bins"]
    moods = ["Very good", "Poor", "Good"]
    sample = [
        [str(900 + n * 7), f"I rang {n} times and nobody told me", places[n % 3], moods[n % 3], f"2026-0{n % 9 + 1}-11"]
        for n in range(50)
    ]
    assert guess_mapping(["q1", "q2", "q3", "q4", "q5"], sample, TODAY) == {
        "text": "q2",
        "service": "q3",
        "feeling": "q4",
        "date": "q5",
    }


def test_both_sides_of_a_survey_are_guessed() -> None:
    header = ["What was good?", "What could we do better?", "How did you contact us?", "Can we quote you?"]
    sample = [
        [f"Lovely nurse number {n}", f"Answer the phone, {n} tries", ["Phone", "Email"][n % 2], ["Yes", "No"][n % 2]]
        for n in range(30)
    ]
    assert guess_mapping(header, sample, TODAY) == {
        "what_good": header[0],
        "what_better": header[1],
        "channel": header[2],
        "consent_quote": header[3],
    }


def test_an_id_of_a_person_is_never_taken_for_the_id_of_a_row() -> None:
    sample = [[f"R{n}", f"C{n}", f"the comment number {n} is long"] for n in range(30)]
    guessed = guess_mapping(["Respondent ID", "Comment ID", "Comment"], sample, TODAY)
    assert guessed == {"external_id": "Comment ID", "text": "Comment"}


def test_a_file_without_rows_is_guessed_by_its_names() -> None:
    guessed = guess_mapping(["Comment", "Team", "Date"], [], TODAY)
    assert guessed == {"text": "Comment", "service": "Team", "date": "Date"}


@given(st.text(max_size=40))
def test_a_guarded_cell_is_never_a_formula_and_comes_back_as_it_was(cell: str) -> None:
    assert not str(plain(cell)).lstrip().startswith(("=", "+", "-", "@"))
    assert unquoted(str(plain(cell))) == cell


def test_the_file_of_bad_rows_guards_every_cell() -> None:
    body = bad_rows_csv(("=Comment", "Team"), [(2, ["=1+1", "-3"]), (3, ["fine", "A"])], {2: "@look"})
    assert body.decode("utf-8-sig") == "What to mend,'=Comment,Team\r\n'@look,'=1+1,'-3\r\n"


def test_the_words_for_feelings_are_each_used_once() -> None:
    words = [word for told in feelings.WORDS.values() for word in told.split("|")]
    assert len(words) == len(set(words)) == len(feelings.FEELING_OF)
