"""Feelings as files score them: -2 to 2, 1 to 5, 0 to 10, stars, or words. A column's values tell its scale."""

import re
from collections import Counter
from dataclasses import dataclass, field

from insight.errors import BadInput
from insight.intake.importing.dates import Unreadable
from insight.intake.importing.values import is_blank, plain
from insight.language import _

WORDS: dict[int, str] = {
    2: "very good|excellent|extremely likely|very likely|very satisfied|very happy|very positive|strongly agree|"
    "very easy|outstanding|fantastic|amazing|definitely|extremely satisfied|completely satisfied|delighted|love|great",
    1: "good|likely|satisfied|happy|positive|agree|easy|fairly good|fairly satisfied|quite good|somewhat satisfied|"
    "somewhat likely|fairly likely|quite likely|slightly satisfied|pleased|fairly easy|tend to agree|somewhat agree|"
    "fairly happy|quite satisfied|quite happy|probably",
    0: "neither good nor poor|neither good nor bad|neither likely nor unlikely|neither satisfied nor dissatisfied|"
    "neither agree nor disagree|neither|neutral|ok|okay|fair|average|mixed|neither easy nor difficult|so so|"
    "adequate|neither happy nor unhappy|acceptable|undecided",
    -1: "poor|bad|unlikely|dissatisfied|unhappy|negative|disagree|difficult|fairly poor|fairly dissatisfied|quite poor|"
    "somewhat dissatisfied|somewhat unlikely|fairly unlikely|quite unlikely|unsatisfied|sad|hard|fairly difficult|"
    "tend to disagree|somewhat disagree|fairly unhappy|quite dissatisfied|disappointed|frustrated|probably not",
    -2: "very poor|very bad|terrible|awful|extremely unlikely|very unlikely|very dissatisfied|very unhappy|"
    "very negative|strongly disagree|very difficult|appalling|angry|hate|definitely not|horrible|dreadful|"
    "extremely dissatisfied",
}
FEELING_OF = {word: feeling for feeling, words in WORDS.items() for word in words.split("|")}
NO_FEELING = frozenset(
    [
        "don t know",
        "do not know",
        "dont know",
        "not sure",
        "unsure",
        "can t say",
        "cannot say",
        "no opinion",
        "not applicable",
        "na",
        "n a",
        "unknown",
    ]
)
NUMBER = re.compile(r"'?([+-]?\d{1,3}(?:\.\d+)?)(?:\s*(?:/|out of)\s*\d{1,3}|\s*stars?|\s*%)?", re.IGNORECASE)
CODED = re.compile(r"\s*-?\d{1,2}\s*[-=.:)–]\s*(?=[^\W\d])")
GLAD = frozenset(
    [
        "good",
        "great",
        "excellent",
        "friendly",
        "helpful",
        "kind",
        "lovely",
        "amazing",
        "brilliant",
        "fantastic",
        "wonderful",
        "polite",
        "caring",
        "professional",
        "thank",
        "thanks",
        "happy",
        "pleased",
        "efficient",
        "quick",
        "perfect",
        "superb",
        "reassuring",
        "supportive",
        "best",
        "welcoming",
        "understanding",
    ]
)
SORE = frozenset(
    [
        "bad",
        "poor",
        "rude",
        "terrible",
        "awful",
        "late",
        "wait",
        "waited",
        "waiting",
        "waits",
        "delay",
        "delayed",
        "delays",
        "never",
        "nobody",
        "worse",
        "worst",
        "disappointed",
        "useless",
        "ignored",
        "cancelled",
        "unhelpful",
        "dirty",
        "slow",
        "long",
        "lack",
        "lost",
        "complaint",
        "disgusting",
        "frustrating",
        "upset",
        "angry",
    ]
)
FRIENDS_AND_FAMILY = re.compile(r"\bfft\b|friends (?:and|&) family", re.IGNORECASE)
TELLING = 12  # comments on each side before words may decide which end of a scale is the glad one
MOST_DISTINCT = 200
TOPS = (5, 7, 10, 100)
USUAL = 0.95


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers from ``low`` to ``high``; ``best`` is the end that is the glad one. ``silent`` codes say nothing."""

    low: int
    high: int
    best: int
    silent: frozenset[int] = frozenset()

    def feeling(self, number: float) -> int | None:
        """A number as -2 to 2, None for a code that says nothing; or :class:`Unreadable`."""
        if number in self.silent:
            return None
        if not self.low <= number <= self.high:
            raise Unreadable(_("Give a score from {low} to {high}").format(low=self.low, high=self.high))
        share = (number - self.low) / (self.high - self.low)
        felt = (share if self.best == self.high else 1 - share) * 4 - 2
        return int(felt + 0.5) if felt >= 0 else -int(-felt + 0.5)

    def in_words(self) -> str:
        """The scale in the language spoken now; its ``str`` is what :func:`read_scale` and files to mend read."""
        words = _("{low} to {high} with {best} the best").format(low=self.low, high=self.high, best=self.best)
        if not self.silent:
            return words
        *others, last = map(str, sorted(self.silent))
        codes = _("{names} and {last}").format(names=", ".join(others), last=last) if others else last
        return _("{scale}, {codes} as no answer").format(scale=words, codes=codes)

    def __str__(self) -> str:
        silent = f", {' and '.join(map(str, sorted(self.silent)))} as no answer" if self.silent else ""
        return f"{self.low} to {self.high} with {self.best} the best{silent}"


FEELINGS = Scale(-2, 2, 2)
WRITTEN_SCALE = re.compile(r"(-?\d+) to (-?\d+) with (-?\d+) the best(?:, ([\d and]+) as no answer)?")


def read_scale(text: str) -> Scale:
    """A scale from its words, as in "1 to 5 with 1 the best"; or :class:`~insight.errors.BadInput`."""
    found = WRITTEN_SCALE.fullmatch(text.strip())
    if found:
        low, high, best = int(found[1]), int(found[2]), int(found[3])
        if low < high and best in (low, high):
            silent = frozenset(int(code) for code in (found[4] or "").split(" and ") if code)
            return Scale(low, high, best, silent)
    raise BadInput(_('Say the scale as in "1 to 5 with 1 the best".'))


def read_feeling(text: str, scale: Scale) -> int | None:
    """A feeling from -2 to 2; None where the value says that there is none; or :class:`Unreadable`."""
    number = as_score(text)
    if number is not None:
        return scale.feeling(number)
    if set(text) <= {"★", "☆", " "}:
        return Scale(0, 5, 5).feeling(text.count("★")) if text.count("★") else None
    word = plain(CODED.sub("", text))
    if word in NO_FEELING:
        return None
    if word not in FEELING_OF:
        raise Unreadable(_("Use a score, or words such as Very good, Good, Neither, Poor, Very poor"))
    return FEELING_OF[word]


def as_score(text: str) -> float | None:
    """The number of "4", "4/5", "4 stars" or "80%"; None for anything else."""
    found = NUMBER.fullmatch(text.strip())
    return float(found[1]) if found else None


@dataclass(slots=True)
class ScaleEvidence:
    """What a column's values, and the words beside them, say about its scale."""

    numbers: Counter[float] = field(default_factory=Counter)
    tones: dict[float, list[int]] = field(default_factory=dict)
    words: int = 0

    def add(self, text: str, comment: str = "") -> None:
        """Count one value, with what was written beside it."""
        if is_blank(text, fact=True):
            return
        number = as_score(text)
        if number is None:
            self.words += 1
        elif number in self.numbers or len(self.numbers) < MOST_DISTINCT:
            self.numbers[number] += 1
            glad, sore = tone(comment)
            if glad != sore:
                tally = self.tones.setdefault(number, [0, 0])
                tally[glad < sore] += 1

    def scale(self, column: str) -> tuple[Scale, str | None]:
        """The scale, and a sentence on how it was found; no sentence where there was nothing to decide."""
        if not self.numbers:
            return FEELINGS, None
        low, high, silent = self._ends(column)
        if low < 0:
            told = _("Scores in {column} were read as -2 (very bad) to 2 (very good).")
            return FEELINGS, told.format(column=column)
        best, told = self._best(column, low, high)
        scale = Scale(low, high, best, silent)
        return scale, told.format(column=column, scale=scale.in_words())

    def _ends(self, column: str) -> tuple[int, int, frozenset[int]]:
        values = set(self._usual())
        least, most = min(values), max(values)
        if least < 0 or values == {0, 1, 2}:
            return -2, 2, frozenset()
        if FRIENDS_AND_FAMILY.search(column) and least >= 1 and most <= 7:
            return 1, 5, frozenset(code for code in (6, 7) if code in self.numbers)
        if most in (7, 8, 9) and all(value <= 5 or value == most for value in values) and {3, 4} <= values:
            return 1, 5, frozenset({int(most)})
        if values <= {0, 1}:
            return 0, 1, frozenset()
        top = next((end for end in TOPS if most <= end), TOPS[-1])
        return (0 if 0 in values or top == 100 else 1), top, frozenset()

    def _usual(self) -> list[float]:
        """The values that nearly all rows have: one slip of the keyboard must not turn the scale of a whole column."""
        within = {number: count for number, count in self.numbers.items() if -2 <= number <= TOPS[-1]}
        everything = sum(within.values())
        for top in (2, *TOPS):
            usual = [number for number in within if number <= top and (number >= 0 or top == 2)]
            if usual and sum(within[number] for number in usual) >= USUAL * everything:
                return usual
        return list(within) or [1]

    def _best(self, column: str, low: int, high: int) -> tuple[int, str]:
        """The glad end, and a sentence to say why.

        The comments decide where they are clear; then what is known of the question; then that more is better.
        """
        middle = (low + high) / 2
        sides = [[0, 0], [0, 0]]
        for number, (glad, sore) in self.tones.items():
            if low <= number <= high and number != middle:
                side = sides[number > middle]
                side[0], side[1] = side[0] + glad, side[1] + sore
        shares = [glad / (glad + sore) if glad + sore >= TELLING else None for glad, sore in sides]
        if shares[0] is not None and shares[1] is not None and abs(shares[0] - shares[1]) > 0.2:
            best = low if shares[0] > shares[1] else high
            return best, _("Scores in {column} were read as {scale} (that is where the glad comments are).")
        if FRIENDS_AND_FAMILY.search(column) and (low, high) == (1, 5):
            return low, _("Scores in {column} were read as {scale} (as the NHS Friends and Family Test codes it).")
        return high, _(
            "Scores in {column} were read as {scale} (more taken as better. Say so if it is the other way round)."
        )


def tone(comment: str) -> tuple[int, int]:
    """How many glad and how many sore words the start of a comment holds."""
    words = plain(comment[:400]).split()
    return sum(word in GLAD for word in words), sum(word in SORE for word in words)
