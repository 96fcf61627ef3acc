"""A picture taken along: as SVG, and as PNG made in the browser from the same drawing, with its own fonts, off-line."""

import re

import streamlit as st

from insight.access import Actor, Permission, may
from insight.language import _
from pages.paths.drawing import MARGIN, standing_alone

SCALE = 2  # a PNG has so many pixels for each of the drawing's, so that it prints well
BUTTON = '<button type="button"></button><span role="status"></span>'
STYLE = """
button{font:inherit;font-size:.875rem;color:#0b0c0c;background:#fff;border:1px solid #6b7275;border-radius:4px;
padding:.25rem .75rem;min-height:2.5rem;line-height:1.6;cursor:pointer}
button:hover{color:#12436d;border-color:#12436d}
button:focus-visible{outline:3px solid #0b0c0c;outline-offset:2px;box-shadow:0 0 0 3px #fd0}
span:not(:empty){display:inline-block;margin:.4rem .6rem}
"""
SCRIPT = """
export default function({data: [data], parentElement}) {
  const button = parentElement.querySelector('button'), status = parentElement.querySelector('span');
  button.textContent = data.label;
  button.onclick = async () => {
    status.textContent = '';
    try {
      const drawing = new Image();
      drawing.src = URL.createObjectURL(new Blob([data.svg], {type: 'image/svg+xml'}));
      await drawing.decode();
      const canvas = document.createElement('canvas');
      canvas.width = data.width * data.scale;
      canvas.height = data.height * data.scale;
      canvas.getContext('2d').drawImage(drawing, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(drawing.src);
      const made = await new Promise(done => canvas.toBlob(done, 'image/png'));
      const link = document.createElement('a');
      link.href = URL.createObjectURL(made);
      link.download = data.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    } catch (fault) {
      status.textContent = data.failed;
    }
  };
}
"""

_png = st.components.v2.component("throughline_png", html=BUTTON, css=STYLE, js=SCRIPT)


def downloads(actor: Actor, name: str, marks: str, width: int, height: int, alternative: str = "") -> None:
    """Two buttons that take a picture along, for those who may; ``name`` is what the file is called, without ending."""
    if not may(actor, Permission.EXPORT):
        return
    svg = standing_alone(marks, alternative or name, width, height)
    file = file_name(name)
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"tl-picture-{file}"):
        st.download_button(
            _("Download the picture (SVG)"),
            svg.encode(),
            f"{file}.svg",
            "image/svg+xml",
            key=f"svg-{file}",
            on_click="ignore",
        )
        told = {
            "svg": svg,
            "name": f"{file}.png",
            "width": width + 2 * MARGIN,
            "height": height + 2 * MARGIN,
            "scale": SCALE,
            "label": _("Download the picture (PNG)"),
            "failed": _("Your browser could not make the picture. Download it as SVG instead."),
        }
        # In a list, since Streamlit looks for data frames among a dict's values, and loads pandas (85 MB) to do so.
        _png(key=f"png-{file}", data=[told])


def file_name(name: str) -> str:
    """A name that every system takes: lower case, words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:80] or "picture"
