"""The journey map and the emotion curve as pictures: words fit, nothing overlaps, and all is said in words as well."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.journeys import (
    CurvePoint,
    Days,
    EmotionCurve,
    JourneyMap,
    Mean,
    Moment,
    Phase,
    Share,
    Source,
)
from insight.painpoints import Quote
from pages.paths import curve_drawing, map_drawing, map_view, map_words, pictures
from pages.paths.drawing import ELLIPSIS, standing_alone, width_of, wrapped

TOLD = Source("told", "Journeys that people told", 214, felt=True)
CONTACT = Phase(
    name="Finding somebody who answers",
    journeys=214,
    reached=Share(214, 214, 1.0, 0.982, 1.0),
    services=(("GP surgery", 122), ("Council contact centre", 81), ("Citizens Advice", 30), ("Housing advice", 22)),
    organisations=(("Ottermarsh and Saltwick Integrated Care Partnership", 122), ("Ottermarsh Council", 103)),
    channels=(("phone", 150), ("web_form", 60), ("face_to_face", 31)),
    feeling=Mean(-0.4, -0.6, -0.2, 198),
    wait=Days(5, 21, 1900, 140),
    late=Share(31, 90, 0.344, 0.254, 0.447),
    told_again=Share(20, 201, 0.0995, 0.065, 0.149),
    passed_on=Share(103, 214, 0.481, 0.415, 0.548),
    ended_here=Share(30, 214, 0.14, 0.1, 0.193),
    quote=Quote(
        "I was told to ring back at eight, and at eight the line was engaged until ten.",
        3,
        "GP surgery",
        "hospital_discharge",
        may_quote=True,
        may_leave=True,
        language="en",
    ),
    pain=(4, "Nobody answers the phone", 34),
    intended=(("Contact centre", 2), ("Discharge team", None)),
)
ASSESSED = Phase(
    name="Being assessed",
    journeys=161,
    reached=Share(161, 214, 0.752, 0.69, 0.805),
    services=(("Adult social care", 96), ("Occupational therapy", 51)),
    organisations=(("Ottermarsh Council", 120), ("NHS Trust", 44)),
    channels=(("home_visit", 90), ("phone", 55)),
    feeling=Mean(-1.1, -1.3, -0.9, 150),
    wait=Days(12, 60, 4000, 133),
    late=Share(70, 120, 0.583, 0.494, 0.668),
    told_again=Share(88, 150, 0.587, 0.507, 0.662),
    passed_on=Share(66, 161, 0.41, 0.337, 0.487),
    ended_here=Share(40, 161, 0.248, 0.188, 0.321),
    quote=Quote(
        "Four people came with four clipboards and nobody had read the last one's notes.",
        9,
        "Adult social care",
        "hospital_discharge",
        may_quote=False,
        may_leave=False,
        language="en",
    ),
    pain=(7, "Has to tell the whole story again", 88),
    intended=(("Adult social care", 14),),
)
HELP = replace(
    ASSESSED,
    name="Help arrives",
    journeys=60,
    reached=Share(60, 214, 0.28, 0.225, 0.344),
    feeling=Mean(0.9, 0.6, 1.2, 55),
    wait=None,
    late=None,
    quote=None,
    pain=None,
    passed_on=Share(3, 60, 0.05, 0.017, 0.137),
    intended=(),
)
FEW = Phase(name="Fifth step and after", journeys=None)
MAP = JourneyMap(
    TOLD,
    "hospital_discharge",
    214,
    812,
    (CONTACT, ASSESSED, HELP, FEW),
    own_phases=True,
    felt=True,
    intended="Home from hospital",
)
POINTS = tuple(
    CurvePoint(0.05 + 0.1 * place, mean, mean - 0.25, mean + 0.25, 60 + place)
    for place, mean in enumerate((0.2, 0.0, -0.3, -0.8, -1.2, -1.3, -0.9, -0.4, 0.1, 0.4))
)
CURVE = EmotionCurve(POINTS, 214, 790, Moment("Discharge team", 0.31, 0.22, 0.4, 140, "GP surgery"))
OTHER = EmotionCurve(
    tuple(replace(point, mean=point.mean / 2, low=point.low / 2, high=point.high / 2) for point in POINTS),
    90,
    300,
    None,
    "No step stands out.",
)
RARE = replace(
    HELP,
    name="Asking again and again and again, of everybody, wherever they may be, for as long as it takes",
    late=Share(None, 7, 0.714, 0, 0.842),
    told_again=None,
    passed_on=Share(None, 20, 0.25, 0, 0.42),
    ended_here=Share(None, 60, 0.083, 0, 0.158),
    services=(("Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch Enquiries", 60),),
    quote=Quote("<b>They said\x00 & said.</b> " * 30, 9, None, None, may_quote=True, may_leave=True, language="en"),
)
Text = tuple[str, float, float, float, float]


def texts(svg: str, drawn: ElementTree.Element | None = None, x: float = 0, y: float = 0) -> Iterator[Text]:
    """Every line of words in a picture: (words, left, top, right, bottom)."""
    node = ElementTree.fromstring(svg) if drawn is None else drawn
    move = node.get("transform", "translate(0 0)").removeprefix("translate(").removesuffix(")").split()
    x, y = x + float(move[0]), y + float(move[1])
    if node.tag.endswith("text"):
        size, left, base = float(node.get("font-size", 0)), x + float(node.get("x", 0)), y + float(node.get("y", 0))
        wide = width_of(node.text or "", size, node.get("font-weight") == "700")
        left -= {"start": 0, "middle": wide / 2, "end": wide}[node.get("text-anchor", "start")]
        yield node.text or "", left, base - 0.75 * size, left + wide, base + 0.2 * size
    for child in node:
        yield from texts(svg, child, x, y)


def readable(marks: str, alternative: str, width: int, height: int) -> list[str]:
    """The words of a picture, in which no two lie on each other and none is cut off."""
    found = list(texts(standing_alone(marks, alternative, width, height)))
    for words, left, top, right, bottom in found:
        assert left >= 0 and top >= 0 and right <= width + 0.5 and bottom <= height, words
    for one, other in combinations(found, 2):
        apart = one[3] <= other[1] or other[3] <= one[1] or one[4] <= other[2] or other[4] <= one[2]
        assert apart, f"{one[0]!r} lies on {other[0]!r}"
    return [words for words, *_where in found]


@pytest.mark.parametrize("count", [1, 2, 4, 6, 9])
def test_words_never_lie_on_each_other(count: int) -> None:
    phases = tuple((CONTACT, RARE, ASSESSED, FEW, HELP)[place % 5] for place in range(count))
    words = readable(*map_drawing.draw(replace(MAP, phases=phases), "Ottermarsh (invented)"))
    assert "Finding" in " ".join(words)


def test_the_map_says_how_many_and_how_sure_and_what_it_does_not_know() -> None:
    drawn = map_drawing.draw(MAP, "Ottermarsh (invented)")
    words = " ".join(readable(*drawn))
    for said in (
        "Journeys: Coming home from hospital",
        "214 journeys · 812 steps",
        "75% (69% to 80%)",
        "Bad, −1.1",
        "−1.3 to −0.9",
        "Half within 12 days",
        "one in ten over 60 days",
        "Longer than promised: 58%",
        "49% to 67%, of 120 journeys",
        "59% told it all again",
        "very good",
        "No data: too few told how long",
        "Fewer than 5 journeys come here",
        "Home from hospital.",
        "within 14 days",
        "95% interval",
    ):
        assert said in words, said
    _marks, alternative, *_size = drawn
    for _phase, name, told in map_words.rows(MAP):
        assert f"{name}: {told}" in alternative
    rare = " ".join(readable(*map_drawing.draw(replace(MAP, phases=(RARE,)))))
    assert "under 25% passed on" in rare and "fewer than 5 of 20 journeys" in rare and "fewer than 5 end here" in rare


def test_a_case_log_has_no_feelings_and_says_so() -> None:
    silent = tuple(replace(phase, feeling=None, quote=None, pain=None) for phase in MAP.phases)
    words = readable(*map_drawing.draw(replace(MAP, felt=False, phases=silent)))
    assert words.count("No data: a case log does not hold what people feel and say") == 2
    assert "very bad" not in words


def test_words_that_are_not_for_quoting_do_not_leave_with_the_picture() -> None:
    assert "clipboards" in map_drawing.draw(MAP)[0]
    file = standing_alone(*map_drawing.draw(map_words.to_leave(MAP), "Ottermarsh"))
    assert "clipboards" not in file, "neither in the drawing nor in its text alternative"
    assert "Has to tell the whole story again" in file and "ring back at eight" in file


def test_a_narrow_screen_gets_the_same_map_as_cards() -> None:
    cards = map_view.cards(replace(MAP, phases=(CONTACT, RARE, FEW)), "Ottermarsh")
    assert cards.count("<h3>") == 3
    for said in (
        "GP surgery",
        "122 journeys",
        "Neither good nor bad, −0.4 (−0.6 to −0.2, 198 journeys)",
        "Fewer than 5",
    ):
        assert said in cards
    assert "&lt;b&gt;" in cards and "<b>" not in cards


def test_curves_are_readable_alone_and_beside_each_other() -> None:
    below = ["Ottermarsh: 214 journeys.", curve_drawing.moment(CURVE)]
    for width in (curve_drawing.WIDTH, curve_drawing.NARROW):
        alone = readable(*curve_drawing.curves([("", CURVE)], width, below))
        assert {"Very good", "Bad", "First step", "Last step", "60", "69"} <= set(alone)
        both = readable(*curve_drawing.curves([("Leaving hospital", CURVE), ("Repairs", OTHER)], width))
        assert {"Leaving hospital", "Repairs"} <= set(both)
    short = replace(OTHER, points=OTHER.points[:2])
    readable(*curve_drawing.curves([("Leaving hospital", CURVE), ("Repairs", short)]))
    _marks, said, *_size = curve_drawing.curves([("Leaving hospital", CURVE), ("Nobody", EmotionCurve((), 3, 2, None))])
    assert "lowest −1.3 (" in said and "at 55% of the way" in said and "Nobody. Too few feelings" in said
    assert len(curve_drawing.rows([("", CURVE)])) == len(POINTS)


def test_the_step_that_matters_goes_with_the_outcome_and_is_not_said_to_cause_it() -> None:
    said = curve_drawing.moment(CURVE)
    assert "Discharge team goes with" in said and "31%" in said and "22% to 40%" in said and "140 visits" in said
    assert "cause" not in said
    assert curve_drawing.moment(OTHER) == "No step stands out."


@given(st.text(max_size=80), st.floats(40, 300), st.integers(1, 4), st.booleans())
def test_wrapped_words_fit_and_none_is_lost_without_a_sign(words: str, room: float, most: int, bold: bool) -> None:
    lines = wrapped(words, room, 13, most, bold)
    assert 1 <= len(lines) <= most
    assert all(width_of(line, 13, bold) <= room for line in lines)
    assert ELLIPSIS in "".join(lines) or " ".join(lines) == " ".join(words.split())


def test_a_file_is_named_as_every_system_takes_it() -> None:
    assert pictures.file_name("Journey map: Caffi'r Bont / 2026") == "journey-map-caffi-r-bont-2026"
    assert pictures.file_name("…") == "picture"
