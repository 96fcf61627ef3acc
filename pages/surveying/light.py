"""The light form's own templates and styles, drawn within a page of staff and apart from its styles."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from insight.intake import PlaceLists, said
from insight.language import LANGUAGES
from pages.form.drawing import STYLES, environment
from pages.form.fields import field
from pages.surveying.shown import Shown

TEMPLATE = '{% import "field.html" as fields %}{{ fields.draw(field, top) }}'
# The form's page is the frame here: what its styles say of the page holds for the frame.
FRAMED = STYLES.replace(":root", ":host").replace("body{", ".sheet{").replace("\nh1{", "\nh1,.h1{")
MORE = """.sheet{padding:0}.sheet section{border:1px solid var(--faint);border-radius:6px;padding:1rem 1.2rem;
margin:0 0 1rem;max-width:44rem}.h1{font-weight:700;line-height:1.2}"""
SCRIPT = """
export default function({data, parentElement}) {
  const sheet = parentElement.querySelector('.sheet');
  if (sheet.innerHTML !== data.html) { sheet.innerHTML = data.html; }
  sheet.lang = data.lang; sheet.dir = data.dir;
}
"""
_component = st.components.v2.component(
    "throughline_light_form", html='<div class="sheet"></div>', css=FRAMED + MORE, js=SCRIPT, isolate_styles=True
)


def draw(pages: Iterable[Shown], lists: PlaceLists, key: str, language: str) -> None:
    """All pages, one below the other, in the language spoken now."""
    html = "".join(_section(page, lists) for page in pages)
    spoken = LANGUAGES[language]
    _component(key=f"{key}-light", data={"html": html, "lang": spoken.tag, "dir": spoken.direction})


def _section(page: Shown, lists: PlaceLists) -> str:
    """One page as the form would draw it; its heading is one of this page's, below the page's own."""
    single = len(page.asked) == 1
    top = f"<h1>{escape(said(page.heading))}</h1>" if page.heading and not single else ""
    lead = f'<p class="lead">{escape(said(page.lead))}</p>' if page.lead else ""
    template = environment().from_string(TEMPLATE)
    fields = "".join(template.render(field=field(question, None, "", lists), top=single) for question in page.asked)
    html = f"<section>{top}{lead}{fields}</section>"
    return html.replace("<h1>", '<div class="h1" role="heading" aria-level="2">').replace("</h1>", "</div>")
