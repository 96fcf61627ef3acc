"""Which questions somebody was asked: a file's, or a survey's, each kept as it was when first used."""

import json
from functools import lru_cache

from sqlalchemy.orm import Session

from insight.errors import NotReady
from insight.intake import place_store
from insight.intake.questions import QuestionSet, question_set
from insight.intake.tables import QuestionSetRow
from insight.moments import now


def used(opened: Session, questions: QuestionSet) -> QuestionSetRow:
    """The row of a file's question set, made at its first use; a file that was changed since is refused."""
    row = place_store.question_set_row(opened, questions.code, questions.version)
    if row is None:
        return place_store.add_question_set(opened, questions.code, questions.version, questions.digest, now())
    if row.digest != questions.digest:
        raise NotReady(
            f"Question set {questions.code} version {questions.version} was changed after people answered it. "
            f"Put the file back, and make the change in {questions.code}-{questions.version + 1}.toml."
        )
    return row


def asked_in(opened: Session, question_set_id: int) -> QuestionSet:
    """The questions of a version that has been used."""
    row = opened.get_one(QuestionSetRow, question_set_id)
    return asked(row.code, row.version, row.body, row.digest)


def asked(code: str, version: int, body: str | None, digest: str) -> QuestionSet:
    """The questions of a row that was read already."""
    return question_set(code, version) if body is None else _of_survey(body, digest)


@lru_cache(maxsize=64)
def _of_survey(body: str, digest: str) -> QuestionSet:
    return QuestionSet.model_validate(json.loads(body) | {"digest": digest})
