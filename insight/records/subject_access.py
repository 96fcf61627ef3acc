"""All that is held of somebody under their reference, as one file that staff can hand over (UK GDPR, Article 15)."""

import io
import zipfile
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from insight import audit
from insight.access import Actor, Permission, use_case
from insight.database import session
from insight.errors import NotFound
from insight.intake import Place, masking, tidy_reference
from insight.intake.tables import StoryRow
from insight.language import _
from insight.limits import count_try, give_back
from insight.moments import now
from insight.receipts import Download, gathering, leaving, rules
from insight.receipts import store as receipt_store
from insight.records import held_store, subject_paper
from insight.records.retention import falls_due

TRIES, TRIES_OF_ALL, WITHIN_SECONDS = 10, 100, 600


@use_case(Permission.KEEP_RECORDS, recorded=True)
def subject_access(actor: Actor, place: Place, reference: str) -> Download:
    """A zip with what is held under a reference in this place: JSON for programs, HTML to read and print.

    Wrong references are counted before the story is looked for, each person's and everybody's; after ten in ten
    minutes even a right one is refused (:class:`~insight.limits.TooOften`). A wrong reference, one of another place
    and one whose story was erased are the same :class:`~insight.errors.NotFound`.
    """
    askers = {actor.called: TRIES, "": TRIES_OF_ALL}
    for asker, most in askers.items():
        count_try("subject-access", asker, most, WITHIN_SECONDS)
    with session() as opened:
        story = receipt_store.story_by_reference(opened, tidy_reference(reference) or "")
        if story is None or story.place_id != place.id:
            raise NotFound(_("We hold nothing under that reference. Check each letter and number."))
        held, told = gathering.all_held(opened, story), _told(opened, story, now())
    for asker in askers:
        give_back("subject-access", asker)
    files = {
        "what-is-held.json": subject_paper.as_json(held, told),
        "what-is-held.html": subject_paper.as_html(held, told),
    }
    return Download("subject-access.zip", "application/zip", _zipped(files))


def _told(opened: Session, story: StoryRow, at: datetime) -> dict[str, Any]:
    """What is held beside what the teller's receipt shows, ready to be written as JSON."""
    questions = gathering.questions_of(opened, story)
    safe = gathering.safe_answers_of(opened, story)
    rule = falls_due(opened, story)
    tag = audit.tagged(story.reference)
    runs = held_store.runs_named(opened, leaving.runs_that_read(opened, story.place_id, story.id))
    return {
        "made_at": at,
        "gathered_by": story.gathered_by,
        "retention": None if rule is None else {"days": rule[0], "due_at": rule[1]},
        "safe_copy": {
            "answers": rules.answers_held(questions, safe),
            "steps": rules.steps_held(questions, safe),
        },
        "marks": [
            {"field": field, "words": kept["told"][mark.start : mark.end], "kind": mark.kind.value}
            for field, kept in held_store.original_of(opened, story.id).items()
            for mark in masking.marks_in(kept)
        ],
        "analyses": [
            {"number": row.id, "started_at": row.started_at, "shown_to_all": published} for row, published in runs
        ],
        "audit": [
            {"number": row.number, "at": row.at, "role": row.role, "what": row.what}
            for row in held_store.entries_about(opened, story, tag)
        ],
        "rows": held_store.rows_naming(opened, story.id),
    }


def _zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return made.getvalue()
