"""Sharpen themes: known pains claim what sounds like their examples, then every other passage goes where it fits best.

Grouping by neighbours draws wide circles: in each there are passages that stand near nothing.

*Known pains* (``known.py``) learn from their examples against everything said here: the direction that sets a pain's
examples apart from all passages, with the spread of all passages taken out (Fisher 1936; all passages stand for "not
this pain", as most of them are: Elkan and Noto 2008). What is claimed clearly teaches the next round (self-training,
Yarowsky 1995). Likeness is in standard deviations of all passages, so that one threshold serves every pain.

*Found themes* learn their own vectors and words from their clearest passages (Rocchio 1971). A passage that is not
clearly like any theme is left unplaced.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from insight.painpoints.known import KnownPain
from insight.painpoints.model import UNPLACED
from insight.painpoints.rules import HELPS_ABOVE
from insight.themes import Findings

Labels = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
WORDS = 1.25  # weight of the words beside the vectors
CLAIM = 1.6  # standard deviations above the mean of all passages from which a passage teaches a known pain
LEAD = 0.5  # and by which it must be liker that pain than any other
TAKES = 1.4  # from which, rivals taken off, a known pain takes a passage in the end
RIVAL = 0.2  # how much of the likeness to the next best pain is taken off
TICKED = 1.2  # what the teller's own tick at the step ("had to tell it again") adds, in standard deviations
SPREAD = 0.003  # added to the spread of all passages (ridge): few examples must not lean on rare words
TURNS = 12  # of conjugate gradients; more change no claim
TEACHERS = 30_000  # different texts that the spread is learnt from; more change little and cost much
MOST_WORDS = 50_000  # words and pairs of words, the most frequent: memory
CLEAR = 0.4  # passages this near their found theme's centre (cosine) teach it
PLACED = 0.45  # below this likeness a passage belongs to no found theme
ROUNDS = 4
TOP, NORMAL_TOP = 99.5, 2.58  # percent of a normal distribution below, in standard deviations
# Words said OFTEN, of steps that on the whole felt no worse than others (mean side above ORDINARY), are small talk or
# routine ("filled in the form with them"), however much they sound like a known pain.
OFTEN, ORDINARY = 5, -0.1
FEW = 60  # different texts, below which there is nothing to learn words from
CHUNK = 20_000


@dataclass(frozen=True)
class Sharpened:
    """Theme of each passage (-1: none), its likeness 0 to 1, and which of the themes are known pains."""

    labels: Labels
    scores: npt.NDArray[np.float32]
    known: dict[int, KnownPain]


@dataclass(frozen=True)
class Space:
    """Texts as vectors (n, d) and weighted words (n, w), both of length 1 a row."""

    vectors: Reals
    words: sp.csr_matrix

    def rows(self, chosen: npt.NDArray[np.int64] | slice) -> "Space":
        """Some of the texts."""
        return Space(self.vectors[chosen], self.words[chosen])

    def along(self, directions: Reals) -> Reals:
        """How far each text goes along each direction: (n, k) from (d + w, k)."""
        wide = self.vectors.shape[1]
        far: Reals = self.vectors @ directions[:wide] + WORDS * (self.words @ directions[wide:])
        return far

    def sums(self, amounts: Reals) -> Reals:
        """The texts added up by amounts: (d + w, k) from (n, k)."""
        return np.vstack([self.vectors.T @ amounts, WORDS * (self.words.T @ amounts)])

    def centres(self, labels: Labels, teach: Truths, count: int) -> "Space":
        """The middle of each theme's teaching texts."""
        rows = np.flatnonzero(teach & (labels >= 0))
        sums = sp.csr_matrix((np.ones(len(rows)), (labels[rows], rows)), shape=(count, len(labels)))
        return Space(_unit(np.asarray(sums @ self.vectors)), _unit_rows(sp.csr_matrix(sums @ self.words)))

    def likeness(self, centres: "Space", rows: slice) -> Reals:
        """How like each text is to each centre, (rows, centres), 0 to 1 + WORDS; rounded, so that machines agree."""
        near = self.vectors[rows] @ centres.vectors.T
        like: Reals = np.round(near + WORDS * (self.words[rows] @ centres.words.T).toarray(), 6)
        return like


def sharpen(
    texts: Sequence[str],
    findings: Findings,
    side: Reals,
    known: Sequence[KnownPain],
    ticked: Mapping[str, Truths] | None = None,
) -> Sharpened:
    """Place every passage anew. Special groups of the findings (no answer) stay out of themes.

    ``side`` (n,) is -2 to 2: a glad passage is never put to a known pain. ``ticked``: by code of a known pain, the
    passages (n,) in whose step the teller ticked just that; it counts a little, the words decide.
    """
    first, copy_of = _different(texts)
    special = [theme.index for theme in findings.themes if theme.kind != "theme"]
    found = np.where(np.isin(findings.labels, special), UNPLACED, findings.labels).astype(np.int32)
    if len(first) < FEW:
        return Sharpened(found, findings.scores, {})
    space, examples = _space([texts[row] for row in first], findings, first, known)
    common_side = np.bincount(copy_of, weights=side) / np.bincount(copy_of)
    often = np.bincount(copy_of) >= OFTEN
    barred = (common_side > np.where(often, ORDINARY, HELPS_ABOVE)) | (found[first] == UNPLACED)
    claimed, strength = _claims(space, examples, known, barred, _bonus(known, ticked or {}, copy_of, len(first)))
    placed, likeness = _place(space, np.where(claimed >= 0, UNPLACED, found[first]).astype(np.int32))
    labels = np.where(claimed >= 0, claimed, np.where(placed >= 0, placed + len(known), UNPLACED)).astype(np.int32)
    scores = np.where(claimed >= 0, strength / (strength + TAKES), likeness / (1 + WORDS)).astype(np.float32)
    every = labels[copy_of]
    every[(every < len(known)) & (side > HELPS_ABOVE)] = UNPLACED  # the same words, said of a good step
    return Sharpened(every, scores[copy_of], dict(enumerate(known)))


def _claims(
    space: Space, examples: Space, known: Sequence[KnownPain], barred: Truths, bonus: Reals
) -> tuple[Labels, Reals]:
    """Which known pain takes each text (-1: none), and how clearly (standard deviations, at least 0)."""
    count = len(barred)
    if not known:
        return np.full(count, UNPLACED, np.int32), np.zeros(count)
    some = np.arange(0, count, -(-count // TEACHERS), dtype=np.int64)
    teachers, everyone = space.rows(some), np.full((len(some), 1), 1 / len(some))
    middle = teachers.sums(everyone)
    own = np.repeat(np.eye(len(known)), [len(pain.say) for pain in known], axis=0)
    said, number = examples.sums(own), own.sum(axis=0)
    taught, more = said, number
    for _ in range(ROUNDS):
        directions = _apart(teachers, taught / more - middle, middle)
        directions = _stretched(directions, teachers.along(directions) - (middle.T @ directions))
        likeness = _rounded(teachers.along(directions) - (middle.T @ directions))
        best, lead = _best_and_next(likeness)
        clear = (best >= CLAIM) & (best - lead >= LEAD) & ~barred[some]
        gives = np.eye(len(known))[likeness.argmax(axis=1)] * clear[:, None]
        taught, more = said + teachers.sums(gives), number + gives.sum(axis=0)
    return _take(space, directions, middle.T @ directions, barred, bonus)


def _take(space: Space, directions: Reals, middle: Reals, barred: Truths, bonus: Reals) -> tuple[Labels, Reals]:
    labels, strength = np.full(len(barred), UNPLACED, np.int32), np.zeros(len(barred))
    for start in range(0, len(barred), CHUNK):
        rows = slice(start, start + CHUNK)
        likeness = _rounded(space.rows(rows).along(directions) - middle) + bonus[rows]
        best, lead = _best_and_next(likeness)
        clear = best - RIVAL * np.maximum(lead, 0)
        takes = (clear >= TAKES) & ~barred[rows]
        labels[rows] = np.where(takes, likeness.argmax(axis=1), UNPLACED)
        strength[rows] = np.maximum(clear, 0)
    return labels, strength


def _apart(teachers: Space, differences: Reals, middle: Reals) -> Reals:
    """Fisher's directions: the differences with the spread of the teachers taken out, by conjugate gradients.

    Scaled so that the texts' positions along each have a standard deviation of about 1 (Mahalanobis length).
    """
    number = len(teachers.vectors)

    def spread(directions: Reals) -> Reals:
        return (
            teachers.sums(teachers.along(directions)) / number - middle @ (middle.T @ directions) + SPREAD * directions
        )

    solved, rest = np.zeros_like(differences), differences.copy()
    ahead, size = rest.copy(), (rest * rest).sum(axis=0)
    for _ in range(TURNS):
        changed = spread(ahead)
        stride = size / np.maximum((ahead * changed).sum(axis=0), 1e-12)
        solved += stride * ahead
        rest -= stride * changed
        left = (rest * rest).sum(axis=0)
        ahead, size = rest + left / np.maximum(size, 1e-12) * ahead, left
    scaled: Reals = solved / np.sqrt(np.maximum((differences * solved).sum(axis=0), 1e-12))
    return scaled


def _stretched(directions: Reals, reach: Reals) -> Reals:
    """Longer where a pain is so common here that it makes the spread itself: no passage could stand out otherwise."""
    top: Reals = np.percentile(reach, TOP, axis=0)
    return directions * np.maximum(1, NORMAL_TOP / np.maximum(top, 1e-9))


def _bonus(
    known: Sequence[KnownPain], ticked: Mapping[str, Truths], copy_of: npt.NDArray[np.int64], count: int
) -> Reals:
    """What ticks add to each different text, (count, pains): by the share of its copies that have the tick."""
    copies = np.bincount(copy_of, minlength=count)
    bonus = np.zeros((count, len(known)))
    for number, pain in enumerate(known):
        if pain.code in ticked:
            bonus[:, number] = TICKED * np.bincount(copy_of, weights=ticked[pain.code], minlength=count) / copies
    return bonus


def _best_and_next(likeness: Reals) -> tuple[Reals, Reals]:
    """The best likeness of each row and the next best; where there is but one pain nothing is next."""
    if likeness.shape[1] == 1:
        return likeness[:, 0], np.zeros(len(likeness))
    ordered = np.partition(likeness, -2, axis=1)
    return ordered[:, -1], ordered[:, -2]


def _place(space: Space, found: Labels) -> tuple[Labels, Reals]:
    """Found themes learn from their clearest passages and take what is like them, a few rounds."""
    count = int(found.max(initial=0)) + 1
    labels, likeness = found, np.zeros(len(found))
    teach = np.ones(len(found), bool)
    for _ in range(ROUNDS):
        centres = space.centres(labels, teach, count)
        labels, likeness = _nearest(space, centres)
        labels[(likeness < PLACED) | (found == UNPLACED)] = UNPLACED
        teach = np.einsum("ij,ij->i", space.vectors, centres.vectors[np.maximum(labels, 0)]) >= CLEAR
    return labels, likeness


def _nearest(space: Space, centres: Space) -> tuple[Labels, Reals]:
    number = len(space.vectors)
    labels, best = np.empty(number, np.int32), np.empty(number)
    for start in range(0, number, CHUNK):
        rows = slice(start, start + CHUNK)
        like = space.likeness(centres, rows)
        labels[rows], best[rows] = like.argmax(axis=1), like.max(axis=1)
    return labels, best


def _different(texts: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Rows of texts that differ in more than case and closing signs, and for each text which of these it copies."""
    numbers: dict[str, int] = {}
    copy_of = np.array([numbers.setdefault(text.lower().strip(" .!"), len(numbers)) for text in texts], np.int64)
    first = np.full(len(numbers), len(texts), np.int64)
    np.minimum.at(first, copy_of, np.arange(len(texts)))
    return first, copy_of


def _space(
    texts: Sequence[str], findings: Findings, first: npt.NDArray[np.int64], known: Sequence[KnownPain]
) -> tuple[Space, Space]:
    """The different texts, and the examples of the known pains in the same space."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    from insight.text.tokens import stem, tokenize

    said = [sentence for pain in known for sentence in pain.say]
    weigh = TfidfVectorizer(
        tokenizer=lambda text: [stem(word) for word in tokenize(text)],
        token_pattern=None,
        lowercase=False,
        ngram_range=(1, 2),
        min_df=2,
        max_features=MOST_WORDS,
        sublinear_tf=True,
    )
    words = sp.csr_matrix(weigh.fit_transform([*texts, *said]))
    vectors = findings.vectors[first].astype(np.float64)
    meant = _unit(findings.encoder.encode(said).astype(np.float64) - findings.centre) if said else vectors[:0]
    return Space(vectors, words[: len(texts)]), Space(meant, words[len(texts) :])


def _rounded(values: Reals) -> Reals:
    """Values that machines agree on."""
    rounded: Reals = np.round(values, 6)
    return rounded


def _unit(rows: Reals) -> Reals:
    unit: Reals = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit


def _unit_rows(rows: sp.csr_matrix) -> sp.csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sp.csr_matrix(sp.diags_array(1 / np.maximum(lengths, 1e-9)) @ rows)
