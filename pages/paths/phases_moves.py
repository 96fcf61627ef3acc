"""What is being typed of a map's phases, and what the buttons there do. Whatever fails, what was typed stays."""

import logging
from dataclasses import dataclass, field, replace

import streamlit as st

from insight import journeys
from insight.access import Actor
from insight.errors import InsightError
from insight.intake import Place
from insight.journeys import PhaseDrawn
from insight.language import _

log = logging.getLogger("throughline")


@dataclass(frozen=True, slots=True)
class Typed:
    """One phase as it stands on the screen; ``number`` stays with it when it moves."""

    number: int
    name: str = ""
    services: tuple[str, ...] = ()


@dataclass(slots=True)
class Draft:
    """The phases of one need as they stand on the screen, saved or not, and what the last button led to."""

    name: str
    phases: list[Typed]
    following: int
    saved: bool = False
    borrowed: bool = False
    turn: int = 0
    done: str = ""
    focus: str = ""
    problems: list[tuple[str, str]] = field(default_factory=list)

    def key(self, number: int, part: str) -> str:
        """The key of an input or button of a phase."""
        return f"{self.name}-{number}-{part}"

    def tell(self, *, done: str = "", focus: str = "", problems: list[tuple[str, str]] | None = None) -> None:
        """Say on the next drawing what was done or is wrong, and where the focus goes."""
        self.turn, self.done, self.focus, self.problems = self.turn + 1, done, focus, problems or []


def draft_for(actor: Actor, place: Place, need: str | None) -> Draft:
    """What somebody has begun for this need, else what is saved; an empty phase where nobody drew any."""
    name = f"phases-{place.code}-{need or 'all'}"
    if name not in st.session_state:
        drawn = journeys.phases(actor, place, need)
        st.session_state[name] = _fresh(name, drawn)
        st.session_state[name].borrowed = need is not None and drawn == journeys.phases(actor, place, None)
    draft: Draft = st.session_state[name]
    return draft


def _fresh(name: str, drawn: tuple[PhaseDrawn, ...], first: int = 0, turn: int = 0) -> Draft:
    phases = [Typed(number, phase.name, phase.services) for number, phase in enumerate(drawn, first)]
    return Draft(name, phases or [Typed(first)], first + max(len(phases), 1), saved=bool(drawn), turn=turn)


def _typed(draft: Draft) -> None:
    """Take what stands in the inputs now: a button is pressed before the screen is drawn again."""
    state = st.session_state
    draft.phases = [
        replace(
            phase,
            name=str(state.get(draft.key(phase.number, "name"), phase.name) or ""),
            services=tuple(state.get(draft.key(phase.number, "services"), phase.services)),
        )
        for phase in draft.phases
    ]


def move(draft: Draft, position: int, by: int) -> None:
    """Move a phase; the focus stays on its button, or goes to the other one at an end."""
    _typed(draft)
    if position >= len(draft.phases):
        return  # a button of an older drawing
    moved = draft.phases.pop(position)
    draft.phases.insert(position + by, moved)
    at_end = position + by in (0, len(draft.phases) - 1)
    part = "down" if (by < 0) is at_end else "up"
    draft.tell(focus=draft.key(moved.number, part))


def remove(draft: Draft, position: int) -> None:
    """Take a phase away; it is gone when the others are saved."""
    _typed(draft)
    if position >= len(draft.phases):
        return  # a button of an older drawing
    gone = draft.phases.pop(position)
    draft.tell(done=_("Removed: {phase}. Save to keep it so.").format(phase=gone.name or position + 1), focus="saved")


def add(draft: Draft) -> None:
    """An empty phase at the end."""
    _typed(draft)
    draft.phases.append(Typed(draft.following))
    draft.following += 1
    draft.tell(focus=f"tl-card-phase-{draft.following - 1}")


def save(actor: Actor, place: Place, need: str | None, draft: Draft) -> None:
    """Save, or say what is to be mended and at which input. What was typed stays."""
    _typed(draft)
    if wrong := problems(draft):
        draft.tell(problems=wrong)
        return
    drawn = [PhaseDrawn(phase.name.strip(), phase.services) for phase in draft.phases]
    if _kept(actor, place, need, draft, drawn):
        draft.saved, draft.borrowed = True, False
        draft.tell(done=_("Saved. The map is drawn by these phases."), focus="saved")


def take_back(actor: Actor, place: Place, need: str | None, draft: Draft) -> None:
    """No phases any more: the map goes by the steps' places in their journeys."""
    if _kept(actor, place, need, draft, []):
        fresh = _fresh(draft.name, (), draft.following, draft.turn)
        fresh.tell(done=_("The map goes by first step, second step, and so on."), focus="saved")
        st.session_state[draft.name] = fresh


def _kept(actor: Actor, place: Place, need: str | None, draft: Draft, drawn: list[PhaseDrawn]) -> bool:
    try:
        journeys.save_phases(actor, place, need, drawn)
    except InsightError as problem:
        draft.tell(problems=[("", str(problem))])
    except Exception as fault:
        log.error("phases: saving failed: %s", type(fault).__name__)
        draft.tell(problems=[("", _("Sorry, that could not be saved just now. Try again in a moment."))])
    else:
        return True
    return False


def problems(draft: Draft) -> list[tuple[str, str]]:
    """What is to be mended before saving: (key of the input, message)."""
    found: list[tuple[str, str]] = []
    names: set[str] = set()
    phase_of: dict[str, str] = {}
    for number, phase in enumerate(draft.phases, 1):
        called, name, services = (
            phase.name.strip(),
            draft.key(phase.number, "name"),
            draft.key(phase.number, "services"),
        )
        if not called:
            found.append((name, _("Give phase {number} a name.").format(number=number)))
        elif called.casefold() in names:
            found.append((name, _("Another phase is called {name}. Give each its own name.").format(name=called)))
        names.add(called.casefold())
        twice = next((service for service in phase.services if service in phase_of), None)
        if not phase.services:
            found.append((services, _("Choose at least one service for phase {number}.").format(number=number)))
        elif twice:
            told = _("{service} is also in {phase}. Leave it in one of them.")
            found.append((services, told.format(service=twice, phase=phase_of[twice])))
        phase_of |= dict.fromkeys(phase.services, called or _("another phase"))
    return found
