"""Our conformance beside pm4py's optimal alignments: equal cost and fitness for every variant, and CPU seconds of both.

``python benchmarks/conformance.py --peer PEER [--data FOLDER]``: PEER is the Python of an environment that has pm4py
(AGPL, so it is never part of the product), FOLDER holds event logs with XES column names. The intended journey of a
real log is its most common variant; that of the synthetic one is the commonest step at each place. Each method runs in
a process of its own and is timed from the loaded table to cost and fitness, the best of three; imports and reading are
not counted.
Without PEER ours alone is timed. ``--keep FILE`` writes some of the peer's figures on the synthetic log, for tests.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

JOURNEY, STEP, TIME = "case:concept:name", "concept:name", "time:timestamp"
SYNTHETIC, KEPT = 10_000, 150
Costs = dict[tuple[str, ...], tuple[int, float]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one line a log, as a Markdown table."""
    options = _options(arguments)
    if options.only:
        print(json.dumps(METHODS[options.only](Path(options.log), json.loads(options.intended))))
        return
    print("| log | journeys | variants | intended steps | pm4py CPU s | ours CPU s | ratio | equal |\n|" + "---|" * 8)
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in _logs(options.data):
            path = Path(folder) / f"{name}.csv"
            frame.to_csv(path, index=False)
            _compare(name, path, _intended(name, frame), options)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", help="the Python that has pm4py")
    parser.add_argument("--data", type=Path, help="a folder of real event logs")
    parser.add_argument("--keep", type=Path, help="write expected figures here")
    parser.add_argument("--only", choices=METHODS, help=argparse.SUPPRESS)
    parser.add_argument("--log", help=argparse.SUPPRESS)
    parser.add_argument("--intended", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _compare(name: str, path: Path, intended: list[str], options: argparse.Namespace) -> None:
    mine = _run(sys.executable, "ours", path, intended)
    told = [name, f"{mine['journeys']:,}", f"{len(mine['variants']):,}", str(len(intended))]
    if not options.peer:
        print(f"| {' | '.join(told)} | no --peer | {mine['cpu']:.3f} | | |", flush=True)
        return
    theirs = _run(options.peer, "peer", path, intended)
    ratio = theirs["cpu"] / mine["cpu"]
    equal = "yes" if _same(_costs(mine), _costs(theirs)) else "NO"
    figures = [f"{theirs['cpu']:.2f}", f"{mine['cpu']:.4f}", f"{ratio:,.0f}x", equal]
    print(f"| {' | '.join(told + figures)} |", flush=True)
    if options.keep and name == "synthetic":
        rows = sorted(theirs["variants"])[:: max(1, len(theirs["variants"]) // KEPT)]
        lines = ",\n".join(json.dumps(row) for row in rows)
        options.keep.write_text(f'{{"intended": {json.dumps(intended)}, "variants": [\n{lines}\n]}}\n', "utf-8")


def _run(python: str, method: str, path: Path, intended: list[str]) -> dict[str, Any]:
    command = [python, __file__, "--only", method, "--log", str(path), "--intended", json.dumps(intended)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def _costs(found: dict[str, Any]) -> Costs:
    return {tuple(steps): (cost, fitness) for steps, cost, fitness in found["variants"]}


def _same(mine: Costs, theirs: Costs) -> bool:
    return mine.keys() == theirs.keys() and all(
        cost == theirs[steps][0] and abs(fitness - theirs[steps][1]) < 1e-9 for steps, (cost, fitness) in mine.items()
    )


def _logs(data: Path | None) -> Iterator[tuple[str, Any]]:
    """Each log as a table of journey, step and time, its steps in their order and none at the same time."""
    import pandas as pd

    from benchmarks import journeys_made

    made = journeys_made.made(SYNTHETIC)
    yield "synthetic", _timed(made["journey_id"], made["activity"].astype(str))
    for path in sorted(data.glob("*.csv*")) if data else ():
        log = pd.read_csv(path, usecols=[JOURNEY, STEP, TIME], dtype=str).dropna()
        log = log.iloc[pd.to_datetime(log[TIME], utc=True, format="ISO8601").argsort(kind="stable")]
        log = log.iloc[pd.factorize(log[JOURNEY])[0].argsort(kind="stable")]
        yield path.name.split(".")[0], _timed(log[JOURNEY], log[STEP])


def _timed(journey: Any, step: Any) -> Any:
    import pandas as pd

    times = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(range(len(journey)), unit="s")
    numbers = pd.factorize(journey)[0]
    return pd.DataFrame({JOURNEY: numbers, STEP: step.to_numpy(), TIME: times})


def _intended(name: str, frame: Any) -> list[str]:
    """The most common variant; of the synthetic log, where none is common, the commonest step at each of 7 places."""
    if name == "synthetic":
        place = frame.groupby(JOURNEY).cumcount()
        return [str(frame[STEP][place == position].mode()[0]) for position in range(7)]
    return list(frame.groupby(JOURNEY)[STEP].agg(tuple).mode()[0])


def _best(work: Callable[[], Any]) -> tuple[float, Any]:
    """The least CPU seconds of three goes, and what the last one gave."""
    times = []
    for _go in range(3):
        began = time.process_time()
        found = work()
        times.append(time.process_time() - began)
    return min(times), found


def ours(path: Path, intended: list[str]) -> dict[str, Any]:
    """Sort into journeys, find the variants, align them."""
    import pandas as pd

    from insight.journeys.mining.conformance import align, examples
    from insight.journeys.mining.intended import IntendedStep, named
    from insight.journeys.mining.log import in_order
    from insight.journeys.mining.paths import variants

    frame = pd.read_csv(path, dtype={STEP: str}, parse_dates=[TIME])
    journey_plan = named("benchmark", None, [IntendedStep(step) for step in intended])

    def whole() -> tuple[Any, Any]:
        codes, names = pd.factorize(frame[STEP])
        times = frame[TIME].dt.tz_localize(None).to_numpy().astype("datetime64[ns]").astype("int64")
        log = in_order(frame[JOURNEY].to_numpy(), codes.astype("int32"), tuple(names), times)
        found = variants(log)
        shown = examples(log, found.example)
        return shown, align(shown, journey_plan)

    took, (shown, aligned) = _best(whole)
    rows = zip(range(shown.journeys), aligned.cost.tolist(), aligned.fitness.tolist(), strict=True)
    return {
        "cpu": took,
        "journeys": int(frame[JOURNEY].nunique()),
        "variants": [[shown.steps_of(place), cost, fitness] for place, cost, fitness in rows],
    }


def peer(path: Path, intended: list[str]) -> dict[str, Any]:
    """pm4py: optimal alignments with a Petri net of the steps in a row, unit costs."""
    import pandas as pd

    pm4py, nets = import_module("pm4py"), import_module("pm4py.objects.petri_net.obj")
    join = import_module("pm4py.objects.petri_net.utils.petri_utils").add_arc_from_to
    frame = pd.read_csv(path, dtype={STEP: str, JOURNEY: str}, parse_dates=[TIME])
    net = nets.PetriNet("intended")
    places = [net.Place(f"p{number}") for number in range(len(intended) + 1)]
    net.places.update(places)
    for number, step in enumerate(intended):
        transition = net.Transition(f"t{number}", step)
        net.transitions.add(transition)
        join(places[number], transition, net)
        join(transition, places[number + 1], net)
    ends = nets.Marking({places[0]: 1}), nets.Marking({places[-1]: 1})

    def whole() -> Any:
        return pm4py.conformance_diagnostics_alignments(frame, net, *ends, multi_processing=False)

    took, found = _best(whole)
    costs = {
        tuple(step for step, _model in one["alignment"] if step != ">>"): (one["cost"] // 10_000, one["fitness"])
        for one in found
    }
    return {"cpu": took, "variants": [[steps, int(cost), fitness] for steps, (cost, fitness) in costs.items()]}


METHODS = {"ours": ours, "peer": peer}

if __name__ == "__main__":
    main()
