"""Which encoding a text file is in: told by its first bytes, else UTF-8 where it can be, else Windows-1252."""

import codecs
from dataclasses import dataclass
from typing import BinaryIO

from insight.errors import BadInput
from insight.language import _, noted

BLOCK = 1024 * 1024
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
NOT_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"SQLite format 3\0")
NOT_A_TABLE = (b"{", b"[{", b"<?xml", b"<!DOCTYPE", b"<html")
CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\v\f\r") + b"\x7f"
BINARY = noted("This is not a text file. Save the table as CSV (UTF-8) or as XLSX, then bring that in.")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How to decode. ``damaged`` files hold a few bytes that cannot be read: they become U+FFFD."""

    codec: str
    errors: str
    notes: tuple[str, ...]
    damaged: bool = False


def sniffed(stream: BinaryIO) -> Encoding:
    """The encoding of a text file; :class:`~insight.errors.BadInput` when it is none."""
    stream.seek(0)
    head = stream.read(64 * 1024)
    for mark, codec, name in MARKS:
        if head.startswith(mark):
            if not _decodes(stream, codec):
                told = _("The file begins as {encoding} but is damaged further on. Save it again as CSV (UTF-8).")
                raise BadInput(told.format(encoding=name))
            told = _("The file was read as {encoding}.").format(encoding=name)
            return Encoding(codec, "strict", () if name == "UTF-8" else (told,))
    _refuse_binary(head)
    if head.lstrip().startswith(NOT_A_TABLE):
        raise BadInput(_("This is JSON, XML or a web page, not a table. Save the table as CSV (UTF-8) or as XLSX."))
    if _decodes(stream, "utf-8"):
        return Encoding("utf-8", "strict", ())
    sound, broken = _utf8_damage(stream)
    if sound > broken:
        told = _("The file was read as UTF-8, but {count} characters in it are damaged and were left out.")
        return Encoding("utf-8", "replace", (told.format(count=f"{broken:,}"),), damaged=True)
    if _decodes(stream, "cp1252"):
        told = _("The file is not UTF-8, so it was read as Windows-1252. Look at letters with accents, and at £ signs.")
        return Encoding("cp1252", "strict", (told,))
    raise BadInput(_("The file's characters cannot be read. Save it again as CSV (UTF-8) or as XLSX."))


def _refuse_binary(head: bytes) -> None:
    if head.startswith(NOT_TEXT):
        raise BadInput(_(BINARY))
    nulls = head.count(0) / len(head)
    controls = (len(head) - len(head.translate(None, CONTROLS))) / len(head) - nulls
    if nulls > 0.3 and controls < 0.05:
        raise BadInput(_("The file looks like UTF-16 without its mark. Save it again as CSV (UTF-8)."))
    if controls > 0.1 or nulls > 0.3:
        raise BadInput(_(BINARY))


def _decodes(stream: BinaryIO, codec: str) -> bool:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        while block := stream.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    finally:
        stream.seek(0)
    return True


def _utf8_damage(stream: BinaryIO) -> tuple[int, int]:
    """How many characters beyond ASCII are sound, and how many are broken."""
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    sound = broken = 0
    while block := stream.read(BLOCK):
        text = decoder.decode(block)
        lost = text.count("\ufffd")
        broken += lost
        sound += len(text) - len(text.encode("ascii", "ignore")) - lost
    stream.seek(0)
    return sound, broken
