"""The codebook as a REFI-QDA file (.qdc), which other programs for coding texts read and write. Pure.

Written from the REFI-QDA standard 1.0 (qdasoftware.org): codes with a GUID, nested under each other; further broader
themes are sets of codes. A file that comes in is trusted in nothing: no document type, no entities, bounded in number
and depth.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid5
from xml.etree import ElementTree  # nosec B405  (it only writes; what comes in is read by expat, without document types)
from xml.parsers import expat

from insight.codebook.filed import DEEPEST, MOST_THEMES, ReadTheme, one_line, themes_of, tidy, too_deep, too_many
from insight.codebook.model import Book, State
from insight.errors import BadInput, NotReady
from insight.language import _

NAMESPACE = "urn:QDA-XML:codebook:1.0"
ORIGIN = "Throughline"
OURS = UUID("6f0c9a54-5d5e-4a5b-9d39-6a4f0c7f2f11")  # drawn once; GUIDs of themes are made from it, for ever
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#F0E442", "#000000")  # Okabe and Ito
PARTS = re.compile(r"^(Includes|Excludes):[ \t]*", re.MULTILINE)


def guid(place: int, number: int) -> str:
    """The GUID of a place's theme: the same in every file that is ever written."""
    return str(uuid5(OURS, f"place {place} theme {number}"))


def as_qdc(book: Book, place: int) -> bytes:
    """The themes in use as a REFI-QDA codebook: under their first broader theme; sets say which others they belong to.

    What is in and what is out stand in the description, which is all that the standard has room for. Raises NotReady
    for a codebook without a theme in use, which the standard knows no file for.
    """
    themes = {theme.name: theme for theme in themes_of(book) if theme.state is State.ACTIVE}
    if not themes:
        raise NotReady(_("The codebook has no theme in use yet: make one, or run an analysis."))
    root = ElementTree.Element("CodeBook", xmlns=NAMESPACE, origin=ORIGIN)
    codes = ElementTree.SubElement(root, "Codes")
    members: dict[str, list[str]] = {name: [] for name in themes}
    elements = {name: _code(theme, place) for name, theme in themes.items()}
    for name, theme in themes.items():
        above = [parent for parent in theme.broader if parent in themes]
        (elements[above[0]] if above else codes).append(elements[name])
        for parent in above[1:]:
            members[parent].append(guid(place, theme.number or 0))
    if any(members.values()):
        _add_sets(root, members, {name: _set_guid(place, theme) for name, theme in themes.items()})
    return bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True))


def _add_sets(root: ElementTree.Element, members: Mapping[str, list[str]], guids: Mapping[str, str]) -> None:
    sets = ElementTree.SubElement(root, "Sets")
    for name, inside in members.items():
        if inside:
            made = ElementTree.SubElement(sets, "Set", guid=guids[name], name=name)
            for member in inside:
                ElementTree.SubElement(made, "MemberCode", guid=member)


def _code(theme: ReadTheme, place: int) -> ElementTree.Element:
    number = theme.number or 0
    colour = COLOURS[number % len(COLOURS)]
    code = ElementTree.Element("Code", guid=guid(place, number), name=theme.name, isCodable="true", color=colour)
    said = [theme.description] if theme.description else []
    said += [f"{word}: {text}" for word, text in (("Includes", theme.includes), ("Excludes", theme.excludes)) if text]
    if said:
        ElementTree.SubElement(code, "Description").text = "\n\n".join(said)
    return code


def _set_guid(place: int, theme: ReadTheme) -> str:
    return str(uuid5(OURS, f"place {place} set {theme.number}"))


@dataclass
class Part:
    """A code or a set on its way in: what stands above it, and the GUIDs of a set's members."""

    name: str
    guid: str
    above: "Part | None" = None
    text: list[str] = field(default_factory=list)
    members: list[str] = field(default_factory=list)


def read_qdc(body: bytes) -> list[ReadTheme]:
    """The codes and sets of a .qdc as themes, before they are checked. Raises BadInput for what cannot be read."""
    reader = Reader()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = reader.said, reader.refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError as fault:
        told = _("Line {line} of the codebook cannot be read ({reason}): write the file anew.")
        raise BadInput(told.format(line=fault.lineno, reason=expat.errors.messages[fault.code])) from None
    except (LookupError, ValueError):  # an encoding that Python does not know, or cannot read byte by byte
        raise BadInput(_("The codebook has an unknown encoding: write it as UTF-8, then try again.")) from None
    return list(reader.finish())


class Reader:
    """Where in a .qdc the parser is, and the codes and sets so far. Elements go by their names without prefixes."""

    def __init__(self) -> None:
        self.codes: list[Part] = []
        self.sets: list[Part] = []
        self.open: list[tuple[str, Part | None]] = []  # the elements around, each with the code or set it stands in

    def refuse(self, *_declared: object) -> None:
        """A document type: nothing that a codebook needs, and all that an attack needs."""
        raise BadInput(_("The codebook declares a document type (DOCTYPE), which can hide an attack: take it out."))

    def start(self, tag: str, found: Mapping[str, str]) -> None:
        """An element begins."""
        name = tag.rpartition(":")[2]
        around, part = self.open[-1] if self.open else ("", None)
        if not self.open and name != "CodeBook":
            raise BadInput(_("The file is XML but no codebook: it does not begin with <CodeBook>."))
        if len(self.open) > DEEPEST + 4:
            raise BadInput(too_deep())
        if (name, around) in (("Code", "Codes"), ("Code", "Code"), ("Set", "Sets")):
            part = self._part(found, part)
            (self.codes if name == "Code" else self.sets).append(part)
            if len(self.codes) + len(self.sets) > MOST_THEMES:
                raise BadInput(too_many())
        elif (name, around) == ("MemberCode", "Set") and part:
            part.members.append(_plain_guid(found.get("guid", "")))
        self.open.append((name, part))

    def end(self, _tag: str) -> None:
        """An element ends."""
        self.open.pop()

    def said(self, text: str) -> None:
        """Some of what an element says."""
        name, part = self.open[-1]
        if name == "Description" and part:
            part.text.append(text)

    def finish(self) -> Iterator[ReadTheme]:
        """The themes: codes under what they stand in, and under the sets that they are members of.

        A set that is called as no code is a broader theme of its own: so some programs write their groups of codes.
        """
        by_guid: dict[str, Part] = {}
        for part in self.codes:
            if part.guid and by_guid.setdefault(part.guid, part) is not part:
                told = _("“{name}” and “{other}” have the same GUID: write the file anew.")
                raise BadInput(told.format(name=by_guid[part.guid].name, other=part.name))
        further: dict[int, list[str]] = {}
        for group in self.sets:
            for member in group.members:
                if member not in by_guid:
                    told = _("The set “{name}” has a member that is not in the file: write the file anew.")
                    raise BadInput(told.format(name=group.name))
                further.setdefault(id(by_guid[member]), []).append(group.name)
        names = {part.name.casefold() for part in self.codes}
        for part in (*self.codes, *(group for group in self.sets if group.name.casefold() not in names)):
            above = [part.above.name] if part.above else []
            yield _with_parts(part, (*above, *further.get(id(part), [])))

    def _part(self, found: Mapping[str, str], above: Part | None) -> Part:
        name = one_line(found.get("name", ""))
        if not name:
            raise BadInput(_("A theme has no name: give each one a name in the program that wrote the file."))
        return Part(name, _plain_guid(found.get("guid", "")), above)


def _plain_guid(written: str) -> str:
    return written.strip().strip("{}").lower()


def _with_parts(part: Part, broader: tuple[str, ...]) -> ReadTheme:
    """A theme with what is in and what is out taken from its description, where lines of it begin so."""
    description, *marked = PARTS.split(tidy("".join(part.text)))
    parts = {"Includes": "", "Excludes": ""}
    for word, text in zip(marked[::2], marked[1::2], strict=True):
        parts[word] = f"{parts[word]}\n{text.strip()}".strip()
    return ReadTheme(part.name, description.strip(), parts["Includes"], parts["Excludes"], broader, guid=part.guid)
