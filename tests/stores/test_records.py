"""Retention, purges that prove themselves, subject access and the documents, on a real database."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from typer.testing import CliRunner

from insight import audit, equality, intake, limits, painpoints, receipts, records
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.audit import Wanted
from insight.codebook.tables import CodingRow
from insight.commands import records as commands
from insight.database import session, write_session
from insight.errors import BadInput, NotAllowed, NotFound, NotReady
from insight.intake import ConsentScope
from insight.intake.references import new_reference
from insight.intake.tables import ConcernRow, ErasedTokenRow, ReleaseRow, StoryRow, SurveyRow
from insight.moments import now
from insight.painpoints.tables import PassageRow
from insight.receipts import erasing, leaving
from insight.records import describing, measures, naming, purging, store
from insight.records.document import Document, Rows, Section, Text, as_html, as_markdown
from insight.records.tables import PurgeRow
from insight.settings import Settings
from tests.stores.made_runs import add_run, add_stories

KEEPER = Actor(Role.ADMIN, "keeper")
WORDS = "My phone is 07700 900123 & the <b>letter</b> never came"


@pytest.fixture
def place(database: str) -> intake.Place:
    painpoints.forget_cached_runs()
    return intake.add_place(SYSTEM, "Testham", organisations=[], services=[])


def tell(**more: Any) -> str:
    key = intake.start_draft(RESIDENT).key
    steps = [{"service": "Housing advice", "note": "They were kind."}]
    told = {"what_happened": WORDS, "steps": steps, "consent": ["analyse", "quote", "contact"], **more}
    intake.save_draft(RESIDENT, key, told)
    reference = intake.submit(RESIDENT, key).reference
    equality.keep(RESIDENT, key, {equality.equality_questions(RESIDENT).question[0].id: equality.NOT_SAID})
    return reference


def told_days_ago(reference: str, days: int, survey: int | None = None) -> int:
    with write_session() as opened:
        row = opened.scalars(select(StoryRow).where(StoryRow.reference == reference)).one()
        row.told_at, row.survey_id = now() - timedelta(days=days), survey
        return row.id


def add_survey(place: intake.Place, code: str) -> int:
    at = now()
    with write_session() as opened:
        row = SurveyRow(
            place_id=place.id, code=code, title=code.title(), working={}, created_by="x", created_at=at, updated_at=at
        )
        opened.add(row)
        opened.flush()
        return row.id


def raise_concern(place: intake.Place, story_id: int, state: str = "open") -> None:
    at = now()
    with write_session() as opened:
        opened.add(
            ConcernRow(
                place_id=place.id,
                story_id=story_id,
                kinds=["harm"],
                raised_by="staff",
                raised_at=at,
                due_at=at,
                state=state,
            )
        )


def ids() -> set[int]:
    with session() as opened:
        return set(opened.scalars(select(StoryRow.id)))


def add_read(place: intake.Place, number: int, days: int) -> tuple[int, list[int]]:
    """A run of some stories that were told so many days ago; gives it and their numbers."""
    told = add_stories(place, 0, [f"they lost what I handed in, time {n}" for n in range(number)])
    run = add_run(place, told, [0] * number, services=[0] * number)
    numbers = [story for story, *_rest in told]
    with write_session() as opened:
        for row in opened.scalars(select(StoryRow).where(StoryRow.id.in_(numbers))):
            row.told_at = now() - timedelta(days=days)
    return run, numbers


# --- Retention ----------------------------------------------------------------------------------------------------


def test_each_survey_goes_by_its_rule_else_by_the_place_s_and_has_a_clock(place: intake.Place) -> None:
    short = add_survey(place, "short")
    add_survey(place, "long")
    told_days_ago(tell(), 100)
    told_days_ago(tell(), 80)
    kept = told_days_ago(tell(), 100)
    told_days_ago(tell(), 10, short)
    raise_concern(place, kept)
    before = records.retention(KEEPER, place)
    assert [clock.days for clock in before.clocks] == [None, None, None]
    assert [clock.survey for clock in before.unset] == [None, "short"], "one without stories can wait"
    records.set_retention(KEEPER, place, 90)
    records.set_retention(KEEPER, place, 8, "short")
    own, other, brief = records.retention(KEEPER, place).clocks
    assert (own.days, own.stories, own.due, own.kept, own.soon) == (90, 3, 2, 1, 1)
    assert own.next_due is not None
    assert 9 < (own.next_due - now()) / timedelta(days=1) <= 10
    assert (other.title, other.days, other.own, other.stories) == ("Long", 90, False, 0)
    assert (brief.days, brief.own, brief.due, brief.set_by) == (8, True, 1, "keeper")
    records.set_retention(KEEPER, place, None, "short")
    assert [clock.days for clock in records.retention(KEEPER, place).clocks] == [90, 90, 90]
    for wrong in (0, -1, 40_000):
        with pytest.raises(BadInput):
            records.set_retention(KEEPER, place, wrong)
    with pytest.raises(NotFound):
        records.set_retention(KEEPER, place, 5, "unknown")
    for refused in (Role.DESIGNER, Role.MODERATOR, Role.SAFEGUARDING):
        with pytest.raises(NotAllowed):
            records.retention(Actor(refused), place)
    with pytest.raises(NotFound):
        records.retention(Actor(Role.ADMIN, places=frozenset({place.id + 1})), place)


def test_a_purge_erases_what_is_overdue_as_its_teller_would_and_proves_it(place: intake.Place) -> None:
    old, new, harmed, decided = (told_days_ago(tell(), days) for days in (50, 5, 50, 50))
    raise_concern(place, harmed)
    raise_concern(place, decided, "withheld")
    run, read = add_read(place, 6, 50)
    with session() as opened:
        assert leaving.runs_that_read(opened, place.id, read[0]) == [run]
    assert records.purge(KEEPER, place) == [], "without a rule everything is kept"
    records.set_retention(KEEPER, place, 30)
    (proof,) = records.purge(KEEPER, place)
    assert ids() == {new, harmed}
    assert (proof.stories, proof.kept, proof.days) == (2 + len(read), 1, 30)
    assert proof.counts["stories"] == proof.stories
    assert proof.counts["equality_answers"] == 2
    assert proof.counts["passages"] == 6
    assert set(proof.checked) == {str(column) for column in naming.columns_naming_a_story()} | {"analyses"}
    assert set(proof.checked.values()) == {0}
    assert proof.holds
    with session() as opened:
        assert opened.query(PassageRow).count() == 0
        assert leaving.runs_that_read(opened, place.id, *read, old) == []
    (entry,) = audit.newest(Wanted(what="records.purged"), 9)[0]
    assert entry.about == f"purge {proof.number}, proof {proof.digest}"
    assert records.purge(KEEPER, place) == []
    raise_concern_ends(harmed)
    assert [made.stories for made in records.purge(KEEPER, place)] == [1]
    assert ids() == {new}


def raise_concern_ends(story_id: int) -> None:
    with write_session() as opened:
        opened.scalars(select(ConcernRow).where(ConcernRow.story_id == story_id)).one().state = "released"


def test_a_proof_that_was_changed_does_not_hold(sqlite: str) -> None:
    place = intake.add_place(SYSTEM, "Testham")
    told_days_ago(tell(), 50)
    records.set_retention(KEEPER, place, 30)
    records.purge(KEEPER, place)
    (proof,) = records.retention(KEEPER, place).proofs
    assert proof.holds
    with write_session() as opened:
        opened.get_one(PurgeRow, proof.number).stories = 0
    assert not records.retention(KEEPER, place).proofs[0].holds


def test_a_purge_that_was_killed_goes_on_where_it_stopped(place: intake.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    _run, read = add_read(place, 7, 50)
    records.set_retention(KEEPER, place, 30)
    monkeypatch.setattr(purging, "BATCH", 3)
    looks: list[int] = []
    look = store.still_naming

    def killed(opened: Any, numbers: Any) -> dict[str, int]:
        looks.append(len(numbers))
        if len(looks) == 2:
            raise KeyboardInterrupt
        return look(opened, numbers)

    monkeypatch.setattr(store, "still_naming", killed)
    with pytest.raises(KeyboardInterrupt):
        records.purge(KEEPER, place)
    assert len(ids()) == len(read) - 3, "the batch in which it was killed is whole again"
    (stopped,) = records.retention(KEEPER, place).proofs
    assert (stopped.ended_at, stopped.stories, stopped.holds) == (None, 3, False)
    assert records.purge_everywhere() == 7
    (ended,) = records.retention(KEEPER, place).proofs
    assert audit.newest(Wanted(what="records.purged"), 1)[0][0].name == "daily purge"
    assert (ended.number, ended.stories, ended.counts["stories"], ended.holds) == (stopped.number, 7, 7, True)
    assert looks == [3, 3, 3, 1]
    assert ids() == set()


def test_a_batch_of_which_something_is_left_is_not_kept(place: intake.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    story = told_days_ago(tell(), 50)
    records.set_retention(KEEPER, place, 30)
    with monkeypatch.context() as patched:
        patched.setattr(erasing, "erase_stories", lambda _opened, _place_id, _stories: {"analyses": 0})
        with pytest.raises(NotReady, match=r"story\.id"):
            records.purge(KEEPER, place)
    assert ids() == {story}
    records.set_retention(KEEPER, place, 60)
    (ended,) = records.purge(KEEPER, place)
    assert (ended.stories, ids()) == (0, {story}), "a rule that was loosened meanwhile spares what it no longer covers"


def test_a_purged_import_does_not_come_back(sqlite: str) -> None:
    place = intake.add_place(SYSTEM, "Testham", organisations=[], services=[])
    _run, read = add_read(place, 2, 50)
    with write_session() as opened:
        number = intake_import(opened, place)
        for row in opened.scalars(select(StoryRow)):
            row.import_id = number
    records.set_retention(KEEPER, place, 30)
    records.purge(KEEPER, place)
    with session() as opened:
        assert opened.query(ErasedTokenRow).count() == len(read)


def intake_import(opened: Any, place: intake.Place) -> int:
    from insight.intake.tables import ImportRow

    facts = {"file_name": "a.csv", "file_digest": "0", "rows_read": 2, "rows_added": 2, "rows_known": 0, "rows_bad": 0}
    row = ImportRow(place_id=place.id, imported_by="x", imported_at=now(), **facts)
    opened.add(row)
    opened.flush()
    return row.id


# --- Consents -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scope", list(ConsentScope))
def test_taking_back_each_agreement_ends_what_it_allowed_and_nothing_else(
    place: intake.Place, scope: ConsentScope
) -> None:
    _run, (story, *_others) = add_read(place, 3, 1)
    reference, at = given_everything(story), now()
    with write_session() as opened:
        opened.add(ReleaseRow(story_id=story, tag="t", by="x", at=at))
        opened.add(
            CodingRow(place_id=place.id, story_id=story, passage=1, themes=[0], why="", coded_by="x", coded_at=at)
        )
    receipts.ask_for_reply(RESIDENT, reference)
    receipts.withdraw(RESIDENT, reference, scope)
    held = receipts.held(RESIDENT, reference)
    with session() as opened:
        left = {
            ConsentScope.ANALYSE: not leaving.runs_that_read(opened, place.id, story)
            and not opened.query(PassageRow).where(PassageRow.story_id == story).count()
            and not opened.query(CodingRow).count(),
            ConsentScope.QUOTE: not opened.query(ReleaseRow).count(),
            ConsentScope.CONTACT: held.reply is None,
        }
    assert left == {each: each is scope for each in ConsentScope}
    assert {each.scope for each in held.consents if each.given} == set(ConsentScope) - {scope}


def given_everything(story: int) -> str:
    reference = new_reference()
    with write_session() as opened:
        opened.get_one(StoryRow, story).reference = reference
    for scope in ConsentScope:
        receipts.give(RESIDENT, reference, scope)
    return reference


# --- Subject access -----------------------------------------------------------------------------------------------


def opened_zip(download: receipts.Download) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(download.body)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_all_that_is_held_is_taken_out_as_told_and_as_read(place: intake.Place) -> None:
    reference = tell()
    story = told_days_ago(reference, 3)
    records.set_retention(KEEPER, place, 30)
    draft = intake.amend_draft(RESIDENT, reference)
    intake.save_draft(RESIDENT, draft.key, {"what_better": "A key safe."})
    receipts.send_change(RESIDENT, draft.key)
    audit.record("lead", "safeguarding", "safeguarding.raise_concern", place.id, f"story {story}")
    audit.record("mod one", "moderator", "moderation.open_original", place.id, f"story {story}")
    audit.record("mod one", "moderator", "moderation.open_original", place.id, f"story {story}1")
    files = opened_zip(records.subject_access(KEEPER, place, reference.lower().replace("-", " ")))
    told = json.loads(files["what-is-held.json"])
    assert told["format"] == "throughline-subject-access-1"
    assert told["receipt"]["answers"][0]["value"] == WORDS
    assert "[phone]" in json.dumps(told["safe_copy"])
    assert told["marks"] == [{"field": "what_happened", "words": "07700 900123", "kind": "phone"}]
    assert told["retention"]["days"] == 30
    assert [consent["scope"] for consent in told["receipt"]["consents"]] == ["analyse", "quote", "contact"]
    assert told["receipt"]["history"] and told["receipt"]["equality"]
    assert [entry["what"] for entry in told["audit"]] == ["moderation.open_original"]
    assert {"story", "step", "story_original", "story_history", "equality_response", "consent"} <= told["rows"].keys()
    page = files["what-is-held.html"]
    assert "07700 900123 &amp; the &lt;b&gt;letter" in page
    assert "[phone]" in page and page.count("<h1>") == 1
    everything = "".join(files.values())
    assert not [secret for secret in ("mod one", "key_hash", '"token"', "safeguarding.raise") if secret in everything]


def test_wrong_references_say_nothing_are_counted_and_recorded(sqlite: str) -> None:
    place = intake.add_place(SYSTEM, "Testham")
    reference, elsewhere = tell(), intake.add_place(SYSTEM, "Elsewhere")
    said = set()
    for asked, typed in ((place, "BCD-F34-GHJK"), (elsewhere, reference), (place, ""), (place, "' OR 1=1")):
        with pytest.raises(NotFound) as wrong:
            records.subject_access(KEEPER, asked, typed)
        said.add(str(wrong.value))
    assert len(said) == 1
    assert records.subject_access(KEEPER, place, reference).name == "subject-access.zip"
    for _turn in range(6):
        with pytest.raises(NotFound):
            records.subject_access(KEEPER, place, "BCD-F34-GHJK")
    with pytest.raises(limits.TooOften):
        records.subject_access(KEEPER, place, reference)
    assert records.subject_access(Actor(Role.ADMIN, "another"), place, reference)
    entries, total = audit.newest(Wanted(what="records.subject_access"), 99)
    assert total == 13
    assert reference not in str(entries)


# --- Documents ----------------------------------------------------------------------------------------------------


def test_every_table_is_described_once_or_named_as_without_personal_data() -> None:
    named = [table for category in describing.CATEGORIES for table in category.tables] + [*describing.NOT_OF_PEOPLE]
    assert sorted(named) == sorted(naming.tables()), "insight/records/describing.py: one table, one category"
    for name in naming.tables():
        sealed = [column for column in naming.tables()[name].c if type(column.type).__name__.startswith("Sealed")]
        assert not sealed or name not in describing.NOT_OF_PEOPLE


def test_the_documents_say_what_people_still_have_to_decide(sqlite: str) -> None:
    place = intake.add_place(SYSTEM, "Testham")
    add_survey(place, "estate")
    first = records.processing(KEEPER, place)
    assert "What is the lawful basis?" in first.undecided
    assert "How long are stories outside of surveys kept?" in first.undecided
    assert any(line.startswith("The public address is reached by HTTPS: not so") for line in first.undecided)
    records.set_retention(KEEPER, place, 365)
    records.say_processing(
        KEEPER, place, {"lawful_basis": "public_task", "controller": "Testham | <Council>\nTown Hall"}
    )
    then = records.processing(KEEPER, place)
    assert not {"What is the lawful basis?", "How long are stories outside of surveys kept?"} & set(then.undecided)
    written = records.as_markdown(then.ropa).decode()
    assert "Stories of the survey Estate" in written
    assert "A public task: Article 6(1)(e)" in written
    assert r"Testham \| \<Council\>" in written
    assert "365 days" in written
    page = records.as_html(then.dpia).decode()
    assert "to be decided" in page and "Draft" in page
    assert "NOT ON: The public address is reached by HTTPS" in page
    records.say_processing(KEEPER, place, {"lawful_basis": ""})
    assert "What is the lawful basis?" in records.processing(KEEPER, place).undecided
    for wrong in ({"lawful_basis": "because"}, {"unknown": "x"}, {"controller": "x" * 4_001}):
        with pytest.raises(BadInput):
            records.say_processing(KEEPER, place, wrong)


def test_a_measure_is_on_only_where_settings_say_so() -> None:
    known = measures.Known(accounts=3, weak=1, rules_missing=0, last_backup=now(), last_purge=None, entries=5)
    good = Settings(
        public_url="https://tell.example.gov.uk",
        text_keys=SecretStr("1:x"),
        database_url="postgresql+psycopg://db.example/x?sslmode=verify-full",
        demo_mode=False,
    )
    assert [measure.name for measure in measures.measures(good, known) if not measure.on] == []
    changes: dict[str, Any] = {
        "public_url": "http://tell.example.gov.uk",
        "database_url": "postgresql+psycopg://db.example/x",
        "demo_mode": True,
        "second_factor": False,
        "threshold_outside": 1,
    }
    for name, value in changes.items():
        changed = measures.measures(good.model_copy(update={name: value}), known)
        assert len([measure for measure in changed if not measure.on]) == 1, name
    beside = {"text_keys": Settings().text_keys, "text_keys_file": "/tmp/a/k", "database_url": "sqlite:////tmp/a/x.db"}
    off = measures.measures(good.model_copy(update=beside), measures.Known(0, 0, 1, None, None, 0))
    assert len([measure for measure in off if not measure.on]) == 3


def test_words_cannot_break_out_of_a_document() -> None:
    hostile = "<script>|`a`\n# x"
    made = Document("t", [Section(hostile, [Text(hostile), Rows(("h",), [(hostile,)])])])
    assert "<script>" not in as_html(made).decode()
    written = as_markdown(made).decode()
    assert "<script>" not in written
    assert [line for line in written.splitlines() if line.startswith("| ")] == [
        "| h |",
        "| --- |",
        r"| \<script\>\|\`a\`<br>\# x |",
    ]


def test_the_commands_purge_and_write_documents(sqlite: str, tmp_path: Path) -> None:
    place = intake.add_place(SYSTEM, "Testham")
    told_days_ago(tell(), 50)
    assert "no rule for stories outside of surveys" in command("purge", "--dry-run")
    records.set_retention(KEEPER, place, 30)
    assert "Testham: 1 stories would be erased." in command("purge", "--dry-run")
    assert len(ids()) == 1
    told = command("purge", "--place", "testham")
    digest = records.retention(KEEPER, place).proofs[0].digest
    assert "Testham: 1 stories erased." in told and str(digest) in told
    command("ropa", "--out", str(tmp_path / "r.md"))
    command("dpia", "--out", str(tmp_path / "d.html"))
    assert (tmp_path / "r.md").read_text("utf-8").startswith("# Record of processing")
    assert "to be decided" in (tmp_path / "d.html").read_text("utf-8")
    with pytest.raises(BadInput):
        command("ropa", "--out", str(tmp_path / "r.txt"))


def command(*words: str) -> str:
    done = CliRunner().invoke(commands.app, words, catch_exceptions=True)
    if isinstance(done.exception, BadInput):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output
