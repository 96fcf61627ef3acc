"""The journey line: what it draws, what it says, and that people's words cannot break out of it."""

import re
from itertools import pairwise

import pytest

from pages.kit.journey_line import LineStep, in_a_sentence, is_handoff, journey_line

HOSPITAL = LineStep("Discharge team", "Testham NHS Trust", -1, marks=("Waited 1 week",))
CARE = LineStep("Care assessment", "Testham Council", -2, told_again=True)
FRIENDS = LineStep("Drop-in", None, 2)


def dots(html: str) -> list[tuple[str, str]]:
    return re.findall(r'class="jl-dot jl-(\w+)" style="left:(\d+)%"', html)


def test_each_feeling_has_its_own_shape_and_place() -> None:
    html = journey_line([LineStep("A", None, feeling) for feeling in (-2, -1, 0, 1, 2)])
    shapes, places = zip(*dots(html), strict=True)
    assert len(set(shapes)) == 5
    assert [int(place) for place in places] == sorted(int(place) for place in places)


def test_an_unknown_feeling_is_drawn_apart_from_a_middling_one() -> None:
    (unknown, _), (even, _) = dots(journey_line([LineStep("A"), LineStep("B", None, 0)]))
    assert unknown != even


def test_a_handoff_is_named_between_the_two_steps() -> None:
    html = journey_line([HOSPITAL, CARE])
    passed_on = html.index("Passed on from Testham NHS Trust to Testham Council")
    assert html.index("1. <bdi>Discharge team") < passed_on < html.index("2. <bdi>Care assessment")


@pytest.mark.parametrize("other", [LineStep("B", "One"), LineStep("B", None)])
def test_no_handoff_within_an_organisation_or_where_it_is_unknown(other: LineStep) -> None:
    assert not is_handoff(LineStep("A", "One"), other)
    assert "jl-handoff" not in re.sub("<style>.*</style>", "", journey_line([LineStep("A", "One"), other]), flags=re.S)


def test_the_words_say_what_the_drawing_says() -> None:
    assert in_a_sentence([HOSPITAL, CARE, FRIENDS]) == (
        "3 steps. 1 handoff between organisations. Explained it all again 1 time. Lowest at step 2: Felt very bad."
    )
    html = journey_line([HOSPITAL, CARE, FRIENDS])
    for words in ("Felt bad", "Felt very bad", "Felt very good", "Explained it all again", "Waited 1 week"):
        assert f">{words}<" in html
    assert html.count('class="jl-track" aria-hidden="true"') == 4  # three steps and a handoff, none of them read out


def test_the_line_is_unbroken_from_row_to_row() -> None:
    html = journey_line([HOSPITAL, CARE, FRIENDS])
    halves = re.findall(r'class="jl-(in|out)" style="clip-path:polygon\(([\d.]+)% 0%,[^,]+,[^,]+,([\d.]+)% 100%', html)
    ends = [(float(top), float(bottom)) for _, top, bottom in halves]
    assert [side for side, _, _ in halves] == ["out", "in", "out", "in", "out", "in"]
    assert all(above[1] == below[0] for above, below in pairwise(ends))


def test_what_people_wrote_is_escaped() -> None:
    html = journey_line([LineStep("<script>x</script>", '"><img src=x>', 1, marks=("<b>",))], "<i>")
    assert "<script>" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html


def test_no_steps_no_line() -> None:
    assert journey_line([]) == ""
