"""Journeys taken out for other tools: steps as CSV, XES or OCEL, pseudonymous, without a word that people wrote."""

import io
from typing import IO

from insight import moments
from insight.access import Actor, Permission, use_case
from insight.errors import BadInput
from insight.intake import Place
from insight.journeys.files.package import FILE_NAMES, Form, Made, write_export
from insight.journeys.files.writing import outgoing
from insight.journeys.mining.log import Bools
from insight.journeys.model import TOLD, Asked
from insight.journeys.partners import theirs
from insight.journeys.scoping import Held, kept, read
from insight.language import _
from insight.settings import settings

__all__ = ["FILE_NAMES", "Form", "export_log", "journeys_leaving", "write_log"]


@use_case(Permission.EXPORT)
def export_log(actor: Actor, place: Place, form: str, asked: Asked | None = None, source: str = TOLD) -> bytes:
    """The journeys asked for as a file, called ``FILE_NAMES[form]``: see :func:`write_log`."""
    body = io.BytesIO()
    write_log(actor, place, form, body, asked, source)
    return body.getvalue()


@use_case(Permission.EXPORT, recorded=True)
def write_log(
    actor: Actor, place: Place, form: str, into: IO[bytes], asked: Asked | None = None, source: str = TOLD
) -> int:
    """Write the journeys asked for as ``form`` (csv, xes or ocel) without holding the file; gives how many they are.

    Journeys have random names and stand in a random order, new each time; what they do not hold is in
    ``docs/case-logs.md``. BadInput where they are fewer than the threshold.
    """
    if form not in set(Form):
        raise BadInput(_("Choose one of these forms: {forms}.").format(forms=", ".join(Form)))
    held, wanted = read(actor, place, source), asked or Asked()
    out = outgoing(held.record, _enough(actor, place, held, wanted), settings().threshold_inside)
    write_export(out, Form(form), _made(place, held, wanted), into)
    return out.record.journeys


@use_case(Permission.EXPORT)
def journeys_leaving(actor: Actor, place: Place, asked: Asked | None = None, source: str = TOLD) -> int:
    """How many journeys an export would hold. BadInput where they are fewer than the threshold."""
    held = read(actor, place, source)
    return int(_enough(actor, place, held, asked or Asked()).sum())


def _enough(actor: Actor, place: Place, held: Held, asked: Asked) -> Bools:
    mask, least = kept(actor, place, held, asked) & theirs(actor, held), settings().threshold_inside
    if int(mask.sum()) < least:
        told = _("Fewer than {least} journeys fit. Clear a filter, so that nobody can be recognised.")
        raise BadInput(told.format(least=least))
    return mask


def _made(place: Place, held: Held, asked: Asked) -> Made:
    run = f" of analysis {held.run.id}" if held.run else ""
    return Made(place.name, f"{held.source.name}{run}", _filters(asked), moments.now(), place.synthetic)


def _filters(asked: Asked) -> str:
    """The filters in words; a case log's or a teller's names may stand in them, since the actor chose them."""
    told = [
        f"{name.replace('_', ' ')} {value}"
        for name in asked.filters.__slots__
        if (value := getattr(asked.filters, name)) is not None
    ]
    if asked.theme is not None:
        told.append(f"pain point {asked.theme}")
    if asked.handoff is not None:
        told.append(f"passed on from {asked.handoff[0]} to {asked.handoff[1]}")
    if asked.path is not None:
        told.append(f"path {asked.path + 1} by {asked.grain}")
    if asked.kind is not None:
        told.append(f"kind {asked.kind + 1}")
    return "only journeys with " + ", ".join(told) if told else "all of them"
