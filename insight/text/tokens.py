"""Words, stems and stopwords for naming themes. Imports nltk (its parts that need no data): analyses only."""

import re
from functools import lru_cache

from nltk.stem.snowball import SnowballStemmer
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
# Words that say nothing about what a text is about, beyond scikit-learn's list; left-overs of contractions among them.
_MORE_STOPWORDS = (
    "just really very also would could should will shall may might must us im ive id ill dont didnt doesnt cant "
    "couldnt wouldnt wasnt isnt arent werent hasnt havent hadnt wont youre theyre theres thats its lot lots etc "
    "thing things got get gets getting did does doing done say said says went go goes going gone come came let "
    "like know think actually quite bit maybe perhaps yes ok okay oh one ones"
)
MORE_STOPWORDS = frozenset(_MORE_STOPWORDS.split())
# scikit-learn counts these as stopwords, but in feedback they carry the point.
_CARRYING = "bill system fire call full empty interest serious cry side top bottom front back"
CARRYING = frozenset(_CARRYING.split())
STOPWORDS = frozenset((set(ENGLISH_STOP_WORDS) | MORE_STOPWORDS) - CARRYING)

_stemmer = SnowballStemmer("english")


def tokenize(text: str) -> list[str]:
    """Lower-case words with their inner apostrophes; digits and signs are left out."""
    return TOKEN.findall(text.lower().replace("’", "'"))


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Snowball stem (Porter 2001); the possessive is dropped first."""
    return str(_stemmer.stem(word.removesuffix("'s")))


def is_stopword(word: str) -> bool:
    """Whether a word alone names nothing; contractions ("wasn't") never do."""
    base = word.removesuffix("'s")
    return base in STOPWORDS or len(base) < 2 or "'" in base
