"""What a file that somebody brings really is: told by its content, never by its name or by what a browser calls it.

Every upload passes through :func:`check` before a reader opens it.
"""

import gzip
import zipfile
import zlib
from enum import StrEnum
from typing import IO

from insight.errors import BadInput
from insight.language import _, noted


class Kind(StrEnum):
    """What can be brought in."""

    TEXT = "text"
    XML = "xml"
    WORKBOOK = "workbook"
    PACKED = "packed"


HEAD = 64 * 1024
BLOCK = 1024 * 1024
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
GZIP = b"\x1f\x8b"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OTHERS = (  # beginnings of files that are none of these
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\0",
    b"MM\0*",
    b"7z\xbc\xaf",
    b"Rar!",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"SQLite format 3\0",
    b"\x7fELF",
    b"MZ\x90\0",
    b"PAR1",
    b"\0asm",
)
MARKUP = (b"<?xml", b"<!doctype", b"<html")
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
MOST_MEMBERS = 5_000
MOST_UNPACKED = 500 * 1024 * 1024
PARTS = "[Content_Types].xml", "xl/workbook.xml"
WANTED = {
    Kind.TEXT: noted("a table as text, such as CSV (UTF-8)"),
    Kind.XML: noted("XML"),
    Kind.WORKBOOK: noted("a workbook (XLSX)"),
    Kind.PACKED: noted("one of these packed as .gz"),
}
BROKEN = noted("The workbook is damaged or is not XLSX. Open it in a spreadsheet and save it again as XLSX or CSV.")


def check(stream: IO[bytes], *accepted: Kind) -> Kind:
    """What a file is, of the kinds that are accepted; the stream then stands at its start.

    Raises :class:`~insight.errors.BadInput` for any other, for a workbook that unpacks to too much or is no workbook,
    for packed files of something else, and for XML with a document type.
    """
    stream.seek(0)
    head = stream.read(HEAD)
    try:
        kind = _kind(stream, head, accepted)
        if kind is Kind.WORKBOOK and kind in accepted:
            check_workbook(stream)
        elif kind is Kind.PACKED and kind in accepted:
            _check_text(_unpacked(head), accepted)
        elif kind is not Kind.WORKBOOK and kind is not Kind.PACKED:
            _check_text(head, accepted)
        if kind is None or kind not in accepted:
            raise BadInput(_not_accepted(accepted))
        return kind
    finally:
        stream.seek(0)


def _kind(stream: IO[bytes], head: bytes, accepted: tuple[Kind, ...]) -> Kind | None:
    if head.startswith(OLD_OFFICE):
        raise BadInput(_old_office(ENCRYPTED in head + stream.read(4 * BLOCK)))
    if head.startswith(ZIP):
        return Kind.WORKBOOK
    if head.startswith(GZIP):
        return Kind.PACKED
    if head.startswith(OTHERS):
        return None
    begins = _readable(head).lstrip()[:1] == b"<"
    return Kind.XML if begins and Kind.XML in accepted else Kind.TEXT


def _check_text(head: bytes, accepted: tuple[Kind, ...]) -> None:
    """Text may not be another kind of file, and XML may not declare a document type: that can hide an attack."""
    if head.startswith((*OTHERS, *ZIP, GZIP, OLD_OFFICE)):
        raise BadInput(_not_accepted(accepted))
    lowered = _readable(head).lower().lstrip()
    if Kind.XML not in accepted and lowered.startswith(MARKUP):
        raise BadInput(_("This is JSON, XML or a web page, not a table. Save the table as CSV (UTF-8) or as XLSX."))
    if lowered.startswith(b"<") and (b"<!doctype" in lowered or b"<!entity" in lowered):
        raise BadInput(_("The file declares a document type (DOCTYPE), which can hide an attack: take it out."))


def _readable(head: bytes) -> bytes:
    """The beginning without what two-byte encodings put between its letters, and without a mark."""
    for mark in MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"")


def _unpacked(head: bytes) -> bytes:
    """The beginning of what is packed, at most as much as is looked at of a plain file."""
    try:
        return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS).decompress(head, HEAD)
    except (zlib.error, gzip.BadGzipFile, EOFError):
        raise BadInput(_("The file is damaged: it cannot be unpacked. Save it again, then bring it in.")) from None


def _old_office(locked: bool) -> str:
    if locked:
        return _("The workbook is protected by a password. Save a copy without one, then bring that in.")
    return _("This is an old Excel workbook (.xls). Save it as XLSX or CSV, then bring that in.")


def _not_accepted(accepted: tuple[Kind, ...]) -> str:
    if accepted == (Kind.WORKBOOK,):
        return _("This is not an XLSX workbook. Save it as XLSX, then bring that in.")
    told = _("This file cannot be used here. Bring in one of these: {kinds}.")
    if Kind.TEXT in accepted:
        told = _("This is not a text file that can be used here. Bring in one of these: {kinds}.")
    return told.format(kinds=", ".join(_(WANTED[kind]) for kind in accepted))


def check_workbook(stream: IO[bytes]) -> None:
    """Refuse a zip that would unpack to too much or is no workbook, before anything is unpacked."""
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise BadInput(_(BROKEN)) from None
    if any(member.flag_bits & 1 for member in members):
        raise BadInput(_("The file is protected by a password. Save a copy without one, then bring that in."))
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        told = _("The workbook unpacks to more than {most} MB. Save the sheet as CSV, or split it, then bring that in.")
        raise BadInput(told.format(most=MOST_UNPACKED // BLOCK))
    names = {member.filename for member in members}
    if not names.issuperset(PARTS):
        raise BadInput(_("This is a zip file, not a workbook. Unpack it, then bring in the CSV or XLSX inside."))
