"""Does a pain belong inside a service or to the space between, and how far does it spread? Pure, numpy only."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from insight.painpoints.rules import Z95, wilson

Ints = npt.NDArray[np.int32]
Counts = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
Verdict = Literal["between services", "inside a service", "cannot say"]

MUCH = float(np.log(2))  # twice the odds of the rest of the run: less is no difference that would change who mends it
FEW = 10  # journeys of a theme (and of the rest), below which nothing is said
# What a passage or its step can show. A step beside a handoff is shown but does not count by itself: in journeys across
# organisations nearly every step is beside one.
SIGNS = ("sent elsewhere", "told again", "waited for another", "names another", "says between", "beside a handoff")
COUNTING = 5

# Everyday names of kinds of service, in English; a service is of a kind where its name has one of these words.
_KINDS: Mapping[str, str] = {
    "doctor": r"gps?|doctors?|(?:the|gp|doctor\'?s) surgery|gp practice",
    "hospital": r"hospitals?|wards?|consultants?|outpatients?|a ?& ?e|clinics?",
    "care": r"social (?:services|workers?|care)|care (?:agency|team)|carers|home ?care|early help",
    "mental health": r"mental health|camhs|crisis team|psychiatr\w+",
    "nursing": r"(?:district|community) nurs\w+|occupational therap\w+|health visitors?",
    "housing": r"housing|landlords?|tenancy|repairs",
    "school": r"schools?|nursery|send team|admissions",
    "police": r"police|constables?",
    "work and benefits": r"job ?cent(?:re|er)|work coach|universal credit|benefits?|dwp|pip|disability benefits?",
    "council": r"councils?|town hall|council tax",
    "pharmacy": r"pharmac\w+|chemists?",
    "court": r"courts?|tribunals?|probation",
    "ambulance": r"ambulances?|paramedics?|999|111",
}
# Patterns here are for texts in small letters: many times faster than those that pass over case.
KINDS = {kind: re.compile(rf"\b(?:{words})\b") for kind, words in _KINDS.items()}
ANY_KIND = re.compile(rf"\b(?:{'|'.join(_KINDS.values())})\b")
BETWEEN = re.compile(
    r"\b(?:each other|one another|back and forth|to and fro|pillar to post|in circles|fell between|falls? between"
    r"|between (?:the )?(?:two|them|services|teams|departments|organisations|agencies|offices)"
    r"|(?:passed|sent|pushed|bounced|shunted|referred) (?:on|around|round|about|back|from|between)"
    r"|(?:each|both|neither|none) (?:of them |one )?"
    r"(?:say|said|says|blamed?|blames|told|tells|pointed|wanted|would|knew)"
    r"|(?:not|n't|isn't|nobody'?s|somebody else'?s|someone else'?s|the other'?s|whose) "
    r"(?:our |their |my |his |her |the )?(?:job|remit|department|responsibility|area)"
    r"|(?:wrong|another|other|different) (?:department|team|office|service|number|desk)"
    r"|(?:pass|passed|share|shared|sharing|talk|talked|speak|spoke) (?:it |this |that |them |anything |nothing )?"
    r"(?:on\b|notes|information|records|to each)"
    r"|(?:said|says|told (?:me|us)) (?:that )?the \w+ (?:had to|has to|must|should|would have to)"
    r"|waiting for (?:one|the other)\b"
    r"|(?:explain|tell|say|repeat|told|explained|repeated|go over|went over) .{0,40}(?:again|each time|from scratch"
    r"|from the (?:start|beginning)|every time|to each|all over))"
)


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: journeys of a theme that show it, of how many, its share with Wilson's interval, the share in the rest
    of the run, and the log odds ratio of the two with its interval.
    """

    name: str
    journeys: int
    of: int
    share: float
    low: float
    high: float
    elsewhere: float
    log_odds: float
    log_odds_low: float
    log_odds_high: float


@dataclass(frozen=True, slots=True)
class Belonging:
    """Where a theme's pain belongs. ``overall``: journeys with any sign that counts; ``signs``: each."""

    theme: int
    verdict: Verdict
    overall: Sign
    signs: tuple[Sign, ...]


@dataclass(frozen=True)
class Steps:
    """The steps of a run in the order of their journeys, t of them: ``story`` and ``organisation`` (t,) with -1 where
    unknown, ``sent_elsewhere`` and ``told_again`` (t,), ``waited_days`` (t,) NaN where unknown.
    """

    story: Ints
    organisation: Ints
    sent_elsewhere: Truths
    told_again: Truths
    waited_days: Reals


def signs_of_steps(steps: Steps) -> Truths:
    """What each step shows, (t, 4): sent elsewhere, told again, waited for another organisation, beside a handoff."""
    onward = np.zeros(len(steps.story), bool)
    onward[:-1] = (
        (steps.story[:-1] == steps.story[1:])
        & (steps.organisation[:-1] != steps.organisation[1:])
        & (steps.organisation[:-1] >= 0)
        & (steps.organisation[1:] >= 0)
    )
    beside = onward.copy()
    beside[1:] |= onward[:-1]
    waited = onward & (np.nan_to_num(steps.waited_days) > 0)
    return np.stack([steps.sent_elsewhere, steps.told_again, waited, beside], axis=1)


def signs_of_passages(texts: Sequence[str], services: Ints, names: Sequence[str]) -> Truths:
    """What each passage says, (p, 2): it names a service that is not its step's; it says that something goes between.

    ``services`` (p,) indexes ``names``, -1 where a passage is about no step: it then has to name two. In languages
    other than English only a service's whole name is known.
    """
    small = [name.lower() for name in names]
    whole = {code: (name, re.compile(rf"\b{re.escape(name)}\b")) for code, name in enumerate(small) if name.strip()}
    own = [_kinds_in(name) for name in small]
    found = np.zeros((len(texts), 2), bool)
    for row, text in enumerate(map(str.lower, texts)):
        service, said = int(services[row]), _kinds_in(text)
        others = [code for code, (name, words) in whole.items() if name in text and words.search(text)]
        if service < 0:
            found[row, 0] = max(len(said), len(others)) > 1
        else:
            found[row, 0] = bool((own[service] and said - own[service]) or set(others) - {service})
        found[row, 1] = BETWEEN.search(text) is not None
    return found


def _kinds_in(text: str) -> frozenset[str]:
    """The kinds of service that a small-lettered text names; most name none, which is seen at once."""
    if ANY_KIND.search(text) is None:
        return frozenset()
    return frozenset(kind for kind, words in KINDS.items() if words.search(text))


def belonging(themes: Ints, stories: Ints, steps: Ints, of_steps: Truths, of_passages: Truths) -> list[Belonging]:
    """Where each theme's pain belongs, by journeys, each counted once.

    ``themes``, ``stories``, ``steps`` (p,): of each passage, with the row of its step (-1: none); ``of_steps`` (t, 4)
    and ``of_passages`` (p, 2) as the two functions above give them. A theme belongs between services where its journeys
    have at least twice the odds of a counting sign that other themes' journeys have and the interval is above equal
    odds; inside a service where the interval is below twice the odds (equivalence within a margin: Schuirmann 1987);
    else it cannot be said.
    """
    at_step = np.vstack([of_steps, np.zeros((1, of_steps.shape[1]), bool)])[steps]
    signs = np.concatenate([at_step[:, :3], of_passages, at_step[:, 3:]], axis=1)
    counting: Truths = np.asarray(signs[:, :COUNTING].any(axis=1))
    columns = np.concatenate([counting[:, None], signs], axis=1)
    placed: Truths = np.asarray(themes >= 0)
    count = int(themes.max(initial=-1)) + 1
    keys = themes[placed].astype(np.int64) * (int(stories.max(initial=0)) + 1) + stories[placed]
    told, where = np.unique(keys, return_inverse=True)
    shows = np.zeros((len(told), columns.shape[1]), bool)
    np.logical_or.at(shows, where, columns[placed])
    theme_of = told // (int(stories.max(initial=0)) + 1)
    of = np.bincount(theme_of, minlength=count)
    hits = np.zeros((count, columns.shape[1]), np.int64)
    np.add.at(hits, theme_of, shows)
    return [_belonging(theme, hits, of) for theme in range(count)]


def _belonging(theme: int, hits: Counts, of: Counts) -> Belonging:
    inside, rest = int(of[theme]), int(of.sum() - of[theme])
    others: Counts = np.asarray(hits.sum(axis=0) - hits[theme])
    overall, *signs = (
        _sign(name, int(hits[theme, column]), inside, int(others[column]), rest)
        for column, name in enumerate(("any", *SIGNS))
    )
    return Belonging(theme, _verdict(overall, rest), overall, tuple(signs))


def _verdict(overall: Sign, rest: int) -> Verdict:
    if min(overall.of, rest) < FEW:
        return "cannot say"
    if overall.log_odds_low > 0 and overall.log_odds >= MUCH:
        return "between services"
    return "inside a service" if overall.log_odds_high < MUCH else "cannot say"


def _sign(name: str, hits: int, of: int, hits_elsewhere: int, of_elsewhere: int) -> Sign:
    low, high = wilson(hits, of)
    ratio, ratio_low, ratio_high = log_odds(hits, of, hits_elsewhere, of_elsewhere)
    share, elsewhere = hits / max(of, 1), hits_elsewhere / max(of_elsewhere, 1)
    return Sign(name, hits, of, share, float(low), float(high), elsewhere, ratio, ratio_low, ratio_high)


def log_odds(hits: int, of: int, hits_elsewhere: int, of_elsewhere: int) -> tuple[float, float, float]:
    """Log odds ratio of two shares with its 95 % interval: (estimate, low, high).

    Half a case is added to each cell (Haldane 1956, Anscombe 1956), the interval is Woolf's (1955).
    """
    cells = np.array([hits, of - hits, hits_elsewhere, of_elsewhere - hits_elsewhere], float) + 0.5
    ratio = float(np.log(cells[0] / cells[1]) - np.log(cells[2] / cells[3]))
    half = Z95 * float(np.sqrt((1 / cells).sum()))
    return ratio, ratio - half, ratio + half


@dataclass(frozen=True)
class Spread:
    """How k pains spread over s services. ``services`` (k,): those with at least the threshold of journeys; ``even``
    (k,): how many services, told equally often, would be as mixed; ``share``, ``low``, ``high`` (k, s): of the journeys
    through a service that tell of the pain, with Wilson's interval; NaN below the threshold.
    """

    services: Counts
    even: Reals
    share: Reals
    low: Reals
    high: Reals


def spread(counts: npt.ArrayLike, of: npt.ArrayLike, threshold: int) -> Spread:
    """Journeys per pain and service (k, s) among the journeys through each service (s,) -> how far each pain spreads.

    ``even`` is the exponential of Shannon's entropy of the counts (Hill's number of order 1: Hill 1973, Jost 2006), 0
    for a pain that no service reaches the threshold with; services below it take no part, so it tells nothing of them.
    """
    told, through = np.asarray(counts, np.int64), np.asarray(of, np.int64)
    shown = told >= max(threshold, 1)
    kept = np.where(shown, told, 0)
    total = np.maximum(kept.sum(axis=1, keepdims=True), 1)
    parts = kept / total
    entropy = -(parts * np.log(np.where(parts > 0, parts, 1))).sum(axis=1)
    low, high = wilson(told, np.broadcast_to(through, told.shape))
    hidden = np.where(shown, 0.0, np.nan)
    return Spread(
        shown.sum(axis=1),
        np.where(shown.any(axis=1), np.exp(entropy), 0.0),
        told / np.maximum(through, 1) + hidden,
        low + hidden,
        high + hidden,
    )


def ranked(severity: npt.ArrayLike, reach_low: npt.ArrayLike, even: npt.ArrayLike) -> Reals:
    """What hurts across services first: mean severity (0 to 10) x lower bound of reach x 100 x spread (``even``)."""
    first: Reals = np.asarray(severity, float) * np.asarray(reach_low, float) * 100 * np.asarray(even, float)
    return first
