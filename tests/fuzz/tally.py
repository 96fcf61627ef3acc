"""What was thrown and what came of it, door by door."""

import re
from collections import Counter
from dataclasses import dataclass, field

UNHANDLED, SCRIPT, FORMULA, TELLS, WRITTEN = "unhandled", "script", "formula", "tells", "written"
KINDS = (UNHANDLED, SCRIPT, FORMULA, TELLS, WRITTEN)
SHOWN = 3  # of those that read alike but for their numbers


@dataclass(slots=True)
class Tally:
    """One door: how many inputs it took, and what was found, each with the case that shows it."""

    door: str
    inputs: int = 0
    found: Counter[str] = field(default_factory=Counter)
    cases: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    alike: Counter[str] = field(default_factory=Counter)

    def note(self, kind: str, case: object, what: str) -> None:
        """Count a finding; the first ones of each are told in full."""
        self.found[kind] += 1
        alike = re.sub(r"\d+", "", f"{kind} {what}")
        self.alike[alike] += 1
        if self.alike[alike] <= SHOWN:
            self.cases.append(f"{self.door} {case}: {kind}: {what}")

    def as_dict(self) -> dict[str, object]:
        """The tally as one process hands it to another."""
        return {
            "door": self.door,
            "inputs": self.inputs,
            "found": dict(self.found),
            "cases": self.cases,
            "answers": dict(self.answers),
        }


def table(tallies: list[Tally]) -> str:
    """All doors, one a line, and their sum."""
    whole = Tally("all")
    for one in tallies:
        whole.inputs += one.inputs
        whole.found += one.found
    lines = ["".join([f"{'door':<12}{'inputs':>9}", *(f"{kind:>11}" for kind in KINDS)])]
    lines += [
        "".join([f"{one.door:<12}{one.inputs:>9,}", *(f"{one.found[kind]:>11}" for kind in KINDS)])
        for one in [*tallies, whole]
    ]
    return "\n".join(lines)
