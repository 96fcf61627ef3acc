"""A made-up place whose pains are told in several services, in each service's own words."""

import random
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from insight.painpoints.joining import Told
from insight.text.vectors import Encoder

FOLDER = Path(__file__).parent / "crossing"
CHATTER = ""  # in place of a pain


@dataclass
class Planted:
    """Passages with their pain (``CHATTER``: none) and service; the themes are the cells of pain and service."""

    texts: list[str] = field(default_factory=list)
    pains: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)

    def add(self, text: str, pain: str, service: str) -> None:
        self.texts.append(text)
        self.pains.append(pain)
        self.services.append(service)

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Pain and service of each theme."""
        return sorted({(pain, service) for pain, service in zip(self.pains, self.services, strict=True) if pain})

    @property
    def themes(self) -> npt.NDArray[np.int32]:
        """The theme of each passage; -1 for chatter."""
        number = {cell: theme for theme, cell in enumerate(self.cells)}
        told = zip(self.pains, self.services, strict=True)
        return np.array([number.get(cell, -1) for cell in told], np.int32)

    @property
    def service_codes(self) -> npt.NDArray[np.int32]:
        """The service of each passage."""
        names = sorted(set(self.services))
        return np.array([names.index(service) for service in self.services], np.int32)


def place(name: str, seed: int = 0, wordings: int = 6, astray: float = 0.0, told_in: int = 4) -> Planted:
    """Each wording of ``crossing/<name>.toml`` once, ``wordings`` of each cell, in a random order.

    ``astray``: the share of passages whose theme is dealt anew within their service, as an imperfect run would.
    ``told_in``: in how many services each pain is told; with 1 no two themes are alike.
    """
    dice, planted = random.Random(seed), Planted()
    rows = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    for pain in rows["pain"]:
        for service in sorted(dice.sample(sorted(pain["say"]), told_in)):
            for text in dice.sample(pain["say"][service], wordings):
                planted.add(text, pain["code"], service)
    for pain in rows["local"]:
        for text in dice.sample(pain["say"], wordings):
            planted.add(text, pain["code"], pain["service"])
    _stray(planted, astray, dice)
    services = sorted(set(planted.services))
    for service, say in rows["chatter"].items():
        for text in say:
            planted.add(text, CHATTER, dice.choice(services) if service == "any" else service)
    return planted


def _stray(planted: Planted, share: float, dice: random.Random) -> None:
    for service in sorted(set(planted.services)):
        rows = [n for n, where in enumerate(planted.services) if where == service and dice.random() < share]
        dealt = [planted.pains[row] for row in rows]
        dice.shuffle(dealt)
        for row, pain in zip(rows, dealt, strict=True):
            planted.pains[row] = pain


def as_told(planted: Planted, encoder: Encoder) -> Told:
    """The place as joining reads it: everything hurts, vectors as a run has them."""
    vectors = encoder.encode(planted.texts)
    vectors = vectors - vectors.mean(axis=0)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    hurts = np.full(len(planted.texts), -1.0)
    return Told(vectors, planted.themes, planted.service_codes, hurts, planted.texts)


def shares_joined(cells: list[tuple[str, str]], groups: list[tuple[int, ...]]) -> tuple[float, float, float]:
    """Share of the pairs that are one pain in two services and were joined; share of the unlike pairs in two services
    that were joined; share of the joined pairs that are one pain.
    """
    group = {theme: number for number, themes in enumerate(groups) for theme in themes}
    counts = np.zeros((2, 2))
    for a, (pain, service) in enumerate(cells):
        for b, (other, elsewhere) in enumerate(cells[:a]):
            if service != elsewhere:
                counts[int(pain == other), int(a in group and group[a] == group.get(b))] += 1
    like, unlike = counts[1], counts[0]
    joined = like[1] + unlike[1]
    return (
        float(like[1] / max(like.sum(), 1)),
        float(unlike[1] / max(unlike.sum(), 1)),
        float(like[1] / joined) if joined else 1.0,
    )
