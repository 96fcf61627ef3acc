"""Drawings of an intended journey: its steps down the page with what became of each, and real paths beside it. Pure.

The words say all that the drawing says, so the lists are their own text alternative.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape

from insight.journeys.mining.conformance import Move
from insight.journeys.mining.intended import Intended, IntendedStep
from insight.journeys.model import TOLD, Asked, Share
from insight.journeys.views import StepCheck
from insight.language import _
from pages.kit import words
from pages.paths import said

MOST = 24  # moves of one path that are drawn
MOSTLY = 0.5  # a promise that is broken for more than this share is marked
STYLES = """<style>
.tl-plan,.tl-plan ol,.tl-plan ul{list-style:none;margin:0 !important;padding:0 !important}
.tl-plan li{margin:0 !important;padding:0 !important}
.tl-plan .step{position:relative;display:grid;grid-template-columns:minmax(0,1fr);gap:.2rem 1.6rem;
padding:.55rem 0 .75rem 2.1rem !important}
.tl-plan.checked .step{grid-template-columns:minmax(0,1fr) 15.5rem 19rem}
.tl-plan .step:before{content:"";position:absolute;left:.62rem;top:0;bottom:0;width:4px;background:#12436d}
.tl-plan>.step:first-child:before,.tl-plan .head+.step:before{top:1.1rem}
.tl-plan>.step:last-child:before{bottom:auto;height:1.1rem}
.tl-plan .step:after{content:"";position:absolute;left:.2rem;top:.65rem;width:1rem;height:1rem;border-radius:50%;
background:#12436d;border:3px solid #12436d;box-sizing:border-box}
.tl-plan .step.may:after{background:#fff}.tl-plan .step.may:before{background:
repeating-linear-gradient(#12436d 0 6px,#fff 6px 11px)}
.tl-plan .name{font-weight:600;font-size:1.05rem;overflow-wrap:anywhere}
.tl-plan .sub{display:block;color:#3d4548;font-size:.92rem;font-weight:400}
.tl-plan .told{font-size:.92rem;line-height:1.35}
.tl-plan .lane{display:block;position:relative;height:.95rem;background:#e8ecef;margin:.25rem 0 .2rem}
.tl-plan .lane i{position:absolute;top:0;bottom:0;left:0;background:#12436d}
.tl-plan .lane .thin{top:42%;bottom:42%}
.tl-plan .lane .range{top:38%;bottom:38%;background:#f46a25;border:1px solid #0b0c0c}
.tl-plan .lane .promise{top:-3px;bottom:-3px;width:4px;margin-left:-2px;background:#f46a25;border:1px solid #0b0c0c}
.tl-plan .lane.few{background:repeating-linear-gradient(135deg,#e8ecef 0 5px,#fff 5px 9px)}
.tl-plan .late{color:#801650;font-weight:600}
.tl-plan .head{display:grid;grid-template-columns:minmax(0,1fr) 15.5rem 19rem;gap:1.6rem;font-size:.92rem;
font-weight:600;padding:0 0 .3rem 2.1rem !important;border-bottom:1px solid #b1b4b6}
.tl-plan .choice{position:relative;padding:.3rem 0 .3rem 2.1rem !important;background:#f1f4f6}
.tl-plan .choice:before{content:"";position:absolute;left:.62rem;top:0;bottom:0;width:4px;background:#12436d}
.tl-plan .choice>.told{font-weight:600}
.tl-plan .way{margin:.3rem 0 !important;border-inline-start:4px solid #12436d;padding-inline-start:.8rem !important}
.tl-plan .way .step{padding-inline-start:0 !important}.tl-plan .way .step:before,.tl-plan .way .step:after{display:none}
.tl-plan .cue{display:none;font-weight:600}
.tl-moves{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem;margin:0 !important;padding:0 !important}
.tl-moves li{margin:0 !important;padding:.2rem .55rem !important;font-size:.88rem;line-height:1.25;
border:2px solid #12436d;background:#e3ebf3;max-width:13rem;overflow-wrap:anywhere}
.tl-moves .extra{border:2px solid #801650;background:#f4e4ec;color:#5a0f38;font-weight:600}
.tl-moves .missing{border:2px dashed #505a5f;background:#fff;color:#3d4548;text-decoration:line-through}
.tl-moves .missing b,.tl-moves .extra b{display:inline-block;text-decoration:none;font-weight:600}
.tl-moves .more{border:0;background:none}
.tl-bars .row span:last-child{white-space:nowrap}
.tl-legend{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;align-items:center;margin:0 0 .5rem}
.tl-real{border-top:1px solid #d5dade;padding:.6rem 0}.tl-real p{margin:.35rem 0 0;font-size:.95rem}
@media (max-width:1000px){.tl-plan .step,.tl-plan.checked .step{grid-template-columns:minmax(0,1fr)}
.tl-plan .head{display:none}.tl-plan .cue{display:inline}}
</style>"""


def plan(intended: Intended, checks: Sequence[StepCheck] = ()) -> str:
    """The intended journey down the page. ``checks``, one for each of its steps, say what became of them."""
    numbers = iter(range(len(intended.steps)))
    longest = _longest(checks)
    rows = [_head()] if checks else []
    for part in intended.parts:
        if isinstance(part, IntendedStep):
            rows.append(_step(part, checks, next(numbers), longest))
            continue
        ways = [
            f'<li class="way"><ol>{"".join(_step(step, checks, next(numbers), longest) for step in way)}</ol></li>'
            for way in part.ways
        ]
        lead = escape(_("One of these ways:"))
        rows.append(f'<li class="choice"><span class="told">{lead}</span><ul>{"".join(ways)}</ul></li>')
    return f'<ol class="tl-plan{" checked" if checks else ""}">{"".join(rows)}</ol>'


def _head() -> str:
    heads = (_("Meant to happen"), _("Took this step"), _("Waited for it"))
    return f'<li class="head" aria-hidden="true">{"".join(f"<span>{escape(one)}</span>" for one in heads)}</li>'


def _longest(checks: Sequence[StepCheck]) -> float:
    """The longest wait or promise in days: all lanes of waits share one scale."""
    waited = [check.waited.p90 for check in checks if check.waited]
    return max([*waited, *(check.promised_days or 0 for check in checks), 1])


def _step(step: IntendedStep, checks: Sequence[StepCheck], number: int, longest: float) -> str:
    sub = f'<span class="sub">{escape(_("People may leave it out"))}</span>' if step.optional else ""
    if step.promised_days is not None:
        told = _("Promised within {days}").format(days=said.days(step.promised_days))
        sub += f'<span class="sub">{escape(told)}</span>'
    found = "" if not checks else _taken(checks[number].taken) + _waited(checks[number], longest)
    kind = "step may" if step.optional else "step"
    return f'<li class="{kind}"><span class="name">{escape(step.name)}{sub}</span>{found}</li>'


def _taken(taken: Share | None) -> str:
    lane = '<span class="lane few" aria-hidden="true"></span>'
    if taken is not None and taken.n is not None:
        low, wide = 100 * taken.low, 100 * (taken.high - taken.low)
        lane = (
            f'<span class="lane" aria-hidden="true"><i style="width:{100 * taken.share:.1f}%"></i>'
            f'<i class="range" style="left:{low:.1f}%;width:{wide:.1f}%"></i></span>'
        )
    return f'<span class="told">{_cue(_("Took this step:"))}{lane}{escape(said.share(taken))}</span>'


def _waited(check: StepCheck, longest: float) -> str:
    if check.waited is None and check.promised_days is None:
        return '<span class="told"></span>'
    marks = ""
    if check.waited:
        marks += f'<i class="thin" style="width:{100 * check.waited.p90 / longest:.1f}%"></i>'
        marks += f'<i style="width:{100 * check.waited.median / longest:.1f}%"></i>'
    if check.promised_days is not None:
        marks += f'<i class="promise" style="left:{100 * check.promised_days / longest:.1f}%"></i>'
    few = "" if check.waited else " few"
    lane = f'<span class="lane{few}" aria-hidden="true">{marks}</span>'
    return f'<span class="told">{_cue(_("Waited for it:"))}{lane}{"<br>".join(_waits_in_words(check))}</span>'


def _waits_in_words(check: StepCheck) -> Iterator[str]:
    if check.waited is None:
        yield escape(_("Too few told how long they waited."))
        return
    told = _("Half within {median}, nine in ten within {p90}")
    yield escape(told.format(median=said.days(check.waited.median), p90=said.days(check.waited.p90)))
    if check.late is not None:
        late = _("Longer than promised: {share}").format(share=said.share(check.late))
        yield (
            f'<span class="late">{escape(late)}</span>' if check.late.n and check.late.share > MOSTLY else escape(late)
        )


def _cue(label: str) -> str:
    return f'<span class="cue">{escape(label)} </span>'


def key_to_lanes() -> str:
    """What the marks in the lanes mean."""
    mark = '<i style="display:inline-block;vertical-align:middle;margin-inline-end:.4rem;{}"></i>'
    orange = "background:#f46a25;border:1px solid #0b0c0c"
    parts = (
        ("width:1.6rem;height:.8rem;background:#12436d", _("share of journeys, or the wait of half of them")),
        (f"width:1.6rem;height:.3rem;{orange}", _("95% interval of a share")),
        ("width:1.6rem;height:3px;background:#12436d", _("the wait of nine in ten")),
        (f"width:4px;height:1rem;{orange}", _("what was promised")),
    )
    spans = "".join(f"<span>{mark.format(style)}{escape(told)}</span>" for style, told in parts)
    return f'<p class="tl-legend" style="font-size:.92rem">{spans}</p>'


def legend() -> str:
    """What the blocks of a real path mean."""
    kinds = (("taken", _("as intended")), ("extra", _("+ extra")), ("missing", _("missing")))
    blocks = "".join(f'<li class="{kind}">{escape(told)}</li>' for kind, told in kinds)
    return f'<ul class="tl-moves tl-legend" aria-hidden="true">{blocks}</ul>'


def moves(made: Sequence[Move]) -> str:
    """A real path beside the intended one, block by block."""
    blocks = "".join(_block(move) for move in made[:MOST])
    if len(made) > MOST:
        blocks += f'<li class="more">{escape(_("and {number} more").format(number=len(made) - MOST))}</li>'
    return f'<ol class="tl-moves">{blocks}</ol>'


def _block(move: Move) -> str:
    unseen = {"taken": "", "extra": _("extra:"), "missing": _("missing:")}[move.kind]
    spoken = f'<span class="tl-unseen">{escape(unseen)} </span>' if unseen else ""
    sign = '<b aria-hidden="true">+&nbsp;</b>' if move.kind == "extra" else ""
    return f'<li class="{move.kind}">{spoken}{sign}{escape(move.step)}</li>'


def rows_of(checks: Sequence[StepCheck], yes_no: Mapping[bool, str]) -> list[tuple[str, ...]]:
    """What became of each step, as rows of a table: the same numbers as the drawing."""
    return [
        (
            check.step,
            yes_no[check.optional],
            said.share(check.taken),
            said.days(check.promised_days) if check.promised_days is not None else _("none"),
            said.spread(check.waited),
            said.share(check.late) if check.late else "",
        )
        for check in checks
    ]


def per_cent_of(fitness: float) -> str:
    """How well a path fits."""
    return _("fits {share}").format(share=words.per_cent(fitness))


def for_need(asked: Asked, need: str | None, source: str) -> Asked:
    """A journey that is meant for one need is compared with journeys for that need, unless another was asked for."""
    if need is None or asked.filters.need or source != TOLD:
        return asked
    return replace(asked, filters=replace(asked.filters, need=need))
