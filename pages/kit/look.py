"""The product's look beyond the theme: a few styles, the top bar, and how problems are said."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from insight.access import Actor, Role
from insight.language import _, noted, spoken
from insight.settings import settings

STYLES = """<style>
:focus-visible{outline:3px solid #0b0c0c !important;outline-offset:2px;box-shadow:0 0 0 3px #ffdd00 !important}
[data-testid="stRadioOption"],[data-testid="stCheckbox"] label{min-height:44px;align-items:center}
[data-testid="stMainBlockContainer"]{max-width:76rem;padding-top:4.5rem}
.tl-narrow{max-width:44rem}
.tl-languages{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem}
.tl-languages a{min-height:44px;display:inline-flex;align-items:center}
.st-key-tl-languages{justify-content:flex-end}
.tl-note{border-inline-start:8px solid #12436d;background:#f1f4f6;padding:.8rem 1.1rem;margin:.4rem 0 1rem}
.tl-error{border:4px solid #b10e1e;padding:.8rem 1.1rem;margin:.4rem 0 1rem}
.tl-error h2{font-size:1.25rem;margin:0 0 .4rem;padding:0}
.tl-error a,.tl-field-error{color:#b10e1e;font-weight:700}
.tl-field-error{margin:0}
.tl-synthetic{display:inline-block;background:#801650;color:#fff;padding:.1rem .6rem;border-radius:4px;font-size:.9rem}
.tl-bar{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;align-items:center;font-size:.95rem;margin-bottom:.4rem}
.tl-bar a,.tl-plain-button{color:#12436d}.tl-end{justify-content:flex-end}.tl-bar form{margin:0}
.tl-plain-button{font:inherit;background:none;border:0;padding:0;min-height:2.75rem;text-decoration:underline;cursor:pointer}
.tl-end a{min-height:2.75rem;display:inline-flex;align-items:center}
[data-testid=stRadioOption]:has(input:focus-visible),[data-testid=stCheckbox] label:has(input:focus-visible),
[data-testid=stTextAreaRootElement]:focus-within,[data-testid=stTextInputRootElement]:focus-within,
.react-aria-ComboBox>[role=group]:focus-within{outline:3px solid #0b0c0c !important;outline-offset:1px;
box-shadow:0 0 0 5px #ffdd00 !important}
[data-testid=stTextAreaRootElement] textarea:focus,[data-testid=stTextInputRootElement] input:focus,
.react-aria-ComboBox input:focus{outline:none !important;box-shadow:none !important}
[data-testid=stTextAreaRootElement]:has([aria-invalid=true]),[data-testid=stTextInputRootElement]:has([aria-invalid=true]),
.react-aria-ComboBox>[role=group]:has([aria-invalid=true]){border:2px solid #b10e1e !important}
[data-testid=stHtml] a{color:#12436d}[data-testid=stHtml] .tl-error a{color:#b10e1e}
.st-key-tl-column [data-testid=stRadioOption] p,.st-key-tl-column [data-testid=stCheckbox] p,
.st-key-tl-column input,.st-key-tl-column textarea{font-size:1.06rem}
.st-key-tl-column [data-testid=stTextInputRootElement],
.st-key-tl-column .react-aria-ComboBox>[role=group]{min-height:44px}
.st-key-tl-column [data-testid=stBaseButton-tertiary],
.st-key-tl-column [data-testid=stBaseButton-tertiaryFormSubmit]{min-height:44px;text-decoration:underline}
[class*=st-key-tl-card] .tl-h3{margin:0}[class*=st-key-tl-card] button{min-height:44px}
.tl-unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap;margin:-1px}
.tl-prose,.tl-prose p,.tl-prose li{font-size:1.06rem;line-height:1.55}.tl-prose p,.tl-prose ol{margin:0 0 1rem}
.tl-prose h2,.tl-h2{font-size:1.35rem;margin:1.4rem 0 .4rem;padding:0}
.tl-h3{font-size:1.1rem;margin:1rem 0 .3rem;padding:0}
.tl-prose .tl-lead{font-size:1.25rem;line-height:1.45}.tl-prose ol{padding-inline-start:1.4rem !important}
.tl-h1{font-size:2.2rem;line-height:1.2;margin:.2rem 0 .2rem;padding:0}
.tl-h1:focus{outline:none !important;box-shadow:none !important}
.tl-h1,.tl-error,#notice,#saved{scroll-margin-top:5rem}
.tl-above{color:#3d4548;margin:0;font-size:1rem}
.tl-ask{margin-top:.8rem}.tl-label{font-weight:600;font-size:1.1rem;margin:0 0 .1rem}
.tl-hint{color:#3d4548;margin:0 0 .2rem;line-height:1.45}
.tl-error:focus{outline:3px solid #0b0c0c !important}
.tl-error ul{margin:0;padding-inline-start:0 !important;list-style:none}
.tl-summary{margin:0 0 .5rem;padding:0 !important}
.tl-summary>div{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr) auto;gap:.2rem 1.2rem;padding:.6rem 0;
border-bottom:1px solid #b1b4b6}.tl-summary dt{font-weight:600;margin:0}
.tl-summary dd{margin:0;white-space:pre-line;overflow-wrap:anywhere}.tl-quiet{color:#505a5f}
.tl-summary a,.tl-later summary,.tl-steps-link a{display:inline-block;min-height:24px}
.tl-panel{background:#12436d;color:#fff;padding:1.4rem 1rem;border-radius:4px;text-align:center;margin:.4rem 0 1.2rem}
.tl-panel p{margin:0;font-size:1.15rem}.tl-panel .tl-reference{font-size:2.2rem;font-weight:700;letter-spacing:.08em;
line-height:1.3}
.tl-saved{border-inline-start:8px solid #00703c;background:#eef6f1;padding:.8rem 1.1rem;font-size:1.15rem}
.tl-saved p{margin:0}
.tl-saved strong{font-size:1.4rem;letter-spacing:.05em;white-space:nowrap}
.tl-quiet-label{font-size:.9rem;margin:0}.tl-entry{margin:0;overflow-wrap:anywhere}
[class*=st-key-tl-entry]{border-bottom:1px solid #b1b4b6;padding-bottom:.5rem}
[class*=st-key-tl-row]{border-top:1px solid #d5dade;padding-top:.5rem}
.tl-later{margin:1.6rem 0 0}.tl-later summary{color:#12436d;text-decoration:underline;cursor:pointer}
.tl-later p{border-inline-start:4px solid #b1b4b6;padding:.2rem 0 .2rem 1rem;margin:.4rem 0}
.tl-note>:last-child{margin-bottom:0}
[data-testid=stHtml] a.tl-start{display:inline-flex;align-items:center;min-height:44px;padding:.5rem 1.3rem;
font-size:1.1rem;font-weight:600;background:#12436d;color:#fff;border-radius:4px;text-decoration:none}
.tl-ways{display:flex;flex-direction:column;gap:.2rem}.tl-ways a{min-height:44px;display:inline-flex;align-items:center}
.st-key-tl-onwards{margin-top:1rem}
.st-key-tl-onwards button,[class*=st-key-share-] button{min-height:44px;padding:.5rem 1.3rem}
.st-key-tl-onwards button p,[class*=st-key-share-] button p{font-size:1.1rem}
.st-key-tl-notice{border-inline-start:8px solid #00703c;background:#eef6f1;padding:.5rem 1rem}
.st-key-tl-notice p{margin:0}
@media (max-width:600px){.tl-summary>div{grid-template-columns:minmax(0,1fr) auto}.tl-summary dt{grid-column:1/3}
.tl-h1{font-size:1.75rem}
.st-key-tl-column [class*="-group"]:has([data-testid=stRadioGroup]){flex-direction:column;align-items:flex-start}
.tl-panel .tl-reference{font-size:1.55rem;letter-spacing:.03em}
[data-testid=stRadioGroup][data-orientation=horizontal]{flex-direction:column;align-items:flex-start;gap:0}}
@media (max-width:480px){[data-testid="stMainBlockContainer"]{padding-left:1rem;padding-right:1rem}
h1{font-size:1.9rem !important}}
@media (prefers-reduced-motion:reduce){*{animation:none !important;transition:none !important}}
</style>"""

ROLE_NAMES = {
    Role.RESIDENT: noted("a resident"),
    Role.FRONTLINE: noted("frontline staff"),
    Role.DESIGNER: noted("a service designer"),
    Role.MODERATOR: noted("a moderator"),
    Role.SAFEGUARDING: noted("the safeguarding lead"),
    Role.ADMIN: noted("an administrator"),
}


def apply() -> None:
    """Put the product's styles on the page."""
    st.html(STYLES)


def top_bar(actor: Actor) -> None:
    """In demo mode: say so on every page, and as whom one is here."""
    if settings().demo_mode:
        here = _("You are here as {role}.").format(role=_(ROLE_NAMES[actor.role]))
        st.html(
            f'<div class="tl-bar"><span class="tl-synthetic">{escape(_("Demo mode: nobody signs in"))}</span>'
            f'<span>{escape(here)} <a href="/sign-in?lang={spoken().code}" target="_self">{escape(_("Change"))}</a>'
            "</span></div>"
        )


def title(words: str, lead: str | None = None) -> None:
    """The one heading of a screen, also in the browser's tab, with a sentence on what the screen is for."""
    st.set_page_config(page_title=f"{words} - Throughline")
    st.title(words, anchor=False)
    if lead:
        st.markdown(lead)


def problem(message: str) -> None:
    """Something a person can mend."""
    heading = escape(_("There is a problem"))
    st.html(f'<div class="tl-error" role="alert"><h2>{heading}</h2><p>{escape(message)}</p></div>')


def refused(what: str, message: str, target: str) -> None:
    """This screen is not for this role. ``target`` is its whole address: signing in leads back there."""
    title(_("{page}: not for this role").format(page=what))
    there = escape("/sign-in?" + urlencode({"next": target, "lang": spoken().code}))
    st.html(
        f'<div class="tl-note"><p>{escape(message)}</p>'
        f'<p><a class="tl-start" href="{there}" target="_self">{escape(_("Sign in"))}</a></p></div>'
    )


def note(html: str) -> None:
    """Something to know before one goes on. The caller escapes what people wrote."""
    st.html(f'<div class="tl-note">{html}</div>')
