"""The journeys screen: pictures to scale with nothing on top of anything, numbers said with their intervals."""

import re
from itertools import pairwise
from typing import Any

import pytest
import streamlit as st

from insight.journeys import Asked, Days, Flow, Grain, Junction, Mean, Measure, Share, Survival, WaitRow
from insight.painpoints import Filters
from pages.paths import asking, compare_view, handoffs_view, said, sankey, strips, waits_view
from tests.pages.screen import Screen

SERVICES = (
    "Housing advice",
    "Adult social care front door",
    "Community mental health team",
    "Council tax",
    "GP surgery",
    "Universal Credit",
    "Hospital discharge team",
    "Occupational therapy and home adaptations",
    "Citizens Advice",
    "Food bank",
    "Repairs",
    "Housing benefit",
    "Police 101 and front desk",
)
FLOWS = tuple(
    Flow(place, start, end, 5 + (7 * row + 3 * column + place) % 60)
    for place in range(6)
    for row, start in enumerate(SERVICES)
    for column, end in enumerate(SERVICES)
    if start != end and (row + column + place) % 2
)


def test_the_picture_is_to_scale_and_every_flow_is_in_it_or_counted_as_left_out() -> None:
    drawn = sankey.layout(FLOWS)
    first = sum(flow.journeys for flow in FLOWS if flow.place < sankey.MOVES)
    assert sum(band.journeys for band in drawn.bands) == first
    assert drawn.later == sum(flow.journeys for flow in FLOWS) - first > 0
    assert drawn.together == (len(SERVICES) - sankey.BOXES + 1) * (sankey.MOVES + 1)
    scale = {round(box.height / box.journeys, 6) for box in drawn.boxes}
    assert len(scale) == 1
    assert all(abs(band.thick / band.journeys - scale.copy().pop()) < 1e-5 for band in drawn.bands)


def test_boxes_and_labels_stand_apart_and_bands_stay_within_their_boxes() -> None:
    drawn = sankey.layout(FLOWS)
    for place in range(sankey.MOVES + 1):
        column = sorted((box for box in drawn.boxes if box.place == place), key=lambda box: box.top)
        assert 2 <= len(column) <= sankey.BOXES
        for above, below in pairwise(column):
            assert above.top + above.height < below.top
            assert below.top - above.top >= 2 * sankey.LINE, "a label has room for its lines"
    for band in drawn.bands:
        assert band.start.top - 0.01 <= band.from_top
        assert band.from_top + band.thick <= band.start.top + band.start.height + 0.01
        assert band.end.top - 0.01 <= band.to_top <= band.end.top + band.end.height + 0.01
    assert max(box.top + box.height for box in drawn.boxes) < drawn.height


def test_names_in_pictures_and_strips_are_escaped() -> None:
    rude = "<script>alert(1)</script> & co"
    assert "<script" not in sankey.svg(sankey.layout([Flow(0, rude, "GP", 9)]))
    assert "<script" not in strips.strip([rude], strips.colours([[rude]]))


def test_a_very_long_path_is_counted_rather_than_drawn() -> None:
    names = [f"Step {number % 9}" for number in range(1_000)]
    html = strips.strip(names, strips.colours([names]), [-2.0, None, 2.0])
    assert html.count("<li") == strips.MOST + 1
    assert f"and {1_000 - strips.MOST} more steps" in html
    assert "very bad" in html and "very good" in html


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (said.share(Share(30, 80, 0.375, 0.277, 0.485)), "38% (28% to 48%) of 80"),
        (said.share(Share(None, 80, 0.0625, 0.0, 0.11)), "under 6.2% of 80"),
        (said.share(None), "too few to show"),
        (said.spread(Days(1, 40, 900, 60)), "half within 1 day, nine in ten within 40 days (n = 60)"),
        (said.mean(Mean(-0.64, -0.9, -0.04, 33)), "\N{MINUS SIGN}0.6 (\N{MINUS SIGN}0.9 to 0.0), n = 33"),
        (said.days(1_204.4), "1,204 days"),
        (said.days(2.5), "2.5 days"),
        (said.journeys(None), "fewer than 5 journeys"),
        (said.journeys(1), "1 journey"),
    ],
)
def test_numbers_are_said_with_their_interval_and_never_when_too_small(shown: str, words: str) -> None:
    assert shown == words


JUNCTION = Junction(
    start="Testham <Council>",
    end="Testham NHS Trust",
    journeys=120,
    times=133,
    hurt=Share(90, 110, 0.82, 0.73, 0.88),
    told_again=Share(60, 100, 0.6, 0.5, 0.69),
    sent_elsewhere=None,
    days=Days(14, 60, 2_500, 96),
    change=Mean(-0.8, -1.1, -0.5, 90),
    score=80.3,
)


def test_a_junction_is_named_with_its_evidence() -> None:
    sentence = handoffs_view.sentence(JUNCTION)
    assert (
        "From <strong>Testham &lt;Council&gt;</strong> to <strong>Testham NHS Trust</strong>: 120 journeys" in sentence
    )
    assert "60% (50% to 69%) of 100 had to explain it all again" in sentence
    assert "half waited up to 14 days, one in ten over 60 days" in sentence
    assert "sent elsewhere" not in sentence
    card = handoffs_view.card(2, JUNCTION)
    assert "Testham &lt;Council&gt; to Testham NHS Trust" in card and "too few to show" in card


def test_waits_say_promised_beside_waited_and_the_bars_are_to_scale() -> None:
    row = WaitRow(None, "Housing advice", 80, Days(30, 90, 4_000, 81), Days(10, 20, 900, 70), None, 0.4)
    html = waits_view.bars([row])
    assert "Waited: half within 30 days, nine in ten within 90 days (n = 81); promised: 10 days." in html
    assert 'class="half" style="width:33.3%"' in html and 'class="promised" style="left:11.1%"' in html


def test_the_survival_curve_is_said_and_only_falls() -> None:
    found = Survival(((0.0, 1.0, 1.0, 1.0), (10.0, 0.7, 0.6, 0.8), (40.0, 0.2, 0.1, 0.3)), 25.0, 90, 12)
    assert waits_view.survival_in_words(found) == (
        "Half of the journeys were sorted out within 25 days. After 40 days, 20% (10% to 30%) were not sorted out. "
        "From 90 journeys, of which 12 were still open when they were told."
    )
    line = re.search(r'<polyline points="([^"]*)"', waits_view.survival_svg(found))
    assert line is not None
    heights = [float(point.split(",")[1]) for point in line[1].split()]
    assert heights == sorted(heights) and len(heights) == 5


def test_only_a_difference_beyond_chance_is_marked() -> None:
    surely = Measure("Late", "share", 0.2, 0.5, 0.1, 0.5, differs=True)
    perhaps = Measure("Feeling", "feeling", -0.4, -0.5, -0.4, 0.2, differs=False)
    unknown = Measure("Days", "days", 12, None, None, None, differs=False)
    html = compare_view.table((surely, perhaps, unknown), "Carers", "Parents")
    rows = html.split("<tr ")
    assert "+30 points (+10 to +50)" in rows[2] and "▲ higher" in rows[2]
    assert "<strong>" not in rows[3] and "\N{MINUS SIGN}0.1 (\N{MINUS SIGN}0.4 to +0.2)" in rows[3]
    assert rows[4].count("too few to show") == 2


def script() -> None:
    import streamlit as st

    from pages.paths import asking

    st.text(repr(asking.asked()))


def asked_by(**query: str) -> str:
    at: Any = Screen(script, **query).at
    return str(at.text[0].value)


def test_the_address_says_what_is_asked_for_and_what_it_cannot_mean_is_passed_over() -> None:
    whole = Asked(Filters(need="housing"), 3, ("A & B", "C"), 4, 1, Grain.CHANNEL)
    query = {"need": "housing", "theme": "3", "passed_from": "A & B", "passed_to": "C", "path": "4", "kind": "1"}
    assert asked_by(**query, grain="channel") == repr(whole)
    assert asked_by(theme="²", passed_from="A", path="-1", kind="9" * 40, grain="colour") == repr(Asked())


def test_an_address_is_escaped_once_for_the_web_and_once_for_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "query_params", {"place": "testham"})
    address = asking.link("journeys", theme=3, passed_from='Tom & "Co"', passed_to=None)
    assert address == "/journeys?place=testham&amp;theme=3&amp;passed_from=Tom+%26+%22Co%22"
