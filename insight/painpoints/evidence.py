"""From passage numbers back to what people said: quotes, passages in context, whole journeys."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from insight import intake
from insight.columns import NONE
from insight.database import session
from insight.intake import ConsentScope
from insight.painpoints import store
from insight.painpoints.cube import Cube
from insight.painpoints.model import Evidence, JourneyStep, JourneyView, Quote, RunTheme
from insight.text.passages import sentences

FEW, CANDIDATES = 4, 30
SHORT_QUOTE, LONG_QUOTE = 25, 260
CONTEXT = 320


def best_quotes(
    run_id: int, themes: Iterable[RunTheme], cube: Cube, wanted: set[int], *, may_read: bool
) -> dict[int, Quote]:
    """The sentence that says each wanted theme best, by its number (``best_quotes_among`` its stored quotes)."""
    candidates = {row.number: row.facts.get("quotes", ()) for row in themes if row.number in wanted}
    return best_quotes_among(run_id, candidates, cube, may_read=may_read)


def best_quotes_among(
    run_id: int, candidates: Mapping[int, Sequence[int]], cube: Cube, *, may_read: bool
) -> dict[int, Quote]:
    """The best sentence of each group of passages among those whose tellers allow quoting, as of now.

    The first few candidates mostly serve; the rest are read only for groups that none of them could speak for. Somebody
    who may read stories (``may_read``) is shown the best sentence even where nobody allowed quoting, marked as such.
    """
    chosen: dict[int, Quote] = {}
    rounds = [(0, FEW, False), (FEW, CANDIDATES, False)] + ([(0, FEW, True)] if may_read else [])
    with session() as opened:
        for first, last, any_teller in rounds:
            missing = {group: told[first:last] for group, told in candidates.items() if group not in chosen}
            found = _Told(opened, run_id, sorted({number for told in missing.values() for number in told}))
            for group, told in missing.items():
                quote = _first_good(told, found, cube, any_teller=any_teller)
                if quote is not None:
                    chosen[group] = quote
    return chosen


def best_quote_of(run_id: int, cube: Cube, candidates: Sequence[int], *, may_read: bool) -> Quote | None:
    """The first of some passages that makes a good quote: one whose teller allows it, else for reading only."""
    with session() as opened:
        found = _Told(opened, run_id, sorted(candidates))
    quote = _first_good(candidates, found, cube, any_teller=False)
    return quote or (_first_good(candidates, found, cube, any_teller=True) if may_read else None)


def _first_good(candidates: Sequence[int], found: "_Told", cube: Cube, *, any_teller: bool) -> Quote | None:
    """The first quote of a readable length; else the first one at all."""
    told = [quote for number in candidates if (quote := _quote(number, found, cube)) is not None]
    quotes = [quote for quote in told if quote.may_leave or any_teller]
    readable = (quote for quote in quotes if SHORT_QUOTE <= len(quote.text) <= LONG_QUOTE)
    return next(readable, quotes[0] if quotes else None)


def _quote(number: int, found: "_Told", cube: Cube) -> Quote | None:
    row, text = found.passages.get(number), found.text_of(number)
    if row is None or text is None:
        return None
    sentence = next((s for s in sentences(text) if s.start <= row.start < s.end), None)
    words = text[sentence.start : sentence.end] if sentence else text[row.start : row.end]
    service = _word(cube, "service", cube.passage_service[number])
    need = _word(cube, "need", cube.story_need[cube.passage_story[number]])
    language = found.stories[row.story_id].language
    return Quote(" ".join(words.split()), number, service, need, row.story_id in found.may_leave, language)


def in_context(run_id: int, cube: Cube, numbers: npt.NDArray[np.int64]) -> list[Evidence]:
    """Passages with the words around them, in the order given. A story changed since the run is passed over."""
    with session() as opened:
        found = _Told(opened, run_id, [int(number) for number in numbers])
    return [seen for number in numbers if (seen := _evidence(int(number), found, cube)) is not None]


def _evidence(number: int, found: "_Told", cube: Cube) -> Evidence | None:
    row, text = found.passages.get(number), found.text_of(number)
    if row is None or text is None:
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
        may_leave=row.story_id in found.may_leave,
        language=story.language,
    )


def _tail(text: str) -> str:
    return text if len(text) <= CONTEXT else "… " + text[-CONTEXT:].split(" ", 1)[-1]


def _head(text: str) -> str:
    return text if len(text) <= CONTEXT else text[:CONTEXT].rsplit(" ", 1)[0] + " …"


def _word(cube: Cube, column: str, code: int) -> str | None:
    return None if code == NONE else cube.words[column][int(code)]


class _Told:
    """The rows behind some passages: where they stand, their stories and steps, and who allows quoting."""

    def __init__(self, opened: Session, run_id: int, numbers: Sequence[int]) -> None:
        self.passages: Mapping[int, Any] = store.passages_by_number(opened, run_id, numbers)
        ids = sorted({row.story_id for row in self.passages.values()})
        self.stories = intake.story_rows(opened, ids)
        self.steps = {(step.story_id, step.position): step for step in intake.steps_of(opened, ids)}
        self.may_leave = intake.stories_with_consent(opened, ids, ConsentScope.QUOTE)
        self.may_be_read = intake.stories_with_consent(opened, ids, ConsentScope.ANALYSE)

    def text_of(self, number: int) -> str | None:
        """The whole answer that a passage stands in, unless its story was changed or taken back since the run."""
        row = self.passages.get(number)
        story = self.stories.get(row.story_id) if row else None
        if row is None or story is None or story.version != row.story_version or story.id not in self.may_be_read:
            return None
        step = self.steps.get((row.story_id, row.step))
        text = (step.note if step else None) if row.field == "note" else getattr(story, row.field)
        return text if isinstance(text, str) else None


def texts_behind(opened: Session, run_id: int, numbers: Sequence[int]) -> list[str]:
    """The whole answers that some passages stand in; those of stories changed or taken back since are left out."""
    found = _Told(opened, run_id, numbers)
    return [text for number in numbers if (text := found.text_of(number)) is not None]


def journey_behind(run_id: int, number: int) -> JourneyView | None:
    """The journey that a passage of a run was told in, or None where its teller no longer allows analysis."""
    with session() as opened:
        row = store.passages_by_number(opened, run_id, [number]).get(number)
    return None if row is None else journey_of_story(row.story_id)


def journey_of_story(story_id: int) -> JourneyView | None:
    """A journey as it was told, or None where its teller no longer allows analysis or it is held back."""
    with session() as opened:
        if not intake.stories_with_consent(opened, [story_id], ConsentScope.ANALYSE):
            return None
        story = intake.story_rows(opened, [story_id])[story_id]
        steps = intake.steps_of(opened, [story.id])
        may_quote = bool(intake.stories_with_consent(opened, [story.id], ConsentScope.QUOTE))
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
        may_quote=may_quote,
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
