"""Says in the browser, as one types, which box a code stands for; offers names; puts the focus into a field.

A form of Streamlit's keeps what is typed to itself until a button is pressed, which is what makes keying quick, but a
wrong digit must not go unseen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from insight.language import _

SCRIPT = """
export default function({data: [data]}) {
  const input = key => {
    const box = document.querySelector('.st-key-' + CSS.escape(key));
    return box && box.querySelector('input,textarea');
  };
  const read = one => {
    const typed = (input(one.key)?.value || '').trim();
    if (!typed) return '';
    const found = code => one.codes.indexOf(code.toLowerCase());
    const parts = one.many ? typed.split(/[\\s,;.+]+|(?<=[0-9])(?=[0-9])/).filter(Boolean) : [typed];
    const words = part => found(part) < 0 ? data.unknown.replace('{code}', () => part) : one.words[found(part)];
    return parts.map(words).join(', ');
  };
  const say = () => {
    for (const place of new Set(window.tlEchoes.map(one => one.place))) {
      const node = document.getElementById(place);
      const words = window.tlEchoes.filter(one => one.place === place).map(read).filter(Boolean).join(' \\u00b7 ');
      if (node && node.textContent !== words) node.textContent = words;
    }
  };
  const fill = () => {
    for (const [name, names] of Object.entries(data.lists)) {
      const id = 'tl-list-' + name;
      const list = document.getElementById(id) || document.body.appendChild(document.createElement('datalist'));
      list.id = id;
      list.replaceChildren(...names.map(one => Object.assign(document.createElement('option'), {value: one})));
    }
  };
  const offer = () => {
    for (const one of data.echoes) {
      const node = one.listed && input(one.key);
      if (node && !node.hasAttribute('list')) node.setAttribute('list', 'tl-list-' + one.listed);
    }
  };
  window.tlEchoes = data.echoes.filter(one => one.codes.length);
  window.tlSayEchoes = say;
  window.tlOfferNames = offer;
  if (!window.tlEchoing) {
    window.tlEchoing = true;
    document.addEventListener('input', () => window.tlSayEchoes());
    let waiting = false;  // inputs may be drawn later than this, and anew
    new MutationObserver(() => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => { waiting = false; window.tlOfferNames(); window.tlSayEchoes(); });
    }).observe(document.body, {childList: true, subtree: true});
  }
  fill();
  requestAnimationFrame(() => { offer(); say(); });
  if (window.tlEchoToken !== data.token) {
    window.tlEchoToken = data.token;
    // After the page's own focus, which goes to the field's box and scrolls it into sight.
    if (data.focus) requestAnimationFrame(() => requestAnimationFrame(() => input(data.focus)?.focus()));
  }
}
"""
_component = st.components.v2.component("throughline_echo", js=SCRIPT)


@dataclass(frozen=True, slots=True)
class Echo:
    """What one input's codes stand for, and the id of the element that says it; ``many`` takes several codes.

    ``listed`` names the list of words that the input offers.
    """

    key: str
    place: str
    codes: list[str]
    words: list[str]
    many: bool = False
    listed: str = ""


def finish(echoes: list[Echo], lists: Mapping[str, Sequence[str]], token: str, focus: str = "") -> None:
    """Say what is typed from now on; with a new token, put the focus into the field with this key, if there is one."""
    names = {name: list(words) for name, words in lists.items()}
    data = {
        "echoes": [asdict(one) for one in echoes],
        "lists": names,
        "token": token,
        "focus": focus,
        "unknown": _("{code} is not on the form"),
    }
    _component(key="echo", data=[data])  # in a list: see pages/kit/a11y.py
