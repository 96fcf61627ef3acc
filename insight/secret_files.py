"""Files that hold a secret: for their owner alone, never seen half written, and made once however many try."""

import os
import secrets
from pathlib import Path


def make_once(path: Path, text: str) -> None:
    """Make a file unless it is there; of several processes that try at once, one makes it.

    It is written under another name first and linked into place, so that nobody ever reads half of it.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = _draft(path, text)
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def replace(path: Path, text: str) -> None:
    """Put a new text in the place of the one before, all at once."""
    _draft(path, text).replace(path)


def _draft(path: Path, text: str) -> Path:
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return draft
