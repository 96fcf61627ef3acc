"""Intended journeys and how real ones differ from them: an oracle's figures, laws, and messages that help."""

import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.errors import BadInput
from insight.journeys.mining import conformance
from insight.journeys.mining.conformance import align, conformance_records, moves, moves_of
from insight.journeys.mining.intended import Choice, Intended, IntendedStep, load_intended, named
from insight.journeys.mining.log import Log, offsets
from insight.journeys.mining.paths import variants
from pages.paths import intended_draft

ROOT = Path(__file__).resolve().parents[2]
NAMES = "abcdef"

steps = st.builds(IntendedStep, st.sampled_from(NAMES), st.booleans(), st.none() | st.integers(0, 3650))
choices = st.builds(
    Choice, st.lists(st.lists(steps, min_size=1, max_size=2).map(tuple), min_size=2, max_size=3).map(tuple)
)
journeys = st.lists(steps | choices, min_size=1, max_size=4).map(lambda parts: Intended("Made up", None, tuple(parts)))
logs = st.lists(st.lists(st.sampled_from(NAMES + "xy"), max_size=9), max_size=12)


def log_of(told: list[list[str]]) -> Log:
    names = tuple(dict.fromkeys(step for journey in told for step in journey))
    code = np.array([names.index(step) for journey in told for step in journey], np.int32)
    return Log(code, offsets(np.array([len(journey) for journey in told], np.int64)), names)


def linear(*said: str) -> Intended:
    return named("Straight", None, [IntendedStep(step) for step in said])


def plainly(told: list[str], path: list[IntendedStep]) -> int:
    """The least cost by the textbook table."""
    owed = [0 if step.optional else 1 for step in path]
    row = [sum(owed[:place]) for place in range(len(path) + 1)]
    for done, step in enumerate(told, 1):
        before, row = row, [done]
        for place, planned in enumerate(path):
            cost = min(before[place + 1] + 1, row[place] + owed[place])
            row.append(min(cost, before[place]) if planned.name == step else cost)
    return row[-1]


def test_costs_and_fitness_are_those_of_optimal_alignments() -> None:
    expected: dict[str, Any] = json.loads((ROOT / "tests/rules/conformance_expected.json").read_text("utf-8"))
    told = [steps for steps, _cost, _fitness in expected["variants"]]
    found = align(log_of(told), linear(*expected["intended"]))
    assert len(told) > 100
    assert found.cost.tolist() == [cost for _steps, cost, _fitness in expected["variants"]]
    assert np.allclose(found.fitness, [fitness for _steps, _cost, fitness in expected["variants"]], atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(journeys, logs)
def test_the_alignment_costs_least_and_its_moves_add_up(intended: Intended, told: list[list[str]]) -> None:
    log = log_of(told)
    found = align(log, intended)
    for place, journey in enumerate(told):
        paths = [[intended.steps[number] for number in path] for path in intended.paths]
        costs = [plainly(journey, path) for path in paths]
        assert found.cost[place] == min(costs)
        assert found.path[place] == costs.index(min(costs)), "of equal paths the first"
        worst = len(journey) + sum(not step.optional for step in paths[costs.index(min(costs))])
        assert found.fitness[place] == pytest.approx(1 - min(costs) / worst if worst else 1)
        made = list(moves_of(log, found, place, intended))
        assert [move.step for move in made if move.kind != "missing"] == journey
        assert sum(move.kind != "taken" for move in made) == min(costs)


def test_parts_that_fit_into_memory_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(3)
    log = log_of([list(random.choice(list(NAMES), size)) for size in random.integers(0, 30, 200)])
    intended = named("Branching", None, [IntendedStep("a"), Choice(((IntendedStep("b"),), (IntendedStep("c"),)))])
    whole = align(log, intended)
    monkeypatch.setattr(conformance, "CELLS", 100)
    parts = align(log, intended)
    assert all(np.array_equal(getattr(whole, name), getattr(parts, name)) for name in whole.__dataclass_fields__)


def test_every_variant_gets_a_row_with_what_was_extra_and_missing() -> None:
    log = log_of([["a", "b", "b"], ["a", "x"], ["a", "b", "b"]])
    assert conformance_records(log, variants(log), linear("a", "b", "c")) == [
        {"variant": 1, "count": 2, "cost": 2, "fitness": 0.666667, "extra": "b", "missing": "c"},
        {"variant": 2, "count": 1, "cost": 3, "fitness": 0.4, "extra": "x", "missing": "b > c"},
    ]


def test_a_missing_step_stands_where_it_was_due() -> None:
    made = moves(["x", "a", "c", "c"], linear("a", "b", "c"))
    assert [f"{move.kind} {move.step}" for move in made] == [
        "extra x", "taken a", "missing b", "taken c", "extra c"
    ]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1), st.none() | st.text(min_size=1, max_size=20), journeys)
def test_what_is_written_is_read_again(name: str, need: str | None, intended: Intended) -> None:
    try:
        once = named(name, need, intended.parts)
    except BadInput:
        return
    assert once.parts == intended.parts
    assert load_intended(once.to_toml()) == once


@settings(max_examples=60, deadline=None)
@given(journeys)
def test_the_form_draws_the_journey_that_was_opened(intended: Intended) -> None:
    draft = intended_draft.from_intended(intended, "made-up", 3, intended.to_toml())
    assert intended_draft.to_intended(draft) == intended
    wider = intended_draft.with_row(draft, 0)
    assert intended_draft.to_intended(wider) == intended, "an empty row is passed over"
    assert intended_draft.without_row(intended_draft.moved(wider, 1, -1), 0).rows == draft.rows


@pytest.mark.parametrize(
    ("row", "part", "says"),
    [
        (intended_draft.Row(1, "GP", days="ten"), "days", "Step 2: write the promised days as a whole number"),
        (intended_draft.Row(1, days="10"), "name", "Step 2 has no name"),
        (intended_draft.Row(1, "GP", way="A"), "way", "Step 2 begins a choice with one way only"),
    ],
)
def test_a_row_that_must_be_mended_is_named(row: intended_draft.Row, part: str, says: str) -> None:
    draft = intended_draft.Draft(name="Moving", rows=(intended_draft.Row(0, "Council tax"), row))
    with pytest.raises(intended_draft.RowError, match=says) as caught:
        intended_draft.to_intended(draft)
    assert (caught.value.row, caught.value.part) == (1, part)


STEP = '[[step]]\nname = "Council tax"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('name = "Moving\n[[step]]', "Line 1 cannot be read"),
        ("name = 'x'\n" + STEP + "either = [", "cannot be read to its end"),
        (STEP, "Give the intended journey a name"),
        ('name = "Moving"', "has no steps"),
        (f'name = "Moving"\nneeds = "x"\n{STEP}', "“needs”"),
        (f'name = "Moving"\n{STEP}[[step]]\noptional = true', r"Step 2 \(line 4\): give the step a name"),
        (f'name = "Moving"\n{STEP}optional = "yes"', r"Step 1 \(line 2\): optional must be true or false"),
        (f'name = "Moving"\n{STEP}promised_days = -1', "whole number of days from 0 to 3,650"),
        (f'name = "Moving"\n{STEP}promised_days = true', "whole number of days"),
        (f'name = "Moving"\n{STEP}promised = 3', "“promised”.*promised_days"),
        ('name = "Moving"\n[[step]]\neither = [["A"]]', "at least two ways"),
        ('name = "Moving"\n[[step]]\neither = [["A"], []]', "at least one step each"),
        ('name = "Moving"\n[[step]]\neither = [["A"], [{either = [["B"], ["C"]]}]]', "a way holds steps only"),
        (f'name = "Moving"\n{STEP}either = [["A"], ["B"]]', "a choice and more beside it"),
        ('name = "Moving"\n' + '[[step]]\neither = [["A"], ["B"]]\n' * 8, "256 different paths, and at most 200"),
        ('name = "Moving"\n' + STEP * 101, "at most 100 steps"),
        ("name = " + "[" * 5000, "cannot be read"),
        (f'name = "Moving"\n{STEP}promised_days = {"9" * 5000}', "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        load_intended(text)


def test_a_file_that_is_missing_or_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"none\.toml"):
        load_intended(tmp_path / "none.toml")
    (tmp_path / "wide.toml").write_text('name = "Moving"', "utf-16")
    with pytest.raises(BadInput, match="UTF-8"):
        load_intended(tmp_path / "wide.toml")


def test_the_worked_examples_name_services_of_the_demo_place() -> None:
    place = tomllib.loads((ROOT / "data/demo/place.toml").read_text("utf-8"))
    services = {service["name"] for service in place["service"]}
    needs = {need["code"] for need in place["need"]}
    examples = [load_intended(path) for path in sorted((ROOT / "data/intended").glob("*.toml"))]
    assert len(examples) >= 2
    for example in examples:
        assert {step.name for step in example.steps} <= services
        assert example.need in needs
