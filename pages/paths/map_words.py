"""What the journey map says, in words: one wording for its picture, its cards, its table and its text alternative."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from insight.journeys import Days, JourneyMap, Mean, Phase, Share
from insight.language import _, ngettext, noted
from insight.privacy import count_in_words
from pages.kit import words
from pages.paths import said

LANES = {
    "reached": noted("How many come this far"),
    "intended": noted("What was meant to happen"),
    "services": noted("What happens"),
    "organisations": noted("Who they deal with"),
    "channels": noted("How they are in touch"),
    "feeling": noted("How it feels"),
    "wait": noted("How long they wait"),
    "passed": noted("Told again and passed on"),
    "quote": noted("In their words"),
}
ABOUT = {
    "reached": noted("Of all journeys on this map"),
    "intended": noted("With the days that were promised"),
    "services": noted("The commonest services, and how many journeys went to each"),
    "organisations": noted("The commonest organisations, by journeys"),
    "channels": noted("The commonest channels, by journeys"),
    "feeling": noted("Mean feeling. The shaded band is where the true mean is likely to lie"),
    "wait": noted("Days waited before these steps, as told or by date"),
    "passed": noted("Share of journeys. The thin line is where the true share is likely to lie"),
    "quote": noted("What hurts most here, how many tell of it, and how one of them says it"),
}
NOTHING = {
    "services": noted("No data: no service was named"),
    "organisations": noted("No data: no organisation was named"),
    "channels": noted("No data: nobody told how"),
    "feeling": noted("No data: too few told how it felt"),
    "wait": noted("No data: too few told how long"),
    "passed": noted("No data: too few told"),
    "quote": noted("No words to show"),
}
NOT_FELT = noted("No data: a case log does not hold what people feel and say")


def to_leave(shown: JourneyMap) -> JourneyMap:
    """The map as it may leave the product: without the words that are not for quoting."""
    phases = (
        replace(phase, quote=None) if phase.quote and not phase.quote.may_leave else phase for phase in shown.phases
    )
    return replace(shown, phases=tuple(phases))


def title(shown: JourneyMap) -> str:
    """What the map is of."""
    if not shown.felt:
        return shown.source.name
    return _("Journeys: {need}").format(need=words.need(shown.need)) if shown.need else _("Journeys for all needs")


def rests_on(shown: JourneyMap, where: str = "") -> str:
    """What the map rests on, in one line; ``where`` names the place."""
    steps = ngettext("{number} step", "{number} steps", shown.steps).format(number=f"{shown.steps:,}")
    return " · ".join(part for part in (said.journeys(shown.journeys), steps, shown.source.name, where) if part)


def how_sure() -> str:
    """How the map's numbers are to be read."""
    return _(
        "Every range, such as 16% to 21%, is a 95% interval: the true value is likely to lie within it. "
        "Numbers from {few} journeys are not shown."
    ).format(few=count_in_words(None))


def hidden() -> str:
    """A phase that too few journeys reach."""
    return _("{few} journeys come here: too few to show").format(few=count_in_words(None).capitalize())


def lane(name: str, shown: JourneyMap) -> str:
    """What a lane is called."""
    if name == "reached" and shown.own_phases:
        return _("How many come here")
    return _(LANES[name])


def about(name: str, shown: JourneyMap) -> str:
    """What a lane's numbers are; for the intended journey also its name."""
    told = _(ABOUT[name])
    return f"{shown.intended}. {told}" if name == "intended" and shown.intended else told


def nothing(name: str, felt: bool) -> str:
    """What stands where a lane has no data."""
    return _(NOT_FELT) if not felt and name in ("feeling", "quote") else _(NOTHING[name])


def amount(one: Share) -> str:
    """A share: 34%; under 25% where too few for a number."""
    share = words.per_cent(one.share)
    return share if one.n is not None else _("under {share}").format(share=share)


def interval(one: Share) -> str:
    """What a share rests on: 28% to 41%, of 188 journeys; or fewer than 5 of 20 journeys."""
    of = said.journeys(one.of)
    if one.n is None:
        return _("{few} of {journeys}").format(few=count_in_words(None), journeys=of)
    return _("{low} to {high}, of {journeys}").format(
        low=words.per_cent(one.low), high=words.per_cent(one.high), journeys=of
    )


def come(reached: Share) -> str:
    """How many of all journeys come to a phase: 75% (69% to 80%)."""
    return _("every journey") if reached.n == reached.of else words.interval(reached.share, reached.low, reached.high)


def ends(one: Share) -> str:
    """How many of the journeys in a phase go no further: 14% (10% to 19%) end here."""
    if one.n == one.of:
        return _("all of them end here")
    if one.n is None:
        return _("{few} end here").format(few=count_in_words(None))
    return _("{share} end here").format(share=words.interval(one.share, one.low, one.high))


def waits(wait: Days) -> str:
    """How many waits were told: one journey may wait twice in a phase."""
    return ngettext("{number} wait", "{number} waits", wait.n).format(number=f"{wait.n:,}")


def half(wait: Days) -> str:
    """The median wait: half within 12 days."""
    return _("Half within {days}").format(days=said.days(_whole(wait.median)))


def tenth(wait: Days) -> str:
    """The 90th percentile: one in ten over 60 days."""
    if _whole(wait.p90) <= _whole(wait.median):
        return _("nine in ten as well")
    return _("one in ten over {days}").format(days=said.days(_whole(wait.p90)))


def _whole(days: float) -> float:
    return float(round(days))


def felt(feeling: Mean) -> str:
    """A mean feeling in a word and a number: Bad, −0.9."""
    return f"{words.feeling(feeling.mean).capitalize()}, {said.signed(feeling.mean)}"


def felt_between(feeling: Mean) -> str:
    """The interval of a mean feeling: −1.1 to −0.7."""
    return _("{low} to {high}").format(low=said.signed(feeling.low), high=said.signed(feeling.high))


def promised(name: str, days: int | None) -> str:
    """An intended step with its promise."""
    return name if days is None else _("{step}, within {days}").format(step=name, days=said.days(days))


def pain(phase: Phase) -> str:
    """The pain point that the quote speaks to, with how many journeys tell of it."""
    if phase.pain is None:
        return ""
    return _("{pain} ({journeys})").format(pain=phase.pain[1], journeys=said.journeys(phase.pain[2]))


def from_where(phase: Phase) -> str:
    """Where a quote comes from."""
    if phase.quote is None:
        return ""
    need = words.need(phase.quote.need) if phase.quote.need else None
    allowed = words.quotable(phase.quote.may_quote, phase.quote.may_leave)
    return ", ".join(part for part in (phase.quote.service, need, allowed) if part)


def names(rows: Sequence[tuple[str, int]], code: str) -> list[tuple[str, int]]:
    """The names of a lane as people read them."""
    return [(words.channel(name) if code == "channels" else name, n) for name, n in rows]


def facts(phase: Phase) -> Iterator[tuple[str, list[str]]]:
    """Everything that the map says of one phase: (lane's code, sentences)."""
    if phase.intended:
        yield "intended", [promised(name, days) for name, days in phase.intended]
    if phase.journeys is None:
        yield "reached", [hidden()]
        return
    yield "reached", list(_come(phase))
    for name in ("services", "organisations", "channels"):
        yield name, [f"{called}: {n:,}" for called, n in names(getattr(phase, name), name)]
    yield "feeling", list(_feeling(phase.feeling))
    yield "wait", list(_wait(phase))
    yield "passed", list(_passed(phase))
    yield "quote", list(_quote(phase))


def _come(phase: Phase) -> Iterator[str]:
    yield said.journeys(phase.journeys)
    if phase.reached:
        yield come(phase.reached)
    if phase.ended_here:
        yield ends(phase.ended_here)


def _feeling(feeling: Mean | None) -> Iterator[str]:
    if feeling:
        yield _("{felt} ({interval}, {journeys})").format(
            felt=felt(feeling), interval=felt_between(feeling), journeys=said.journeys(feeling.n)
        )


def _wait(phase: Phase) -> Iterator[str]:
    if phase.wait:
        yield f"{half(phase.wait)}, {tenth(phase.wait)} ({waits(phase.wait)})"
    if phase.late:
        yield f"{late(phase.late)} ({interval(phase.late)})"


def late(one: Share) -> str:
    """How often it took longer than promised."""
    return _("Longer than promised: {share}").format(share=amount(one))


def _passed(phase: Phase) -> Iterator[str]:
    for label, one in passed(phase):
        yield f"{amount(one)} {label} ({interval(one)})"


def passed(phase: Phase) -> Iterator[tuple[str, Share]]:
    """How many had to tell it all again, and how many were passed on, as far as told."""
    for label, one in ((_("told it all again"), phase.told_again), (_("passed on"), phase.passed_on)):
        if one:
            yield label, one


def _quote(phase: Phase) -> Iterator[str]:
    if phase.pain:
        yield pain(phase)
    if phase.quote:
        where = from_where(phase)
        yield f"“{phase.quote.text}”" + (f" ({where})" if where else "")


def rows(shown: JourneyMap) -> list[tuple[str, str, str]]:
    """The map as a table: phase, what is told of it, and what it says."""
    return [
        (phase.name, lane(name, shown), "; ".join(told) or nothing(name, shown.felt))
        for phase in shown.phases
        for name, told in facts(phase)
    ]


def alternative(shown: JourneyMap, where: str = "") -> str:
    """The whole map, said."""
    phases = " ".join(
        f"{place}. {phase.name}. "
        + " ".join(
            f"{lane(name, shown)}: {'; '.join(told) or nothing(name, shown.felt)}." for name, told in facts(phase)
        )
        for place, phase in enumerate(shown.phases, 1)
    )
    return f"{title(shown)}. {rests_on(shown, where)}. {phases}"
