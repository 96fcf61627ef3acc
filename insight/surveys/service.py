"""What people may do with surveys: build one, publish it in versions, open and close it, see how far people get."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from sqlalchemy.orm import Session

from insight.access import Actor, Permission, use_case
from insight.database import session, write_session
from insight.errors import BadInput, NotFound, NotReady
from insight.intake import Place, asking, current_place, question_set
from insight.intake.place_store import lock_place
from insight.intake.questions import Choice, QuestionSet, YesNo, said
from insight.intake.tables import SurveyRow
from insight.language import LANGUAGES
from insight.moments import now
from insight.privacy import shown
from insight.settings import settings
from insight.surveys import posters, publishing, results, rules, store
from insight.surveys.model import Answered, Progress, Published, State, Summary, Survey, Working
from insight.surveys.phrases import missing

CODE_LENGTH = 30  # with the place's code, a version's code stays within its column


@use_case(Permission.RUN_SURVEYS)
def surveys(actor: Actor, place: Place) -> list[Summary]:
    """A place's surveys, newest first."""
    with session() as opened:
        return [
            Summary(row.code, row.title, _state(row), version, shown(count), row.opens_on, row.closes_on)
            for row, version, count in store.surveys_of(opened, place.id)
        ]


@use_case(Permission.RUN_SURVEYS)
def create(actor: Actor, place: Place, title: str) -> Survey:
    """Begin a survey from the newest question set of a journey. Its code, for the address, is made from the title."""
    working = rules.started_from(question_set(), title)
    at = now()
    with write_session() as opened:
        lock_place(opened, place.id)
        code = rules.untaken(rules.code_of(title, CODE_LENGTH - 4, "-"), store.codes_of(opened, place.id), "-")
        row = SurveyRow(place_id=place.id, code=code, created_by=actor.called, created_at=at, updated_at=at)
        _keep(row, working)
        store.add_survey(opened, row)
        return _survey(opened, place, row)


@use_case(Permission.RUN_SURVEYS)
def survey(actor: Actor, place: Place, code: str) -> Survey:
    """A survey as it stands."""
    with session() as opened:
        return _survey(opened, place, _row(opened, place, code))


@use_case(Permission.RUN_SURVEYS)
def revise(actor: Actor, place: Place, code: str, edit: Callable[[Working], Working]) -> Survey:
    """Change the working copy by a rule of ``rules`` or ``phrases``, such as ``partial(drop, path="steps.hours")``.

    The edit is made to the copy as it is at this moment, so that two people may build one survey.
    """
    with write_session() as opened:
        row = _row(opened, place, code, change=True)
        _keep(row, edit(Working.model_validate(row.working)))
        return _survey(opened, place, row)


@use_case(Permission.RUN_SURVEYS, recorded=True)
def set_dates(actor: Actor, place: Place, code: str, opens_on: date | None, closes_on: date | None) -> Survey:
    """The first and the last day on which people can start to answer; None for no such day."""
    if opens_on and closes_on and closes_on < opens_on:
        raise BadInput("The last day must not be before the first day.")
    with write_session() as opened:
        row = _row(opened, place, code, change=True)
        row.opens_on, row.closes_on, row.updated_at = opens_on, closes_on, now()
        return _survey(opened, place, row)


@use_case(Permission.RUN_SURVEYS, recorded=True)
def publish(actor: Actor, place: Place, code: str) -> Published:
    """Let people answer the working copy, as a new version that never changes; nothing new where nothing changed."""
    with write_session() as opened:
        row = _row(opened, place, code, change=True)
        working = Working.model_validate(row.working)
        if gaps := missing(working):
            raise BadInput(f"Some words are missing in a language that is offered: {len(gaps)}. Write them first.")
        name = _question_set_code(place, row)
        newest = store.newest_version(opened, name)
        before = _asked(opened, row)
        after = publishing.as_questions(working, name, newest + 1, _base(working), before)
        if before is not None and publishing.same(before, after):
            return Published(before.version, new=False)
        body = publishing.stored(after)
        row.question_set_id = store.add_version(opened, name, after.version, after.digest, body, now())
        row.updated_at = now()
        return Published(after.version, new=True)


@use_case(Permission.RUN_SURVEYS, recorded=True)
def close(actor: Actor, place: Place, code: str) -> Survey:
    """Let nobody start to answer from now on. Who has started may finish."""
    with write_session() as opened:
        row = _row(opened, place, code, change=True)
        row.closes_on, row.updated_at = now().date() - timedelta(days=1), now()
        return _survey(opened, place, row)


@use_case(Permission.RUN_SURVEYS, recorded=True)
def reopen(actor: Actor, place: Place, code: str) -> Survey:
    """Let people answer again, without a last day."""
    with write_session() as opened:
        row = _row(opened, place, code, change=True)
        row.closes_on, row.updated_at = None, now()
        return _survey(opened, place, row)


@use_case(Permission.RUN_SURVEYS)
def preview(actor: Actor, place: Place, code: str) -> QuestionSet:
    """The working copy as people would be asked it; what is missing in a language stands there in English."""
    with session() as opened:
        row = _row(opened, place, code)
        return _next(opened, place, row, Working.model_validate(row.working))


@use_case(Permission.RUN_SURVEYS)
def poster(
    actor: Actor, place: Place, base: str, language: str, campaign: str = "", code: str | None = None
) -> posters.Poster:
    """A poster that leads to a survey, or without a ``code`` to the place's own questions.

    ``base`` is where the product is open to the public (https://tell.example.gov.uk), ``campaign`` where it will hang:
    it stands in the QR code, so that answers know where they came from, and not in the address that people type.
    """
    where = "" if current_place().code == place.code else place.code
    spoken = "" if language == "en" else language
    url = posters.address(base, code, place=where, from_=posters.campaign_code(campaign), lang=spoken)
    if code is None:
        return posters.poster(place, language, url, posters.address(base, place=where))
    with session() as opened:
        questions = _asked(opened, _row(opened, place, code))
    if questions is None:
        raise NotReady("Publish the survey first: a poster must lead somewhere.")
    return posters.poster(place, language, url, posters.address(base, code, place=where), questions.title)


@use_case(Permission.RUN_SURVEYS)
def progress(actor: Actor, place: Place, code: str) -> Progress:
    """How far people get with a survey, and what they chose, with small numbers hidden."""
    with session() as opened:
        row = _row(opened, place, code)
        questions = _asked(opened, row)
        if questions is None:
            raise NotFound("Nobody has answered this survey: publish it first.")
        return _progress(opened, row, questions, settings().threshold_inside)


def _progress(opened: Session, row: SurveyRow, questions: QuestionSet, threshold: int) -> Progress:
    sent = store.count_sent(opened, row.id)
    stops = results.stops(questions, store.unsent_by_page(opened, row.id), threshold)
    counted = results.whole_batches(sent, threshold)
    last = store.story_at(opened, row.id, counted) or 0
    seconds = store.seconds_taken(opened, row.id, last)
    enough = len(seconds) >= threshold
    offered = dict.fromkeys(publishing.languages_of(questions), 0)
    languages = {
        LANGUAGES[code].name if code in LANGUAGES else str(code): count
        for code, count in (offered | store.count_by_language(opened, row.id, last)).items()
    }
    campaigns = {name or results.NO_CAMPAIGN: n for name, n in store.count_by_campaign(opened, row.id, last).items()}
    sources, unnamed = results.counted(campaigns, threshold)
    analysed = results.whole_batches(store.count_analysed(opened, row.id), threshold)
    return Progress(
        sent=shown(sent),
        started=sent + sum(stop.count for stop in stops) if stops and sent >= threshold else None,
        stops=stops,
        counted=counted,
        median_minutes=results.minutes(seconds, 0.5) if enough else None,
        slowest_tenth_minutes=results.minutes(seconds, 0.9) if enough else None,
        languages=results.counted(languages, threshold)[0] if counted else (),
        sources=tuple(results.named_sources(sources, unnamed)) if counted else (),
        analysed=analysed,
        answers=tuple(_answers(opened, row, questions, analysed, threshold)) if analysed else (),
    )


def _answers(
    opened: Session, row: SurveyRow, questions: QuestionSet, analysed: int, threshold: int
) -> Iterator[Answered]:
    """The answers to each added question that is answered by choosing."""
    last = store.story_at(opened, row.id, analysed, analysed=True) or 0
    given = store.answers_given(opened, row.id, last)
    for question in questions.question:
        if rules.is_own(question.id) and isinstance(question, Choice | YesNo):
            codes = Counter(told.get(question.id) for told in given)
            shown_counts, hidden = results.counted(results.by_words(question, codes), threshold)
            yield Answered(said(question.text, "en"), shown_counts, hidden)


def _row(opened: Session, place: Place, code: str, *, change: bool = False) -> SurveyRow:
    row = store.survey_row(opened, place.id, code, change=change)
    if row is None:
        raise NotFound("There is no survey with that code in this place. Go back to the list of surveys.")
    return row


def _keep(row: SurveyRow, working: Working) -> None:
    row.working, row.title = working.model_dump(mode="json"), working.title["en"]
    row.updated_at = now()


def _survey(opened: Session, place: Place, row: SurveyRow) -> Survey:
    working = Working.model_validate(row.working)
    before = _asked(opened, row)
    version = store.version_row(opened, row.question_set_id) if row.question_set_id else None
    return Survey(
        code=row.code,
        working=working,
        state=_state(row),
        version=version.version if version else None,
        published=before,
        published_at=version.first_used_at if version else None,
        changes=publishing.differences(before, _next(opened, place, row, working)) if before else (),
        missing=missing(working),
        opens_on=row.opens_on,
        closes_on=row.closes_on,
    )


def _next(opened: Session, place: Place, row: SurveyRow, working: Working) -> QuestionSet:
    """What publishing now would make."""
    name = _question_set_code(place, row)
    version = store.newest_version(opened, name) + 1
    return publishing.as_questions(working, name, version, _base(working), _asked(opened, row))


def _asked(opened: Session, row: SurveyRow) -> QuestionSet | None:
    return asking.asked_in(opened, row.question_set_id) if row.question_set_id else None


def _base(working: Working) -> QuestionSet:
    code, _, version = working.base.rpartition("-")
    return question_set(code, int(version))


def _question_set_code(place: Place, row: SurveyRow) -> str:
    return f"survey-{place.code}-{row.code}"


def _state(row: SurveyRow) -> State:
    return rules.state_on(now().date(), row.question_set_id is not None, row.opens_on, row.closes_on)
