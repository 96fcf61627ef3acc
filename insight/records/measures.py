"""Which protections are truly on: read from the settings and the database, never taken for granted. Pure."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from insight.language import day
from insight.settings import Settings


@dataclass(frozen=True, slots=True)
class Measure:
    """One protection, whether it is on, and what that rests on. One that is off says what to do."""

    name: str
    on: bool
    told: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the database says that measures rest on; ``weak`` accounts have a password and no second factor."""

    accounts: int
    weak: int
    rules_missing: int
    last_backup: datetime | None
    last_purge: datetime | None
    entries: int


def measures(told: Settings, known: Known) -> list[Measure]:
    """Every measure, with whether it is on."""
    return [
        Measure("Words are stored locked (AES-256-GCM)", True, _keys(told)),
        Measure("The keys lie apart from the database", *_apart(told)),
        Measure("Identifiers in words are replaced by marks before staff read them", True, _identifiers(told)),
        Measure(
            "Small numbers are hidden",
            told.threshold_inside > 1 and told.threshold_outside > 1,
            f"Below {told.threshold_inside} inside the place, below {told.threshold_outside} outside, where counts are "
            "rounded to 5 too.",
        ),
        Measure("The public address is reached by HTTPS", *_https(told)),
        Measure("The connection to the database is encrypted", *_connection(told)),
        Measure("People sign in", *_sign_in(told)),
        Measure("Those who see most need a second factor", *_second_factor(told, known)),
        Measure(
            "Sessions end",
            True,
            f"After {told.session_idle_minutes} minutes unused, and after {told.session_hours} hours in any case.",
        ),
        Measure(
            "What matters is recorded in an audit that shows changes",
            True,
            f"{known.entries:,} entries. Whether the chain is whole is checked on the screen Audit, not here.",
        ),
        Measure("Stories are erased when their time is over", *_retention(known)),
        Measure("There is a backup, locked with its own key", *_backup(known)),
    ]


def _keys(told: Settings) -> str:
    if told.text_keys.get_secret_value():
        return "The keys come from the environment."
    return "The keys come from a file."


def _apart(told: Settings) -> tuple[bool, str]:
    if told.text_keys.get_secret_value():
        return True, "They are handed over by the environment."
    address = make_url(told.database_url)
    if address.get_backend_name() != "sqlite":
        return True, "They are in a file on the machine that runs the product; the database is elsewhere."
    beside = Path(told.text_keys_file).resolve().parent == Path(address.database or "").resolve().parent
    if beside:
        return (
            False,
            "The file of keys lies in the folder of the database: who copies one copies both. Move it, or set "
            "INSIGHT_TEXT_KEYS.",
        )
    return True, "They are in a file in another folder. See that no backup takes both."


def _identifiers(told: Settings) -> str:
    model = f"Names also by the model {told.names_model}. " if told.names_model else "Names by rules alone. "
    return model + "Not every identifier is found: docs/identifiers.md says how many are."


def _https(told: Settings) -> tuple[bool, str]:
    if told.public_url.startswith("https://"):
        return True, "INSIGHT_PUBLIC_URL names an https address."
    return (
        False,
        "INSIGHT_PUBLIC_URL names no https address. Put the product behind a proxy that speaks TLS, and set it.",
    )


def _connection(told: Settings) -> tuple[bool, str]:
    address = make_url(told.database_url)
    if address.get_backend_name() == "sqlite":
        return True, "The database is a file on the same machine: nothing travels."
    mode = str(address.query.get("sslmode", ""))
    if address.host in (None, "", "localhost", "127.0.0.1", "::1") or (address.host or "").startswith("/"):
        return True, "The database server is on the same machine."
    if mode in ("require", "verify-ca", "verify-full"):
        return True, f"INSIGHT_DATABASE_URL asks for sslmode={mode}."
    return False, "INSIGHT_DATABASE_URL does not ask for encryption. Add ?sslmode=verify-full."


def _sign_in(told: Settings) -> tuple[bool, str]:
    if told.demo_mode:
        return (
            False,
            "Demo mode is on: whoever sits at this machine picks a role. Turn it off before real data comes in.",
        )
    if told.oidc_metadata_url:
        return True, "Through the place's own provider (OpenID Connect), or with a password (argon2id)."
    return True, "With a password (argon2id). No provider of the place's own is set up."


def _second_factor(told: Settings, known: Known) -> tuple[bool, str]:
    weak = f"{known.weak:,} of {known.accounts:,} accounts have a password and no second factor."
    if not told.second_factor:
        return False, f"INSIGHT_SECOND_FACTOR is off. {weak}"
    provider = ""
    if told.oidc_metadata_url and told.provider_second_factor:
        provider = " Whoever comes through the provider is taken to have given one there: check that it asks."
    who = "Nobody can" if told.second_factor_for_all else "Admins, moderators and safeguarding leads cannot"
    return True, f"{who} sign in without. {weak}{provider}"


def _retention(known: Known) -> tuple[bool, str]:
    if known.rules_missing:
        return (
            False,
            "No rule says how long stories are kept, so they are kept. Set one on the screen Records and retention.",
        )
    last = f"The last purge ended on {day(known.last_purge)}." if known.last_purge else "Nothing was purged yet."
    return True, f"Every day, by rule. {last} Backups made before keep what was purged: replace them in turn."


def _backup(known: Known) -> tuple[bool, str]:
    if known.last_backup is None:
        return False, "The audit knows of no backup. Make one every day, and try to restore it."
    return True, f"The last was begun on {day(known.last_backup)}. Only a restore drill shows that it can be used."
