"""Our themes beside LSA + KMeans (and BERTopic's default, where it is installed), on labelled files.

``python benchmarks/themes.py bank_queries.csv polis_conversations.csv``: each file has the columns text and label;
``FILE:TEXT:LABEL`` names others. Every method runs in a process of its own, for honest memory.
"""

import argparse
import importlib
import importlib.util
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

Labels = npt.NDArray[np.int32]


def ours(texts: list[str], themes: int) -> Labels:
    """The whole pipeline, which chooses its resolution; ``themes`` is not used."""
    from insight.themes import find_themes

    return find_themes(texts).labels


def lsa_kmeans(texts: list[str], themes: int) -> Labels:
    """TF-IDF, 100 latent dimensions, KMeans told the true number of labels."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    counts = TfidfVectorizer(min_df=2, sublinear_tf=True, stop_words="english").fit_transform(texts)
    reduced = normalize(TruncatedSVD(min(100, counts.shape[1] - 1), random_state=0).fit_transform(counts))
    return np.asarray(KMeans(themes, n_init=3, random_state=0).fit_predict(reduced), np.int32)


def bertopic(texts: list[str], themes: int) -> Labels:
    """BERTopic's default; it throws out what it calls outliers (-1). ``themes`` is not used."""
    found = importlib.import_module("bertopic").BERTopic()
    return np.asarray(found.fit_transform(texts)[0], np.int32)


METHODS: dict[str, Callable[[list[str], int], Labels]] = {"ours": ours, "lsa+kmeans": lsa_kmeans, "bertopic": bertopic}


def read(source: str) -> tuple[list[str], Labels]:
    """Texts and labels of FILE or FILE:TEXT:LABEL."""
    path, text, label = (*source.split(":"), "text", "label")[:3] if ":" in source else (source, "text", "label")
    frame = pd.read_csv(path, dtype=str).dropna(subset=[text, label])
    return frame[text].tolist(), np.asarray(pd.factorize(frame[label])[0], np.int32)


def agreement(method: str, texts: list[str], labels: Labels, themes: int) -> float:
    """Adjusted Rand index with the run on a random 80 % of the texts, on those."""
    kept = np.sort(np.random.default_rng(0).choice(len(texts), int(0.8 * len(texts)), replace=False))
    return float(adjusted_rand_score(labels[kept], METHODS[method]([texts[row] for row in kept], themes)))


def measure(method: str, source: str) -> dict[str, object]:
    """One method on one file."""
    texts, truth = read(source)
    themes = int(truth.max()) + 1
    wall, cpu = time.perf_counter(), time.process_time()
    labels = METHODS[method](texts, themes)
    cost = {"wall s": time.perf_counter() - wall, "CPU s": time.process_time() - cpu}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kept = labels >= 0
    return {
        "file": Path(source.split(":", maxsplit=1)[0]).stem,
        "method": method,
        "texts": len(texts),
        "labels": themes,
        "themes": len(np.unique(labels[kept])),
        "left out %": round(100 * float(np.mean(~kept)), 1),
        "NMI": round(float(normalized_mutual_info_score(truth, labels)), 3),
        "ARI": round(float(adjusted_rand_score(truth, labels)), 3),
        "80 % ARI": round(agreement(method, texts, labels, themes), 3),
        **{key: round(value, 1) for key, value in cost.items()},
        "peak MB": round(peak),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one line a method and file, as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--only", choices=METHODS, help="this method alone, as JSON (used by the run itself)")
    options = parser.parse_args(arguments)
    if options.only:
        print(json.dumps([measure(options.only, source) for source in options.files]))
        return
    methods = [name for name in METHODS if name != "bertopic" or importlib.util.find_spec("bertopic")]
    for number, (source, method) in enumerate((source, method) for source in options.files for method in methods):
        command = [sys.executable, __file__, "--only", method, source]
        found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)[0]
        if number == 0:
            print("| " + " | ".join(found) + " |\n|" + "---|" * len(found))
        print("| " + " | ".join(str(value) for value in found.values()) + " |", flush=True)


if __name__ == "__main__":
    main()
