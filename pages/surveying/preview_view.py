"""The survey as people will be asked it, in both front ends, before it is published."""

from html import escape

import streamlit as st

from insight import intake, surveys
from insight.intake import PlaceLists, QuestionSet, said
from insight.language import speaking, spoken
from pages.kit import questions as inputs
from pages.kit.a11y import Page
from pages.surveying import light
from pages.surveying.desk import Desk, hint, pick, pick_language
from pages.surveying.shown import pages_of

PICTURES, LIGHT = "pictures", "light"
FRONT_ENDS = {PICTURES: "The page with pictures", LIGHT: "The light form, without JavaScript"}


def draw(desk: Desk) -> None:
    """Choose a language and a front end, and look."""
    left, right = st.columns(2)
    with left:
        language = pick_language(desk)
    with right:
        asked = st.query_params.get("form")
        first = asked if asked in FRONT_ENDS else PICTURES
        chosen = pick("Front end", list(FRONT_ENDS), first, "form", FRONT_ENDS.__getitem__)
    gaps = sum(1 for gap in desk.survey.missing if gap.language == language)
    if gaps:
        hint(f"{gaps} texts are not written in this language yet: they stand here in English.")
    hint("Nothing that you choose or write here is kept. Before the first question both also say who reads it.")
    questions = surveys.preview(desk.actor, desk.place, desk.survey.code)
    lists = intake.place_lists(desk.actor, desk.place)
    with speaking(language):
        if chosen == LIGHT:
            light.draw(pages_of(questions), lists, desk.key, language)
        else:
            _with_pictures(desk, questions, lists, language)


def _with_pictures(desk: Desk, questions: QuestionSet, lists: PlaceLists, language: str) -> None:
    """The kit's own drawing, as on the resident's page. Its inputs are named apart from any real ones."""
    sheet = inputs.Sheet(Page(fields=desk.page.fields), lists, {}, language)
    for number, page in enumerate(pages_of(questions)):
        with st.container(key=f"tl-card-preview-{spoken().direction}-{number}", border=True, width=748):
            heading = f'<h2 class="tl-h2">{escape(said(page.heading, language))}</h2>' if page.heading else ""
            lead = f'<p class="tl-lead">{escape(said(page.lead, language))}</p>' if page.lead else ""
            st.html(f'<div class="tl-prose" lang="{spoken().tag}" dir="{spoken().direction}">{heading}{lead}</div>')
            for question in page.asked:
                key = f"{desk.key}-see-{language}-{number}-{question.id}"
                inputs.draw(sheet, question, None, key, heading_says_it=len(page.asked) == 1)
