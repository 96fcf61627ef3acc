"""Look for what people said: by meaning, by words, or both."""

import streamlit as st

from insight.access import Actor
from insight.errors import NotReady
from insight.intake import Place
from insight.language import _
from insight.painpoints import Filters, choices
from insight.search import more_like, search
from pages.kit import look
from pages.kit.a11y import Page
from pages.pain import address, one_journey, passage, places
from pages.pain.filters import choose_filters
from pages.paths.asking import forget
from pages.searching import asking, results

STYLES = """<style>
.tl-found{list-style:none;padding:0 !important;margin:0}.tl-found li{padding:.3rem 0;border-bottom:1px solid #d5dade}
[class*=st-key-tl-hit] button{min-height:44px}#found{scroll-margin-top:5rem}
#found:focus{outline:none !important;box-shadow:none !important}
</style>"""


def render(actor: Actor) -> None:
    """Draw the search, or the journey behind a passage that the address asks for."""
    st.html(one_journey.STYLES + STYLES)
    place, page = places.place_asked(actor), Page()
    asked = address.number("passage")
    if asked is not None:
        passage.journey_behind(actor, place, asked, _("Back to the search"))
        page.finish(f"search/one/{asked}")
    else:
        shown = _search(actor, place, page)
        standing = "/".join(st.query_params.get(name, "") for name in ("like", "page"))
        page.finish(f"search/{asking.turn()}/{standing}", results.HEADING if shown else "")


def _search(actor: Actor, place: Place, page: Page) -> bool:
    """The box and what was found; gives whether anything was looked for."""
    look.title(_("Search"), _("Find what people said, in their words or in yours."))
    place = places.choose_place(actor, place)
    offered = choices(actor, place)
    asking.draw(page)
    filters = choose_filters(offered)
    like = address.number("like")
    if like is not None:
        st.button(_("Back to the search"), icon=":material/arrow_back:", on_click=forget, args=("like", "page"))
    elif not asking.asked().typed:
        _how()
        return False
    return _results(actor, place, like, filters)


def _results(actor: Actor, place: Place, like: int | None, filters: Filters) -> bool:
    wanted, page = asking.asked(), address.number("page") or 1
    try:
        if like is not None:
            found = more_like(actor, place, like, filters, page)
        else:
            found = search(actor, place, wanted.typed, filters, wanted.by, page)
    except NotReady as problem:
        results.refused(str(problem))
        return False
    results.draw(found, filtered=filters.any())
    return True


def _how() -> None:
    st.markdown(
        _(
            '**Meaning** finds what is said in other words: "nobody rang me back" also finds "they never returned my '
            'call". **Words** finds passages that say all the words you type, whatever their endings; put words in '
            '"quotation marks" to find them side by side.'
        )
    )
    st.caption(_("What you type is not kept and is not part of the address: after a reload the box is empty."))
