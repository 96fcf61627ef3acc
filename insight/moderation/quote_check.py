"""Whether a quote's details point to one person: plain rules, each of which says what it saw. Pure.

It warns and decides nothing. The rules know English; in other languages only names, numbers and rare words are seen.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from insight.moderation.model import Sign, Warned
from insight.text.stems import folded, stem, words

FEW = 5  # journeys: what fewer than so many tell of is rare in a place
RARE = 3  # journeys: a word that fewer hold is rare
ENOUGH = 200  # journeys in all, below which nothing is known of rare words
SMALL = 200  # journeys in all, below which the whole place counts as small
LEAST_LETTERS = 5
MOST_SHOWN = 4

_NUMBERS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
_NUMBER = rf"(?:\d{{1,3}}|(?:{'|'.join(_NUMBERS.split())})(?:[- ](?:{'|'.join(_NUMBERS.split()[:9])}))?)"
AGE = (
    rf"\b{_NUMBER}[- ](?:years?|yrs?|months?)[- ]old\b",
    rf"\baged? (?:of )?{_NUMBER}\b",
    rf"\b(?:i am|i'm|i was|he is|he's|she is|she's|who is|turned|turning) {_NUMBER}\b(?! (?:minutes?|hours?|days?|"
    r"weeks?|months?|miles?|pounds?|times|per|%|in the queue|people|on the list|behind|late))",
    r"\bin (?:my|his|her) (?:twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b",
    rf"\b(?:my|his|her|our) {_NUMBER}(?:st|nd|rd|th) birthday\b",
)
_MONTH = "(?:january|february|march|april|may|june|july|august|september|october|november|december)"
DATE = (
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b",
    rf"\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b",
    r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b",
    r"\b(?:christmas (?:day|eve)|boxing day|new year's (?:day|eve)|good friday|easter (?:sunday|monday)|eid|diwali)\b",
)
EVENT = (
    r"\b(?:inquest|coroner|murder\w*|stabb\w+|shoot\w+|shot dead|explosion|drown\w+|crash|manslaughter|"
    r"burn(?:ed|t) down|house fire|the flood|flooded|lightning|lottery|tribunal|court case|high court|trial)\b",
    r"\b(?:in|on) the (?:news|newspaper|paper|papers|telly|radio|gazette|echo|press)\b",
    r"\b(?:the )?(?:first|only) (?:person|one|man|woman|child|family|case) (?:in|to|ever|at)\b",
)
_ROLES = (
    "head ?teacher|head ?master|head ?mistress|vicar|priest|imam|rabbi|minister|mayor|councillor|caretaker|"
    "lollipop (?:lady|man)|postmaster|postmistress|publican|landlord of|landlady of|pharmacist|chemist|midwife|"
    "health visitor|gp|doctor|dentist|vet|librarian|manager|director|chair(?:man|woman|person)?|coach|captain|"
    "farmer|undertaker|blacksmith|harbour ?master|station ?master|sergeant|warden|matron|organist"
)
ROLE = (
    rf"\b(?:i am|i'm|i was|is|was|as|being) (?:the|our|a former|the former|the only|the local) "
    rf"(?:\w+ ){{0,2}}(?:{_ROLES})\b",
    rf"\b(?:our|the only|the village|the parish) (?:{_ROLES})\b",
    r"\b(?:cllr|councillor|rev|reverend|sir|lady|lord|dame|major|colonel) \[name\]",
    r"\b(?:cllr|rev|reverend) [a-z]+\b",
)
_MANY = "(?:four|five|six|seven|eight|nine|ten|eleven|twelve|[4-9]|1[0-9])"
FAMILY = (
    r"\b(?:twins?|triplets?|quads|quadruplets)\b",
    rf"\b{_MANY} (?:\w+ )?(?:children|kids|sons|daughters|brothers|sisters|siblings|boys|girls)\b",
    r"\b(?:adopted|fostered|foster (?:child|children|carer|mum|dad)|widow(?:er|ed)?|orphan\w*|"
    r"my late (?:husband|wife|partner|son|daughter)|both (?:my|our) (?:parents|sons|daughters|children)|"
    r"special guardian|kinship carer)\b",
    r"\b(?:my|our) (?:grandchild\w*|grandson|granddaughter) (?:who )?(?:lives?|lived|living) with (?:me|us)\b",
)
SMALL_PLACE = (
    r"\b(?:village|hamlet|cul[- ]de[- ]sac|parish|our street|our road|our close|our block|caravan (?:site|park)|"
    r"houseboat|lighthouse|island|sheltered housing)\b",
    r"\bon the (?:\w+ ){1,2}estate\b",
)
PATTERNS: tuple[tuple[Sign, tuple[re.Pattern[str], ...]], ...] = tuple(
    (sign, tuple(re.compile(one, re.IGNORECASE) for one in patterns))
    for sign, patterns in (
        (Sign.AGE, AGE),
        (Sign.DATE, DATE),
        (Sign.EVENT, EVENT),
        (Sign.ROLE, ROLE),
        (Sign.FAMILY, FAMILY),
        (Sign.SMALL_PLACE, SMALL_PLACE),
    )
)
# A capital within a sentence is no name in these.
_USUAL = (
    "i i'm i've i'd i'll monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december christmas easter english welsh polish urdu arabic british "
    "england wales scotland britain covid universal credit council tax housing benefit blue badge pension personal "
    "independence payment attendance allowance citizens advice jobcentre police hospital google facebook whatsapp "
    "zoom teams doctor dr mr mrs ms miss mum dad god internet"
)
USUAL = frozenset(_USUAL.split())
CAPITALISED = re.compile(r"(?<![\w\[])[A-Z][a-z]+(?:['’-][A-Za-z]+)*")
STARTS = re.compile(r"(?:^|[.!?:;“\"(]\s*|\n\s*)$")
ALONE = frozenset({Sign.NAME, Sign.RARE_WORDS})  # what stands by itself, and is not weighed together with the others


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the place around a quote.

    ``journeys`` is how many stories it has; ``service`` is the service that the quote is about, with how many
    journeys went there (``None``: about none); ``holding`` says of stems how many other journeys hold them, None where
    too few were compared; ``names`` are words of the place's own lists, in plain form.
    """

    journeys: int
    service: tuple[str, int] | None = None
    holding: Mapping[str, int] | None = None
    names: frozenset[str] = field(default_factory=frozenset)


def quote_warnings(sentence: str, facts: Facts) -> tuple[Warned, ...]:
    """What in a sentence may point to one person, in the order of :class:`Sign`."""
    seen = {sign: _said(patterns, sentence) for sign, patterns in PATTERNS}
    seen[Sign.NAME] = _names(sentence, facts.names)
    seen[Sign.RARE_WORDS] = _rare(sentence, facts)
    found = [Warned(sign, seen[sign]) for sign in Sign if seen.get(sign)]
    if facts.service is not None and facts.service[1] < FEW:
        found.append(Warned(Sign.RARE_SERVICE, (facts.service[0],)))
    weighed = len([one for one in found if one.sign not in ALONE]) + (0 < facts.journeys < SMALL)
    if weighed > 1 and any(one.sign not in ALONE for one in found):
        found.append(Warned(Sign.TOGETHER))
    order = list(Sign)
    return tuple(sorted(found, key=lambda one: order.index(one.sign)))


def words_to_count(sentences: Sequence[str]) -> dict[str, str]:
    """The words of sentences that may be rare, by their stem: long ones that are no mark."""
    return {
        stem(word): word
        for sentence in sentences
        for word in words(re.sub(r"\[[a-z ]+\]", " ", sentence))
        if len(word) >= LEAST_LETTERS and word.isalpha()
    }


def _said(patterns: Sequence[re.Pattern[str]], sentence: str) -> tuple[str, ...]:
    plain = sentence.replace("’", "'")
    return tuple(dict.fromkeys(found.group() for pattern in patterns for found in pattern.finditer(plain)))[:MOST_SHOWN]


def _names(sentence: str, known: frozenset[str]) -> tuple[str, ...]:
    """Capitalised words within the sentence that are no usual ones: perhaps names that the machine did not know."""
    found = [
        match.group()
        for match in CAPITALISED.finditer(sentence)
        if not STARTS.search(sentence[: match.start()]) and not {folded(match.group())} & (USUAL | known)
    ]
    return tuple(dict.fromkeys(found))[:MOST_SHOWN]


def _rare(sentence: str, facts: Facts) -> tuple[str, ...]:
    if facts.holding is None:
        return ()
    held = facts.holding
    return tuple(word for root, word in words_to_count([sentence]).items() if held.get(root, 0) < RARE)[:MOST_SHOWN]
