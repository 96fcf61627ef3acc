"""The demo place: the same for a seed, true to its own truth, plausible, and written as variedly as people write."""

import csv
import hashlib
import random
import re
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from insight.demo import Told, TruthMark, generate, load_place, load_planting, write_truth
from insight.demo.pathways import WINDOW_DAYS
from insight.demo.phrases import read_sections
from insight.demo.voices import Voice
from insight.demo.writing import Writer
from insight.errors import BadInput
from insight.intake.model import ConsentScope, Precision, Provenance, Source, Step, Story
from insight.text import passages

TODAY = date(2026, 11, 22)
WORD = re.compile(r"[a-z0-9']+")
NEEDS = ["bereavement", "housing", "caring", "child_send", "hospital_discharge", "money", "repairs", "safety"]
NEEDS += ["mental_health", "other"]
PAINS = [pain.code for pain in load_planting().pains]
# What people usually call each pain.
USUAL_WORDS = {
    "retelling": r"explain|repeat|again|story|question|tell|told|same|notes",
    "no_answer": r"phone|call|hold|answer|ring|rang|voicemail|message|reply|vm",
    "letters": r"lett?er|ltr",
    "not_our_remit": r"pass|responsib|refer|department|deal|criteria|sent|team|say|said|told",
    "no_date": r"wait|date|list|how long|timescale|when",
    "same_proof": r"proof|prov|document|evid|cop[iy]|\bid\b|same|paper|form",
    "online_only": r"on ?line|internet|website|computer|form|\bapp\b|email",
    "discharge_no_care": r"disch|hosp|carer?s?\b|d/c|home",
    "repair_not_done": r"repair|job|complete|fixed|done|finish|closed",
    "cancelled": r"cancel|canc|app|visit|turned|notice|came|come",
    "no_reason": r"reason|why|expl|decision|refus|turned down",
    "payment_stopped": r"stop|pay|money|suspen|claim",
}
FILLERS = (
    "told_need",
    "told_staff",
    "told_path",
    "step_notes",
    "chat",
    "wishes",
    "thanks",
    "obstacles",
    "openers",
    "trails",
)


@cache
def demo() -> tuple[Told, ...]:
    return tuple(generate())


def digest(journeys: int, seed: int) -> str:
    return hashlib.sha256("".join(map(repr, generate(journeys, seed))).encode()).hexdigest()


def text_at(story: Story, where: str) -> str | None:
    return story.steps[int(where) - 1].note if where.isdigit() else getattr(story, where)


def words(text: str) -> list[str]:
    return WORD.findall(text.lower())


def planted_sentences() -> dict[str, list[str]]:
    by_pain = defaultdict(list)
    for one in demo():
        for mark in one.truth:
            by_pain[mark.code].append(mark.sentence)
    return by_pain


def steps() -> list[Step]:
    return [step for one in demo() for step in one.story.steps]


def near_duplicates(sentences: list[str], at_least: float) -> float:
    """The share of all pairs whose words overlap by this much (Jaccard)."""
    bags = [set(words(sentence)) for sentence in sentences]
    column = {word: at for at, word in enumerate(sorted(set().union(*bags)))}
    table = np.zeros((len(bags), len(column)), dtype=np.float32)
    for row, bag in enumerate(bags):
        table[row, [column[word] for word in bag]] = 1
    shared, size = table @ table.T, table.sum(axis=1)
    overlap = shared / (size[:, None] + size[None, :] - shared)
    return float((overlap[np.triu_indices(len(bags), 1)] >= at_least).mean())


def mean_overlap(sentences: list[str]) -> float:
    """How many words two sentences share, of those that either has (Jaccard), over all pairs."""
    bags = [set(words(sentence)) for sentence in sentences[:60]]
    pairs = [(a, b) for at, a in enumerate(bags) for b in bags[:at]]
    return float(np.mean([len(a & b) / len(a | b) for a, b in pairs]))


def careful_voice() -> Voice:
    """One who writes without slips or habits, so that what was drawn can be told."""
    return Voice("careful", 1.0, opens=0.0, trails=0.0)


def test_the_same_seed_tells_the_same_stories_and_another_seed_others() -> None:
    assert digest(60, seed=7) == digest(60, seed=7)
    assert digest(60, seed=7) != digest(60, seed=8)


def test_a_longer_run_begins_with_a_shorter_one() -> None:
    assert tuple(generate(40)) == demo()[:40]


def test_none_and_fewer_than_none() -> None:
    assert list(generate(0)) == []
    with pytest.raises(BadInput, match="0 or more"):
        generate(-1)


def test_there_are_1200_journeys_of_which_about_150_were_logged_by_staff() -> None:
    assert len(demo()) == 1200
    assert 120 <= sum(one.logged_by_staff for one in demo()) <= 180
    assert len({one.story.external_id for one in demo()}) == 1200
    assert all(one.place_code == load_place().code for one in demo())


def test_staff_stories_say_how_they_came_and_who_recorded_consent() -> None:
    for one in demo():
        story = one.story
        assert one.logged_by_staff == story.source.startswith("staff_")
        assert len(story.consents) == len(ConsentScope)
        assert all((consent.recorded_by is not None) == one.logged_by_staff for consent in story.consents)
        if not one.logged_by_staff:
            assert (story.source, story.provenance) == (Source.SELF_WEB, Provenance.OWN_WORDS)
            assert not story.obstacles
    assert sum(one.story.obstacle_text is not None for one in demo() if one.logged_by_staff) > 80


def test_every_story_is_labelled_synthetic() -> None:
    assert all(one.story.extras["synthetic"] == "true" for one in demo())


def test_each_mark_is_an_exact_part_of_the_field_it_names() -> None:
    for one in demo():
        for mark in (*one.truth, *one.good):
            assert mark.sentence in (text_at(one.story, mark.where) or ""), mark


def test_twelve_pains_are_each_planted_often_enough() -> None:
    assert len(PAINS) == 12
    journeys = Counter(code for one in demo() for code in {mark.code for mark in one.truth})
    assert set(journeys) == set(PAINS)
    assert min(journeys.values()) >= 70
    assert max(journeys.values()) <= 200


def test_every_good_thing_is_planted() -> None:
    goods = Counter(mark.code for one in demo() for mark in one.good)
    assert set(goods) == {good.code for good in load_planting().goods}
    assert min(goods.values()) >= 15


def test_pains_run_across_services_and_organisations() -> None:
    organisation = {service.code: service.organisation for service in load_place().services}
    several = [pain for pain in load_planting().pains if len({organisation[code] for code in pain.services}) > 1]
    assert len(several) >= 8


def test_the_place_is_whole() -> None:
    place = load_place()
    organisations = {one.code for one in place.organisations}
    assert len(organisations) == 6
    assert 20 <= len(place.services) <= 30
    assert {service.organisation for service in place.services} == organisations
    assert [need.code for need in place.needs] == NEEDS
    assert place.organisation_of(place.services[0]).sector == "council"
    assert {code for one in load_planting().pains for code in one.services} <= {s.code for s in place.services}


def test_every_step_is_at_a_listed_service() -> None:
    listed = {service.code: service.name for service in load_place().services}
    named = {organisation.name for organisation in load_place().organisations}
    for step in steps():
        assert step.service_code is None or step.service == listed[step.service_code]
        assert step.organisation is None or step.organisation in named


def test_dates_are_past_and_fit_how_precisely_they_are_remembered() -> None:
    for step in steps():
        day = step.happened_on
        assert (day is None) == (step.precision is None)
        if day is None:
            continue
        assert TODAY - timedelta(days=WINDOW_DAYS + 366) <= day <= TODAY
        assert step.precision is not Precision.MONTH or day.day == 1
        assert step.precision is not Precision.YEAR or (day.month, day.day) == (1, 1)


def test_days_that_are_remembered_exactly_run_forward_and_end_before_the_telling() -> None:
    for one in demo():
        told_at = one.story.told_at
        assert told_at is not None
        assert told_at.tzinfo is UTC
        assert told_at <= datetime(2026, 11, 22, tzinfo=UTC)
        exact = [s.happened_on for s in one.story.steps if s.happened_on and s.precision is Precision.DAY]
        assert exact == sorted(exact)
        assert not exact or exact[-1] <= told_at.date()


def test_journeys_have_one_to_nine_steps_mostly_few_and_people_skip_much() -> None:
    lengths = [len(one.story.steps) for one in demo()]
    assert (min(lengths), max(lengths)) == (1, 9)
    assert 2 <= float(np.median(lengths)) <= 4
    for skipped in ("happened_on", "waited_days", "feeling", "told_again", "note", "hours", "pence"):
        share = sum(getattr(step, skipped) is None for step in steps()) / len(steps())
        assert 0.1 < share < 0.95, skipped


def test_answers_are_in_range() -> None:
    for step in steps():
        assert step.feeling is None or -2 <= step.feeling <= 2
        assert step.waited_days is None or step.waited_days >= 0
        assert step.hours is None or step.hours > 0
        assert step.pence is None or step.pence >= 0


def test_steps_with_a_planted_pain_feel_worse() -> None:
    feelings = defaultdict(list)
    for one in demo():
        sore = {mark.where for mark in one.truth}
        for number, step in enumerate(one.story.steps, start=1):
            if step.feeling is not None:
                feelings[str(number) in sore].append(step.feeling)
    assert np.mean(feelings[True]) < np.mean(feelings[False]) - 0.7


def test_one_pain_rises_one_falls_and_some_have_a_season() -> None:
    pains = {pain.code: pain for pain in load_planting().pains}
    ago = TODAY - timedelta(days=300)
    assert pains["online_only"].chance("other", TODAY, TODAY) > 4 * pains["online_only"].chance("other", ago, TODAY)
    assert pains["same_proof"].chance("money", TODAY, TODAY) < 0.5 * pains["same_proof"].chance("money", ago, TODAY)
    assert sum(bool(pain.months) for pain in pains.values()) >= 3
    assert pains["repair_not_done"].chance("money", TODAY, TODAY) == 0.0


@pytest.mark.parametrize("code", PAINS)
def test_each_pain_is_written_in_many_words(code: str) -> None:
    plainly, otherwise = read_sections(f"plain/{code}"), read_sections(f"pains/{code}")
    assert sum(map(len, plainly.values())) >= 130
    assert sum(len(phrases) for head, phrases in otherwise.items() if head not in ("wish", "staff")) >= 60
    assert min(len(otherwise["staff"]), len(otherwise["wish"])) >= 14
    services = {service.code for service in load_place().services}
    heads = {name for head in (*plainly, *otherwise) if head.startswith("at ") for name in head.split()[1:]}
    assert heads <= services


@pytest.mark.parametrize("code", PAINS)
def test_no_core_is_another_with_a_word_swapped(code: str) -> None:
    sections = (*read_sections(f"plain/{code}").values(), *read_sections(f"pains/{code}").values())
    cores = [phrase for phrases in sections for phrase in phrases]
    assert len(set(cores)) == len(cores)
    assert near_duplicates([" ".join(part for part in c.parts if isinstance(part, str)) for c in cores], 0.65) == 0.0


@pytest.mark.parametrize("name", FILLERS)
def test_no_filler_is_written_twice(name: str) -> None:
    for phrases in read_sections(name).values():
        assert len(set(phrases)) == len(phrases)


def test_planted_sentences_are_varied() -> None:
    """The bounds stand between the demo's figures and those of real people's questions; see docs/demo.md."""
    for code, sentences in planted_sentences().items():
        assert len({sentence.lower() for sentence in sentences}) / len(sentences) > 0.98, code
        assert near_duplicates(sentences, 0.8) < 0.001, code
        assert 0.03 < mean_overlap(sentences) < 0.11, code
        lengths = [len(words(sentence)) for sentence in sentences]
        assert np.percentile(lengths, 10) <= 9, code
        assert np.percentile(lengths, 90) >= 14, code
    spoken = [word for one in zip(*planted_sentences().values(), strict=False) for said in one for word in words(said)]
    assert len(set(spoken[:8000])) / 8000 > 0.13


def test_most_name_the_pain_in_its_everyday_words_and_some_do_not() -> None:
    said = planted_sentences()
    assert set(said) == set(USUAL_WORDS)
    for code, usual in USUAL_WORDS.items():
        share = sum(bool(re.search(usual, sentence.lower())) for sentence in said[code]) / len(said[code])
        assert 0.62 < share < 0.97, (code, share)
        others = [sentence for other, sentences in said.items() if other != code for sentence in sentences]
        assert sum(bool(re.search(usual, sentence.lower())) for sentence in others) / len(others) < share / 2, code


def test_about_four_in_five_of_what_residents_say_is_said_plainly() -> None:
    writer, voice = Writer(random.Random(5)), careful_voice()
    heard = {"service": ("the council",), "other": ("health",), "kin": ("my mum",)}
    plainly = {phrase.parts for phrases in read_sections("plain/letters").values() for phrase in phrases}
    exact = {parts[0] for parts in plainly if len(parts) == 1}
    otherwise = {p.parts[0] for part in read_sections("pains/letters").values() for p in part if len(p.parts) == 1}
    said = Counter(writer.pain("letters", "tenancy", voice, heard).text.rstrip(".").lower() for _ in range(2000))
    plain = sum(said[str(core).lower()] for core in exact)
    other = sum(said[str(core).lower()] for core in otherwise)
    assert 0.7 < plain / (plain + other) < 0.86


def test_nothing_is_said_twice_before_all_that_fits_was_said() -> None:
    writer, voice = Writer(random.Random(5)), careful_voice()
    heard = {"service": ("the council",), "other": ("health",), "kin": ("my mum",)}
    said = [writer.pain("no_date", "outpatients", voice, heard).text.lower() for _ in range(100)]
    assert len(set(said)) == len(said)


def test_a_planted_sentence_stays_one_sentence_in_its_text() -> None:
    """Of nearly every mark at least half, and at least half of what stands around it in its sentence."""
    whole = []
    for one in demo():
        for mark in one.truth:
            text = text_at(one.story, mark.where) or ""
            start, end = text.index(mark.sentence), text.index(mark.sentence) + len(mark.sentence)
            shared = [(min(end, unit.end) - max(start, unit.start), unit) for unit in passages.sentences(text)]
            whole.append(any(2 * size >= max(unit.end - unit.start, end - start) for size, unit in shared))
    assert sum(whole) / len(whole) >= 0.97


def test_texts_are_long_and_short_and_rich_in_words() -> None:
    texts = [text for one in demo() for text in (one.story.what_happened, *(s.note for s in one.story.steps)) if text]
    spoken = [word for text in texts for word in words(text)]
    assert len(set(spoken[:10_000])) / 10_000 > 0.14
    lengths = [len(words(text)) for text in texts]
    assert np.percentile(lengths, 5) <= 3
    assert np.percentile(lengths, 99) >= 45


def test_people_write_in_many_ways() -> None:
    texts = [one.story.what_happened for one in demo() if one.story.what_happened]
    assert sum(text.isupper() or bool(re.search(r"\b[A-Z]{4,} [A-Z]{4,}", text)) for text in texts) >= 10
    assert sum(text[0].islower() for text in texts) > 0.1 * len(texts)
    assert sum(text[-1] not in ".!?" for text in texts) > 0.1 * len(texts)
    assert not any("{" in text or "}" in text for text in texts)


def test_the_truth_is_written_one_row_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv"
    assert write_truth(demo()[:50], path) == sum(len(one.truth) for one in demo()[:50])
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    stories = {one.story.external_id: one for one in demo()[:50]}
    for row in rows:
        assert TruthMark(row["pain"], row["where"], row["sentence"]) in stories[row["external_id"]].truth


def test_three_thousand_journeys_stream_through() -> None:
    assert sum(1 for _ in generate(3000)) == 3000
