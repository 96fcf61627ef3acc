"""The words of intake: a story, its steps, its consents, and who told it.

Frozen records without behaviour that acts. Every code here is stable: it is stored, exported and never renamed.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Channel(StrEnum):
    """How a step took place."""

    WEB_FORM = "web_form"
    APP = "app"
    EMAIL = "email"
    PHONE = "phone"
    SMS = "sms"
    WEBCHAT = "webchat"
    POST = "post"
    FACE_TO_FACE = "face_to_face"
    HOME_VISIT = "home_visit"
    OUTREACH = "outreach"
    SOCIAL_MEDIA = "social_media"
    VIDEO = "video"
    THIRD_PARTY = "third_party"


class Precision(StrEnum):
    """How exactly a date is remembered. The stored date is the first day of what was remembered."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class NeedMet(StrEnum):
    """Whether the need was met, as the teller sees it."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    TOO_EARLY = "too_early"
    UNKNOWN = "unknown"


class Sorted(StrEnum):
    """Whether one step sorted out what it was for."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


class TellerRole(StrEnum):
    """Who the teller is in the story."""

    SELF = "self"
    CARER = "carer"
    PARENT = "parent"
    FRIEND = "friend"
    STAFF = "staff"


class Provenance(StrEnum):
    """Whose words the text is."""

    OWN_WORDS = "own_words"
    PARAPHRASE = "paraphrase"
    OBSERVED = "observed"
    CASE_NOTE = "case_note"


class Source(StrEnum):
    """How the story reached us."""

    SELF_WEB = "self_web"
    STAFF_PHONE = "staff_phone"
    STAFF_FACE_TO_FACE = "staff_face_to_face"
    STAFF_OBSERVED = "staff_observed"
    STAFF_PAPER = "staff_paper"
    IMPORT = "import"
    DEMO = "demo"


class ConsentScope(StrEnum):
    """What the teller may agree to, each on its own."""

    ANALYSE = "analyse"
    QUOTE = "quote"
    CONTACT = "contact"


class ConsentHow(StrEnum):
    """How consent was given."""

    TICKED = "ticked"
    VERBAL = "verbal"
    WRITTEN = "written"
    PROXY = "proxy"


class Obstacle(StrEnum):
    """What got in the way of doing the right thing, as staff see it."""

    RULES = "rules"
    FUNDING = "funding"
    SYSTEMS = "systems"
    DATA_SHARING = "data_sharing"
    TARGETS = "targets"
    WORKLOAD = "workload"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Step:
    """One contact, action or wait in a journey. ``None`` means skipped or not known.

    ``service`` and ``organisation`` are names as told; ``service_code`` is set when the name is on the place's list.
    ``happened_on`` is the first day of what was remembered, read with ``precision``. Waits are in days, ``feeling``
    runs from -2 (very bad) to +2 (very good), ``hours`` and ``pence`` are what the step cost the resident.
    """

    service: str | None = None
    service_code: str | None = None
    organisation: str | None = None
    channel: Channel | None = None
    happened_on: date | None = None
    precision: Precision | None = None
    waited_days: int | None = None
    promised_days: int | None = None
    feeling: int | None = None
    told_again: bool | None = None
    sent_elsewhere: bool | None = None
    sorted_out: Sorted | None = None
    note: str | None = None
    hours: float | None = None
    pence: int | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """One agreement, with the wording that was shown and who recorded it how."""

    scope: ConsentScope
    given: bool
    how: ConsentHow = ConsentHow.TICKED
    wording: str = "journey-1"
    recorded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A whole journey as told: what was needed, the steps in order, how it ended, and what may be done with it."""

    need: str | None = None
    what_happened: str | None = None
    steps: tuple[Step, ...] = ()
    need_met: NeedMet | None = None
    what_better: str | None = None
    what_good: str | None = None
    teller_role: TellerRole | None = None
    provenance: Provenance = Provenance.OWN_WORDS
    source: Source = Source.SELF_WEB
    language: str = "en"
    consents: tuple[Consent, ...] = ()
    obstacle_text: str | None = None
    obstacles: tuple[Obstacle, ...] = ()
    overall_feeling: int | None = None
    told_at: datetime | None = None
    external_id: str | None = None
    extras: dict[str, str] = field(default_factory=dict)

    def agreed(self, scope: ConsentScope) -> bool:
        """Whether the teller gave this consent."""
        return any(c.scope is scope and c.given for c in self.consents)
