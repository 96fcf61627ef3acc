"""How the journeys screen says its numbers: shares with their interval, days, means, steps and what is too small."""

from insight.journeys import Days, Grain, Mean, Share
from insight.language import _, ngettext
from insight.privacy import count_in_words
from pages.kit import words

TELLING = 0.4  # "under 80%" tells nobody anything
MANY = 10  # takes the form of most numbers, in every language
SHORT = 10  # days below which half a day is worth saying
FACTS = """<style>.tl-card .tl-facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));
gap:.5rem 1.4rem;align-items:start}
.tl-card .tl-strip{margin:.2rem 0 .7rem !important}</style>"""


def journeys(number: int | None) -> str:
    """So many journeys; a number too small to show says what it is below."""
    if number is None:
        return _("{number} journeys").format(number=count_in_words(None))
    return ngettext("{number} journey", "{number} journeys", number).format(number=f"{number:,}")


def step(grain: Grain, name: str) -> str:
    """What a step is called under a grain; channels are codes, the other names are as told."""
    return words.channel(name) if grain is Grain.CHANNEL else name


def tells(one: Share | None) -> bool:
    """Whether a share says something: it is known, or known to be small."""
    return one is not None and (one.n is not None or one.share <= TELLING)


def share(one: Share | None) -> str:
    """A share with its interval and what it is a share of: 38% (30% to 46%) of 140."""
    if one is None or not tells(one):
        return _("too few to show")
    if one.n is None:
        return _("under {share} of {all}").format(share=words.per_cent(one.share), all=f"{one.of:,}")
    said = words.interval(one.share, one.low, one.high)
    return _("{share} of {all}").format(share=said, all=f"{one.of:,}")


def number(days: float) -> str:
    """Days as a figure: 4.5, 12, 1,204."""
    return f"{days:.1f}".removesuffix(".0") if days < SHORT else f"{days:,.0f}"


def days(told: float) -> str:
    """So many days."""
    whole = int(told) if told == int(told) else MANY
    return ngettext("{number} day", "{number} days", whole).format(number=number(told))


def spread(waited: Days | None) -> str:
    """Days as people meet them: half within 12 days, nine in ten within 40 (n = 120)."""
    if waited is None:
        return _("too few to show")
    return _("half within {median}, nine in ten within {p90} (n = {n})").format(
        median=days(waited.median), p90=days(waited.p90), n=f"{waited.n:,}"
    )


def signed(value: float) -> str:
    """A feeling or a change of feeling, with its sign; minus as a minus."""
    return f"{value:+.1f}".replace("-", "\N{MINUS SIGN}") if round(value, 1) else "0.0"


def mean(one: Mean | None) -> str:
    """A mean feeling with its interval: −0.6 (−0.9 to −0.3), n = 120."""
    if one is None:
        return _("too few to show")
    return _("{mean} ({low} to {high}), n = {n}").format(
        mean=signed(one.mean), low=signed(one.low), high=signed(one.high), n=f"{one.n:,}"
    )
