"""Who we heard: how many tellers said what about themselves, as counts that lead to nobody."""

from html import escape

import streamlit as st

from insight import equality
from insight.access import Actor
from insight.equality import Heard, OptionCount, QuestionCounts
from insight.intake import said
from insight.language import _, ngettext
from pages.kit import charts, look, words
from pages.kit.a11y import Page
from pages.kit.placing import choose_place

STYLES = """<style>
.tl-heard{border-collapse:collapse;width:100%;max-width:44rem;margin-bottom:1.4rem}
.tl-heard caption{text-align:left;font-weight:700;font-size:1.15rem;padding:.2rem 0 .4rem}
.tl-heard th,.tl-heard td{border-bottom:1px solid #b1b4b6;padding:.4rem .8rem .4rem 0;text-align:left}
.tl-heard th[scope=row]{font-weight:400;width:45%}.tl-heard .n{text-align:right;width:6.5rem;white-space:nowrap}
.tl-heard .bar{display:block;height:.8rem;background:#12436d;border-radius:2px}.tl-heard .none{color:#505a5f}
@media (max-width:480px){.tl-heard .b{display:none}.tl-heard th[scope=row]{width:65%}}
</style>"""


def render(actor: Actor) -> None:
    """Draw the counts, question by question."""
    look.title(
        _("Who we heard"),
        _(
            "What tellers chose to say about themselves. It is kept apart from their stories: nothing here leads to "
            "one."
        ),
    )
    st.html(charts.STYLES + STYLES)
    heard = equality.counts(actor, choose_place(actor))
    st.html(_how_many(heard))
    if heard.told is not None:
        for question in heard.questions:
            st.html(_table(question, heard.told))
        st.html(_not_heard(heard))
    Page().finish("heard")


def _how_many(heard: Heard) -> str:
    """How many answered, how many did not, and how the counts are kept from telling on anybody."""
    if heard.told is None or heard.journeys is None:
        few = _("Too few people have answered the equality questions yet. Counts appear once {number} have.")
        return f'<p class="tl-prose">{escape(few.format(number=heard.threshold))}</p>'
    silent = heard.journeys - heard.told
    sentences = [
        ngettext(
            "<strong>{number} teller of {all}</strong> are counted here.",
            "<strong>{number} tellers of {all}</strong> are counted here.",
            heard.told,
        ).format(number=f"{heard.told:,}", all=f"{heard.journeys:,}"),
        _("Answers are counted {number} tellers at a time, so that nobody's shows alone.").format(
            number=heard.threshold
        ),
    ]
    if silent:
        others = _("The other {number} were not asked, did not answer, or answered too recently.")
        sentences.insert(1, others.format(number=f"{silent:,}"))
    hidden = _(
        "A number below {number} is hidden. So is sometimes a larger one beside it, or the small one could be worked "
        "out."
    ).format(number=heard.threshold)
    return f'<div class="tl-prose"><p>{" ".join(sentences)}</p><p>{escape(hidden)}</p></div>'


def _table(question: QuestionCounts, told: int) -> str:
    rows = [(said(option.text), option.count) for option in question.options]
    rows.append((_("Left this question out"), question.left_out))
    body = "".join(_row(name, count, told) for name, count in rows)
    return (
        f'<table class="tl-heard"><caption>{escape(said(question.text))}</caption><thead><tr>'
        f'<th scope="col">{escape(_("Answer"))}</th><th scope="col" class="n">{escape(_("Tellers"))}</th>'
        '<td class="b" aria-hidden="true"></td>'
        f"</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(name: str, count: int | None, told: int) -> str:
    if count is None:
        number, drawn = f'<span class="none">{escape(_("Hidden"))}</span>', ""
    else:
        number = f"{count:,} ({words.per_cent(count / told)})"
        drawn = f'<span class="bar" style="width:{100 * count / told:.1f}%"></span>'
    return (
        f'<tr><th scope="row">{escape(name)}</th><td class="n">{number}</td>'
        f'<td class="b" aria-hidden="true">{drawn}</td></tr>'
    )


def _unheard(option: OptionCount) -> bool:
    return option.count is None and option.code != equality.NOT_SAID


def _not_heard(heard: Heard) -> str:
    """The groups of which too few were heard to say anything, as a question rather than a finding."""
    hidden = [
        (said(question.text), [said(option.text) for option in question.options if _unheard(option)])
        for question in heard.questions
    ]
    listed = "".join(
        f"<li>{escape(asked)} <strong>{escape(words.listed(groups, most=len(groups)))}</strong></li>"
        for asked, groups in hidden
        if groups
    )
    if not listed:
        return ""
    heading = _("Who we did not hear, or heard too little")
    words_of_it = _(
        "Of these groups few people told us about themselves, or none did, or their number is hidden to protect "
        "another. The board says little about what they live through. Ask who they trust, and go where they are. "
        "Compare the counts above with the census for your place."
    )
    return f'<div class="tl-prose"><h2>{escape(heading)}</h2><p>{escape(words_of_it)}</p><ul>{listed}</ul></div>'
