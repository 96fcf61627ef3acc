"""Pictures as HTML and SVG: light, printable, readable by a screen reader. Pure functions from numbers to markup.

One set of colours for the whole product, chosen to survive colour blindness (the Government Analysis Function's
palette) and never the only sign: shape, order or a number says the same.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from html import escape

from insight.language import _, noted

INK, BLUE, TEAL, PLUM, ORANGE, GREY, LILAC = (
    "#0b0c0c",
    "#12436d",
    "#28a197",
    "#801650",
    "#f46a25",
    "#6b7275",
    "#a285d1",
)
WHITE_READS_BELOW = 1.05 / 4.5 - 0.05  # white on a colour darker than this has a contrast of at least 4.5:1
KIND_COLOURS = {"hurts": PLUM, "mixed": GREY, "helps": "#1a7068"}
KIND_WORDS = {"hurts": noted("Hurts"), "mixed": noted("Mixed"), "helps": noted("Works well")}

STYLES = """<style>
.tl-tag{display:inline-block;color:#fff;padding:.05rem .55rem;border-radius:3px;font-size:.85rem;font-weight:600}
.tl-spark{display:inline-block;vertical-align:middle;max-width:100%}
.tl-heat{border-collapse:collapse;font-size:.9rem;width:100%}
.tl-heat th,.tl-heat td{border:1px solid #fff;padding:.45rem .5rem;text-align:center}
.tl-heat th[scope=row]{text-align:left;min-width:11rem;font-weight:600}
.tl-heat thead th{vertical-align:bottom;font-weight:600;min-width:4.6rem;font-size:.82rem;line-height:1.2}
.tl-scroll{overflow-x:auto;max-width:100%}
.tl-bars{list-style:none;margin:0 !important;padding:0 !important}
.tl-bars li{margin:0 0 .55rem !important;padding:0 !important}
.tl-bars .bar{display:block;height:.7rem;background:#12436d;border-radius:2px}
.tl-bars .row{display:flex;justify-content:space-between;gap:1rem;font-size:.95rem}
.tl-table{border-collapse:collapse;width:100%;font-size:.95rem}
.tl-table th,.tl-table td{border-bottom:1px solid #b1b4b6;padding:.4rem .6rem .4rem 0;text-align:left;
vertical-align:top}
.tl-table td.n,.tl-table th.n{text-align:right;white-space:nowrap}
</style>"""


def picture(svg: str, alternative: str, width: int, height: int, *, fluid: bool = False) -> str:
    """An SVG as an image with its text alternative: Streamlit takes bare SVG out of a page."""
    whole = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{svg}</svg>'
    code = base64.b64encode(whole.encode()).decode()
    size = 'style="width:100%;height:auto"' if fluid else f'width="{width}" height="{height}"'
    alt = escape(alternative, quote=True)
    return f'<img class="tl-spark" alt="{alt}" {size} src="data:image/svg+xml;base64,{code}">'


def tag(kind: str) -> str:
    """Whether a theme hurts, works well or is mixed."""
    return f'<span class="tl-tag" style="background:{KIND_COLOURS[kind]}">{_(KIND_WORDS[kind])}</span>'


def sparkline(counts: Sequence[int | None], alternative: str, width: int = 150, height: int = 34) -> str:
    """Journeys per month as small bars; a month below the threshold is drawn as a dot on the line, not as nothing."""
    if not counts:
        return ""
    most, step = max([n or 0 for n in counts] + [1]), width / len(counts)
    marks = []
    for place, n in enumerate(counts):
        x = place * step
        if n is None:
            marks.append(f'<circle cx="{x + step / 2:.1f}" cy="{height - 2}" r="1.3" fill="{GREY}"/>')
        else:
            tall = max(n / most * (height - 4), 2)
            marks.append(
                f'<rect x="{x + 0.6:.1f}" y="{height - tall:.1f}" width="{max(step - 1.4, 1):.1f}" '
                f'height="{tall:.1f}" fill="{BLUE}"/>'
            )
    return picture("".join(marks), alternative, width, height)


def feeling_scale(mean: float) -> str:
    """Where a mean feeling stands between very bad (left) and very good (right)."""
    x = 6 + (mean + 2) / 4 * 88
    ticks = "".join(f'<line x1="{6 + i * 22}" y1="6" x2="{6 + i * 22}" y2="14" stroke="{GREY}"/>' for i in range(5))
    drawing = (
        f'<line x1="6" y1="10" x2="94" y2="10" stroke="{GREY}" stroke-width="2"/>{ticks}'
        f'<circle cx="{x:.1f}" cy="10" r="6" fill="{BLUE}" stroke="#fff" stroke-width="1.5"/>'
    )
    scale = _("{mean} on a scale from minus 2, very bad, to plus 2, very good").format(mean=f"{mean:+.1f}")
    return picture(drawing, scale, 100, 20)


def heat_table(
    columns: Sequence[str], rows: Sequence[tuple[str, Sequence[int | None]]], caption: str, hidden: str
) -> str:
    """A heat map that is its own table: the number stands in every cell, the darker the more."""
    most = max([n for _label, counts in rows for n in counts if n] + [1])
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(label)}</th>{"".join(_heat_cell(n, most, hidden) for n in counts)}</tr>'
        for label, counts in rows
    )
    return (
        f'<div class="tl-scroll" tabindex="0" role="region" aria-label="{escape(caption, quote=True)}">'
        f'<table class="tl-heat"><caption style="text-align:left;padding-bottom:.5rem">{escape(caption)}</caption>'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _heat_cell(n: int | None, most: int, hidden: str) -> str:
    if n is None:
        return f'<td style="color:#484949;background:#f8f9fa" title="{escape(hidden, quote=True)}">·</td>'
    if n == 0:
        return '<td style="background:#f8f9fa">–</td>'
    weight = (n / most) ** 0.6
    red, green, blue = (round(255 + (part - 255) * (0.12 + 0.88 * weight)) for part in (128, 22, 80))
    ink = "#fff" if _luminance(red, green, blue) < WHITE_READS_BELOW else INK
    return f'<td style="background:rgb({red},{green},{blue});color:{ink}">{n:,}</td>'


def _luminance(*channels: int) -> float:
    """Relative luminance of an sRGB colour, 0 to 1 (WCAG 2)."""
    linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def bars(rows: Sequence[tuple[str, int]], counted: Callable[[int], str]) -> str:
    """A list of bars, longest first, each with its number as ``counted`` says it: picture and table in one."""
    most = max([n for _name, n in rows] + [1])
    return (
        '<ul class="tl-bars">'
        + "".join(
            f'<li><span class="row"><span>{escape(name)}</span><span>{escape(counted(n))}</span></span>'
            f'<span class="bar" style="width:{100 * n / most:.1f}%" aria-hidden="true"></span></li>'
            for name, n in rows
        )
        + "</ul>"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """A plain table; columns whose places are in ``numbers`` are aligned right."""

    def cells(kind: str, values: Sequence[str]) -> str:
        return "".join(
            f"<{kind}{_scope(kind)}{' class=n' if place in numbers else ''}>{escape(value)}</{kind}>"
            for place, value in enumerate(values)
        )

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return (
        f'<div class="tl-scroll" tabindex="0" role="region" aria-label="{escape(_("Table"), quote=True)}">'
        f'<table class="tl-table"><thead><tr>{cells("th", head)}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _scope(kind: str) -> str:
    return ' scope="col"' if kind == "th" else ""


def passage_map(
    points: Sequence[tuple[float, float, int]],
    labels: Mapping[int, str],
    kinds: Mapping[int, str],
    alternative: str,
    named: int = 14,
) -> str:
    """Passages on a plane, like beside like, coloured and shaped by whether their theme hurts; big themes named."""
    if not points:
        return ""
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    left, top = min(xs), min(ys)
    scale_x, scale_y = 940 / max(max(xs) - left, 1e-6), 560 / max(max(ys) - top, 1e-6)
    placed = [(30 + (x - left) * scale_x, 20 + (y - top) * scale_y, theme) for x, y, theme in points]
    marks = "".join(_mark(x, y, kinds[theme]) for x, y, theme in placed)
    names = "".join(_names(placed, labels, kinds, named))
    ground = '<rect width="1000" height="620" fill="#f8f9fa"/>'
    return picture(f"{ground}{marks}{names}", alternative, 1000, 620, fluid=True)


def _mark(x: float, y: float, kind: str) -> str:
    colour = KIND_COLOURS[kind]
    if kind == "helps":
        return f'<rect x="{x - 3:.0f}" y="{y - 3:.0f}" width="6" height="6" fill="{colour}" fill-opacity=".75"/>'
    if kind == "mixed":
        return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="none" stroke="{colour}"/>'
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3.4" fill="{colour}" fill-opacity=".75"/>'


def _names(
    placed: Sequence[tuple[float, float, int]], labels: Mapping[int, str], kinds: Mapping[int, str], most: int
) -> list[str]:
    """Labels at the middle of the biggest themes, nudged apart where they would lie on each other."""
    of_theme: dict[int, list[tuple[float, float]]] = {}
    for x, y, theme in placed:
        of_theme.setdefault(theme, []).append((x, y))
    taken: list[tuple[float, float, float]] = []
    names = []
    for theme, spots in sorted(of_theme.items(), key=lambda item: -len(item[1]))[:most]:
        middle = sorted(spots)[len(spots) // 2]
        words = labels[theme] if len(labels[theme]) <= 34 else labels[theme][:32].rsplit(" ", 1)[0] + " …"
        wide = 8.2 * len(words)
        x, y = min(max(middle[0], wide / 2 + 4), 996 - wide / 2), middle[1]
        while any(
            abs(y - other_y) < 21 and abs(x - other_x) < (wide + other_wide) / 2
            for other_x, other_y, other_wide in taken
        ):
            y += 21
        taken.append((x, y, wide))
        names.append(
            f'<text x="{x:.0f}" y="{min(y, 612):.0f}" text-anchor="middle" font-size="16" font-weight="600" '
            f'font-family="sans-serif" fill="{KIND_COLOURS[kinds[theme]]}" stroke="#fff" stroke-width="4" '
            f'paint-order="stroke">'
            f"{escape(words)}</text>"
        )
    return names
