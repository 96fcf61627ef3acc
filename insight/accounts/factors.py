"""The second factor: codes of half a minute (TOTP, RFC 6238), and recovery codes. Pure."""

import secrets
from datetime import datetime

import pyotp

from insight.accounts.model import Enrolment
from insight.intake.references import ALPHABET
from insight.keys import tag

SECONDS = 30
DRIFT = (0, -1, 1)  # one step either side, for clocks that are not quite right
ISSUER = "Throughline"
RECOVERY_CODES = 10
GROUPS, GROUP = 5, 5  # 25 of 23 letters are 113 bits: enough for a keyed hash without stretching (ASVS 6.5.2)


def new_secret() -> str:
    """A secret of 160 bits in base 32."""
    return pyotp.random_base32()


def enrolment(secret: str, login: str) -> Enrolment:
    """A secret as an app that makes codes takes it."""
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER))


def step_of(secret: str, typed: str, at: datetime) -> int | None:
    """The half minute (since 1970) to which a typed code belongs; None where it is of none near this moment."""
    code = "".join(typed[:40].split())
    maker, here = pyotp.TOTP(secret, interval=SECONDS), int(at.timestamp()) // SECONDS
    if not (code.isascii() and code.isdigit()):
        return None
    return next((here + off for off in DRIFT if secrets.compare_digest(maker.generate_otp(here + off), code)), None)


def new_recovery_codes() -> tuple[str, ...]:
    """Ten codes such as ``BCDF3-4GHJK-...``, each good once."""
    return tuple(_recovery_code() for _each in range(RECOVERY_CODES))


def recovery_hash(account_id: int, typed: str) -> str:
    """What is kept of a recovery code, however it was typed."""
    return tag("recovery code", str(account_id), "".join(c for c in typed[:100].upper() if c.isalnum()))


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _each in range(GROUP)) for _group in range(GROUPS))
