"""A table of figures with many columns: on a phone it scrolls within itself, where narrow tables break their words."""

from collections.abc import Sequence

from pages.kit import charts

STYLES = """<style>
.tl-figures .tl-table .n{padding-inline-end:1.4rem}
@media (max-width:600px){.tl-figures .tl-table{width:max-content;max-width:none}
.tl-figures .tl-table th,.tl-figures .tl-table td{overflow-wrap:normal;hyphens:manual;max-width:11rem}}
</style>"""


def table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int]) -> str:
    """The table as HTML; columns whose places are in ``numbers`` are aligned right."""
    return f'{STYLES}<div class="tl-figures">{charts.table(head, rows, numbers)}</div>'
