"""Sentence vectors from a transformer in a folder of this machine, through ONNX Runtime: slower than our own table."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from insight.errors import BadInput, NotReady
from insight.text.quick import Floats

Integers = npt.NDArray[np.int64]
MODEL, TOKENIZER = "model.onnx", "tokenizer.json"
PACKAGES = ("onnxruntime", "tokenizers")
# A text's length is cut here: the attention of a longer one costs the square of it.
MOST_PIECES = 256
BATCH, CHUNK = 32, 2_048


@dataclass(frozen=True)
class SentenceModel:
    """A text is the mean of its pieces in the model's last layer, of length 1.

    ``unknown``: the tokenizer's number for what it does not know. One thread, so that two runs on one machine are
    equal to the byte. It cannot be sent to the workers of a cluster.
    """

    name: str
    session: Any
    tokenizer: Any
    width: int
    unknown: frozenset[int]

    @classmethod
    def load(cls, folder: Path) -> "SentenceModel":
        """The model in a folder that holds model.onnx and tokenizer.json (data/vectors/README.md says how to make one).

        Raises BadInput where it is missing or is no model of this kind, NotReady where the packages are.
        """
        for file in (MODEL, TOKENIZER):
            if not (folder / file).is_file():
                raise BadInput(
                    f"There is no {file} in {folder}: write a sentence model with 'make model', or name its folder."
                )
        session, tokenizer = _open(folder)
        unknown = {tokenizer.token_to_id(piece) for piece in ("[UNK]", "<unk>")} - {None}
        width = _width(session, tokenizer.get_vocab_size(), folder)
        return cls(f"{folder.resolve().name} {_fingerprint(folder)}", session, tokenizer, width, frozenset(unknown))

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors of length 1, (n, d); zeros for a text without a known piece. Of a text the first 256 pieces count."""
        vectors = np.zeros((len(texts), self.width), np.float32)
        for start in range(0, len(texts), CHUNK):
            vectors[start : start + CHUNK] = self._encode_chunk(texts[start : start + CHUNK])
        return vectors

    def _encode_chunk(self, texts: Sequence[str]) -> Floats:
        """Texts of like length go together, for few pieces of padding."""
        # The tokenizer refuses half a surrogate pair, which a text from elsewhere may hold.
        spoken = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        found = self.tokenizer.encode_batch(spoken)
        known = [row for row, one in enumerate(found) if self._is_known(one)]
        vectors = np.zeros((len(texts), self.width), np.float32)
        known.sort(key=lambda row: len(found[row].ids))
        for start in range(0, len(known), BATCH):
            rows = known[start : start + BATCH]
            vectors[rows] = self._encode_batch([found[row].ids for row in rows])
        return vectors

    def _is_known(self, found: Any) -> bool:
        pieces = zip(found.ids, found.special_tokens_mask, strict=True)
        return any(not special and piece not in self.unknown for piece, special in pieces)

    def _encode_batch(self, rows: Sequence[Sequence[int]]) -> Floats:
        """The mean's direction is that of the sum. ``rows``: pieces of each text, the longest last."""
        pieces = np.zeros((len(rows), len(rows[-1])), np.int64)
        mask = np.zeros_like(pieces)
        for place, row in enumerate(rows):
            pieces[place, : len(row)] = row
            mask[place, : len(row)] = 1
        sums = np.einsum("npd,np->nd", _last_layer(self.session, pieces, mask), mask.astype(np.float32))
        return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12), np.float32)


def _open(folder: Path) -> tuple[Any, Any]:
    """The session and the tokenizer, which cuts texts but pads none: what its file says of both does not count."""
    try:
        import onnxruntime
        from tokenizers import Tokenizer
    except ImportError as fault:
        raise NotReady("A sentence model needs two more packages: pip install -r requirements-model.txt.") from fault
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what goes wrong is raised, and said once
    try:
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        session = onnxruntime.InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])
    except Exception as fault:  # both packages raise what they like, the bare class among it
        raise BadInput(f"The sentence model in {folder} is damaged: write it again with 'make model'.") from fault
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_PIECES)
    return session, tokenizer


def _last_layer(session: Any, pieces: Integers, mask: Integers) -> Floats:
    """(texts, pieces, d); some models also ask which of two sentences a piece is of: the first."""
    given = {"input_ids": pieces, "attention_mask": mask, "token_type_ids": np.zeros_like(pieces)}
    asked = {one.name: given[one.name] for one in session.get_inputs()}
    return np.asarray(session.run([session.get_outputs()[0].name], asked)[0], np.float32)


def _width(session: Any, vocabulary: int, folder: Path) -> int:
    """Numbers in a vector, found by asking for the longest text of the tokenizer's last piece."""
    longest = np.full((1, MOST_PIECES), vocabulary - 1, np.int64)
    try:
        shape = _last_layer(session, longest, np.ones_like(longest)).shape
    except Exception as fault:  # what the runtime raises has no class in common
        raise BadInput(
            f"The model in {folder} cannot read {MOST_PIECES} pieces of its tokenizer as input_ids and attention_mask: "
            "take both files from one sentence model."
        ) from fault
    if len(shape) != 3 or shape[:2] != longest.shape:
        raise BadInput(
            f"The first output of the model in {folder} is not one vector for each piece: export its last hidden layer."
        )
    return int(shape[2])


def _fingerprint(folder: Path) -> str:
    """Both files change the vectors, so both are in the name of a run's encoder."""
    digest = sha256()
    for file in (MODEL, TOKENIZER):
        digest.update((folder / file).read_bytes())
    return digest.hexdigest()[:12]
