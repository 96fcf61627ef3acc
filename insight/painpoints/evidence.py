"""From passage numbers back to what people said: quotes, passages in context, whole journeys."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from insight import intake
from insight.access import SYSTEM, Actor, Permission, may
from insight.columns import NONE
from insight.database import session
from insight.painpoints import store
from insight.painpoints.cube import Cube
from insight.painpoints.model import Evidence, JourneyStep, JourneyView, Quote, RunTheme
from insight.text.passages import sentences

FEW, CANDIDATES = 4, 30
SHORT_QUOTE, LONG_QUOTE = 25, 260
CONTEXT = 320
NOTE = "note"


def best_quotes(
    actor: Actor, run_id: int, themes: Iterable[RunTheme], cube: Cube, wanted: set[int]
) -> dict[int, Quote]:
    """The sentence that says each wanted theme best, by its number (``best_quotes_among`` its stored quotes)."""
    candidates = {row.number: row.facts.get("quotes", ()) for row in themes if row.number in wanted}
    return best_quotes_among(actor, run_id, candidates, cube)


def best_quotes_among(
    actor: Actor, run_id: int, candidates: Mapping[int, Sequence[int]], cube: Cube
) -> dict[int, Quote]:
    """The best sentence of each group of passages among those whose tellers allow quoting, as of now.

    The first few candidates mostly serve; the rest are read only for groups that none of them could speak for. Somebody
    who may read stories is shown the best sentence even where nobody allowed quoting, marked as such; a partner what
    was released, and what their own organisation gathered.
    """
    chosen: dict[int, Quote] = {}
    rounds = [(0, FEW, False), (FEW, CANDIDATES, False)]
    rounds += [(0, FEW, True)] if may(actor, Permission.READ_STORIES) else []
    with session() as opened:
        for first, last, any_teller in rounds:
            missing = {group: told[first:last] for group, told in candidates.items() if group not in chosen}
            found = _Told(opened, actor, run_id, sorted({number for told in missing.values() for number in told}))
            for group, told in missing.items():
                quote = _first_good(_quotes(told, found, cube), any_teller=any_teller)
                if quote is not None:
                    chosen[group] = quote
    return chosen


def best_quote_of(actor: Actor, run_id: int, cube: Cube, candidates: Sequence[int]) -> Quote | None:
    """The first of some passages that makes a good quote: one whose teller allows it, else for reading only."""
    with session() as opened:
        found = _Told(opened, actor, run_id, sorted(candidates))
    told = _quotes(candidates, found, cube)
    quote = _first_good(told, any_teller=False)
    return quote or (_first_good(told, any_teller=True) if may(actor, Permission.READ_STORIES) else None)


def _quotes(candidates: Sequence[int], found: "_Told", cube: Cube) -> list[Quote]:
    return [quote for number in candidates if (quote := _quote(number, found, cube)) is not None]


def _first_good(told: Sequence[Quote], *, any_teller: bool) -> Quote | None:
    """The first quote of a readable length, one that was released before all; else the first one at all."""
    quotes = [quote for quote in told if quote.may_quote or any_teller]
    readable = [quote for quote in quotes if SHORT_QUOTE <= len(quote.text) <= LONG_QUOTE]
    released = (quote for quote in readable if quote.may_leave)
    return next(released, readable[0] if readable else quotes[0] if quotes else None)


def _quote(number: int, found: "_Told", cube: Cube) -> Quote | None:
    row, text = found.passages.get(number), found.text_of(number)
    if row is None or text is None:
        return None
    sentence = next((s for s in sentences(text) if s.start <= row.start < s.end), None)
    words = " ".join((text[sentence.start : sentence.end] if sentence else text[row.start : row.end]).split())
    if not found.readable.shows(row.story_id, words):
        return None
    service = _word(cube, "service", cube.passage_service[number])
    need = _word(cube, "need", cube.story_need[cube.passage_story[number]])
    language = found.stories[row.story_id].language
    may_quote = row.story_id in found.readable.quoting
    return Quote(words, number, service, need, may_quote, found.readable.may_leave(row.story_id, words), language)


def theirs(opened: Session, actor: Actor, cube: Cube) -> npt.NDArray[np.bool_]:
    """The passages of stories that somebody may read whole as far as it turns on who gathered them, (p,)."""
    if actor.organisation is None:
        return np.ones(len(cube.theme), bool)
    own = intake.gathered_by(opened, actor.organisation)
    mine: npt.NDArray[np.bool_] = np.isin(cube.story_id, np.fromiter(own, np.int64, len(own)))[cube.passage_story]
    return mine


def in_context(actor: Actor, run_id: int, cube: Cube, numbers: npt.NDArray[np.int64]) -> list[Evidence]:
    """Passages with the words around them, in the order given, of stories that somebody may read whole.

    A story that was changed since the run is passed over.
    """
    with session() as opened:
        found = _Told(opened, actor, run_id, [int(number) for number in numbers])
    return [seen for number in numbers if (seen := _evidence(int(number), found, cube)) is not None]


def _evidence(number: int, found: "_Told", cube: Cube) -> Evidence | None:
    row, text = found.passages.get(number), found.text_of(number)
    if row is None or text is None or row.story_id not in found.readable.whole:
        return None
    story = found.stories[row.story_id]
    step = found.steps.get((row.story_id, row.step))
    return Evidence(
        number=number,
        before=_tail(text[: row.start]),
        passage=text[row.start : row.end],
        after=_head(text[row.end :]),
        step=row.step,
        field=row.field,
        service=_word(cube, "service", cube.passage_service[number]),
        organisation=_word(cube, "organisation", cube.passage_organisation[number]),
        channel=_word(cube, "channel", cube.passage_channel[number]),
        need=story.need,
        teller=story.teller_role,
        source=story.source,
        told_on=story.told_at.date(),
        feeling=step.feeling if step else story.overall_feeling,
        may_quote=row.story_id in found.readable.quoting,
        language=story.language,
    )


def _tail(text: str) -> str:
    return text if len(text) <= CONTEXT else "… " + text[-CONTEXT:].split(" ", 1)[-1]


def _head(text: str) -> str:
    return text if len(text) <= CONTEXT else text[:CONTEXT].rsplit(" ", 1)[0] + " …"


def _word(cube: Cube, column: str, code: int) -> str | None:
    return None if code == NONE else cube.words[column][int(code)]


class _Told:
    """The rows behind some passages: where they stand, their stories and steps, and what may be read of them."""

    def __init__(self, opened: Session, actor: Actor, run_id: int, numbers: Sequence[int]) -> None:
        self.passages: Mapping[int, Any] = store.passages_by_number(opened, run_id, numbers)
        ids = sorted({row.story_id for row in self.passages.values()})
        self.stories = intake.story_rows(opened, ids)
        self.steps = {(step.story_id, step.position): step for step in intake.steps_of(opened, ids)}
        self.readable = intake.readable(opened, actor, ids)

    def text_of(self, number: int) -> str | None:
        """The whole answer that a passage stands in, unless its story was changed or taken back since the run."""
        row = self.passages.get(number)
        story = self.stories.get(row.story_id) if row else None
        if row is None or story is None or story.version != row.story_version:
            return None
        if story.id not in self.readable.whole and story.id not in self.readable.released:
            return None
        step = self.steps.get((row.story_id, row.step))
        text = (step.note if step else None) if row.field == "note" else getattr(story, row.field)
        return text if isinstance(text, str) else None


def texts_behind(opened: Session, run_id: int, numbers: Sequence[int]) -> list[str]:
    """The whole answers that some passages stand in; those of stories changed or taken back since are left out.

    For the product's own sums, not for a screen.
    """
    found = _Told(opened, SYSTEM, run_id, numbers)
    return [text for number in numbers if (text := found.text_of(number)) is not None]


def passages_of(opened: Session, actor: Actor, run_id: int, numbers: Sequence[int]) -> dict[int, str]:
    """What passages say, in this order, where their stories are as they were and somebody may read them whole.

    Only their words are read, not the journeys around them.
    """
    rows = store.passages_by_number(opened, run_id, numbers)
    ids = sorted({row.story_id for row in rows.values()})
    allowed = intake.readable(opened, actor, ids).whole
    fields = {row.field for row in rows.values()}
    answers = {field: intake.answers_in(opened, ids, field) for field in sorted(fields - {NOTE})}
    notes = intake.notes_in(opened, ids) if NOTE in fields else {}
    told: dict[int, str] = {}
    for number in numbers:
        row = rows.get(number)
        if row is None or row.story_id not in allowed:
            continue
        at = (row.story_id, row.story_version)
        text = notes.get((*at, row.step)) if row.field == NOTE else answers[row.field].get(at)
        if text is not None:
            told[number] = text[row.start : row.end]
    return told


def journey_behind(actor: Actor, run_id: int, number: int) -> JourneyView | None:
    """The journey that a passage of a run was told in, or None where it may not be read, by anybody or by them."""
    with session() as opened:
        row = store.passages_by_number(opened, run_id, [number]).get(number)
    return None if row is None else journey_of_story(actor, row.story_id)


def journey_of_story(actor: Actor, story_id: int) -> JourneyView | None:
    """A journey as it was told, or None where its teller allows no analysis, it is held back, or it is not theirs."""
    with session() as opened:
        readable = intake.readable(opened, actor, [story_id])
        if story_id not in readable.whole:
            return None
        story = intake.story_rows(opened, [story_id])[story_id]
        steps = intake.steps_of(opened, [story.id])
    return JourneyView(
        told_on=story.told_at.date(),
        need=story.need,
        need_met=story.need_met,
        teller=story.teller_role,
        source=story.source,
        what_happened=story.what_happened,
        what_better=story.what_better,
        what_good=story.what_good,
        steps=tuple(_step(step) for step in steps),
        may_quote=story_id in readable.quoting,
        language=story.language,
    )


def _step(step: Any) -> JourneyStep:
    return JourneyStep(
        step.position,
        step.service_name,
        step.organisation_name,
        step.channel,
        step.happened_on,
        step.precision,
        step.waited_days,
        step.promised_days,
        step.feeling,
        step.told_again,
        step.sent_elsewhere,
        step.sorted_out,
        step.note,
    )
