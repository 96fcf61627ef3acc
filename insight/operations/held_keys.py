"""The keys beside a database: the backup key, and those without which what people wrote stays locked."""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from insight import keys as place_keys
from insight import sealing
from insight.errors import BadInput, NotReady
from insight.settings import settings

SHORTEST = 16  # characters of a backup key that somebody chose
OTHER_KEYS = (
    "The words in this archive are locked with other keys than the ones here. Point INSIGHT_TEXT_KEYS_FILE and "
    "INSIGHT_SECRET_KEY_FILE to the files of that time, or, where the archive holds its keys, to files that do not "
    "exist yet. Nothing was changed."
)


@dataclass(frozen=True, slots=True)
class Held:
    """The keys that open a database's words, as the settings or files hold them; empty where there are none."""

    text: str
    secret: str

    def marks(self) -> dict[str, list[str]]:
        """What each key is known by without giving it away: keys are random, so that a digest leads nowhere."""
        lines = self.text.replace(",", "\n").split()
        return {"text": [_mark(line) for line in lines], "secret": [_mark(self.secret)] if self.secret else []}


def backup_key(make: bool = False) -> bytes:
    """What archives are locked with; ``make`` makes a key file where there is neither setting nor file."""
    told = settings().backup_key.get_secret_value()
    path = Path(settings().backup_key_file)
    try:
        if not told and make and not path.exists():
            _write(path, secrets.token_urlsafe(32))
        told = told or path.read_text("utf-8").strip()
    except FileNotFoundError:
        raise NotReady(
            "There is no backup key here. Set INSIGHT_BACKUP_KEY, or INSIGHT_BACKUP_KEY_FILE, to the key that the "
            "archive was made with. Nothing was changed."
        ) from None
    except OSError as fault:
        raise NotReady(f"The backup key cannot be used ({fault.strerror}). Set INSIGHT_BACKUP_KEY.") from None
    if len(told) < SHORTEST:
        raise BadInput(f"The backup key is too short to be safe. Use {SHORTEST} characters or more, best random ones.")
    return told.encode()


def held() -> Held:
    """The keys in use here, made if there were none."""
    sealing.ring()
    place_keys.secret_key()
    return _here()


def told_of(keys: Held, include: bool) -> dict[str, Any]:
    """What an archive's opening says of the keys: their marks, and the keys themselves where they are to be kept."""
    kept = {"text": keys.text, "secret": keys.secret} if include else {}
    return {"marks": keys.marks(), **kept}


def check(told: dict[str, Any]) -> None:
    """Raise :class:`~insight.errors.BadInput` unless the keys here open an archive's words, or it brings its own."""
    here = _here()
    for which, wanted in told["marks"].items():
        opens = set(wanted) <= set(here.marks()[which])
        if not opens and (getattr(here, which) or which not in told):
            raise BadInput(OTHER_KEYS)


def put_back(told: dict[str, Any]) -> list[Path]:
    """Write the keys of an archive to their files where there are none; gives the files that were written."""
    here, files = _here(), {"text": settings().text_keys_file, "secret": settings().secret_key_file}
    wanted = [which for which in files if which in told and not getattr(here, which)]
    for which in wanted:
        _write(Path(files[which]), told[which].replace(",", "\n"))
    return [Path(files[which]) for which in wanted]


def _here() -> Held:
    """The keys that are here; none is made."""
    return Held(_text(), _secret())


def _text() -> str:
    return settings().text_keys.get_secret_value().strip() or _kept(settings().text_keys_file)


def _secret() -> str:
    return settings().secret_key.get_secret_value().strip() or _kept(settings().secret_key_file)


def _kept(path: str) -> str:
    return Path(path).read_text("ascii").strip() if Path(path).exists() else ""


def _write(path: Path, body: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(body + "\n")
        file.flush()
        os.fsync(file.fileno())


def _mark(key: str) -> str:
    return hashlib.sha256(b"throughline key " + key.encode()).hexdigest()[:16]
