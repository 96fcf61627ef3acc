"""How far people get with a survey: answers, stops, time, languages, sources, and what was chosen."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from insight import surveys
from insight.privacy import count_in_words
from insight.settings import settings
from insight.surveys import Count, Progress
from pages.kit import words
from pages.surveying.desk import Desk, h2, hint

NOT_SHOWN = "Not shown"


def draw(desk: Desk) -> None:
    """All of it, or why there is nothing yet."""
    if desk.survey.published is None:
        hint("Nobody has answered it: publish it first.")
        return
    progress = surveys.progress(desk.actor, desk.place, desk.survey.code)
    few = settings().threshold_inside
    if progress.sent is None:
        hint(f"{count_in_words(None).capitalize()} people have answered so far. Results show from {few} on.")
        return
    _in_all(progress)
    _stops(progress)
    if progress.counted:
        _counts("Languages", "Language", progress.languages)
        _counts("Where answers came from", "Campaign", progress.sources)
    _answers(progress, few)
    st.html(
        f'<p class="tl-hint">Numbers below {few} are not shown, nor others from which they could be worked out. '
        f"All but their number is counted {few} answers at a time, so that no two looks differ by one person.</p>"
    )


def _in_all(progress: Progress) -> None:
    rows = [("Answers so far", count_in_words(progress.sent))]
    if progress.started is not None:
        rows.append(("People who started", f"{progress.started:,}"))
    if progress.median_minutes is not None and progress.slowest_tenth_minutes is not None:
        rows.append(("Half of them took at most", words.counted(progress.median_minutes, "minute")))
        rows.append(("Nine in ten took at most", words.counted(progress.slowest_tenth_minutes, "minute")))
    st.html(_table(("What", "Number"), [(*row, None) for row in rows]))


def _stops(progress: Progress) -> None:
    h2("Where people stopped")
    if not progress.stops:
        hint("Too few people have stopped before the end to say where.")
        return
    most = max(stop.count for stop in progress.stops)
    rows = [(_pages(stop.pages), f"{stop.count:,}", stop.count / most) for stop in progress.stops]
    st.html(_table(("The last page they wrote on", "People"), rows))
    hint(
        "Some of them may still come back. Pages where too few stopped stand together. A journey that is not sent is "
        f"forgotten after {settings().draft_days} days, and is not counted after that."
    )


def _pages(pages: Sequence[str]) -> str:
    return pages[0] if len(pages) == 1 else f"From “{pages[0]}” to “{pages[-1]}”"


def _counts(title: str, of: str, counts: Sequence[Count]) -> None:
    h2(title)
    most = max([count.count or 0 for count in counts] + [1])
    rows = [
        (count.words, NOT_SHOWN if count.count is None else f"{count.count:,}", (count.count or 0) / most)
        for count in counts
    ]
    st.html(_table((of, "Answers"), rows))


def _table(head: tuple[str, str], rows: Sequence[tuple[str, str, float | None]]) -> str:
    """Numbers as a table, with bars as (words, number, share of the largest) asks for them."""
    body = "".join(
        f'<tr><th scope="row">{escape(words_)}</th><td class="b" aria-hidden="true">{_bar(share)}</td>'
        f'<td class="n">{number}</td></tr>'
        for words_, number, share in rows
    )
    return (
        f'<table class="tl-count"><thead><tr><th scope="col">{head[0]}</th><td class="b"></td>'
        f'<th scope="col" class="n">{head[1]}</th></tr></thead><tbody>{body}</tbody></table>'
    )


def _bar(share: float | None) -> str:
    return f'<span class="bar" style="width:{100 * share:.0f}%"></span>' if share else ""


def _answers(progress: Progress, few: int) -> None:
    if not progress.analysed:
        return
    for answered in progress.answers:
        _counts(answered.question, "Answer", answered.counts)
        if answered.hidden:
            hint(f"Those that are not shown come to {answered.hidden:,} together.")
    if progress.answers:
        hint(f"Of {progress.analysed:,} people who allowed us to use their story.")
