"""Which passwords will do: by length, and not one that a guesser tries first. Pure, but for the lists it reads.

NIST SP 800-63B (revision 4) section 3.1.1.2 and OWASP ASVS 5.0 section V6.2: length and a list of common passwords, any
character, no rules of composition. A password is compared with the list in the forms that people give a common word.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from unicodedata import normalize

from insight.accounts.breached import is_breached
from insight.errors import BadInput
from insight.language import _
from insight.settings import ROOT

LIST_FILE = ROOT / "data" / "passwords" / "common.txt"
SHORTEST, LONGEST = 12, 128  # characters
OWN_WORD = 4  # letters; a shorter part of a name or a place is found in many a good password by chance
LEFT_OVER = 6  # characters that must be left when the words that everybody knows are taken out
SHORT_UNIT = 5
RUN_SHARE = 0.75
SERVICE = "throughline"
LEET = (str.maketrans("01345789@$!+|", "oieastbgasitl"), str.maketrans("01345789@$!+|", "oleastbgaslti"))
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qaz wsx edc rfv tgb yhn ujm",
)


def fit_password(typed: str, about: Iterable[str] = ()) -> str:
    """The password as it is hashed (NFKC). ``about`` are texts that a guesser knows: login, name, places.

    Raises :class:`~insight.errors.BadInput` with what to do.
    """
    password = as_hashed(typed)
    if len(password) < SHORTEST:
        raise BadInput(_("Choose a password of at least 12 characters. Three or four words do well."))
    if len(password) > LONGEST:
        raise BadInput(_("Choose a password of at most 128 characters."))
    if _is_run(password.casefold()) or not common().isdisjoint(forms(password)):
        raise BadInput(_("That password is among the first that others try. Choose words that do not go together."))
    if _is_known(password, about):
        raise BadInput(_("That password is made of your name, your login, your place or this product. Choose others."))
    if is_breached(password):
        raise BadInput(_("That password was stolen somewhere before, so others try it. Choose another."))
    return password


def as_hashed(typed: str) -> str:
    """A password in the one form in which it is hashed, however a keyboard made it; cut far beyond the most."""
    return normalize("NFKC", typed[: 4 * LONGEST])


def forms(password: str) -> Iterator[str]:
    """The words that may hide in a password: without capitals, leet, digits and signs at its ends, repetition."""
    folded = password.casefold()
    for text in dict.fromkeys((folded, _unit(folded))):
        short = _trimmed_right(text)
        for form in (text, short, *(short.translate(table) for table in LEET)):
            trimmed = _trimmed_left(form)
            letters = "".join(c for c in form if c.isalpha())
            yield from dict.fromkeys((form, trimmed, letters, _unit(letters)))


@lru_cache
def common() -> frozenset[str]:
    """The list: common passwords, and words that people of this country and trade build theirs from."""
    lines = LIST_FILE.read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _is_known(password: str, about: Iterable[str]) -> bool:
    """Whether little, or a common word, is left once the words that a guesser knows are taken out."""
    words = {SERVICE, *(word for text in about for word in _words(text))}
    for form in set(forms(password)):
        left = form
        for word in sorted(words, key=len, reverse=True):
            left = left.replace(word, "")
        if left != form and (len(_trimmed(left)) < LEFT_OVER or _trimmed(left) in common()):
            return True
    return False


def _words(text: str) -> list[str]:
    folded = normalize("NFKC", text).casefold()
    parts = "".join(c if c.isalpha() else " " for c in folded).split()
    return [part for part in (*parts, "".join(parts)) if len(part) >= OWN_WORD]


def _is_run(text: str) -> bool:
    """Whether nearly every character follows from the one before: the same, or its neighbour in a row."""
    core = _trimmed(text)
    if len(_unit(text)) < SHORT_UNIT or (len(core) >= LEFT_OVER and len(_unit(core)) < SHORT_UNIT):
        return True
    pairs = list(pairwise(text))
    followed = sum(one == other or one + other in _NEIGHBOURS for one, other in pairs)
    return followed >= RUN_SHARE * len(pairs)


def _unit(text: str) -> str:
    """What a text repeats, such as ``abc`` of ``abcabcab``; the text itself where it repeats nothing."""
    for length in range(1, len(text) // 2 + 1):
        if text == (text[:length] * (len(text) // length + 1))[: len(text)]:
            return text[:length]
    return text


def _trimmed(text: str) -> str:
    return _trimmed_left(_trimmed_right(text))


def _trimmed_right(text: str) -> str:
    while text and not text[-1].isalpha():
        text = text[:-1]
    return text


def _trimmed_left(text: str) -> str:
    while text and not text[0].isalpha():
        text = text[1:]
    return text


_NEIGHBOURS = frozenset(pair for row in ROWS for one, other in pairwise(row) for pair in (one + other, other + one))
