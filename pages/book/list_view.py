"""All themes: those that hurt first, narrower ones under broader ones; several can be ticked and changed at once."""

from collections.abc import Iterator, Sequence
from html import escape

import streamlit as st

from insight import coding
from insight.access import Actor
from insight.coding import News, Overview, ThemeLine
from insight.intake import Place
from insight.language import _, day, ngettext
from pages.book import moves, outcome, parts
from pages.book.parts import name, quoted, way_to
from pages.kit.a11y import Page
from pages.pain.cards import lang

FIRST, DEEPEST, NEWS = 40, 3, 3
FILTER, MORE = "book-filter", "book-more"


def render(actor: Actor, place: Place, page: Page) -> None:
    """Draw the list, with what changed over it and what can be done beside it."""
    book = coding.overview(actor, place)
    st.html(_summary(place, book))
    _what_changed(book)
    left, right = st.columns([5, 2], gap="large")
    with left:
        ticks = _list(book, page)
    with right:
        _make(actor, place, page)
        _not_in_use(book)
        _panel(actor, place, ticks)


def _summary(place: Place, book: Overview) -> str:
    named = sum(1 for line in book.lines.values() if line.theme.named)
    number = sum(1 for line in book.lines.values() if not line.silent)
    themes = ngettext("{number} theme in use", "{number} themes in use", number).format(number=number)
    coded = ngettext("{number} passage placed by hand", "{number} passages placed by hand", book.coded)
    told = _("{themes} in {place}, {named} named by people. {coded}. Analysed on {day}.").format(
        themes=themes,
        place=place.name,
        named=named,
        coded=coded.format(number=f"{book.coded:,}"),
        day=day(book.run.finished_at or book.run.started_at),
    )
    invented = f' <span class="tl-synthetic">{escape(_("Invented journeys"))}</span>' if place.synthetic else ""
    return f'<p style="margin:.2rem 0">{escape(told)}{invented}</p>{_unplaced(book)}'


def _unplaced(book: Overview) -> str:
    """The way to what fits no theme, from which new themes are made."""
    if not book.unplaced:
        return ""
    told = _("{part} of {all} passages fit no theme").format(part=f"{book.unplaced:,}", all=f"{book.passages:,}")
    hint = escape(_("Read them to find themes that the machine did not."))
    return f'<p style="margin:.2rem 0">{way_to(None, told)}. {hint}</p>'


def _what_changed(book: Overview) -> None:
    """New, gone, grown and split since the analysis before this one."""
    if not book.news:
        return
    items = "".join(f"<li>{said}</li>" for said in _news(book, NEWS))
    every = "".join(f"<li>{said}</li>" for said in _news(book, len(book.news)))
    rest = ""
    if every != items:
        more = escape(_("All that changed"))
        rest = f'<details class="tl-later"><summary>{more}</summary><ul class="tl-news">{every}</ul></details>'
    heading = escape(_("What changed since the last analysis"))
    st.html(f'<div class="tl-note"><h2 class="tl-h3">{heading}</h2><ul class="tl-news">{items}</ul>{rest}</div>')


def _news(book: Overview, most: int) -> Iterator[str]:
    by_kind: dict[str, list[News]] = {}
    for one in book.news:
        by_kind.setdefault(one.kind, []).append(one)
    for kind, heading in (("new", _("New")), ("split", _("Split")), ("grown", _("Grown")), ("gone", _("Gone"))):
        told = [_one_news(book, one) for one in by_kind.get(kind, ())]
        if told:
            rest = [escape(_("and {number} more").format(number=len(told) - most))] if len(told) > most else []
            yield f"<strong>{escape(heading)}:</strong> " + "; ".join([*told[:most], *rest])


def _one_news(book: Overview, one: News) -> str:
    label = name(book.book, one.theme)
    here = way_to(one.theme, label) if one.kind != "gone" else escape(quoted(label))
    if one.kind == "split" and one.other is not None:
        return _("{theme}, out of {other}").format(theme=here, other=escape(quoted(name(book.book, one.other))))
    if one.kind == "grown" and one.times:
        return _("{theme}, {times} times as many passages").format(theme=here, times=f"{one.times:.1f}")
    if one.kind == "gone" and one.other is not None:
        return _("{theme}, mostly into {other}").format(theme=here, other=way_to(one.other, name(book.book, one.other)))
    return here


def _list(book: Overview, page: Page) -> list[int]:
    """The themes with a tick box each; gives those that can be ticked."""
    st.text_input(_("Find a theme by words"), key=FILTER, autocomplete="off", type="search", persist_state="session")
    wanted = parts.said(FILTER).casefold().split()
    rows = [(0, line) for line in book.lines.values() if _fits(line, wanted)] if wanted else list(_nested(book))
    ends = rows if wanted or st.session_state.get(MORE) else rows[: _first(rows)]
    ticks: list[int] = []
    heading = ngettext("{number} theme fits", "{number} themes fit", len(rows)).format(number=len(rows))
    st.html(f'<h2 class="tl-h2">{escape(heading if wanted else _("Themes in use"))}</h2>')
    for depth, line in ends:
        _row(book, page, depth, line, ticks)
    if len(ends) < len(rows):
        label = _("Show all {number} themes").format(number=len({line.theme.number for _depth, line in rows}))
        st.button(label, key="book-all", on_click=_show_all)
    return ticks


def _first(rows: Sequence[tuple[int, ThemeLine]]) -> int:
    """How many rows are shown first: no broader theme is cut from those under it."""
    number = FIRST
    while number < len(rows) and rows[number][0]:
        number += 1
    return number


def _fits(line: ThemeLine, words: Sequence[str]) -> bool:
    theme = line.theme
    told = " ".join((theme.label, theme.description, theme.includes, *line.terms)).casefold()
    return all(word in told for word in words)


def _nested(book: Overview) -> Iterator[tuple[int, ThemeLine]]:
    """Every theme under each of its broader ones, with how deep it stands."""
    order = list(book.lines)
    waiting = [(0, line) for line in reversed(book.roots) if not line.silent]
    while waiting:
        depth, line = waiting.pop()
        yield depth, line
        children = sorted(line.children, key=order.index, reverse=True)
        waiting += [(min(depth + 1, DEEPEST), book.lines[child]) for child in children]


def _row(book: Overview, page: Page, depth: int, line: ThemeLine, ticks: list[int]) -> None:
    number, again = line.theme.number, line.theme.number in ticks
    key = f"book-row-{depth}-{number}-{len(ticks)}"
    with st.container(key=key, horizontal=True, gap="small"):
        if not again:
            ticks.append(number)
            st.checkbox(
                _("Tick {theme}").format(theme=line.theme.label),
                key=moves.tick(number),
                label_visibility="collapsed",
                on_change="ignore",
            )
        st.html(_theme(book, line, again), width="stretch")


def _theme(book: Overview, line: ThemeLine, again: bool) -> str:
    others = [name(book.book, parent) for parent in line.parents]
    under = ""
    if len(others) > 1:
        under = _("Stands under {themes}").format(themes=parts.all_quoted(others))
    if again:
        return (
            f'<div class="tl-theme"><h3>{way_to(line.theme.number, line.theme.label)}</h3>'
            f'<p class="tl-mark">{escape(under)}. {escape(_("Told above."))}</p></div>'
        )
    facts = f"{parts.standing(line)} · {escape(parts.numbers(line))}"
    more = f" · {escape(under)}" if under else ""
    return (
        f'<div class="tl-theme"><h3>{way_to(line.theme.number, line.theme.label)}</h3>'
        f'<p class="tl-mark">{parts.tag(line)}{facts}{more}</p>{_says(line)}</div>'
    )


def _says(line: ThemeLine) -> str:
    described = f"<p>{escape(line.theme.description)}</p>" if line.theme.description else ""
    if line.quote is None:
        return described
    told = f'<p class="tl-quoted"{lang(line.quote.language)}>“{escape(line.quote.text)}”</p>'
    return described + told


def _show_all() -> None:
    st.session_state[MORE] = True


def _panel(actor: Actor, place: Place, ticks: list[int]) -> None:
    """What can be done with those ticked."""
    with st.container(key="book-panel", gap="small"):
        st.html(f'<h2 class="tl-h3" id="book-ticked">{escape(_("With the themes you ticked"))}</h2>')
        st.button(
            _("Tick all shown, or none"), key="book-tick-all", width="stretch", on_click=moves.tick_all, args=(ticks,)
        )
        args = (ticks, outcome.form())
        st.button(_("Merge them"), key="book-merge", width="stretch", on_click=moves.several, args=("merge", *args))
        st.button(
            _("Put under a broader theme"),
            key="book-nest",
            width="stretch",
            on_click=moves.several,
            args=("nest", *args),
        )
        st.button(
            _("Set aside"),
            key="book-aside",
            width="stretch",
            on_click=moves.set_aside_ticked,
            args=(actor, place, *args),
        )


def _make(actor: Actor, place: Place, page: Page) -> None:
    form = outcome.form()
    key = f"book-made-{form}"
    with st.container(key="book-make"), st.expander(_("Make a theme of your own")):
        outcome.mark(page, key)
        parts.new_name(_("Name of the new theme"), key)
        st.button(_("Make it"), key="book-make-it", on_click=moves.make, args=(actor, place, key, form))


def _not_in_use(book: Overview) -> None:
    """Themes that were set aside or merged, or that this analysis did not find: nothing is lost."""
    _silent(book)
    if not book.set_aside and not book.merged:
        return
    number = len(book.set_aside) + len(book.merged)
    with st.container(key="book-unused"), st.expander(_("Set aside or merged ({number})").format(number=number)):
        items = [f"<li>{way_to(one.number, one.label)} ({escape(_('set aside'))})</li>" for one in book.set_aside]
        for one in book.merged:
            into = _("merged into {theme}").format(theme=quoted(name(book.book, book.book.live(one.number))))
            items.append(f"<li>{way_to(one.number, one.label)} ({escape(into)})</li>")
        st.html(f'<ul class="tl-news">{"".join(items)}</ul>')


def _silent(book: Overview) -> None:
    silent = [line.theme for line in book.lines.values() if line.silent]
    if silent:
        title = _("Not found in this analysis ({number})").format(number=len(silent))
        with st.container(key="book-silent"), st.expander(title):
            st.write(_("They come back by themselves when an analysis finds them again."))
            items = "".join(f"<li>{way_to(one.number, one.label)}</li>" for one in silent)
            st.html(f'<ul class="tl-news">{items}</ul>')
