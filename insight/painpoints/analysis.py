"""How stories become themes that hurt or help: worker only, since it loads the analysis libraries."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from insight.columns import NONE, coded, one_spelling
from insight.database import session, write_session
from insight.errors import NotReady
from insight.intake import Sorted
from insight.painpoints import one_story, rules, store, wording
from insight.painpoints.attacking import attack_run
from insight.painpoints.branching import grow
from insight.painpoints.crossing import joined_pains, where_pains_belong
from insight.painpoints.cube import Cube
from insight.painpoints.gathering import Gathered, gather, passages_ticked
from insight.painpoints.known import digest_of_known_pains, known_pains
from insight.painpoints.model import LEFT_SINCE, UNPLACED
from insight.painpoints.own_words import without_own_words
from insight.painpoints.sharpening import Sharpened, sharpen
from insight.painpoints.stored_rows import map_of, part_rows, passage_rows, theme_rows
from insight.painpoints.vectors import in_parts
from insight.runs import Progress
from insight.text.sentiment import stances
from insight.themes import Findings, find_themes, name_groups

Labels = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float64]

QUOTES = 30


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a run is asked.

    ``resolution`` None is chosen from the texts. A theme is cut in two by stance where both sides have at least
    ``least_side`` passages and ``least_side_share`` of them. A theme told in fewer journeys than ``least_journeys`` is
    no theme yet. ``known_pains`` lets the common pains take part (``data/pains/common.toml``).
    """

    language: str = "en"
    seed: int = 0
    resolution: float | None = None
    least_journeys: int = 5
    least_side: int = 8
    least_side_share: float = 0.15
    known_pains: bool = True
    map_points: int = 1_500


@dataclass(frozen=True)
class Outcome:
    """What an analysis gives to be stored: rows, the cube, the passages' vectors with centre and encoder, and facts."""

    themes: list[dict[str, Any]]
    passages: Iterable[dict[str, Any]]
    cube: Cube
    meanings: tuple[Any, Any, str]
    wording: Sequence[tuple[int, bytes]]
    facts: dict[str, Any]
    left_out: dict[str, int]
    fingerprint: str


def analyse_place(place_id: int, parameters: Parameters, progress: Progress) -> Outcome:
    """Read, cut, group, split by stance, name and count. The same stories and parameters give the same outcome."""
    with session() as opened:
        gathered = gather(opened, place_id, parameters.language, progress)
    if not gathered.text:
        raise NotReady("There is nothing to analyse yet: no story here has words and consent to analyse them.")
    progress("reading the tone", 0, len(gathered.text))
    feeling, side = passage_feeling(gathered)
    findings = find_themes(gathered.text, seed=parameters.seed, resolution=parameters.resolution, progress=progress)
    with threadpool_limits(1):  # more threads add up in another order, and wait for one another at every small product
        return _outcome(gathered, (feeling, side), findings, parameters, progress)


def _outcome(
    gathered: Gathered, felt: tuple[Reals, Reals], findings: Findings, parameters: Parameters, progress: Progress
) -> Outcome:
    """What found themes come to: sharpened, split by stance, named, counted, and held against one another."""
    progress("sharpening themes", 0, 1)
    pains = known_pains() if parameters.known_pains else ()
    sharp = sharpen(gathered.text, findings, felt[1], pains, passages_ticked(gathered))
    labels = themes_by_side(sharp, felt[1], parameters)
    labels, origin = enough_journeys(labels, np.asarray(gathered.passage_story), parameters.least_journeys)
    progress("naming themes", 0, len(origin))
    vectors = findings.vectors
    names = name_groups(gathered.text, labels, vectors=vectors, quotes=QUOTES)
    known = {number: sharp.known[theme] for number, theme in enumerate(origin) if theme in sharp.known}
    progress("counting", 0, 1)
    cube = build_cube(
        gathered, labels, sharp.scores, felt, map_of(vectors, labels, parameters.map_points, parameters.seed)
    )
    themes = theme_rows(cube, names, known, findings)
    progress("comparing services", 0, 1)
    belongs = where_pains_belong(gathered, cube)
    for theme in themes:
        theme["facts"]["between"] = belongs.get(theme["number"])
    joined = joined_pains(gathered, cube, vectors, known, findings.encoder)
    branches = grow(vectors, labels, [theme["kind"] for theme in themes])
    progress("checking what tables give away", 0, 1)
    disclosure = attack_run(cube)
    parts = part_rows(name_groups(gathered.text, branches.leaf, vectors=vectors, quotes=QUOTES), branches, len(themes))
    for rows, groups in ((themes, labels), (parts, branches.leaf)):
        without_own_words(rows, groups, gathered.text, gathered.passage_story)
    return Outcome(
        themes + parts,
        passage_rows(gathered),
        replace(cube, leaf=branches.leaf, cuts=branches.cuts, joins=branches.joins),
        (vectors, findings.centre, findings.encoder.name),
        list(wording.in_parts(gathered.text)),
        _facts(gathered, labels, findings, parameters) | {"joined": joined, "disclosure": disclosure},
        dict(gathered.left_out),
        gathered.fingerprint,
    )


def keep(run_id: int, outcome: Outcome) -> None:
    """Store an outcome in one transaction: a run is there whole or not at all.

    Stories that were taken back while it ran are taken out of it at once.
    """
    with write_session() as opened:
        gone = one_story.left_meanwhile(opened, outcome.cube.story_id.tolist())
        passages = one_story.without_stories(outcome.passages, gone)
        meanings = in_parts(*outcome.meanings)
        store.keep_results(opened, run_id, outcome.themes, passages, outcome.cube.to_bytes(), meanings, outcome.wording)
        if gone:
            one_story.leave_run(opened, run_id, outcome.cube, gone)
            outcome.left_out[LEFT_SINCE] = len(gone)


def passage_feeling(gathered: Gathered) -> tuple[Reals, Reals]:
    """How each passage feels and which side it takes, both -2 to 2.

    The feeling is what the teller said of the step, else what the words say; the side is ``rules.side_of``.
    """
    words = np.array([s.score if s.found else 0.0 for s in stances(gathered.text)]) * 2
    told = np.asarray(gathered.told_feeling, float)
    silent = np.isnan(told)
    common = float(np.mean(told[~silent])) if (~silent).any() else 0.0
    feeling = np.where(silent, words, told)
    side = rules.side_of(words, told, common)
    against = np.sign(side) * np.sign(feeling) < 0
    return np.clip(np.where(against, side, feeling), -2, 2), side


def themes_by_side(sharp: Sharpened, side: Reals, parameters: Parameters) -> Labels:
    """Keep praise and complaint apart: "friendly staff" and "rude staff" are not one theme.

    A theme in which both sides are large becomes two. Where one side is small, its clear passages fit no theme.
    """
    labels = sharp.labels.astype(np.int32).copy()
    glad, hurt = side > rules.HELPS_ABOVE, side < rules.HURTS_BELOW
    following = int(max(labels.max(initial=NONE) + 1, len(sharp.known)))
    for theme in range(following):
        inside = labels == theme
        smaller, larger = sorted((glad & inside, hurt & inside), key=np.count_nonzero)
        few = max(parameters.least_side, parameters.least_side_share * inside.sum())
        if smaller.sum() >= few:
            labels[smaller] = following
            following += 1
        elif larger.sum() > smaller.sum():
            labels[smaller & (np.abs(side) >= rules.CLEAR_WORDS)] = UNPLACED
    return labels


def enough_journeys(labels: Labels, story: npt.NDArray[Any], least: int) -> tuple[Labels, list[int]]:
    """Number the themes anew, biggest first, and say which each was; those of fewer journeys become unplaced."""
    count = int(labels.max(initial=NONE)) + 1
    placed = labels >= 0
    pairs = np.unique(np.stack([labels[placed], story[placed].astype(np.int32)]), axis=1)
    journeys = np.bincount(pairs[0], minlength=count)
    order = [int(theme) for theme in np.argsort(-journeys, kind="stable") if journeys[theme] >= least]
    renumber = np.full(count + 1, UNPLACED, np.int32)
    renumber[order] = np.arange(len(order), dtype=np.int32)
    return renumber[labels], order


def build_cube(
    gathered: Gathered,
    labels: Labels,
    scores: npt.NDArray[Any],
    felt: tuple[Reals, Reals],
    placed: tuple[Labels, Any],
) -> Cube:
    """The counted form of a run."""
    columns, words = {}, {}
    for name, told in (
        ("need", gathered.story_need),
        ("source", gathered.story_source),
        ("teller", gathered.story_teller),
        ("month", gathered.story_month),
    ):
        columns[f"story_{name}"], words[name] = coded(told)
    step_of = np.asarray(gathered.passage_step, np.int32)
    for name, attribute in (("service", "service_name"), ("organisation", "organisation_name"), ("channel", "channel")):
        codes, words[name] = coded(one_spelling([getattr(step, attribute) for step in gathered.steps]))
        columns[f"step_{name}"] = codes
        columns[f"passage_{name}"] = np.append(codes, np.int32(NONE))[step_of]
    return Cube(
        theme=labels,
        leaf=labels,
        cuts=np.zeros((0, 3), np.int32),
        joins=np.zeros((0, 3), np.int32),
        key=np.asarray(gathered.key, np.int64),
        passage_story=np.asarray(gathered.passage_story, np.int32),
        passage_step=np.append(np.array([step.position for step in gathered.steps], np.int32), np.int32(NONE))[step_of],
        feeling=felt[0].astype(np.float32),
        side=felt[1].astype(np.float32),
        severity=_severity(gathered, felt, step_of).astype(np.float32),
        score=scores.astype(np.float32),
        story_id=np.asarray(gathered.story_id, np.int64),
        step_story=np.asarray(gathered.step_story, np.int32),
        map_passage=placed[0],
        map_xy=placed[1],
        words=words,
        **columns,
    )


def _severity(gathered: Gathered, felt: tuple[Reals, Reals], step_of: Labels) -> Reals:
    """Severity of each passage's touchpoint as this passage speaks of it.

    Praise has none. A passage without a charged word ("I went by bus") speaks of its step's pain only in part.
    """
    steps = gathered.steps
    failed = [step.sorted_out == Sorted.NO or step.sent_elsewhere is True for step in steps]
    again = [step.told_again is True for step in steps]
    waited = [np.nan if step.waited_days is None else step.waited_days for step in steps]
    promised = [np.nan if step.promised_days is None else step.promised_days for step in steps]

    def at_passage(values: Sequence[Any], otherwise: float) -> Reals:
        return np.append(np.asarray(values, float), otherwise)[step_of]

    hurts = rules.severity(
        felt[0],
        at_passage(failed, 0),
        at_passage(again, 0),
        at_passage(waited, np.nan),
        at_passage(promised, np.nan),
    )
    speaks = np.where(felt[1] <= -rules.CLEAR_WORDS, 1.0, rules.BESIDE_WORDS)
    return np.where(felt[1] > rules.HELPS_ABOVE, 0.0, hurts * speaks)


def _facts(gathered: Gathered, labels: Labels, findings: Findings, parameters: Parameters) -> dict[str, Any]:
    """The run in numbers, for its page."""
    facts: dict[str, Any] = {
        "stories": len(gathered.story_id),
        "passages": len(gathered.text),
        "themes": int(labels.max(initial=NONE)) + 1,
        "unplaced": int((labels == UNPLACED).sum()),
        "asked": asdict(parameters),
        "known pains": digest_of_known_pains() if parameters.known_pains else None,
        "made": json.loads(json.dumps(dict(findings.parameters), default=str)),
        "seconds": dict(findings.seconds),
    }
    return facts
