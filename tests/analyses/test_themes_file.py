"""The file tool: what goes in comes out, row by row; what cannot be used says why in one line."""

import csv
import json
from pathlib import Path

import pytest

from insight.errors import BadInput
from insight.themes import analyse_file
from tests.analyses.test_themes import FEEDBACK, planted


def write(path: Path, rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    texts = [*planted(8)[0], "", "n/a", "nothing", "=SUM(A1) is what the bus screen said", "👍"]
    return write(tmp_path / "in.csv", [["ref", "What happened"], *([f"R{n}", text] for n, text in enumerate(texts))])


def test_one_row_per_row_in_order(answers: Path, tmp_path: Path) -> None:
    record = analyse_file(answers, text="What happened", id="ref", out=tmp_path / "out")
    given = read(answers)
    assigned = read(tmp_path / "out" / "assignments.csv")
    themes = read(tmp_path / "out" / "themes.csv")
    assert [row["id"] for row in assigned] == [row["ref"] for row in given]
    assert list(assigned[0]) == ["id", "theme", "score"]
    assert list(themes[0]) == ["theme", "label", "size", "share", "low", "high", "terms", "quotes"]
    for row, source in zip(assigned, given, strict=True):
        assert bool(row["theme"]) == bool(row["score"]) == bool(source["What happened"].strip())
    counted = {theme["theme"]: sum(row["theme"] == theme["theme"] for row in assigned) for theme in themes}
    assert counted == {theme["theme"]: int(theme["size"]) for theme in themes}
    assert themes[-1]["label"] == "No comment"
    assert json.loads((tmp_path / "out" / "run.json").read_text()) == record
    assert record["rows"] == {"read": len(given), "used": len(given) - 1}
    assert record["left out of the graph"]["nothing written"] == 1  # type: ignore[index]
    assert record["left out of the graph"]["no answer"] == 3  # type: ignore[index]


def test_twice_is_the_same_and_leaves_no_scraps(answers: Path, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        analyse_file(answers, text="What happened", out=tmp_path / folder, seed=4)
    for file in ("assignments.csv", "themes.csv"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    assert {path.name for path in (tmp_path / "one").iterdir()} == {"assignments.csv", "themes.csv", "run.json"}


def test_without_ids_rows_are_numbered_from_one(answers: Path, tmp_path: Path) -> None:
    analyse_file(answers, text="What happened", out=tmp_path)
    assert [row["id"] for row in read(tmp_path / "assignments.csv")][:3] == ["1", "2", "3"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [["id", "text"], ["1", "The café’s bus, late; again"], ["2", "Two\nlines"]]
    path = write(tmp_path / "in.csv", rows, encoding, delimiter)
    analyse_file(path, text="text", id="id", out=tmp_path / "out")
    assert [row["id"] for row in read(tmp_path / "out" / "assignments.csv")] == ["1", "2"]


def test_ragged_rows_and_endless_cells(tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", [["id", "text"], ["1"], ["2", "late bus", "more"], ["3", "late bus " * 120_000]])
    analyse_file(path, text="text", id="id", out=tmp_path / "out")
    themes = [row["theme"] for row in read(tmp_path / "out" / "assignments.csv")]
    assert themes == ["", "0", "0"]


def test_ids_and_labels_are_no_formulas(tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", [["id", "text"], ["=1+1", "late bus"], ["-5", "late bus"], ["@x", "late bus"]])
    analyse_file(path, text="text", id="id", out=tmp_path / "out")
    assert [row["id"] for row in read(tmp_path / "out" / "assignments.csv")] == ["'=1+1", "-5", "'@x"]


def failure(path: Path, tmp_path: Path, text: str = "text", **more: object) -> str:
    with pytest.raises(BadInput) as caught:
        analyse_file(path, text=text, out=tmp_path / "out", **more)  # type: ignore[arg-type]
    message = str(caught.value)
    assert "\n" not in message
    assert not (tmp_path / "out").exists()
    return message


def test_what_cannot_be_used_says_why(tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", [["Comment", "Date"], ["late", "today"]])
    message = failure(good, tmp_path, text="coment")
    assert "'Comment'" in message
    assert "'Date'" in message
    assert "Did you mean 'Comment'?" in message
    assert "no column 'ref'" in failure(good, tmp_path, text="Comment", id="ref")
    (tmp_path / "empty.csv").write_bytes(b"")
    assert "is empty" in failure(tmp_path / "empty.csv", tmp_path)
    (tmp_path / "header.csv").write_text("text\n")
    assert "no rows" in failure(tmp_path / "header.csv", tmp_path)
    (tmp_path / "sheet.xlsx").write_bytes(b"PK\x03\x04" + bytes(200))
    assert "save the sheet as CSV" in failure(tmp_path / "sheet.xlsx", tmp_path)
    (tmp_path / "odd.csv").write_bytes(b"text\n\x81\x8d\x8f\n")
    assert "encoding" in failure(tmp_path / "odd.csv", tmp_path)
    assert "no file" in failure(tmp_path / "nowhere.csv", tmp_path)
    assert "above 0" in failure(good, tmp_path, text="Comment", resolution=0.0)
    assert failure(tmp_path, tmp_path)


def test_real_comments(tmp_path: Path) -> None:
    path = FEEDBACK / "nhs_fft_comments.csv"
    if not path.exists():
        pytest.skip(f"real data absent: {path}")
    analyse_file(path, text="FFT answer", id="Comment ID", out=tmp_path, resolution=1.5)
    with path.open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    assigned = read(tmp_path / "assignments.csv")
    assert [row["id"] for row in assigned] == [row["Comment ID"] for row in given]
    assert all(bool(a["theme"]) == bool(g["FFT answer"].strip()) for a, g in zip(assigned, given, strict=True))
