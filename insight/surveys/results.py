"""How far people get with a survey, with small numbers hidden in every sum and difference. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from statistics import median

from insight.intake.questions import UNKNOWN, Choice, QuestionSet, YesNo, said
from insight.privacy import Protection
from insight.privacy.tables import row
from insight.surveys.model import Count, Stop

BEFORE_THE_FIRST = "Before the first answer"
NO_CAMPAIGN = "No campaign in the address"
OTHERS = "Others and none, together"
SKIPPED = "Not answered"


def whole_batches(count: int, threshold: int) -> int:
    """How many of so many answers are counted: whole batches, so that no two looks differ by a single person."""
    return count // threshold * threshold


def hide_small(counts: Mapping[str, int], threshold: int) -> tuple[dict[str, int | None], int]:
    """Counts with the small ones as None, and what the hidden ones come to together.

    Zero is small. Where the hidden ones together are below the threshold, the smallest of the others are hidden too,
    until they are not; and so are others where what is hidden could be worked out from the sum.
    """
    hidden = {name for name, count in counts.items() if count < threshold}
    if not hidden:
        return dict(counts), 0
    others = sorted((name for name in counts if name not in hidden), key=lambda name: (counts[name], name))
    while others and sum(counts[name] for name in hidden) < threshold:
        hidden.add(others.pop(0))
    told = row(list(counts.values()), Protection(threshold, zeros=True), [name in hidden for name in counts])
    hidden = {name for name, count in zip(counts, told, strict=True) if count is None}
    together = sum(counts[name] for name in hidden)
    if together < threshold:
        return dict.fromkeys(counts), 0
    return {name: None if name in hidden else count for name, count in counts.items()}, together


def counted(counts: Mapping[str, int], threshold: int) -> tuple[tuple[Count, ...], int]:
    """The counts as they are shown, and what the hidden ones come to together."""
    shown, together = hide_small(counts, threshold)
    return tuple(Count(words, count) for words, count in shown.items()), together


def named_sources(sources: Sequence[Count], unnamed: int) -> Iterator[Count]:
    """Campaigns with their numbers, and all others as one.

    A campaign's name comes from an address that anybody can write: it is shown with its number, or not at all.
    """
    yield from (source for source in sources if source.count is not None)
    if any(source.count is None for source in sources):
        yield Count(OTHERS, unnamed or None)


def stops(questions: QuestionSet, unsent: Mapping[str | None, int], threshold: int) -> tuple[Stop, ...]:
    """After which page people stopped, in the order of the questions.

    Neighbouring pages stand together until at least ``threshold`` people stopped after one of them; where fewer
    stopped in all, nothing is shown.
    """
    found: list[Stop] = []
    pages: list[str] = []
    count = 0
    for page, number in _by_page(questions, unsent):
        pages.append(page)
        count += number
        if count >= threshold:
            found.append(Stop(tuple(pages), count))
            pages, count = [], 0
    if found and pages:
        last = found.pop()
        found.append(Stop((*last.pages, *pages), last.count + count))
    return tuple(found)


def by_words(question: Choice | YesNo, codes: Mapping[str | None, int]) -> dict[str, int]:
    """Counts by the words of each answer, in its order; codes that are not offered now stand with their code."""
    if isinstance(question, Choice):
        words = {option.code: said(option.text, "en") for option in question.options}
    else:
        words = {"yes": "Yes", "no": "No", UNKNOWN: "I do not know"}
    counts = dict.fromkeys((*words.values(), SKIPPED), 0)
    for code, count in codes.items():
        name = words.get(code, code) if code else SKIPPED
        counts[name] = counts.get(name, 0) + count
    return counts


def minutes(seconds: Sequence[int], share: float) -> int:
    """The time, in whole minutes, within which this share of people (0 to 1) were done. Seconds come sorted."""
    if share == 0.5:
        return max(1, round(median(seconds) / 60))
    return max(1, round(seconds[ceil(share * len(seconds)) - 1] / 60))


def _by_page(questions: QuestionSet, unsent: Mapping[str | None, int]) -> list[tuple[str, int]]:
    """Unsent drafts by the question saved last. A page of an older version counts with what came before it."""
    words = {question.id: said(question.text, "en") for question in questions.question}
    by_id = dict.fromkeys(("", *words), 0)
    for reached, count in unsent.items():
        page = (reached or "").split("/")[0]
        by_id[page if page in by_id else ""] += count
    return [(words.get(page, BEFORE_THE_FIRST), count) for page, count in by_id.items()]
