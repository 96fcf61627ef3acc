"""The journey line: steps drawn down the page, each dot where it felt bad or good, with handoffs marked.

Plain HTML and CSS, since Streamlit takes SVG out of what a page writes. The words beside each dot say all that the
drawing says, so the list is its own text alternative and the drawing is hidden from screen readers. It runs downwards,
so forty steps and a narrow phone are no trouble. Bad is on the left
in every language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from insight.language import _, ngettext

ACROSS = {-2: 12, -1: 31, 0: 50, 1: 69, 2: 88, None: 50}
SHAPES = {-2: "worst", -1: "bad", 0: "even", 1: "good", 2: "best", None: "open"}
HALF = 1.6  # half of the line's thickness, in hundredths of the track's width

STYLES = """<style>
.jl{margin:0 0 1.2rem}.jl h2{font-size:1.25rem;margin:0 0 .3rem;padding:0}.jl p{margin:0}
.jl ol{list-style:none;margin:0;padding:0 !important}
.jl-ends{display:flex;justify-content:space-between;width:9.5rem;font-size:.85rem;color:#3d4548}
.jl-step,.jl-handoff{display:flex;gap:1rem;margin:0 !important;padding:0}
.jl-track{position:relative;flex:0 0 9.5rem;min-height:4.2rem;
background:linear-gradient(#d5dade,#d5dade) center/2px 100% no-repeat,#f1f4f6}
.jl-in,.jl-out{position:absolute;left:0;right:0;background:#12436d}.jl-in{top:0;height:50%}.jl-out{top:50%;bottom:0}
.jl-dot{position:absolute;top:50%;width:30px;height:30px;margin:-15px 0 0 -15px;background:#f1f4f6;border-radius:50%}
.jl-dot i{position:absolute;inset:3px;background:#0b0c0c}.jl-dot i i{inset:2px}
.jl-even i,.jl-open i{border-radius:50%}.jl-open i i{background:#fff}.jl-even i i{background:#8d969b}
.jl-worst i{clip-path:polygon(0 0,100% 0,100% 100%,0 100%)}.jl-worst i i{background:#801650}
.jl-bad i{clip-path:polygon(0 8%,100% 8%,50% 100%)}.jl-bad i i{background:#f46a25;inset:2px 4px 5px}
.jl-good i{clip-path:polygon(50% 0,100% 92%,0 92%)}.jl-good i i{background:#28a197;inset:5px 4px 3px}
.jl-best i{clip-path:polygon(50% 0,63% 34%,100% 36%,71% 59%,81% 96%,50% 75%,19% 96%,29% 59%,0 36%,37% 34%)}
.jl-best{width:36px;height:36px;margin:-18px 0 0 -18px}.jl-best i i{background:#12436d;inset:0}
.jl-best i{background:#12436d}
.jl-words{padding:.55rem 0;align-self:center;min-width:0;overflow-wrap:anywhere}
.jl-words b{font-size:1.05rem}.jl-sub{color:#3d4548;font-size:.95rem}
.jl-marks{display:flex;flex-wrap:wrap;gap:.3rem .4rem;margin-top:.25rem}
.jl-mark{border:1px solid #6b7275;border-radius:4px;padding:0 .45rem;font-size:.9rem;background:#fff}
.jl-again{border:2px solid #801650;color:#801650;font-weight:600}
.jl-handoff .jl-track{min-height:2rem}.jl-handoff .jl-track:after{content:"";position:absolute;left:0;right:0;top:50%;
border-top:2px dashed #0b0c0c}
.jl-handoff .jl-words{padding:.2rem 0;font-size:.95rem;font-weight:600}
.jl *{forced-color-adjust:none;print-color-adjust:exact}
@media (max-width:480px){.jl-track{flex-basis:5rem}.jl-ends{width:5rem}.jl-step,.jl-handoff{gap:.7rem}}
</style>"""


@dataclass(frozen=True, slots=True)
class LineStep:
    """One step as the line shows it. ``feeling`` is -2 to +2; ``marks`` are further short facts, in words."""

    service: str | None = None
    organisation: str | None = None
    feeling: int | None = None
    told_again: bool = False
    marks: tuple[str, ...] = ()


def felt(feeling: int) -> str:
    """How a step felt, in words."""
    return {
        -2: _("Felt very bad"),
        -1: _("Felt bad"),
        0: _("Neither good nor bad"),
        1: _("Felt good"),
        2: _("Felt very good"),
    }[feeling]


def named(step: LineStep) -> str:
    """What a step is called."""
    return step.service or step.organisation or _("A service you did not name")


def journey_line(steps: Sequence[LineStep], title: str = "") -> str:
    """The line of a journey as HTML that may stand in any page; what people wrote is escaped."""
    if not steps:
        return ""
    title = title or _("Your journey so far")
    rows: list[str] = []
    for index, step in enumerate(steps):
        before = steps[index - 1] if index else None
        after = steps[index + 1] if index + 1 < len(steps) else None
        if before is not None and is_handoff(before, step):
            rows.append(_handoff(before, step))
        rows.append(_step(index, step, before, after))
    return (
        f'{STYLES}<section class="jl" aria-label="{escape(title)}"><h2>{escape(title)}</h2>'
        f'<p class="tl-unseen">{escape(in_a_sentence(steps))}</p>'
        f'<div class="jl-ends" dir="ltr" aria-hidden="true"><span>{escape(_("bad"))}</span>'
        f"<span>{escape(_('good'))}</span></div>"
        f"<ol>{''.join(rows)}</ol></section>"
    )


def is_handoff(before: LineStep, after: LineStep) -> bool:
    """Whether the person was passed from one organisation to another between two steps. Unknown is not a handoff."""
    return bool(before.organisation and after.organisation and before.organisation != after.organisation)


def in_a_sentence(steps: Sequence[LineStep]) -> str:
    """What the whole line shows, said in words."""
    handoffs = sum(is_handoff(before, after) for before, after in pairwise(steps))
    again = sum(step.told_again for step in steps)
    feelings = [step.feeling for step in steps if step.feeling is not None]
    said = [
        ngettext("{number} step.", "{number} steps.", len(steps)).format(number=len(steps)),
        ngettext(
            "{number} handoff between organisations.", "{number} handoffs between organisations.", handoffs
        ).format(number=handoffs),
    ]
    if again:
        said.append(
            ngettext("Explained it all again {number} time.", "Explained it all again {number} times.", again).format(
                number=again
            )
        )
    if feelings:
        worst = next(number for number, step in enumerate(steps, 1) if step.feeling == min(feelings))
        said.append(_("Lowest at step {number}: {feeling}.").format(number=worst, feeling=felt(min(feelings))))
    return " ".join(said)


def _step(index: int, step: LineStep, before: LineStep | None, after: LineStep | None) -> str:
    here = ACROSS[step.feeling]
    joined = _half("in", between(before, step), here) if before else ""
    joined += _half("out", here, between(step, after)) if after else ""
    dot = f'<span class="jl-dot jl-{SHAPES[step.feeling]}" style="left:{here}%"><i><i></i></i></span>'
    return (
        f'<li class="jl-step"><div class="jl-track" aria-hidden="true">{joined}{dot}</div>'
        f'<div class="jl-words">{_words(index, step)}</div></li>'
    )


def _words(index: int, step: LineStep) -> str:
    marks = [felt(step.feeling)] if step.feeling is not None else []
    shown = "".join(f'<span class="jl-mark">{escape(mark)}</span> ' for mark in (*marks, *step.marks))
    if step.told_again:
        shown += '<span class="jl-mark jl-again">' + escape(_("Explained it all again")) + "</span>"
    html = f"<b>{index + 1}. <bdi>{escape(named(step))}</bdi></b>"
    if step.service and step.organisation:
        html += f'<p class="jl-sub"><bdi>{escape(step.organisation)}</bdi></p>'
    return html + (f'<div class="jl-marks">{shown}</div>' if shown else "")


def _handoff(before: LineStep, after: LineStep) -> str:
    where = between(before, after)
    line = _half("in", where, where) + _half("out", where, where)
    return (
        f'<li class="jl-handoff"><div class="jl-track" aria-hidden="true">{line}</div><div class="jl-words">'
        f"{escape(passed_on(before, after))}</div></li>"
    )


def passed_on(before: LineStep, after: LineStep) -> str:
    """A handoff in words."""
    return _("Passed on from {first} to {second}").format(first=before.organisation, second=after.organisation)


def between(before: LineStep | None, after: LineStep | None) -> float:
    """Where the line crosses the edge between two steps, which is as tall as their words need."""
    ends = [ACROSS[step.feeling] for step in (before, after) if step is not None]
    return sum(ends) / len(ends)


def _half(side: str, top: float, bottom: float) -> str:
    corners = ((top - HALF, 0), (top + HALF, 0), (bottom + HALF, 100), (bottom - HALF, 100))
    path = ",".join(f"{x:g}% {y}%" for x, y in corners)
    return f'<span class="jl-{side}" style="clip-path:polygon({path})"></span>'
