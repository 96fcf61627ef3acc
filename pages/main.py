"""Streamlit's main script: who is here, which screens they may open, run one, say errors kindly.

It stands inside ``pages/`` because Streamlit runs a file of a ``pages`` folder *beside* the main script directly, past
any check, on a freshly started server.
"""

import logging
from collections.abc import Callable
from functools import partial
from traceback import format_tb
from urllib.parse import urlencode

import streamlit as st

from insight.access import Actor, Permission, may, require
from insight.errors import InsightError, NotAllowed
from insight.language import ENGLISH, STAFF_LANGUAGES, _, speak, spoken
from pages.accounts import arriving
from pages.kit import bar, look
from pages.kit.menu import HOME, PAGES, Entry
from pages.kit.session import chosen_language, current_actor

log = logging.getLogger("throughline")


def main() -> None:
    """Run the one screen that the address names."""
    actor = current_actor()
    speak(chosen_language())
    st.set_page_config(page_title="Throughline", layout="wide")
    look.apply()
    chosen = st.navigation([_page(entry, actor) for entry in PAGES], position="top")
    at_start = not chosen.url_path
    look.top_bar(actor)
    bar.draw(actor, at_start=at_start)
    if at_start and arriving.somebody_arrives():
        arriving.render()
    else:
        chosen.run()


def _page(entry: Entry, actor: Actor) -> st.Page:
    seen = entry.in_menu and may(actor, entry.permission)
    return st.Page(
        _named(partial(show, entry, actor), entry),
        title=_(entry.title),
        url_path=entry.path,
        default=entry is HOME,
        visibility="visible" if seen else "hidden",
    )


def _named(function: Callable[[], None], entry: Entry) -> Callable[[], None]:
    """Streamlit tells pages apart by the function's name."""
    function.__name__ = entry.path.replace("-", "_")
    return function


def show(entry: Entry, actor: Actor) -> None:
    """Open a screen, and say what went wrong in words that help."""
    try:
        require(actor, entry.permission)
        if entry.permission is not Permission.TELL and spoken().code not in STAFF_LANGUAGES:
            speak(ENGLISH.code)  # rather than half a page of English from right to left
        entry.open(actor)
    except NotAllowed as refused:
        log.warning("refused", extra={"screen": entry.path, "role": actor.role.value})
        look.refused(_(entry.title), str(refused), _address(entry))
    except InsightError as problem:
        look.problem(str(problem))
    except Exception as fault:  # the one place where anything unforeseen ends; nothing of its text is shown or logged
        log.error("page %s failed: %s\n%s", entry.path, type(fault).__name__, _where(fault))
        look.problem(
            _("Sorry, something went wrong on our side. What you saved is safe. Reload the page and try again.")
        )


def _address(entry: Entry) -> str:
    """The address of a screen with all that it was asked for, but for the language, which goes along by itself."""
    asked = [(name, told) for name in st.query_params for told in st.query_params.get_all(name) if name != "lang"]
    return f"/{entry.path}" + (f"?{urlencode(asked)}" if asked else "")


def _where(fault: Exception) -> str:
    """The traceback without the exception's own message, which may carry what somebody wrote."""
    return "".join(format_tb(fault.__traceback__))


if __name__ == "__main__":
    main()
