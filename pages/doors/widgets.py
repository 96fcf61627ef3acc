"""What a browser sends for a widget: taken where the widget could have sent it, else passed over as if it had not been.

Streamlit hands a value of any kind to any widget, so a forged one breaks the widget, or the screen that reads it.
"""

from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.common import GENERATED_ELEMENT_ID_PREFIX, WidgetMetadata
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX, Serialized, WStates

NAMES = (GENERATED_ELEMENT_ID_PREFIX, STREAMLIT_INTERNAL_KEY_PREFIX)  # of widgets, and of what a script of ours tells
WHOLE_NUMBERS = ("double_value", "int_value")  # a number's widget sends either
_take, _read = WStates.set_widget_from_proto, WStates.__getitem__


def pass_over_what_was_forged() -> None:
    """Have Streamlit look at what it takes and reads; a KeyError is its own word for a value that was not sent."""
    WStates.set_widget_from_proto = _take_widgets  # type: ignore[method-assign, assignment]
    WStates.__getitem__ = _read_what_fits  # type: ignore[method-assign]


def _take_widgets(states: WStates, sent: WidgetState) -> None:
    if sent.id.startswith(NAMES):  # Streamlit fails to list a session that holds any other, and lists it for every text
        _take(states, sent)


def _read_what_fits(states: WStates, name: str) -> Any:
    state, widget = states.states.get(name), states.widget_metadata.get(name)
    if isinstance(state, Serialized) and widget and not fits(widget, state.value):
        raise KeyError(name)
    try:
        return _read(states, name)
    except Exception:
        raise KeyError(name) from None


def fits(widget: WidgetMetadata[Any], sent: WidgetState) -> bool:
    """Whether what was sent is of the widget's kind, and is among its options where it has some."""
    kind = sent.WhichOneof("value")
    if kind is None:
        return True
    if kind != widget.value_type and (widget.value_type, kind) != WHOLE_NUMBERS:
        return False
    if widget.formatted_options is None:
        return True
    chosen = [sent.string_value] if kind == "string_value" else list(sent.string_array_value.data)
    return set(chosen) <= set(widget.formatted_options)
