"""The tables of intake: places and their services, question sets, drafts, stories with steps and consents, imports."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insight.database.base import Base, UtcDateTime
from insight.database.sealed import SealedJson, SealedText


class PlaceRow(Base):
    """A place whose residents are heard."""

    __tablename__ = "place"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    synthetic: Mapped[bool] = mapped_column(default=False)


class OrganisationRow(Base):
    """An organisation that runs services in a place."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("place_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    name: Mapped[str] = mapped_column(String(200))
    sector: Mapped[str] = mapped_column(String(40))


class ServiceRow(Base):
    """A service on a place's list, with its id in the Local Government Services List where it has one."""

    __tablename__ = "service"
    __table_args__ = (UniqueConstraint("place_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(200))
    lgsl_id: Mapped[int | None]


class QuestionSetRow(Base):
    """A question set as it was when first used: the digest keeps a version from changing under its answers.

    ``body`` holds the questions of a survey as JSON; without it they stand in ``data/questions``.
    """

    __tablename__ = "question_set"
    __table_args__ = (UniqueConstraint("code", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(120))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    body: Mapped[str | None] = mapped_column(Text)
    first_used_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SurveyRow(Base):
    """A place's own questionnaire: what is being built (``working``), and the version that people answer now."""

    __tablename__ = "survey"
    __table_args__ = (UniqueConstraint("place_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    code: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    working: Mapped[dict[str, Any]] = mapped_column(JSON)
    question_set_id: Mapped[int | None] = mapped_column(ForeignKey("question_set.id"))
    opens_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    created_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DraftRow(Base):
    """Answers on their way. The key that opens a draft is known to the teller alone; only its hash is kept.

    ``sealed_key`` gives the key to somebody who knows the draft's four words. ``reached`` is the page last saved.
    A draft that changes a story which was sent before has ``amends_id``; ``sent_at`` says when any draft was sent.
    """

    __tablename__ = "draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    question_set_id: Mapped[int] = mapped_column(ForeignKey("question_set.id"))
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    language: Mapped[str] = mapped_column(String(12))
    answers: Mapped[dict[str, Any]] = mapped_column(SealedJson("draft.answers"))
    revision: Mapped[int] = mapped_column(default=0)
    survey_id: Mapped[int | None] = mapped_column(ForeignKey("survey.id"))
    campaign: Mapped[str | None] = mapped_column(String(40))
    reached: Mapped[str | None] = mapped_column(String(60))
    words_tag: Mapped[str | None] = mapped_column(String(64), unique=True)
    sealed_key: Mapped[str | None] = mapped_column(String(80))
    amends_id: Mapped[int | None] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"))
    amends_version: Mapped[int | None]
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ImportRow(Base):
    """One file that was brought in, and what became of its rows."""

    __tablename__ = "import"
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    file_name: Mapped[str] = mapped_column(String(300))
    file_digest: Mapped[str] = mapped_column(String(64))
    rows_read: Mapped[int]
    rows_added: Mapped[int]
    rows_known: Mapped[int]
    rows_bad: Mapped[int]
    imported_by: Mapped[str] = mapped_column(String(200))
    imported_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MappingRow(Base):
    """Which column of a kind of file means what, kept to be used again."""

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("place_id", "name"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    name: Mapped[str] = mapped_column(String(120))
    columns: Mapped[dict[str, str]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StoryRow(Base):
    """A journey as told. ``token`` makes sending it twice the same as once.

    Its words are the safe copy: what may point to a person stands there as a mark such as ``[name]``. The words as
    they were told stand in ``answers`` and in :class:`OriginalRow`. ``gathered_by`` is the organisation whose staff
    logged or brought it in; none where the teller sent it.
    """

    __tablename__ = "story"
    __table_args__ = (
        Index("ix_story_place_id_id", "place_id", "id"),
        Index("ix_story_logged_by_id", "logged_by", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    question_set_id: Mapped[int | None] = mapped_column(ForeignKey("question_set.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import.id"))
    external_id: Mapped[str | None] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(default=1)
    source: Mapped[str] = mapped_column(String(24))
    provenance: Mapped[str] = mapped_column(String(24))
    teller_role: Mapped[str | None] = mapped_column(String(24))
    language: Mapped[str] = mapped_column(String(12))
    need: Mapped[str | None] = mapped_column(String(80))
    need_met: Mapped[str | None] = mapped_column(String(24))
    overall_feeling: Mapped[int | None]
    what_happened: Mapped[str | None] = mapped_column(SealedText("story.what_happened"))
    what_better: Mapped[str | None] = mapped_column(SealedText("story.what_better"))
    what_good: Mapped[str | None] = mapped_column(SealedText("story.what_good"))
    obstacles: Mapped[list[str]] = mapped_column(JSON)
    obstacle_text: Mapped[str | None] = mapped_column(SealedText("story.obstacle_text"))
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    logged_by: Mapped[str | None] = mapped_column(String(200))
    answers: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("story.answers"))
    survey_id: Mapped[int | None] = mapped_column(ForeignKey("survey.id"))
    campaign: Mapped[str | None] = mapped_column(String(40))
    seconds: Mapped[int | None]
    gathered_by: Mapped[str | None] = mapped_column(String(200))


class StepRow(Base):
    """One step of a journey, in order."""

    __tablename__ = "step"
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"))
    service_name: Mapped[str | None] = mapped_column(String(200))
    organisation_name: Mapped[str | None] = mapped_column(String(200))
    channel: Mapped[str | None] = mapped_column(String(24))
    happened_on: Mapped[date | None]
    precision: Mapped[str | None] = mapped_column(String(8))
    waited_days: Mapped[int | None]
    promised_days: Mapped[int | None]
    feeling: Mapped[int | None]
    told_again: Mapped[bool | None]
    sent_elsewhere: Mapped[bool | None]
    sorted_out: Mapped[str | None] = mapped_column(String(8))
    note: Mapped[str | None] = mapped_column(SealedText("step.note"))
    hours: Mapped[float | None]
    pence: Mapped[int | None]


class OriginalRow(Base):
    """The words of a story as they were told, where its safe copy differs: ``{"what_happened": {"told", "marks"}}``.

    A note on a step goes by ``note:POSITION``; a mark is ``[start, end, kind, by]``.
    ``intake.originals`` alone reads it.
    """

    __tablename__ = "story_original"
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(SealedJson("story_original.body"))


class ConsentRow(Base):
    """One agreement about one story, with the wording shown, how it was given and who recorded it."""

    __tablename__ = "consent"
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), primary_key=True)
    scope: Mapped[str] = mapped_column(String(16), primary_key=True)
    given: Mapped[bool]
    how: Mapped[str] = mapped_column(String(16))
    wording: Mapped[str] = mapped_column(String(300))
    recorded_by: Mapped[str | None] = mapped_column(String(200))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ConcernRow(Base):
    """A story that speaks of harm, waiting to be read by somebody who may; it holds no words of the story.

    ``state`` is open, released (the story may be analysed and quoted) or withheld. The row outlives an erased story.
    """

    __tablename__ = "concern"
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    story_id: Mapped[int | None] = mapped_column(ForeignKey("story.id", ondelete="SET NULL"), unique=True)
    kinds: Mapped[list[str]] = mapped_column(JSON)
    raised_by: Mapped[str] = mapped_column(String(24))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(12), default="open")


class ReviewRow(Base):
    """How far a story was looked through: ``state`` is waiting, accepted or rejected (shown nowhere, in no analysis).

    ``version`` is the story's as it was looked at; ``revision`` counts what was done, so that two moderators notice
    each other. A story without a row waits.
    """

    __tablename__ = "review"
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str | None] = mapped_column(String(24))
    version: Mapped[int]
    revision: Mapped[int]
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ReleaseRow(Base):
    """That a sentence of a story may leave the place. The tag is a keyed digest of the sentence: it holds no word."""

    __tablename__ = "quote_release"
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    by: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ErasedTokenRow(Base):
    """That an imported story was erased, so that the same file does not bring it back.

    The tag is a keyed digest of the story's token: without the place's secret and the row itself it leads nowhere.
    """

    __tablename__ = "erased_token"
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)


class StoryHistoryRow(Base):
    """What a story said before it was changed, when and by whom."""

    __tablename__ = "story_history"
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(SealedJson("story_history.body"))
    changed_by: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
