"""A document in parts, as Markdown or as one page of HTML. Pure; every word is escaped for what it goes into."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")
STYLES = (
    "body{font:1.06rem/1.5 system-ui,sans-serif;color:#0b0c0c;background:#fff;max-width:56rem;margin:0 auto;"
    "padding:1rem}h1{font-size:1.8rem;line-height:1.2}h2{font-size:1.3rem;margin:1.6rem 0 .4rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0;"
    "border-bottom:1px solid #b1b4b6;overflow-wrap:anywhere}p,td{white-space:pre-line;overflow-wrap:anywhere}"
    ".open{border-left:6px solid #b10e1e;padding-left:.8rem}"
)


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; one that is ``open`` says what people still have to decide."""

    words: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """A list."""

    words: Sequence[str]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A table with heads."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]


Part = Text | Points | Rows


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    title: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Document:
    """A title and sections."""

    title: str
    sections: Sequence[Section]


def as_markdown(document: Document) -> bytes:
    """The document as Markdown in UTF-8, with tables as most readers know them."""
    lines = [f"# {_plain(document.title)}"]
    for section in document.sections:
        lines += ["", f"## {_plain(section.title)}"]
        for part in section.parts:
            lines += ["", *_markdown(part)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def as_html(document: Document) -> bytes:
    """The document as one page that needs no other file."""
    inside = f"<h1>{escape(document.title)}</h1>{body(document)}"
    page = (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(document.title)}</title><style>{STYLES}</style></head><body><main>{inside}</main></body></html>"
    )
    return page.encode("utf-8")


def body(document: Document, level: int = 2) -> str:
    """The sections as HTML."""
    return "".join(
        f"<h{level}>{escape(section.title)}</h{level}>{''.join(_html(part) for part in section.parts)}"
        for section in document.sections
    )


def _plain(words: str) -> str:
    return MARKUP.sub(r"\\\1", words)


def _markdown(part: Part) -> list[str]:
    if isinstance(part, Text):
        said = _plain(part.words).replace("\n", "  \n")
        return [f"**Still to decide:** {said}" if part.open else said]
    if isinstance(part, Points):
        return [f"- {'[ ] ' if part.open else ''}{_cell(words)}" for words in part.words]
    rows = [part.heads, ["---"] * len(part.heads), *part.rows]
    return ["| " + " | ".join(row if row == "---" else _cell(row) for row in cells) + " |" for cells in rows]


def _cell(words: str) -> str:
    return _plain(words).replace("\r", "").replace("\n", "<br>")


def _html(part: Part) -> str:
    if isinstance(part, Text):
        said = escape(part.words)
        return f'<p class="open"><strong>Still to decide:</strong> {said}</p>' if part.open else f"<p>{said}</p>"
    if isinstance(part, Points):
        points = "".join(f"<li>{escape(words)}</li>" for words in part.words)
        return f"<ul{' class=open' if part.open else ''}>{points}</ul>"
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in part.heads)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in part.rows)
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
