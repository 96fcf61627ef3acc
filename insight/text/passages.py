"""Cut what people wrote into passages: sentences, their clauses, items of comma lists. Standard library only."""

import re
from collections.abc import Iterator
from typing import NamedTuple


class Span(NamedTuple):
    """A passage as a slice of its text: ``text[start:end]``."""

    start: int
    end: int


# Every pattern starts on a character of its own, never on a run of spaces: a megabyte of blanks stays linear.
EMOJI = r"[\U0001F300-\U0001FAFF\u2600-\u27BF][\U0001F3FB-\U0001F3FF\uFE0F\u200D\U0001F300-\U0001FAFF\u2600-\u27BF]*"
STOPS = re.compile(
    r"(?P<line>[\r\n\v\f\u2028\u2029]+)"
    r"|(?P<dots>\.{2,}|…+)[\"')\]]*"
    r"|(?P<stop>[.!?]+)[\"'’”)\]]*"
    r"|(?P<item>[;•●▪◦‣—])"
    r"|(?<=\s)(?P<dash>[-–*]{1,3})(?=\s)"
    rf"|(?P<emoji>{EMOJI})(?=\s)"
)
JOINS = re.compile(
    r"(?P<clause>,?(?<![\w'])(?:but|however|although|though|whereas|except|also|plus|as well as)(?![\w'-]))"
    r"|(?P<list>,(?=[\sA-Za-z])|(?<=\s)(?:and|&)(?=\s))",
    re.IGNORECASE,
)
_JOINING_WORDS = "but however although though whereas except also plus as well and & so because then"
JOINING_WORDS = frozenset(_JOINING_WORDS.split())
_ABBREVIATIONS = (
    "mr mrs ms mx dr st ste prof rev hon sr jr e.g eg i.e ie etc approx rd ave no tel ext dept vs inc ltd co fig "
    "a.m p.m am pm min mins hr hrs"
)
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
# Abbreviations that end a sentence as often as not: a capital after them starts a new one.
_MAY_END = "etc a.m p.m am pm min mins hr hrs co ltd inc no"
MAY_END = frozenset(_MAY_END.split())
_ADDRESS_ENDS = "com co uk org net gov nhs ac info html htm pdf doc docx csv txt jpg png xlsx io eu ie"
ADDRESS_ENDS = frozenset(_ADDRESS_ENDS.split())
WRAPPED_LINE = 60
BEFORE = 40
TURNS = re.compile(r"(?:,|(?<!\s))\s+(?=(?:but|however|although|though|whereas|except)\b)", re.IGNORECASE)
THREE_WORDS = re.compile(r"\s*(?:\S+\s+){2}\S")
LONGEST_PASSAGE = 1_000


def sentences(text: str) -> list[Span]:
    """Sentences, lines and bullet items, in order, trimmed; spans never overlap and leave out no letter or digit."""
    return [span for start, end in _sentence_slices(text) if (span := _trim(text, start, end))]


def split(text: str) -> list[Span]:
    """Sentences cut again at contrasts ("but ...") and commas, where both sides can stand alone.

    A joining word stays with what follows it. Spans are in order, never overlap and leave out no letter or digit.
    """
    return [passage for sentence in sentences(text) for passage in _clauses(text, sentence)]


def passages(text: str) -> list[Span]:
    """What themes are made of: sentences, cut again where they turn, less what says nothing ("n/a").

    "Kind nurse but a long wait" is praise and pain. Finer cuts (commas, "and") leave pieces that mean little apart
    from their sentence. A passage ends at 1,000 characters.
    """
    sides = (side for sentence in sentences(text) for side in _sides(text, sentence))
    return [
        Span(start, min(end, start + LONGEST_PASSAGE)) for start, end in sides if not is_non_answer(text[start:end])
    ]


def _sides(text: str, sentence: Span) -> Iterator[Span]:
    start = sentence.start
    for turn in TURNS.finditer(text, *sentence):
        before = THREE_WORDS.match(text, start, turn.start())
        if before and THREE_WORDS.match(text, turn.end(), sentence.end):
            yield Span(start, turn.start())
            start = turn.end()
    yield Span(start, sentence.end)


def _sentence_slices(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in STOPS.finditer(text):
        if _ends(text, start, mark):
            yield start, mark.end()
            start = mark.end()
    yield start, len(text)


def _ends(text: str, start: int, mark: re.Match[str]) -> bool:
    if mark.lastgroup == "line":
        return not _soft_wrap(text, start, mark)
    if mark.lastgroup == "stop":
        return _full_stop_ends(text, start, mark)
    return True


def _soft_wrap(text: str, start: int, mark: re.Match[str]) -> bool:
    """An e-mail's line break: one newline after a long line, and the next line goes on in lower case."""
    after = text[mark.end() : mark.end() + 1]
    return mark.group() in ("\n", "\r\n") and mark.start() - start >= WRAPPED_LINE and after.islower()


def _full_stop_ends(text: str, start: int, mark: re.Match[str]) -> bool:
    after = text[mark.end() : mark.end() + BEFORE]
    if not after or mark.group("stop") != ".":
        return True
    before = text[max(start, mark.start() - BEFORE) : mark.start()]
    word = before.rsplit(None, 1)[-1] if before and not before[-1].isspace() else ""
    if not after[0].isspace():
        return _space_missing(word, after)
    return not _abbreviation(word.lstrip("(\"'").lower(), after) and not _numbering(word, before)


def _abbreviation(word: str, after: str) -> bool:
    """ "Dr. Smith", "3 p.m. on Monday", "J. Smith": the full stop belongs to the word before it."""
    follows = after.lstrip()[:1]
    if word in MAY_END:
        return follows.islower() or (word == "no" and follows.isdigit())
    return word in ABBREVIATIONS or (len(word) == 1 and word.isalpha() and word != "i" and follows.isupper())


def _numbering(word: str, before: str) -> bool:
    """ "1. Parking": a number that opens the sentence numbers it."""
    return word.isdigit() and len(word) <= 2 and before.strip() == word


def _space_missing(word: str, after: str) -> bool:
    """ "it was ok.the nurse" ends a sentence; 2.5, e.g., www.nhs.uk and a@b.org do not."""
    follows = re.match(r"[^\W\d_]+", after)
    if not follows or len(word.strip("\"'()")) < 2 or (not word[-1].isalpha() and word[-1] not in ")\"'"):
        return False
    looks_like_address = "@" in word or "/" in word or word.lower().startswith("www")
    next_word = follows.group().lower()
    if looks_like_address or next_word in ADDRESS_ENDS or after[len(next_word) : len(next_word) + 1] in (".", "@"):
        return False
    return len(next_word) > 1 or next_word in ("i", "a")


def _clauses(text: str, sentence: Span) -> Iterator[Span]:
    start, said = sentence.start, 0
    held: Span | None = None
    cuts = [(mark.start(), 3 if mark.lastgroup == "clause" else 2) for mark in JOINS.finditer(text, *sentence)]
    place = start
    for cut, least in [*cuts, (sentence.end, 2)]:
        said += _count_words(text[place:cut])
        place = cut
        if said < least:
            continue
        if held:
            yield from filter(None, [_trim(text, *held)])
        held, start, said = Span(start, cut), cut, 0
    if held:
        yield from filter(None, [_trim(text, held.start, sentence.end)])
    else:
        yield sentence


def _count_words(piece: str) -> int:
    """Words that say something: the joining word in front does not count."""
    return sum(1 for word in piece.split() if word.strip(",.").lower() not in JOINING_WORDS and word != ",")


def _trim(text: str, start: int, end: int) -> Span | None:
    """Without blanks and loose signs at the ends; None where nothing is left that could be read."""
    while start < end and (text[start].isspace() or text[start] in ",;•●▪◦‣—-–*"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;•●▪◦‣—-–"):
        end -= 1
    return Span(start, end) if any(sign.isalnum() for sign in text[start:end]) else None


NOTHING = re.compile(
    r"(?:(?:no|nope|nah|not?|sorry|well|um|er|honestly|really|there is|there s|there was|i have|i ve|at the moment|"
    r"at this time|as yet|so far|for now|currently|thanks|thank you) )*"
    r"(?:n a|na|nil|none|no|nope|null|nan|blank|left blank|x+|not applicable|"
    r"(?:absolutely |really |just )?nothing|no(?:ne| (?:further )?comments?| suggestions?| ideas?| opinion| feedback)|"
    r"(?:i )?(?:did not|didn ?t|do not|don ?t|would not|wouldn ?t) (?:wish to |want to )?(?:answer|know|comment|say)|"
    r"not (?:answered|sure|really|a thing|a lot|much|that i can think of)|unsure|dk|idk|prefer not to say|"
    r"(?:i )?(?:can ?t|cannot|can not|couldn ?t|could not) (?:really )?think of ?(?:anything|any|a thing)?|"
    r"(?:nothing|none) (?:i|that i|we) can think of|as above|see above|same as above)"
    r"(?: (?:at all|really|else|more|further|to add|to say|to report|comes to mind|springs to mind|i can think of|"
    r"that i can think of|anything|to comment|at the moment|at present|at this time|for now|so far|whatsoever|"
    r"thanks|thank you|sorry|in particular|specific|applicable))*"
)


def is_non_answer(text: str) -> bool:
    """Whether a text says nothing one could work on: "n/a", "Nothing at all.", "Did not answer", an emoji alone."""
    if len(text) > 120:
        return not any(sign.isalpha() for sign in text)
    said = re.sub(r"[\W_]+", " ", text.lower()).strip()
    return not any(sign.isalpha() for sign in said) or NOTHING.fullmatch(said) is not None
