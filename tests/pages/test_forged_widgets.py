"""What no browser of ours would send for a widget: screens go on as if it had not been sent."""

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit import config
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import WStates
from streamlit.testing.v1 import AppTest

from pages.doors import set_up_streamlit

UNKNOWN = ["", "x", "plan-name", f"$$ID-{'0' * 32}-plan-name", f"$$ID-{'0' * 32}-None"]


@pytest.fixture(autouse=True)
def as_served(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Streamlit as the application sets it up."""
    for name in ("__getitem__", "set_widget_from_proto"):
        monkeypatch.setattr(WStates, name, getattr(WStates, name))
    before = {name: config.get_option(name) for name in ("server.allowedHosts", "server.maxUploadSize")}
    set_up_streamlit()
    yield
    for name, value in before.items():
        config.set_option(name, value)


def forged(name: str, **value: Any) -> WidgetState:
    made = WidgetState(id=name)
    for kind, told in value.items():
        part = getattr(made, kind)
        part.data.extend(told) if hasattr(part, "data") else setattr(made, kind, told)
    return made


def send(at: AppTest, *states: WidgetState) -> AppTest:
    """Run a screen as its browser would, with these states instead of its widgets' own or beside them."""
    sent = at._tree.get_widget_states()
    names = {state.id for state in states}
    kept = [state for state in sent.widgets if state.id not in names]
    del sent.widgets[:]
    sent.widgets.extend([*kept, *states])
    at._run(sent)
    assert not at.exception, at.exception
    return at


def drawing() -> None:
    """The page on which an intended journey is drawn, without what it is held against."""
    import streamlit as st

    from pages.paths import intended_moves as moves

    draft = moves.draft_of(None)
    st.text_input("Name", key=moves.start("plan-name", draft.name))
    for row in draft.rows:
        st.text_input(f"Days {row.number}", key=moves.start(moves.key_of(row, "days"), row.days))
    st.button("Stop", on_click=moves.stop)


def test_a_draft_is_left_though_widgets_were_sent_that_there_are_not() -> None:
    at = AppTest.from_function(drawing).run()
    at.text_input[0].set_value("To a flat")
    at.text_input[1].set_value("9")
    at.run()
    at.button[0].click()
    send(at, *(forged(name, trigger_value=True) for name in UNKNOWN))
    assert [one.value for one in at.text_input] == ["", "", "", ""]


def ticking() -> None:
    """The boxes of places of the screen of people, and what was ticked."""
    import streamlit as st

    from insight.intake import Place
    from pages.managing import moves

    known = [Place(number, f"place-{number}", f"Place {number}", False) for number in (1, 2)]
    st.session_state[moves.key("scope")] = moves.SOME
    for place in known:
        st.checkbox(place.name, key=moves.tick(place))
    st.write(str(moves._places(known)))


def test_places_are_ticked_though_widgets_were_sent_that_there_are_not() -> None:
    at = AppTest.from_function(ticking).run()
    at.checkbox[1].check()
    assert send(at, *(forged(name, bool_value=True) for name in UNKNOWN)).markdown[0].value == "[2]"


def pressed_late() -> None:
    """Buttons of screens that were left, as a second press reaches them."""
    from collections.abc import Callable

    import streamlit as st

    from insight.access import RESIDENT
    from insight.intake import Place
    from pages import journeys
    from pages.managing import moves as people
    from pages.pain import address
    from pages.paths import intended_moves, phases_moves
    from pages.paths.phases_moves import Draft, Typed

    place = Place(1, "place", "Place", False)
    phases = Draft("phases", [Typed(0)], 1)
    presses: list[Callable[[], object]] = [
        lambda: intended_moves.save(RESIDENT, place),
        lambda: intended_moves.edit("remove", 0),
        intended_moves.other_way,
        lambda: phases_moves.remove(phases, 1),
        lambda: phases_moves.move(phases, 1, 1),
        lambda: people.change(RESIDENT, 1, [place]),
        lambda: address.put("order"),
        journeys._another_view,
    ]
    for late in presses:
        late()
    st.write(str((len(phases.phases), people.last().wrong, intended_moves.DRAFT in st.session_state)))


def test_a_button_of_a_screen_that_was_left_changes_nothing() -> None:
    at = AppTest.from_function(pressed_late).run()
    assert not at.exception, at.exception
    assert at.markdown[0].value == str((1, (("role", "Choose a role"),), False))


def choosing() -> None:
    import streamlit as st

    from pages.kit.a11y import Page

    def keep(text: str) -> None:
        st.session_state["kept"] = text

    told = [
        st.session_state.get("kept"),
        st.text_input("Text", "as it was", max_chars=20, key="text"),
        st.radio("One", ["a", "b"], key="radio"),
        st.selectbox("One of many", [1, 2], format_func="number {}".format, key="select"),
        st.multiselect("Some", ["a", "b"], ["a"], key="some"),
        st.number_input("Number", value=3, key="number"),
        st.checkbox("Tick", key="tick"),
    ]
    st.write(str(told))
    Page(keeps={"text": keep}).finish("choosing")


def takers(at: AppTest) -> list[WidgetMetadata[Any]]:
    """All that takes a value on a screen that was drawn."""
    return list(at._session_state._state._new_widget_state.widget_metadata.values())


FORGED: list[dict[str, Any]] = [
    {"trigger_value": True},
    {"bool_value": True},
    {"int_value": 2**62},
    {"double_value": float("nan")},
    {"double_array_value": [float("inf")]},
    {"string_value": "what nobody offered"},
    {"string_array_value": ["a", "what nobody offered"]},
    {"json_value": "{"},
    {"json_value": "[" * 20_000},
    {"json_trigger_value": "{"},
    {"json_trigger_value": '{"event": "typed", "value": 7}'},
    {"bytes_value": b"\xff"},
]
SAID = [{"json_value": told} for told in ("7", "null", "[]", '"x"', '{"typed": 7}', '{"value": []}')]
SAID += [{"json_trigger_value": told} for told in ("7", "[7, null]", '{"event": []}', '{"event": "x", "value": {}}')]
SAID += [
    {"json_trigger_value": f'{{"event": "typed", "value": {told}}}'} for told in ("7", "null", "[]", '{"key": []}')
]


def test_a_value_that_a_widget_could_not_have_sent_is_as_good_as_not_sent() -> None:
    at = AppTest.from_function(choosing).run()
    before, widgets = at.markdown[0].value, takers(at)
    for value in FORGED:
        misfits = [forged(one.id, **value) for one in widgets if one.formatted_options or one.value_type not in value]
        assert len(misfits) >= 7
        for again in (at, AppTest.from_function(choosing)):  # one that was drawn before, and one that was not
            assert send(again, *misfits).markdown[0].value == before, value


def test_the_script_of_a_screen_may_say_anything() -> None:
    at = AppTest.from_function(choosing).run()
    before, widgets = at.markdown[0].value, takers(at)
    for value in SAID:
        [says] = [forged(one.id, **value) for one in widgets if one.value_type in value]
        assert send(at, says).markdown[0].value == before, value


def test_a_value_that_a_widget_could_have_sent_is_taken() -> None:
    at = AppTest.from_function(choosing).run()
    at.text_input[0].set_value("typed")
    at.radio[0].set_value("b")
    at.selectbox[0].set_value(2)
    at.multiselect[0].set_value(["b"])
    at.number_input[0].set_value(4)
    at.checkbox[0].check()
    typed = {"json_trigger_value": '{"event": "typed", "value": {"key": "text", "text": "half a wo"}}'}
    [says] = [forged(one.id, **typed) for one in takers(at) if one.value_type in typed]
    assert send(at, says).markdown[0].value == str(["half a wo", "typed", "b", 2, ["b"], 4, True])
