"""What people may see of journeys: the map, paths, handoffs, waits, feelings, kinds, comparisons, one by one."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy.exc import IntegrityError

from insight import painpoints, safeguarding
from insight.access import Actor, Permission, use_case
from insight.database import session, write_session
from insight.errors import BadInput, Conflict, NotFound
from insight.intake import Place
from insight.journeys import (
    comparing,
    feeling,
    grouping,
    intended_store,
    leaving,
    listing,
    mapping,
    painful,
    passing,
    pathing,
    store,
    tabling,
    waiting,
)
from insight.journeys.mapping import PhaseDrawn, Said
from insight.journeys.mining.intended import Intended, load_intended
from insight.journeys.mining.log import Ints, Longs
from insight.journeys.model import TOLD, Asked, Source
from insight.journeys.partners import theirs
from insight.journeys.scoping import counted, kept, read, sources_of
from insight.journeys.views import (
    Comparison,
    EmotionCurve,
    Handoffs,
    JourneyList,
    JourneyMap,
    Kinds,
    Paths,
    PlaceOfPain,
    Waits,
)
from insight.language import _
from insight.painpoints import Filters, JourneyView, ToldAt
from insight.painpoints.withholding import in_force, only
from insight.privacy import Audience
from insight.sheets import as_csv

MOST_PHASES, LONGEST_PHASE = 9, 60


@use_case(Permission.SEE_INSIGHT)
def sources(actor: Actor, place: Place) -> tuple[Source, ...]:
    """Where a place's journeys come from: what people told, if it was analysed, and case logs."""
    return sources_of(actor, place)


@use_case(Permission.SEE_INSIGHT)
def choices(actor: Actor, place: Place, source: str = TOLD) -> dict[str, tuple[str, ...]]:
    """What journeys can be filtered by, by name of the filter; months under "month". Rare words are left out."""
    return read(actor, place, source).choices


@use_case(Permission.SEE_INSIGHT)
def journey_map(
    actor: Actor, place: Place, asked: Asked | None = None, source: str = TOLD, intended: str | None = None
) -> JourneyMap:
    """What happened to a group of journeys, phase by phase, with an intended journey beside it if asked for."""
    wanted = asked or Asked()
    held = read(actor, place, source)
    found = counted(actor, place, held, wanted)
    drawn = phases(actor, place, wanted.filters.need)
    meant = _intended(place, intended) if intended else None

    def speaks(story: Longs, step: Ints) -> Said | None:
        if held.run is None:
            return None
        return painpoints.most_told_at(actor, place, story, step, held.run.id)

    return JourneyMap(
        source=held.source,
        need=wanted.filters.need,
        journeys=found.all.number(),
        steps=int(found.mask[held.record.journey].sum()),
        phases=mapping.count_phases(held.record, found, drawn, speaks, meant),
        own_phases=bool(drawn),
        felt=held.source.felt,
        intended=meant.name if meant else None,
    )


@use_case(Permission.SEE_INSIGHT)
def paths(actor: Actor, place: Place, asked: Asked | None = None, source: str = TOLD) -> Paths:
    """The paths that journeys really took."""
    wanted = asked or Asked()
    held = read(actor, place, source)
    found, grain = counted(actor, place, held, wanted), wanted.grain
    return pathing.count_paths(held.record, held.logs[grain], held.variants[grain], found, grain)


@use_case(Permission.SEE_INSIGHT)
def handoffs(actor: Actor, place: Place, asked: Asked | None = None, source: str = TOLD) -> Handoffs:
    """Who passes people on to whom, and what it does to them."""
    held = read(actor, place, source)
    return passing.count_handoffs(held.record, counted(actor, place, held, asked or Asked()))


@use_case(Permission.SEE_INSIGHT)
def emotion_curve(actor: Actor, place: Place, asked: Asked | None = None, source: str = TOLD) -> EmotionCurve:
    """How journeys feel from their first step to their last, and the step that goes with the outcome most."""
    held = read(actor, place, source)
    return feeling.curve_of(held.record, counted(actor, place, held, asked or Asked()))


@use_case(Permission.SEE_INSIGHT)
def waits(actor: Actor, place: Place, asked: Asked | None = None, source: str = TOLD) -> Waits:
    """Where the waiting is, promised against real, and where journeys stop."""
    held = read(actor, place, source)
    return waiting.count_waits(held.record, counted(actor, place, held, asked or Asked()))


@use_case(Permission.SEE_INSIGHT)
def kinds(actor: Actor, place: Place, asked: Asked | None = None, source: str = TOLD) -> Kinds:
    """The kinds of journey that the analysis found, with the pain points that stand out in each."""
    held = read(actor, place, source)
    found = counted(actor, place, held, asked or Asked())

    def stands_out(stories: Longs, kind: Ints) -> tuple[tuple[str, ...], ...]:
        return painpoints.stand_out(actor, place, stories, kind, held.run.id) if held.run else ()

    return grouping.count_kinds(held.record, found, held.kinds, stands_out)


@use_case(Permission.SEE_INSIGHT)
def compare(actor: Actor, place: Place, first: Asked, second: Asked, source: str = TOLD) -> Comparison:
    """Two groups of journeys side by side, with intervals of their differences."""
    held = read(actor, place, source)
    groups = (counted(actor, place, held, first), counted(actor, place, held, second))
    return comparing.compare_groups(held.record, *groups)


@use_case(Permission.READ_STORIES)
def journey_list(
    actor: Actor, place: Place, asked: Asked | None = None, page: int = 1, source: str = TOLD
) -> JourneyList:
    """The journeys themselves, a page at a time, as names of steps."""
    held = read(actor, place, source)
    mine = kept(actor, place, held, asked or Asked()) & theirs(actor, held)
    return listing.list_journeys(held.record, mine, page)


@use_case(Permission.READ_STORIES)
def one_journey(actor: Actor, place: Place, number: int) -> JourneyView:
    """One journey of the published run as it was told, by its number there."""
    record = read(actor, place).record
    found = None
    if 0 <= number < record.journeys and record.key[number] >= 0:
        found = painpoints.journey_of_story(actor, place, int(record.key[number]))
    if found is None:
        raise NotFound(_("That journey is no longer here: it was changed or withdrawn after the analysis."))
    return found


@use_case(Permission.READ_STORIES)
def raise_concern(actor: Actor, place: Place, number: int, kinds: Sequence[str], note: str) -> None:
    """Send a journey of the published run to those who safeguard; nobody else reads it until they release it."""
    one_journey(actor, place, number)
    safeguarding.raise_concern(actor, int(read(actor, place).record.key[number]), kinds, note)


@use_case(Permission.EXPORT, recorded=True)
def export_comparison(actor: Actor, place: Place, first: Asked, second: Asked, source: str = TOLD) -> bytes:
    """Two groups side by side as CSV."""
    return as_csv(tabling.records(compare(actor, place, first, second, source)))


@use_case(Permission.EXPORT, recorded=True)
def export_table(
    actor: Actor,
    place: Place,
    view: str,
    asked: Asked | None = None,
    source: str = TOLD,
    audience: Audience = Audience.INSIDE,
) -> bytes:
    """A view as CSV: "map", "paths" (its variants), "flows", "handoffs", "waits", "kinds" or "curve".

    The file holds what the screen shows; for those outside, what may be published: numbers rounded, fewer of them.
    """
    views: dict[str, Callable[[Actor, Place, Asked | None, str], tabling.View]] = {
        "map": journey_map,
        "paths": paths,
        "handoffs": handoffs,
        "waits": waits,
        "kinds": kinds,
        "curve": emotion_curve,
    }
    if view not in {*views, "flows"}:
        raise NotFound(_("There is no such table."))
    if audience is Audience.OUTSIDE:
        held, wanted = read(actor, place, source), asked or Asked()
        found, drawn = counted(actor, place, held, wanted, audience), phases(actor, place, wanted.filters.need)
        return as_csv(leaving.outside_records(held, found, view, drawn, wanted.grain))
    if view == "flows":
        return as_csv(tabling.flow_records(paths(actor, place, asked, source)))
    return as_csv(tabling.records(views[view](actor, place, asked, source)))


@use_case(Permission.SEE_INSIGHT)
def places_of_pain(actor: Actor, place: Place, theme: int, filters: Filters | None = None) -> PlaceOfPain:
    """Where in journeys a pain point of the published run is told: at which services, on which handoffs."""
    held = read(actor, place)
    wanted, run_id = filters or Filters(), held.run.id if held.run else None
    names = in_force(wanted)

    def under(chosen: tuple[int, ...]) -> ToldAt:
        return painpoints.told_at(actor, place, theme, only(wanted, {names[at] for at in chosen}), run_id)

    return painful.place_pain(held.record, under, len(names), theme)


@use_case(Permission.SEE_INSIGHT)
def phases(actor: Actor, place: Place, need: str | None) -> tuple[PhaseDrawn, ...]:
    """The phases drawn for a need, else those for all needs; none where nobody drew any."""
    with session() as opened:
        row = (store.newest_phases(opened, place.id, need) if need else None) or store.newest_phases(
            opened, place.id, ""
        )
        return tuple(PhaseDrawn(told["name"], tuple(told["services"])) for told in (row.body if row else []))


@use_case(Permission.RUN_ANALYSIS)
def save_phases(actor: Actor, place: Place, need: str | None, drawn: Sequence[PhaseDrawn]) -> None:
    """Keep a new version of the phases for a need (None: all needs); none at all goes back to steps by place.

    Raises BadInput for phases without a name, of the same name, or that share a service.
    """
    _check_phases(drawn)
    body = [{"name": phase.name.strip(), "services": list(phase.services)} for phase in drawn]
    try:
        with write_session() as opened:
            store.add_phases(opened, place.id, need or "", body, actor.called, datetime.now(UTC))
    except IntegrityError:
        raise Conflict(_("Somebody else saved the phases just now. Look at theirs, then save yours again.")) from None


def _check_phases(drawn: Sequence[PhaseDrawn]) -> None:
    names = [phase.name.strip() for phase in drawn]
    services = [service for phase in drawn for service in phase.services]
    if len(drawn) > MOST_PHASES:
        raise BadInput(_("A map has at most {most} phases. Join some of them.").format(most=MOST_PHASES))
    if not all(names) or any(len(name) > LONGEST_PHASE for name in names):
        told = _("Give every phase a name of at most {most} characters.")
        raise BadInput(told.format(most=LONGEST_PHASE))
    if len({name.casefold() for name in names}) < len(names):
        raise BadInput(_("Two phases have the same name. Give each its own."))
    if len(set(services)) < len(services):
        twice = next(service for service in services if services.count(service) > 1)
        raise BadInput(_("{service} is in two phases. Leave it in one of them.").format(service=twice))


def _intended(place: Place, code: str) -> Intended:
    with session() as opened:
        row = intended_store.one_version(opened, place.id, code)
    if row is None:
        raise NotFound(_("There is no such intended journey here. Choose one from the list."))
    return load_intended(row.body)
