"""One theme in words and small pictures: its card, the sentence that says it best, its months, whether it rises."""

from dataclasses import replace
from html import escape

from insight.access import Actor
from insight.language import _, ngettext, spoken
from insight.painpoints import Filters, ThemeSummary
from pages.kit import charts, words
from pages.pain import ways

TRENDS = {"rising": ("▲", "tl-rise"), "falling": ("▼", "tl-fall"), "new": ("✚", "tl-rise")}


def card(rank: int, theme: ThemeSummary, months: tuple[str, ...]) -> str:
    """A theme as a card: name, the sentence that says it best, how many, how bad, where, and whether it rises."""
    tentative = escape(_("(tentative)"))
    doubt = "" if theme.firm else f" <span style='color:#505a5f;font-size:.9rem'>{tentative}</span>"
    facts = [
        (_("Journeys"), f"{theme.journeys:,}"),
        (_("Share, 95% interval"), words.interval(theme.share, theme.low, theme.high)),
        (_("Severity"), _("{severity} of 10").format(severity=f"{theme.severity:.1f}")),
        (_("Feels"), f"{words.feeling(theme.feeling)} {charts.feeling_scale(theme.feeling)}"),
        (_("By month"), charts.sparkline(theme.months, months_in_words(theme, months)) + trend_tag(theme)),
    ]
    if theme.kind == "helps":
        facts.pop(2)
    return (
        f'<div class="tl-card"><h3><span class="rank">{rank}</span>{escape(theme.label)}{doubt}</h3>{quote(theme)}'
        f'<dl class="tl-facts">{"".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)}</dl>'
        f'<p class="tl-services">{escape(_across([service for service, _journeys in theme.services]))}</p></div>'
    )


def members(actor: Actor, theme: ThemeSummary, filters: Filters) -> str:
    """The themes that a broader one holds, each a way to its own evidence."""
    if not theme.members:
        return ""
    own = replace(filters, themes=None)
    named = [ways.to_evidence(actor, number, label, own) for number, label in theme.members]
    said = ngettext("{number} theme in it", "{number} themes in it", len(named)).format(number=len(named))
    listed = "</li><li>".join(named)
    return f'<details class="tl-members"><summary>{escape(said)}</summary><ul><li>{listed}</li></ul></details>'


def _across(names: list[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return _("Across {number} services: {services}").format(number=len(names), services=words.listed(names, 4))


def lang(told_in: str) -> str:
    """The attribute that names the language of what somebody told, where it is not the one of the page."""
    return "" if told_in == spoken().code else f' lang="{escape(told_in, quote=True)}" dir="auto"'


def quote(theme: ThemeSummary) -> str:
    """The sentence that says it best, if its teller allows quoting."""
    if theme.quote is None:
        return f'<p style="color:#505a5f">{escape(_("No passage of this theme may be quoted."))}</p>'
    need = words.need(theme.quote.need) if theme.quote.need else None
    allowed = words.quotable(theme.quote.may_quote, theme.quote.may_leave)
    where = [part for part in (theme.quote.service, need, allowed) if part]
    footer = f"<footer>{escape(', '.join(where))}</footer>"
    told = f"<span{lang(theme.quote.language)}>“{escape(theme.quote.text)}”</span>"
    return f'<blockquote class="tl-quote">{told}{footer}</blockquote>'


def trend_tag(theme: ThemeSummary) -> str:
    """Rising, falling or new, where that is unlikely to be chance among all themes."""
    if theme.trend is None:
        return ""
    sign, look = TRENDS[theme.trend]
    return f' <span class="{look}">{sign} {escape(_(theme.trend))}</span>'


def months_in_words(theme: ThemeSummary, months: tuple[str, ...]) -> str:
    """The small bars, said."""
    told = [(code, n) for code, n in zip(months, theme.months, strict=True) if n is not None]
    if not told:
        return _("Journeys by month: each month has too few to show")
    top = max(told, key=lambda item: item[1])
    return _("Journeys by month: most in {month} with {number}, last shown {last_month} with {last_number}").format(
        month=words.month(top[0]),
        number=top[1],
        last_month=words.month(told[-1][0]),
        last_number=told[-1][1],
    )
