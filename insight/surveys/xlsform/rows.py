"""One reading of a form: what its rows say, and everything that is lost on the way, each with its reason."""

import re
from collections.abc import Iterator, Sequence

from insight.intake.questions import Wording
from insight.surveys.phrases import MOST
from insight.surveys.xlsform import reasons
from insight.surveys.xlsform.model import DATE_PARTS, LOOKS, Form, Node, NotCarried, Row
from insight.surveys.xlsform.sheets import is_group

REFERENCE = re.compile(r"\$\{([^}]*)\}")


class Reading:
    """A form while it is read. ``left_out`` grows as rows are asked what they say."""

    def __init__(self, form: Form, left_out: Sequence[NotCarried] = ()) -> None:
        self.form = form
        self.left_out = list(left_out)

    def lose(self, row: Row, reason: str, sheet: str = "survey") -> None:
        """Note that something of a row is not carried; the same twice is noted once."""
        lost = NotCarried(sheet, row.number, row.name, reason)
        if lost not in self.left_out:
            self.left_out.append(lost)

    def wording(self, row: Row, column: str, sheet: str = "survey") -> Wording:
        """A text of a row in the languages it has; what it says of other answers is noted."""
        told = row.texts.get(column, {})
        for name in dict.fromkeys(name for text in told.values() for name in REFERENCE.findall(text)):
            self.lose(row, reasons.REFERS.format(name=name), sheet)
        if any(len(text) > MOST for text in told.values()):
            self.lose(row, reasons.TOO_LONG.format(most=f"{MOST:,}"), sheet)
        return {code: text[:MOST] for code, text in told.items()}

    def answers(self, row: Row) -> tuple[Row, ...]:
        """The answers that a question chooses from."""
        return self.form.lists.get(row.list_name, ())

    def required(self, row: Row) -> bool:
        """Whether a question must be answered; a condition for that is noted."""
        written = row.cells.get("required", "").strip().lower()
        if written in ("", "no", "false", "false()", "0"):
            return False
        if written in ("yes", "true", "true()", "1"):
            return True
        self.lose(row, reasons.SOMETIMES_REQUIRED)
        return False

    def columns(self, row: Row, check: str = "") -> None:
        """Note what stands in columns that we have no place for. ``check`` is the constraint that was understood."""
        for name, cell in row.cells.items():
            understood = (name == "constraint" and cell == check) or (name == "appearance" and cell in LOOKS)
            if name not in reasons.SILENT and not understood:
                self.lose(row, reasons.OF_COLUMN.get(name, reasons.OTHER_COLUMN))

    def group(self, row: Row) -> None:
        """Note that a group's heading and conditions are not carried."""
        if row.texts.get("label"):
            self.lose(row, reasons.GROUP)
        self.columns(row)

    def every(self, nodes: Sequence[Node] | None = None) -> Iterator[Row]:
        """Every row of the form, within groups too."""
        for node in self.form.nodes if nodes is None else nodes:
            yield node.row
            yield from self.every(node.children)


def stands_for(node: Node) -> str:
    """``when`` or ``days`` for a group of plain questions that stands for one of ours, else nothing."""
    if not is_group(node):
        return ""
    names = {child.row.name for child in node.children}
    if names == {f"{node.row.name}_{part}" for part in DATE_PARTS}:
        return "when"
    return "days" if names == {f"{node.row.name}_number", f"{node.row.name}_unit"} else ""
