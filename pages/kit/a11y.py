"""What Streamlit leaves out for keyboards and screen readers: focus after a change, errors and hints tied to fields.

It also sends on what is being typed into long texts, since a form keeps that to itself until a button is pressed, and
takes a name that was typed into a type-ahead when one moves on, where Streamlit forgets it unless Enter was pressed.

One small component per page, drawn last. It finds fields by the class that Streamlit gives to each key, which is not
a promise of Streamlit's: ``tests/browser/test_accessibility.py`` fails when that changes.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import streamlit as st

from insight.language import spoken

SCRIPT = """
export default function({data: [data], setTriggerValue}) {
  if (data.drawn < window.tlDrawn) return;
  window.tlDrawn = data.drawn;
  const main = () => document.querySelector('[data-testid="stMain"]') || document.body;
  const inside = key => main().querySelector('.st-key-' + CSS.escape(key));
  const control = box => box && box.querySelector('[role=radiogroup],[role=combobox],textarea,input');
  const set = (node, name, value) => {
    if (value ? node.getAttribute(name) !== value : node.hasAttribute(name)) {
      value ? node.setAttribute(name, value) : node.removeAttribute(name);
    }
  };
  const dress = () => {
    for (const one of window.tlFields) {
      const box = inside(one.key);
      if (!box) continue;
      const node = one.group ? box : one.button ? box.querySelector('button') : control(box);
      if (!node) continue;
      if (one.group) { set(node, 'role', 'group'); }
      if (one.name) set(node, 'aria-label', one.name);
      set(node, 'aria-describedby', one.described_by);
      if (!one.group) set(node, 'aria-invalid', one.wrong ? 'true' : '');
    }
  };
  const focus = () => {
    const box = data.focus && (document.getElementById(data.focus) || inside(data.focus));
    const button = box && box.matches('[class*=st-key-]') && box.querySelector('button:not(:disabled)');
    const target = button || box || main().querySelector('h1');
    if (!target) return;
    if (!button) target.tabIndex = -1;
    target.focus({preventScroll: true});
    target.scrollIntoView({block: button ? 'nearest' : 'start'});
  };
  const follow = event => {
    const link = event.target.closest && event.target.closest('a');
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.dataset.field) {
      const node = control(inside(link.dataset.field));
      if (node) {
        event.preventDefault();
        const first = node.matches('[role=radiogroup]') ? node.querySelector('input') : node;
        (first || node).focus(); node.scrollIntoView({block: 'center'});
      }
    } else if (link.dataset.go) {
      event.preventDefault();
      history.pushState({}, '', link.href);
      window.dispatchEvent(new PopStateEvent('popstate'));
    }
  };
  const once = event => {
    const button = event.target.closest && event.target.closest('[data-testid^="stBaseButton"]');
    if (!button || !main().contains(button)) return;
    if (event.timeStamp - (window.tlPressed || -1e9) < 600) {
      event.preventDefault(); event.stopImmediatePropagation();
    } else window.tlPressed = event.timeStamp;
  };
  const sendTyped = node => {
    const box = node.closest('[class*="st-key-"]');
    const key = box && [...box.classList].find(name => name.startsWith('st-key-')).slice(7);
    if (key && window.tlKeeps.includes(key)) setTriggerValue('typed', {key, text: node.value});
  };
  const take = event => {
    const node = document.activeElement;
    const away = event.type === 'keydown' ? event.key === 'Tab' : !event.target.closest('[role=listbox]');
    if (!away || !node || !node.matches('[role=combobox]') || !main().contains(node)) return;
    const first = document.querySelector('[role=listbox] [role=option]');
    if (first && node.value && node === window.tlTypedInto) first.click();
    window.tlTypedInto = null;
  };
  const typing = event => {
    if (!event.target.matches || !event.target.matches('textarea')) return;
    clearTimeout(window.tlTyping);
    window.tlTyping = setTimeout(() => window.tlSendTyped(event.target), 1000);
  };
  document.documentElement.lang = data.lang;
  main().dir = data.dir;
  window.tlSendTyped = sendTyped;
  window.tlKeeps = data.keeps;
  window.tlFields = data.fields;
  if (!window.tlReady) {
    window.tlReady = true;
    document.addEventListener('click', once, true);
    document.addEventListener('click', follow, true);
    document.addEventListener('input', typing, true);
    document.addEventListener('keydown', take, true);
    document.addEventListener('pointerdown', take, true);
    document.addEventListener('input', event => {
      if (event.target.matches('[role=combobox]')) window.tlTypedInto = event.target;
    }, true);
    let waiting = false;
    new MutationObserver(() => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; window.tlDress(); });
    }).observe(document.body, {childList: true, subtree: true});
  }
  window.tlDress = dress;
  dress();
  if (window.tlToken !== data.token) {
    const opened = window.tlToken === undefined && data.token === data.opened;
    window.tlToken = data.token;
    if (!opened) requestAnimationFrame(focus);
  }
}
"""

KEY, OPENED = "a11y", "a11y_opened"
_component = st.components.v2.component("throughline_a11y", js=SCRIPT)


@dataclass(frozen=True, slots=True)
class Field:
    """What one field is to be told to assistive technology. ``key`` is its Streamlit key.

    ``described_by`` names elements by id; ``group`` marks a container of several inputs, and ``name`` is its label;
    ``button`` gives a button a longer name than the one that is seen.
    """

    key: str
    described_by: str = ""
    wrong: bool = False
    name: str = ""
    group: bool = False
    button: bool = False


@dataclass(slots=True)
class Page:
    """What a page collects while it is drawn, handed over by :meth:`finish`."""

    fields: list[Field] = field(default_factory=list)
    keeps: dict[str, Callable[[str], None]] = field(default_factory=dict)

    def finish(self, token: str, focus: str = "") -> None:
        """Tie the fields; when ``token`` is a new one, move the focus to an element or key, else to the heading.

        Two presses of buttons within 600 ms count as one: the second may already meet the next page's button. What is
        typed into the long texts in ``keeps`` is handed to their functions a second after the last keystroke.

        On a slow phone the script arrives when a button has been pressed already, and may then be run for the newer
        state before the older: so it is told when a state was drawn, and with which token the visit was opened.
        """
        fields = [asdict(one) for one in self.fields]
        language = spoken()
        data = {
            "lang": language.tag,
            "dir": language.direction,
            "drawn": time.time(),
            "opened": st.session_state.setdefault(OPENED, token),
            "token": token,
            "focus": focus,
            "keeps": list(self.keeps),
            "fields": fields,
        }
        # In a list, since Streamlit looks for data frames among a dict's values, and loads pandas (85 MB) to do so.
        _component(key=KEY, data=[data], on_typed_change=self._typed)

    def _typed(self) -> None:
        typed = st.session_state.get(KEY, {}).get("typed")
        key = str(typed.get("key")) if isinstance(typed, dict) else ""
        if key in self.keeps:
            self.keeps[key](str(typed.get("text", "")))
