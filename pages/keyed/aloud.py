"""What is read out to a caller, in their language: the opening, the closing, and who can help now."""

from html import escape

import streamlit as st

from insight import paper
from insight.language import Language, _, speaking

STYLES = """<style>
.tl-say{border-inline-start:8px solid #12436d;background:#f1f4f6;padding:.5rem 1rem;margin:.8rem 0 .3rem}
.tl-say p{margin:0}.tl-say .tl-aloud{font-size:1.2rem;line-height:1.45}
.tl-say ul{margin:.2rem 0 0;padding-inline-start:1.3rem;columns:15rem}
.tl-call{border:4px solid #b10e1e;padding:.6rem 1.1rem;margin:.4rem 0}.tl-call p,.tl-call ul{margin:0}
.tl-call ul{padding-inline:1.3rem !important}
</style>"""


def say(language: Language, words: list[str], note: str, options: list[str] | tuple[()] = ()) -> None:
    """What to read out, in the caller's language, under a note to the member of staff."""
    spoken = "".join(f'<p class="tl-aloud">{escape(text)}</p>' for text in words)
    listed = "".join(f"<li>{escape(text)}</li>" for text in options)
    st.html(
        f'<div class="tl-say"><p class="tl-quiet-label">{escape(note)}</p><div lang="{language.tag}" '
        f'dir="{language.direction}">{spoken}{f"<ul>{listed}</ul>" if listed else ""}</div></div>'
    )


def opening(language: Language) -> list[str]:
    """What a caller must know before they tell anything."""
    with speaking(language.code):
        return [
            _("I will ask you some questions and write down what you say. You may skip any question."),
            _(
                "If what you write says that a child, you or somebody else is at risk of serious harm, a trained "
                "person reads it and may have to tell those who can help, such as social services or the police. We "
                "do this because keeping people safe comes first."
            ),
        ]


def closing(language: Language, reference: str) -> list[str]:
    """How a caller comes back."""
    with speaking(language.code):
        letters = ", ".join(" ".join(group) for group in reference.split("-"))
        aloud = f"\N{LEFT-TO-RIGHT ISOLATE}{letters}\N{POP DIRECTIONAL ISOLATE}"
        return [
            _("Your reference is: {reference}. Please write it down.").format(reference=aloud),
            _("With it you can see, change or erase what you told us."),
        ]


def who_to_call(language: Language, words: str, *, now: bool = False) -> None:
    """Who can help now, to be read out; ``now`` when an answer has just given cause."""
    with speaking(language.code):
        lines = "".join(f"<li>{escape(line)}</li>" for line in paper.who_to_call())
    alert = ' role="alert"' if now else ""
    st.html(
        f'<div class="tl-call"{alert}><p><strong>{escape(words)}</strong></p>'
        f'<ul lang="{language.tag}" dir="{language.direction}">{lines}</ul></div>'
    )
