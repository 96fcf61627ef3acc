"""Checking the chain: whether every entry is as it was written, none is missing, and none was added by others."""

from collections.abc import Iterable

from insight.audit.chain import digest_of
from insight.audit.model import START, Checked, Entry, Fault, Finding, Head
from insight.errors import BadInput
from insight.keys import same
from insight.language import _

SHOWN = 20


class Walk:
    """A walk along the chain that notes what is wrong. Memory stays small, however much is wrong."""

    def __init__(self, expected: Head | None) -> None:
        self.expected = expected
        self.entries, self.faults, self.head = 0, 0, Head()
        self.known = True  # whether the digest of the entry before is one to go by
        self.findings: list[Finding] = []

    def step(self, entry: Entry) -> None:
        """Look at the next entry, in the order of their numbers."""
        self.entries += 1
        awaited = self.head.number + 1
        if entry.number < awaited:
            self._note(entry.number, Fault.STRANGE)
            return
        if entry.number > awaited:
            self._note(awaited, Fault.MISSING, entry.number - 1)
        # After a gap, or an entry that was changed, only the entry's own digest is left to go by: it proves its words.
        follows = entry.number > awaited or not self.known or equal(entry.previous, self.head.digest)
        self.known = follows and equal(entry.digest, digest_of(entry))
        if not self.known:
            self._note(entry.number, Fault.CHANGED)
        elif self.expected and entry.number == self.expected.number and not equal(entry.digest, self.expected.digest):
            self._note(entry.number, Fault.OTHER)
        self.head = Head(entry.number, str(entry.digest))

    def end(self) -> Checked:
        """What was found, once there is no further entry."""
        if self.expected is not None and self.expected.number > self.head.number:
            self._note(self.head.number + 1, Fault.MISSING, self.expected.number)
        return Checked(self.entries, self.head, tuple(self.findings), self.faults)

    def _note(self, number: int, fault: Fault, last: int | None = None) -> None:
        self.faults += 1
        if len(self.findings) < SHOWN:
            self.findings.append(Finding(number, fault, number if last is None else last))


def check(entries: Iterable[Entry], expected: Head | None = None) -> Checked:
    """What is wrong with a chain; ``expected`` is a head that was written down before.

    Without it, nothing can tell that the newest entries were cut off: a shorter chain is a sound chain.
    """
    walk = Walk(expected)
    for entry in entries:
        walk.step(entry)
    return walk.end()


def equal(one: object, other: str) -> bool:
    """Whether a stored digest is the one it must be; whoever tampers may put anything there."""
    return isinstance(one, str) and same(one, other)


def head_from(typed: str) -> Head:
    """A head as it is written down, ``NUMBER:DIGEST``; :class:`~insight.errors.BadInput` where it cannot be one."""
    number, _colon, digest = typed.strip().partition(":")
    digest = digest.strip().lower()
    plain = number.isascii() and number.isdecimal() and len(number) < 12
    if not plain or len(digest) != len(START) or set(digest) - set("0123456789abcdef"):
        raise BadInput(_("Write the head as it was shown: the entry's number, a colon, and 64 letters and digits."))
    return Head(int(number), digest)


def in_words(finding: Finding) -> str:
    """One fault, said plainly."""
    if finding.fault is Fault.MISSING and finding.last > finding.number:
        told = _("Entries {first} to {last} are missing.")
    else:
        told = {
            Fault.MISSING: _("Entry {first} is missing."),
            Fault.CHANGED: _("Entry {first} was changed, or was not written by this program with this place's key."),
            Fault.STRANGE: _("Entry {first} stands where no entry belongs."),
            Fault.OTHER: _("Entry {first} is not the one that you kept: entries were cut off and written anew."),
        }[finding.fault]
    return told.format(first=f"{finding.number:,}", last=f"{finding.last:,}")
