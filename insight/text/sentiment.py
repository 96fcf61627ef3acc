"""Stance of a passage: the VADER lexicon and its rules (Hutto and Gilbert 2014), with words of service feedback."""

import importlib.util
import math
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from insight.errors import NotReady

TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*")
EMOTICON = re.compile(r"[:;=8x]['-]?[()\[\]dpo/\\|3*]|<3", re.IGNORECASE)
# Hutto and Gilbert's constants: negation, one booster, one exclamation mark, and the bend of the final scale.
NEGATED = -0.74
BOOST = 0.293
EXCLAMATION = 0.292
BEND = 15
REACH = 3

_NEGATIONS = (
    "no not never none nobody nothing neither nor without hardly barely rarely seldom cannot cant dont didnt "
    "doesnt wasnt isnt arent werent couldnt wouldnt shouldnt hasnt havent hadnt wont aint lack lacked lacking"
)
NEGATIONS = frozenset(_NEGATIONS.split())
_STRONGER = (
    "very really extremely absolutely completely totally incredibly so too exceptionally particularly especially "
    "most highly truly utterly always constantly"
)
_WEAKER = "slightly somewhat little partly fairly quite bit kinda almost"
BOOSTERS = dict.fromkeys(_STRONGER.split(), BOOST) | dict.fromkeys(_WEAKER.split(), -BOOST)

# Words whose everyday charge misleads in feedback on services: names of services, needs and conditions, politeness.
_NEUTRAL = (
    "care emergency cancer please pain painful like want wanted hope interest share no low alone ill illness sick "
    "disabled disability injury injured stroke trauma depression depressed anxiety anxious mental death died dead "
    "attack attacks critical crisis fire police crime violence abuse benefit benefits help helping support "
    "supporting supported security secure treat treated treatment matter sorry drug drugs risk certain number top "
    "party ha fit hand intense vulnerable leave save active gas justice legal strong grant grants accept accepted "
    "agree"
)
NEUTRAL = frozenset(_NEUTRAL.split())
WORDS = {
    "wait": -0.9, "waits": -1.1, "waited": -1.2, "waiting": -1.1, "chase": -1.3, "chased": -1.7, "chasing": -1.7,
    "late": -1.3, "delay": -1.6, "delays": -1.7, "delayed": -1.6, "cancelled": -1.7, "canceled": -1.7,
    "rescheduled": -0.8, "slow": -1.3, "slowly": -1.0, "queue": -0.9, "queues": -1.1, "queued": -1.0,
    "unanswered": -1.7, "unhelpful": -2.0, "uncaring": -2.2, "unprofessional": -2.2, "dismissive": -2.0,
    "dismissed": -1.6, "ignored": -1.8, "fobbed": -2.2, "repeat": -0.8, "repeating": -1.2, "confusing": -1.5,
    "confused": -1.2, "unclear": -1.3, "complicated": -1.1, "impossible": -1.8, "broken": -1.5, "dirty": -1.9,
    "filthy": -2.4, "noisy": -1.4, "cold": -0.9, "expensive": -1.3, "understaffed": -1.8, "overworked": -1.4,
    "rushed": -1.4, "inaccessible": -1.7, "useless": -2.2, "pointless": -1.8, "shambles": -2.4, "joke": -1.6,
    "disgrace": -2.6, "disgraceful": -2.6, "unacceptable": -2.3, "appalling": -2.8, "poor": -1.9, "poorly": -1.4,
    "lost": -1.4, "missing": -1.3, "wrong": -1.7, "refused": -1.7, "rejected": -1.6, "stuck": -1.4, "struggle": -1.5,
    "struggled": -1.5, "struggling": -1.5, "stressful": -1.9, "frustrating": -2.0, "lengthy": -0.8, "rude": -2.4,
    "overcrowded": -1.6, "improve": -0.5, "improved": -0.2, "better": 0.8, "sooner": -0.7, "quicker": -0.7,
    "faster": -0.6, "shorter": -0.6, "friendly": 2.2, "helpful": 2.0, "polite": 1.9, "professional": 1.8,
    "prompt": 1.5, "promptly": 1.5, "quick": 1.2, "quickly": 1.2, "efficient": 1.8, "efficiently": 1.7,
    "punctual": 1.6, "knowledgeable": 1.7, "informative": 1.4, "attentive": 1.7, "reassuring": 1.8, "respectful": 1.8,
    "courteous": 1.9, "compassionate": 2.2, "caring": 2.2, "considerate": 1.8, "welcoming": 1.8, "listened": 1.3,
    "clean": 1.4, "seamless": 1.8, "smooth": 1.4, "smoothly": 1.4, "easy": 1.6, "easily": 1.3, "spotless": 2.0,
    "faultless": 2.4, "fab": 2.6, "brill": 2.5, "thorough": 1.5, "sorted": 0.9, "well": 1.1,
}  # fmt: skip
PHRASES: dict[tuple[str, ...], float] = {
    tuple(phrase.split()): score
    for score, phrases in {
        -2.0: (
            "from pillar to post", "pillar to post", "passed around", "passed from", "sent away", "sent back and forth",
            "back and forth", "round in circles", "no one came", "no one told", "nobody told", "no one rang",
            "no one called", "no one answered", "nobody answered", "no one knew", "nobody knew", "no one listened",
            "nobody listened", "not listened to", "never heard back", "never heard", "never came", "never called",
            "never rang", "never replied", "no reply", "no answer", "no response", "no one replied", "hung up",
            "cut off", "fell through", "gave up", "waste of time", "let down", "left alone", "left waiting",
            "kept waiting", "had to fight", "sick of", "fed up", "too long", "too late", "too far", "too many times",
            "falls between", "fell between", "turned away", "wrong number", "no parking", "nowhere to park",
        ),
        -1.5: (
            "still waiting", "no one", "nobody", "again and again", "over and over", "all over again", "every time",
            "short staffed", "lack of", "not enough", "more staff", "could be better", "could do better",
            "needs to be", "need to be", "needs improving", "long time", "long wait", "long waits", "no information",
            "not told", "never told", "wasn't told", "weren't told", "not informed", "start again", "ran out",
            "took ages", "took weeks", "took months", "took hours", "took forever", "hard to", "had to explain",
            "have to explain", "no help", "no support", "not working", "doesn't work", "didn't work", "stopped working",
            "no idea", "no explanation", "nothing happened", "nothing has happened", "not good enough", "too much",
        ),
        2.0: (
            "could not have been better", "couldn't have been better", "could not be better", "couldn't be better",
            "could not fault", "couldn't fault", "can't fault", "cannot fault", "cant fault", "no complaints",
            "no complaint", "no problems", "no problem", "no issues", "no concerns", "nothing but praise", "spot on",
            "first class", "first rate", "five star", "5 star", "second to none", "above and beyond", "nothing wrong",
            "not a problem", "at ease", "keep up the good work", "well done", "thank you", "put my mind at rest",
        ),
        1.3: (
            "on time", "straight away", "no wait", "no waiting", "no delay", "no delays", "took the time",
            "listened to", "sorted out", "well looked after", "looked after", "kept me informed",
            "without delay", "no trouble", "no hassle", "same day", "not long", "not too long",
        ),
        0.0: (
            "no doubt", "so far", "as well as", "well being", "as well", "mental health", "health care", "care home",
            "kind of", "would like", "no smoking", "intensive care",
        ),
    }.items()
    for phrase in phrases
}  # fmt: skip
LONGEST = max(map(len, PHRASES))
OPENINGS = frozenset(phrase[0] for phrase in PHRASES)


class Stance(NamedTuple):
    """``score`` from -1 (hurts) to 1 (glad); ``found``: whether any word told anything (else the score is 0)."""

    score: float
    found: bool


@lru_cache(maxsize=1)
def lexicon() -> dict[str, float]:
    """VADER's words with their mean human rating, -4 to 4 (package vaderSentiment, MIT), ours laid over them."""
    spec = importlib.util.find_spec("vaderSentiment")
    if spec is None or not spec.submodule_search_locations:
        raise NotReady("The package vaderSentiment is missing: run 'make setup'.")
    path = Path(next(iter(spec.submodule_search_locations))) / "vader_lexicon.txt"
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if line.strip())
    charged = {row[0].lower(): float(row[1]) for row in rows}
    return {word: score for word, score in charged.items() if word not in NEUTRAL} | WORDS


def stance(text: str) -> Stance:
    """Stance of one passage (a sentence or clause; of a long text it is the sum of all that was said)."""
    words = TOKEN.findall(text.lower().replace("’", "'"))
    charges = _charges(words, lexicon())
    charges.extend(charge for mark in EMOTICON.findall(text) if (charge := lexicon().get(mark.lower())))
    if not charges:
        return Stance(0.0, False)
    total = sum(charges)
    total += math.copysign(min(text.count("!"), 4) * EXCLAMATION, total) if total else 0.0
    return Stance(round(total / math.sqrt(total * total + BEND), 4), True)


def stances(texts: Iterable[str]) -> list[Stance]:
    """Stance of each text, in order; equal texts are read once."""
    known: dict[str, Stance] = {}
    return [known[text] if text in known else known.setdefault(text, stance(text)) for text in texts]


def _charges(words: list[str], charged: dict[str, float]) -> list[float]:
    """Charge of each telling word or phrase, turned by negations and boosters before it."""
    charges: list[float] = []
    place = 0
    while place < len(words):
        word = words[place]
        taken = _phrase(words, place) if word in OPENINGS else 0
        if taken:
            if score := PHRASES[tuple(words[place : place + taken])]:
                charges.append(score)
            place += taken
            continue
        if score := charged.get(word, 0.0):
            charges.append(_turned(score, words[max(0, place - REACH) : place]))
        place += 1
    return charges


def _phrase(words: list[str], place: int) -> int:
    """How many words the longest known phrase that starts here takes, 0 where none does."""
    for length in range(min(LONGEST, len(words) - place), 1 if words[place] != "nobody" else 0, -1):
        if tuple(words[place : place + length]) in PHRASES:
            return length
    return 0


def _turned(score: float, before: list[str]) -> float:
    for distance, word in enumerate(reversed(before)):
        if boost := BOOSTERS.get(word):
            score += math.copysign(1.0, score) * boost * (1 - 0.05 * distance)
    if any(word in NEGATIONS or word.endswith("n't") for word in before):
        score *= NEGATED
    return score
