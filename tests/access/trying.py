"""Trying everything as everybody: what should be refused is, and no answer carries a word that was told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from starlette.routing import Route

from insight import intake
from insight.access import RESIDENT, SYSTEM, Actor, Permission
from insight.errors import NotAllowed
from insight.intake import Place
from pages.kit.menu import PAGES, Entry
from pages.kit.stated import StatedRoute
from tests.access.objects import METHODS, STREAMLIT, SWITCHED_OFF, USE_CASES, address_of, name_of
from tests.access.subjects import SUBJECTS, Subject

PLANTED = ("marrowgate", "quillfeather")  # in all that was told in the places that are tried
TOLD = f"The letter about the {PLANTED[0]} was awful, I could not understand its jargon."
ANSWERS_EVERYBODY = (Permission.TELL, None)
SHUT = {path for path, why in STREAMLIT.items() if why == SWITCHED_OFF}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a plain route answers: status, where it leads on to, and all its words."""

    status: int
    target: str
    words: str

    def carries(self, planted: Sequence[str]) -> bool:
        """Whether a word that was told is among its own."""
        return any(word in self.words for word in planted)


Ask = Callable[[str, str, Mapping[str, str]], Answer]  # method, path, cookies


@dataclass
class Tally:
    """How many cells of the matrix were tried, how many of them are refusals, and which answers were wrong."""

    cells: int = 0
    refusals: int = 0
    leaks: list[str] = field(default_factory=list)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.cells + other.cells, self.refusals + other.refusals, self.leaks + other.leaks)

    def count(self, cell: str, *, refused: bool, right: bool) -> None:
        """One cell more."""
        self.cells += 1
        self.refusals += refused
        if not right:
            self.leaks.append(cell)


def tell_here(place: Place) -> None:
    """A story with the planted word in all its texts, and one that staff logged."""
    key = intake.start_draft(RESIDENT, place.code).key
    step = {"organisation": "Somebody", "feeling": "-2", "note": TOLD}
    intake.save_draft(RESIDENT, key, {"what_happened": TOLD, "steps": [step], "consent": ["analyse", "quote"]})
    intake.submit(RESIDENT, key)
    logged = {"what_happened": TOLD, "consent": ["analyse"], "consent_how": "verbal", "source": "staff_phone"}
    intake.log_story(SYSTEM, place, f"{place.code} token", logged)


def use_cases(actors: Mapping[str, Actor]) -> Tally:
    """Every use case that somebody may not do, tried by them; the rest is tried with its arguments in test_scope."""
    tally = Tally()
    for subject in SUBJECTS:
        for case in USE_CASES:
            cell = f"{subject.name}: {name_of(case)}"
            if case.permission in subject.allowed:
                tally.count(cell, refused=False, right=True)
                continue
            try:
                case(actors[subject.name])
            except NotAllowed:
                tally.count(cell, refused=True, right=True)
            except TypeError:
                tally.count(f"{cell} asks for its arguments first", refused=True, right=False)
            else:
                tally.count(cell, refused=True, right=False)
    return tally


def cells_of_pages(subjects: Sequence[Subject] = SUBJECTS) -> Iterator[tuple[Subject, Entry, bool]]:
    """Who, which screen, and whether it opens."""
    for subject in subjects:
        for entry in PAGES:
            yield subject, entry, entry.permission in subject.allowed


def plain_routes(
    routes: Sequence[StatedRoute],
    ask: Ask,
    cookies: Mapping[str, Mapping[str, str]],
    subjects: Sequence[Subject] = SUBJECTS,
    methods: Sequence[str] = METHODS,
) -> Tally:
    """Every plain route by each of its methods, asked by everybody."""
    tally = Tally()
    for route in routes:
        for subject in subjects:
            for method in sorted({*methods} & {*(route.methods or ())}):
                answer = ask(method, address_of(route), cookies[subject.name])
                refused = route.permission not in {*subject.allowed, None}
                right = fits(route, answer, refused=refused)
                tally.count(f"{subject.name}: {method} {route.path} -> {answer.status}", refused=refused, right=right)
    return tally


def methods_that_are_not_there(routes: Sequence[StatedRoute], ask: Ask) -> Tally:
    """Every plain route by each method that it does not have, asked by a stranger."""
    tally = Tally()
    for method, path in wrong_methods(routes):
        answer = ask(method, path, {})
        right = 400 <= answer.status < 500 and not answer.carries(PLANTED)
        tally.count(f"signed out: {method} {path} -> {answer.status}", refused=True, right=right)
    return tally


def fits(route: StatedRoute, answer: Answer, *, refused: bool) -> bool:
    """Whether an answer keeps to what its route states: who may not is led to the door, and nobody reads a story."""
    if answer.carries(PLANTED) or answer.status >= 500:
        return False
    led_to_the_door = answer.status == 303 and answer.target.startswith("/sign-in")
    if refused:
        return led_to_the_door
    return route.permission in ANSWERS_EVERYBODY or not led_to_the_door


def wrong_methods(routes: Sequence[Route]) -> Iterator[tuple[str, str]]:
    """Each path with each method that no route of this path has. Streamlit's routes stand behind ours."""
    known: dict[str, set[str]] = {}
    for route in routes:
        known.setdefault(address_of(route), set()).update(route.methods or ())
    for path, methods in known.items():
        for method in sorted(set(METHODS) - methods):
            yield method, path


def streamlit_routes(paths: Sequence[str], ask: Ask) -> Tally:
    """Streamlit's own routes, asked by a stranger: none holds a word that was told, and some are shut."""
    tally = Tally()
    for path in paths:
        address = path.replace("{", "").replace("}", "").replace(":path", "")
        for method in ("GET", "POST", "PUT", "DELETE"):
            answer = ask(method, address, {})
            right = not answer.carries(PLANTED) and answer.status < 500
            right = right and (path not in SHUT or 400 <= answer.status < 500)
            tally.count(
                f"signed out: {method} {path} -> {answer.status}",
                refused=path in SHUT,
                right=right and path in STREAMLIT,
            )
    return tally
