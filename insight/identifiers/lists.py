"""The word lists of ``data/names``, read once a process."""

from functools import lru_cache

from insight.settings import ROOT

FOLDER = ROOT / "data" / "names"


def word_set(words: str) -> frozenset[str]:
    """The words between the spaces of a text."""
    return frozenset(words.split())


def _words(name: str) -> frozenset[str]:
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache
def ordinary() -> frozenset[str]:
    """Words that anybody writes, in lower case."""
    return _words("ordinary")


@lru_cache
def given() -> frozenset[str]:
    """Given names, without accents."""
    return _words("given")


@lru_cache
def family() -> frozenset[str]:
    """Family names."""
    return _words("family")


@lru_cache
def not_people() -> frozenset[str]:
    """Places, nations, organisations, brands, illnesses, days."""
    return _words("not_people")


@lru_cache
def never_first() -> frozenset[str]:
    """Ordinary words that begin no name, short forms included."""
    short = (
        "don't can't won't i'm i've i'd i'll it's didn't doesn't wasn't isn't couldn't wouldn't haven't hasn't that's"
    )
    more = (
        "they're we're you're he's she's there's we've they've weren't aren't hadn't shouldn't let's what's who's nhs"
    )
    single = "abcdefghijklmnopqrstuvwxyz"
    return (ordinary() | {*short.split(), *more.split(), *single}) - given() - family()


@lru_cache
def never_first_as_written() -> frozenset[str]:
    """Words as written that begin no name where neither a title nor "name" stands in the text."""
    dull = never_first()
    return dull | ordinary() | {word.capitalize() for word in dull}


@lru_cache
def clear() -> frozenset[str]:
    """Given names that mean nobody and nothing else."""
    return (given() - ordinary() | _words("clear")) - not_people()
