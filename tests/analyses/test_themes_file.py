"""The file tool: what goes in comes out, row by row; what cannot be used says why in one line."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from insight.errors import BadInput
from insight.themes import analyse_file
from insight.themes.files import ranked
from tests.analyses.test_themes import ROOT, planted
from tests.conftest import shared


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
    assert record["left out of the graph"]["nothing written"] == 1
    assert record["left out of the graph"]["no answer"] == 3


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


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    """Two subjects a row, of which the column Subject names both; then rows that say nothing."""
    texts, truth = planted(24)
    told = [
        [f"S{n}", f"{texts[n]}. {texts[-n - 1]}, I said", f"{truth[n]} | {truth[-n - 1]}"] for n in range(len(texts))
    ]
    return write(tmp_path / "in.csv", [["ref", "Story", "Subject"], *told, ["S-a", "n/a", "0"], ["S-b", " ", "1"]])


def test_labels_are_scored_and_never_influence_the_themes(tmp_path: Path) -> None:
    texts, truth = planted(20)
    rows = [[text, f"subject {label}"] for text, label in zip(texts, truth, strict=True)]
    path = write(tmp_path / "in.csv", [["text", "label"], *rows, ["", "subject 1"], ["late bus", " "]])
    record = analyse_file(path, text="text", labelled="label", out=tmp_path / "with")
    analyse_file(path, text="text", out=tmp_path / "without")
    for file in ("assignments.csv", "themes.csv"):
        assert (tmp_path / "with" / file).read_bytes() == (tmp_path / "without" / file).read_bytes()
    told = record["score"]
    found = [row["theme"] for row in read(tmp_path / "with" / "assignments.csv")][: len(texts)]
    assert told["NMI"] == pytest.approx(normalized_mutual_info_score(truth, found), abs=2e-6)
    assert told["ARI"] == pytest.approx(adjusted_rand_score(truth, found), abs=2e-6)
    assert told["rows scored"] == told["rows with one label"] == len(texts)
    assert told["rows left out"] == {"nothing written": 1, "no label": 1}
    scores = read(tmp_path / "with" / "scores.csv")
    assert list(scores[0]) == ["label", "rows", "theme", "theme label", "precision", "recall", "F1"]
    assert sorted(row["label"] for row in scores) == [f"subject {number}" for number in range(6)]
    assert sum(int(row["rows"]) for row in scores) == len(texts)
    assert told["macro F1"] == pytest.approx(sum(float(row["F1"]) for row in scores) / 6, abs=2e-6)


def test_a_score_of_an_earlier_run_does_not_stay(tmp_path: Path) -> None:
    path = write(tmp_path / "in.csv", [["text", "label"], ["late bus", "bus|late"]])
    record = analyse_file(path, text="text", labelled="label", out=tmp_path / "out")
    assert [row["label"] for row in read(tmp_path / "out" / "scores.csv")] == ["bus|late"]
    assert record["score"]["labels"] == 1
    analyse_file(path, text="text", out=tmp_path / "out")
    assert not (tmp_path / "out" / "scores.csv").exists()


def test_a_story_gets_all_themes_of_its_passages(stories: Path, tmp_path: Path) -> None:
    record = analyse_file(stories, text="Story", id="ref", stories=True, labelled="Subject", out=tmp_path / "out")
    assigned = read(tmp_path / "out" / "assignments.csv")
    themes = read(tmp_path / "out" / "themes.csv")
    assert list(assigned[0]) == ["id", "theme", "score", "themes"]
    ranked = [row["themes"].split("|") for row in assigned]
    assert [row["theme"] for row in assigned] == [of[0] for of in ranked]
    assert all(len(of) == len(set(of)) for of in ranked)
    assert sum(len(of) >= 2 for of in ranked) > 0.6 * len(ranked)
    assert assigned[-2]["theme"] == themes[-1]["theme"]
    assert (themes[-1]["label"], themes[-1]["size"]) == ("No comment", "1")
    assert [assigned[-1][name] for name in ("theme", "score", "themes")] == ["", "", ""]
    for theme in themes:
        assert int(theme["size"]) == sum(theme["theme"] in of for of in ranked)
        with_it = {row["id"] for row, of in zip(assigned, ranked, strict=True) if theme["theme"] in of}
        assert set(theme["quotes"].split(" | ")) <= with_it
    assert record["passages"] > record["rows"]["used"] == len(assigned) - 1
    told = record["score"]
    assert told["labels"] == 6
    assert told["macro F1"] > 0.6
    assert told["rows left out"] == {"nothing written": 1, "no label": 0}
    analyse_file(stories, text="Story", id="ref", stories=True, out=tmp_path / "plain")
    assert (tmp_path / "out" / "assignments.csv").read_bytes() == (tmp_path / "plain" / "assignments.csv").read_bytes()


def test_themes_of_a_story_are_ranked_by_passages_then_score() -> None:
    heard = {3: [0.2, 0.2], 0: [0.9], 1: [0.5], 2: [0.5], 9: [1.0, 1.0, 1.0]}
    assert ranked(heard, special={9}) == (3, 0, 1, 2, 9)


def test_stories_on_the_command_line_are_the_same_with_one_and_two_threads(stories: Path, tmp_path: Path) -> None:
    for threads in ("1", "2"):
        out = tmp_path / threads
        words = ("themes", stories, "--text", "Story", "--stories", "--labelled", "Subject", "--out", out)
        environment = {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads, "PYTHONHASHSEED": threads}
        done = subprocess.run(
            [sys.executable, "-m", "insight", *map(str, words)],
            env=os.environ | environment | {"INSIGHT_DATABASE_URL": f"sqlite:///{tmp_path}/none.db"},
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.splitlines()[-1].startswith("Against 'Subject' (145 rows, 6 labels, ")
    for file in ("assignments.csv", "themes.csv", "scores.csv"):
        assert (tmp_path / "1" / file).read_bytes() == (tmp_path / "2" / file).read_bytes()


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


def test_labels_that_cannot_be_used_say_why(tmp_path: Path) -> None:
    rows = [["Comment", "Subject", "Empty"], ["late", "", " "], ["", "bus", ""]]
    path = write(tmp_path / "in.csv", rows)
    assert "Did you mean 'Subject'?" in failure(path, tmp_path, text="Comment", labelled="subjct")
    assert "'Empty' has no labels" in failure(path, tmp_path, text="Comment", labelled="Empty")
    assert "both a text and a label" in failure(path, tmp_path, text="Comment", labelled="Subject")
    bars = write(tmp_path / "bars.csv", [["Comment", "Subject"], ["late", " | "]])
    assert "has no labels" in failure(bars, tmp_path, text="Comment", labelled="Subject", stories=True)


def test_real_comments(tmp_path: Path) -> None:
    path = shared("feedback/nhs_fft_comments.csv")
    analyse_file(path, text="FFT answer", id="Comment ID", out=tmp_path, resolution=1.5)
    with path.open(encoding="utf-8", newline="") as file:
        given = list(csv.DictReader(file))
    assigned = read(tmp_path / "assignments.csv")
    assert [row["id"] for row in assigned] == [row["Comment ID"] for row in given]
    assert all(bool(a["theme"]) == bool(g["FFT answer"].strip()) for a, g in zip(assigned, given, strict=True))
