"""The themes to choose from on the coding desk, by key, mouse or touch; the browser keeps the choice.

Only saving, skipping and going back ask the server, each once: a press that comes twice, or at once after the next
passage appeared, does nothing. Single keys can be switched off (WCAG 2.1.4), and never fire while somebody types.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from insight.language import _

SCRIPT = """
export default function({data: [data], parentElement, setTriggerValue}) {
  const make = (name, given = {}, ...inside) => {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(given)) if (value !== false) node.setAttribute(key, value);
    node.append(...inside);
    return node;
  };
  const before = window.tlDesk;
  if (before && before.token === data.token && parentElement.contains(before.root)) return;
  const words = data.words;
  const label = new Map(data.themes);
  const desk = {token: data.token, chosen: data.chosen.filter(one => label.has(one)), sent: false,
    since: performance.now(), keys: localStorage.getItem('tl-desk-keys') !== 'off'};
  const quick = before && before.root.isConnected ? 400 : 0;

  const send = kind => {
    if (desk.sent || performance.now() - desk.since < quick) return;
    if (kind === 'save' && !desk.chosen.length) { say(words.choose); return; }
    desk.sent = true;
    setTimeout(() => { desk.sent = false; }, 5000);
    setTriggerValue('act', {kind, token: desk.token, themes: desk.chosen});
  };
  const toggle = theme => {
    if (desk.sent) return;
    desk.chosen = desk.chosen.includes(theme) ? desk.chosen.filter(one => one !== theme) : [...desk.chosen, theme];
    paint();
  };
  const say = text => { if (status.textContent !== text) status.textContent = text; };
  const named = () => {
    const [main, ...also] = desk.chosen.map(one => label.get(one));
    if (!main) return words.nothing;
    return words.main.replace('{theme}', () => main) +
      (also.length ? ' ' + words.also.replace('{themes}', () => also.join(', ')) : '');
  };
  const paint = () => {
    for (const button of root.querySelectorAll('[data-theme]')) {
      button.setAttribute('aria-pressed', String(desk.chosen.includes(Number(button.dataset.theme))));
    }
    say(named());
  };
  const key = (text, shown = text) => make('kbd', {'aria-hidden': 'true'}, shown);
  const choice = (theme, number) => {
    const button = make('button', {type: 'button', 'data-theme': theme, 'aria-pressed': 'false'});
    if (number) { button.setAttribute('aria-keyshortcuts', number); button.append(key(String(number)), ' '); }
    button.append(make('span', {}, label.get(theme)));
    button.onclick = () => toggle(theme);
    return make('li', {}, button);
  };
  const act = (kind, text, name, shown) => {
    const given = {type: 'button', 'data-act': kind, 'aria-keyshortcuts': name};
    const button = make('button', given, text + ' ', key(shown));
    button.onclick = () => send(kind);
    return button;
  };

  const likely = data.likely.filter(theme => label.has(theme));
  const status = make('p', {role: 'status', class: 'tl-chosen'});
  const found = make('ul', {class: 'tl-choices', 'aria-label': words.found});
  const hint = make('p', {role: 'status', class: 'tl-hint', id: 'tl-desk-hint'});
  const search = make('input', {type: 'text', id: 'tl-desk-search', autocomplete: 'off', spellcheck: 'false',
    'aria-describedby': 'tl-desk-hint'});
  const matching = () => {
    const parts = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    if (!parts.length) return [];
    return data.themes.filter(([, name]) => parts.every(part => name.toLowerCase().includes(part)));
  };
  const filter = () => {
    const matches = matching();
    found.replaceChildren(...matches.slice(0, 8).map(([theme]) => choice(theme)));
    hint.textContent = !search.value.trim() ? '' : !matches.length ? words.none_found :
      words.some_found.replace('{number}', matches.length).replace('{theme}', () => matches[0][1]);
    paint();
  };
  search.oninput = filter;
  search.onkeydown = event => {
    event.stopPropagation();
    if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      const [first] = matching();
      if (first) { toggle(first[0]); search.value = ''; filter(); paint(); }
      else if (!search.value.trim()) send('save');
    } else if (event.key === 'Escape') {
      search.value = ''; filter(); show();
    } else if (event.key === 'ArrowDown' && found.firstChild) {
      event.preventDefault(); found.querySelector('button').focus();
    }
  };
  const onOff = make('input', {type: 'checkbox', id: 'tl-desk-on'});
  onOff.checked = desk.keys;
  onOff.onchange = () => {
    desk.keys = onOff.checked;
    localStorage.setItem('tl-desk-keys', desk.keys ? 'on' : 'off');
    root.classList.toggle('tl-no-keys', !desk.keys);
  };
  const onwards = make('div', {class: 'tl-acts', role: 'group', 'aria-label': words.then},
    act('save', words.save, 'Enter', words.enter), act('none', words.none, 'n', 'N'), act('skip', words.skip, 's', 'S'),
    act('back', words.back, 'u', 'U'));
  const list = make('ol', {class: 'tl-choices', 'aria-label': words.likely},
    ...likely.map((theme, at) => choice(theme, at + 1)));
  const root = make('div', {class: 'tl-desk'}, list,
    make('div', {class: 'tl-search'}, make('label', {for: 'tl-desk-search'}, words.search + ' ', key('/')), search),
    hint, found, status, onwards,
    make('p', {class: 'tl-hint tl-keys'}, words.keys),
    make('label', {class: 'tl-on', for: 'tl-desk-on'}, onOff, ' ' + words.on));
  root.classList.toggle('tl-no-keys', !desk.keys);
  const show = () => {
    const passage = document.getElementById('tl-passage');
    if (!passage) return;
    passage.tabIndex = -1;
    passage.focus({preventScroll: true});
    const seen = passage.getBoundingClientRect().top >= 60 && root.getBoundingClientRect().bottom <= innerHeight;
    if (!seen) passage.scrollIntoView({block: 'start'});
  };
  desk.root = root;
  desk.press = event => {
    const at = event.target;
    if (!desk.keys || !root.isConnected || event.repeat || event.isComposing) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const on = what => at.closest && at.closest(what);
    if (on('input:not([type=checkbox]),textarea,select,[contenteditable],[role=combobox]')) return;
    const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (pressed === 'Enter') {
      if (on('a,button,summary,label,[role=button],[role=radio],[role=tab]')) return;
      event.preventDefault(); send('save');
    } else if (pressed >= '1' && pressed <= '9' && pressed.length === 1) {
      const theme = likely[Number(pressed) - 1];
      if (theme !== undefined) { event.preventDefault(); toggle(theme); }
    } else if (pressed === '/') { event.preventDefault(); search.focus();
    } else if (pressed === 'n') { event.preventDefault(); send('none');
    } else if (pressed === 's') { event.preventDefault(); send('skip');
    } else if (pressed === 'u') { event.preventDefault(); send('back'); }
  };
  parentElement.replaceChildren(root);
  window.tlDesk = desk;
  if (!window.tlDeskKeys) {
    window.tlDeskKeys = true;
    document.addEventListener('keydown', event => window.tlDesk.press(event));
  }
  paint();
  if (before && before.token !== data.token) requestAnimationFrame(() => requestAnimationFrame(show));
}
"""

STYLES = """<style>
.tl-passage{border-inline-start:6px solid #12436d;padding:.2rem 0 .2rem 1rem;margin:.2rem 0 .6rem;max-width:50rem;
scroll-margin-top:5rem}
.tl-passage p{margin:0 0 .3rem;overflow-wrap:anywhere}.tl-passage .tl-told{font-size:1.15rem;line-height:1.5}
.tl-passage mark{background:#fff2b3;color:#0b0c0c;padding:.05rem .15rem}
.tl-passage .tl-around{color:#3d4548}.tl-passage h2{font-size:1.1rem;margin:0 0 .3rem;padding:0}
.tl-desk{max-width:50rem}.tl-desk kbd{display:inline-block;min-width:1.6rem;padding:0 .35rem;border:1px solid #6b7275;
border-radius:4px;background:#fff;color:#0b0c0c;font:600 .85rem/1.5 monospace;text-align:center}
.tl-no-keys kbd,.tl-no-keys .tl-keys{display:none}
.tl-choices{list-style:none;margin:0 0 .6rem !important;padding:0 !important;display:grid;gap:.35rem;
grid-template-columns:repeat(auto-fill,minmax(min(15rem,100%),1fr))}
.tl-choices li{margin:0 !important;padding:0 !important}
.tl-desk button{min-height:44px;font:inherit;font-size:1rem;cursor:pointer;border-radius:4px;
border:2px solid #6b7275;background:#fff;color:#0b0c0c;padding:.35rem .7rem;text-align:start;overflow-wrap:anywhere}
.tl-choices button{width:100%;height:100%}
.tl-desk button[aria-pressed=true]{background:#12436d;border-color:#12436d;color:#fff}
.tl-desk button[aria-pressed=true] span::before{content:"\\2713  "}
.tl-search{display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:center;margin:.3rem 0}
.tl-search input{flex:1 1 12rem;min-height:44px;font:inherit;font-size:1rem;border:2px solid #0b0c0c;border-radius:4px;
padding:.3rem .6rem;background:#fff;color:#0b0c0c;min-width:0}
.tl-chosen{font-weight:600;margin:.3rem 0 .5rem;min-height:1.5em}
.tl-acts{display:flex;flex-wrap:wrap;gap:.5rem;margin:0 0 .7rem}
.tl-desk .tl-acts [data-act=save]{background:#00703c;border-color:#00703c;color:#fff;font-weight:600}
.tl-on{display:flex;gap:.5rem;align-items:center;min-height:44px}.tl-on input{width:1.4rem;height:1.4rem;flex:none}
</style>"""

KEY = "desk-keys"
_component = st.components.v2.component("throughline_desk", js=SCRIPT, isolate_styles=False)
Act = Callable[[Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen for one passage: all ``themes`` by number and name, ``likely`` ones under the number keys.

    ``token`` tells one showing of a passage from all others; ``chosen`` are chosen already.
    """

    token: str
    themes: Sequence[tuple[int, str]]
    likely: Sequence[int]
    chosen: Sequence[int]


def draw(choice: Choice, act: Act) -> None:
    """Offer the themes; ``act`` is told {"kind": save, none, skip or back, "token", "themes": numbers}."""

    def acted() -> None:
        told = st.session_state.get(KEY, {}).get("act")
        if isinstance(told, Mapping):
            act(told)

    data = {
        "token": choice.token,
        "themes": [list(theme) for theme in choice.themes],
        "likely": list(choice.likely),
        "chosen": list(choice.chosen),
        "words": _words(),
    }
    _component(key=KEY, data=[data], on_act_change=acted)  # in a list: see pages/kit/a11y.py


def _words() -> dict[str, str]:
    return {
        "likely": _("Themes it may speak of"),
        "search": _("Find any theme"),
        "found": _("Themes found"),
        "some_found": _("{number} found. Enter takes “{theme}”."),
        "none_found": _("No theme has these words."),
        "nothing": _("No theme chosen yet."),
        "main": _("Main theme: {theme}."),
        "also": _("Also: {themes}."),
        "choose": _("Choose a theme first, or say that it fits none."),
        "then": _("What to do with this passage"),
        "save": _("Save and next"),
        "none": _("Fits none"),
        "skip": _("Skip"),
        "back": _("Undo the last"),
        "enter": _("Enter"),
        "keys": _(
            "Keys: 1 to 9 choose a theme (the first one chosen is the main one), / finds any theme, Enter saves, "
            "N fits none, S skips, U takes the last one back."
        ),
        "on": _("Use these keys"),
    }
