"""Labels that read as a person would write them: a phrase that several texts share, with a term where it needs one.

Every part of a label between commas stands word for word in the group's texts: a phrase in at least three different
ones, a term in at least two. So a label can be checked again once some of the texts are gone
(``parts_of``), and no single text's own words become one.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from insight.text.tokens import TOKEN, is_stopword, stem, tokenize
from insight.themes.model import Integers, Labels
from insight.themes.phrases import Phrase, Said
from insight.themes.terms import EDITED, Corpus, Telling
from insight.themes.wording import TITLES

LABEL_TERMS = 3
LEAST_TEXTS_OF_A_TERM = 2
LONGEST_LABEL = 60
# A group's texts nearest its centre: its phrases are looked for in them.
CENTRAL = 1000
# A phrase that covers this much of what tells its group needs no term beside it; below the least it is no label.
ENOUGH = 0.45
LEAST = 0.25
LEAST_WORTH = 0.25
OTHERS_WORTH = 0.5
# Words that begin alike are taken for forms of one ("quick", "quicker").
ALIKE = 4
SPELLINGS = 15
NAMES = 0.8


def labels_of(texts: Sequence[str], labels: Labels, telling: Telling, central: Sequence[Integers]) -> list[str]:
    """One label for each group, no two alike. ``central``: rows of each group, nearest its centre first."""
    count = len(central)
    different = [_different(texts, near[:CENTRAL]) for near in central]
    read = np.sort(np.concatenate(different))
    found = Said(telling, read, labels, count).phrases(count)
    worthy = [[phrase for phrase in phrases if _says_enough(phrase)] for phrases in found]
    spelling = spellings(texts, telling.corpus, _words_of(worthy, telling.terms))
    taken: set[str] = set()
    keys: set[frozenset[str]] = set()
    given = []
    for phrases, terms, rows in zip(worthy, telling.terms, different, strict=True):
        known = {word for term in terms for word in term.split()}
        anybody = [phrase for phrase in phrases if not _may_name(phrase.words, known, spelling)]
        usable = [term for term in terms if not _may_name(term.split(), known, spelling)]
        parts = _parts(anybody, _said_by_several(usable, telling.corpus, rows), keys)
        label = _numbered(_written(parts, spelling) or "Other", taken)
        keys.add(_key(parts))
        taken.add(label)
        given.append(label)
    return given


def parts_of(label: str) -> list[str]:
    """What a label is made of, as it stands in texts read by ``insight.text.tokens.tokenize``: to check it again."""
    return [" ".join(tokenize(part)) for part in label.split(",")]


def _different(texts: Sequence[str], rows: Integers) -> Integers:
    """Rows without those that say the same as one before."""
    first: dict[str, int] = {}
    for row in rows.tolist():
        first.setdefault(" ".join(texts[row].lower().split()), row)
    return np.array(list(first.values()), np.int64)


def _said_by_several(terms: Sequence[str], corpus: Corpus, rows: Integers) -> list[str]:
    """Terms that stand word for word in two of these texts, else such words of them; in one, where there is but one."""
    found = _in_texts(terms, corpus, rows)
    return found or _in_texts([word for term in terms for word in term.split() if not is_stopword(word)], corpus, rows)


def _in_texts(terms: Sequence[str], corpus: Corpus, rows: Integers) -> list[str]:
    missing = dict.fromkeys(terms, min(LEAST_TEXTS_OF_A_TERM, len(rows)))
    for row in rows.tolist():
        if not any(missing.values()):
            break
        tokens = corpus.tokens[corpus.starts[row] : corpus.starts[row + 1]].tolist()
        said = f" {' '.join(corpus.words[token] for token in tokens)} "
        missing = {term: left - (left > 0 and f" {term} " in said) for term, left in missing.items()}
    return [term for term, left in missing.items() if not left]


def _says_enough(phrase: Phrase) -> bool:
    return len(phrase.words) > 1 and phrase.covers >= LEAST and phrase.worth >= LEAST_WORTH


def _parts(phrases: Sequence[Phrase], terms: Sequence[str], keys: set[frozenset[str]]) -> list[str]:
    """The best phrase that no other label has, with terms where it says too little; else the first terms."""
    for phrase in phrases:
        if phrase.worth < OTHERS_WORTH * phrases[0].worth:
            break
        parts = [" ".join(phrase.words)]
        if phrase.covers < ENOUGH:
            parts = _with_term(parts, terms)
        if _told_apart(parts, keys):
            return parts
    parts = [" ".join(phrases[0].words)] if phrases else list(terms[:LABEL_TERMS])
    while not _told_apart(parts, keys):
        longer = _with_term(parts, terms)
        if longer == parts:
            break
        parts = longer
    return parts


def _with_term(parts: list[str], terms: Sequence[str]) -> list[str]:
    """One more part: the first term that begins like no word said yet, if there is room."""
    said = {word[:ALIKE] for part in parts for word in part.split() if not is_stopword(word)}
    for term in terms:
        fits = len(", ".join([*parts, term])) <= LONGEST_LABEL
        if fits and said.isdisjoint(word[:ALIKE] for word in term.split() if not is_stopword(word)):
            return [*parts, term]
    return parts


def _key(parts: Iterable[str]) -> frozenset[str]:
    """By what labels are told apart: the stems of their words, whatever their order."""
    return frozenset(stem(word) for part in parts for word in part.split() if not is_stopword(word))


def _told_apart(parts: Iterable[str], keys: set[frozenset[str]]) -> bool:
    """Whether a label says something that no other label says as well."""
    mine = _key(parts)
    return not any(mine <= other for other in keys)


def _may_name(words: Sequence[str], known: set[str], spelling: dict[str, str]) -> bool:
    """Whether words may be somebody's name: one written like a name after "nurse", or that is no term of the group."""
    named = [word != "i" and spelling[word].istitle() for word in words]
    after = [False, *(word in TITLES for word in words[:-1])]
    return any(name and (title or word not in known) for word, name, title in zip(words, named, after, strict=True))


def _words_of(phrases: Sequence[Sequence[Phrase]], terms: Sequence[Sequence[str]]) -> set[str]:
    said = {word for some in phrases for phrase in some for word in phrase.words}
    return said | {word for some in terms for term in some for word in term.split()}


def spellings(texts: Sequence[str], corpus: Corpus, words: set[str]) -> dict[str, str]:
    """How words are written inside a sentence: "GP", "Monday"; small where most write them so."""
    wanted = np.array([word in words for word in corpus.words], bool)
    places = np.flatnonzero(wanted[corpus.tokens] & ~corpus.opens)
    order = places[np.argsort(corpus.tokens[places], kind="stable")]
    number = corpus.tokens[order]
    rank = np.arange(len(order)) - np.searchsorted(number, number)
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    chosen = order[rank < SPELLINGS]
    rows = np.searchsorted(corpus.starts, chosen, side="right") - 1
    for place, row in zip(chosen.tolist(), rows.tolist(), strict=True):
        written = TOKEN.findall(EDITED.sub(" . ", texts[row]).replace("’", "'"))[place - int(corpus.starts[row])]
        seen[written.lower()][written] += 1
    return {word: _spelling(word, seen[word]) for word in sorted(words)}


def _spelling(word: str, written: Counter[str]) -> str:
    if word == "i" or word.startswith("i'"):
        return word.capitalize()
    capital = sum(number for form, number in written.items() if form.isupper() and len(form) > 1)
    title = sum(number for form, number in written.items() if form.istitle())
    if capital > written.total() / 2:
        return word.upper()
    return word.capitalize() if title + capital >= max(2, NAMES * written.total()) else word


def _written(parts: Sequence[str], spelling: dict[str, str]) -> str:
    said = ", ".join(" ".join(spelling[word] for word in part.split()) for part in parts)
    return said[:1].upper() + said[1:]


def _numbered(label: str, taken: set[str]) -> str:
    number = 1
    shown = label
    while shown in taken:
        number += 1
        shown = f"{label} ({number})"
    return shown
