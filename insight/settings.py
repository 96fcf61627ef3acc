"""Every setting of the product, read from the environment with the prefix ``INSIGHT_``."""

from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """The settings, each with its default; ``docs/settings.md`` lists them and a test keeps that list true."""

    model_config = SettingsConfigDict(env_prefix="INSIGHT_", frozen=True)

    database_url: str = Field(
        default=f"sqlite:///{(ROOT / 'data' / 'insight.db').as_posix()}",
        description="Where stories are kept: a SQLite file, or a PostgreSQL address (postgresql+psycopg://...).",
    )
    host: str = Field(default="127.0.0.1", description="The address that `python -m insight serve` listens on.")
    port: int = Field(default=8501, description="The port that `python -m insight serve` listens on.")
    tls_certificate: str = Field(
        default="", description="A file with a certificate and its chain (PEM), with which `serve` speaks https itself."
    )
    tls_key: str = Field(default="", description="The file with the key of that certificate (PEM, without a password).")
    allowed_hosts: str = Field(
        default="",
        description="Names by which this may be asked for, commas between; this machine's and the public one are.",
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks of proxies that are believed who asks; `unix` for a socket on this machine.",
    )
    requests_per_address: int = Field(
        default=6_000, ge=0, description="Requests that one address may make within ten minutes; 0 counts none."
    )
    demo_mode: bool = Field(
        default=False,
        description="Lets a person at this machine pick a role without signing in. Refused beyond loopback.",
    )
    place: str = Field(default="This place", description="The name of the place that new stories belong to.")
    threshold_inside: int = Field(
        default=5, ge=1, description="Counts of journeys below this are not shown inside the place."
    )
    stale_after_seconds: int = Field(
        default=60, ge=5, description="A run whose worker has said nothing for this long reads as stopped."
    )
    worker: Literal["here", "service"] = Field(
        default="here",
        description="Who carries analyses out: a process that the app starts, or the service `python -m insight work`.",
    )
    drain_seconds: float = Field(
        default=0, ge=0, le=120, description="Seconds for which a stopping app says it is not ready before it stops."
    )
    metrics_from: str = Field(
        default="", description="Addresses or networks that may read `/metrics`, commas between; this machine may."
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""), description="A bearer token with which `/metrics` may be read from anywhere."
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="A long random text that signs cookies and resume words; the same for every process of a place.",
    )
    secret_key_file: str = Field(
        default=str(ROOT / "data" / "secret.key"),
        description="Where that secret is kept when `INSIGHT_SECRET_KEY` is not set; made at first use.",
    )
    text_keys: SecretStr = Field(
        default=SecretStr(""),
        description="The keys that lock what people wrote, as NUMBER:BASE64, the current one first, commas between.",
    )
    text_keys_file: str = Field(
        default=str(ROOT / "data" / "text.keys"),
        description="Where those keys are kept when `INSIGHT_TEXT_KEYS` is not set; made at first use.",
    )
    backup_key: SecretStr = Field(
        default=SecretStr(""),
        description="What backups are locked with: a long random text. Whoever restores one needs the same.",
    )
    backup_key_file: str = Field(
        default=str(ROOT / "data" / "backup.key"),
        description="Where it is kept when `INSIGHT_BACKUP_KEY` is not set; made at the first backup.",
    )
    pool_size: int = Field(default=10, ge=1, description="Connections to the database that a process keeps open.")
    pool_overflow: int = Field(default=30, ge=0, description="Further ones that it may open for a while.")
    pool_timeout_seconds: float = Field(
        default=10, gt=0, description="How long a request waits for a connection before people are told to try again."
    )
    connect_timeout_seconds: int = Field(
        default=5, ge=2, description="How long PostgreSQL may take to answer a new connection."
    )
    statement_timeout_seconds: int = Field(
        default=120, ge=1, description="How long PostgreSQL may work on one statement; migrations may take any time."
    )
    lock_timeout_seconds: int = Field(
        default=30, ge=1, description="How long PostgreSQL lets a statement wait for what another one has locked."
    )
    threshold_outside: int = Field(
        default=10, ge=1, description="Counts below this do not leave the place; what leaves is rounded to 5."
    )
    contact: str = Field(
        default="", description="How people reach whoever runs this: an email address or a phone number."
    )
    public_url: str = Field(
        default="", description="The address that posters and QR codes lead to, such as https://tell.example.gov.uk."
    )
    exit_url: str = Field(
        default="https://www.bbc.co.uk/weather",
        description="Where `Leave this page` leads: a page that raises no questions.",
    )
    draft_days: int = Field(default=30, ge=1, description="Days after its last change that an unsent journey is kept.")
    concern_hours: int = Field(
        default=4, ge=1, description="Hours within which somebody must have read a story that speaks of harm."
    )
    scheduler: str = Field(
        default="", description="The address of a Dask scheduler that shares out large analyses: see `docs/scale.md`."
    )
    kinds_by_path: float = Field(
        default=1.0, ge=0, description="How much the path counts when journeys are grouped into kinds."
    )
    kinds_by_words: float = Field(default=0.5, ge=0, description="How much people's words count in it.")
    kinds_by_feeling: float = Field(default=0.1, ge=0, description="How much their feelings count in it.")
    session_idle_minutes: int = Field(
        default=30, ge=1, description="A session that was not used for this many minutes is over."
    )
    session_hours: int = Field(default=12, ge=1, description="A session is over after this many hours, used or not.")
    breached_passwords: str = Field(
        default="",
        description="A file of SHA-1 hashes of breached passwords, ordered by hash: see `docs/accounts.md`.",
    )
    second_factor: bool = Field(
        default=True,
        description="Admins, moderators and safeguarding leads sign in with a second factor.",
    )
    second_factor_for_all: bool = Field(
        default=False, description="Everybody who works here signs in with a second factor, whatever their role."
    )
    provider_second_factor: bool = Field(
        default=True,
        description="The place's own sign-in provider asks for a second factor itself; when off, the product does.",
    )
    oidc_strong: str = Field(
        default="",
        description="Values of that provider's `amr` or `acr` that show a second factor, commas between.",
    )
    oidc_metadata_url: str = Field(
        default="",
        description="Where the place's own sign-in provider describes itself (.../.well-known/openid-configuration).",
    )
    oidc_issuer: str = Field(
        default="",
        description="What that description must call its issuer; else the part of its address before `/.well-known`.",
    )
    oidc_client_id: str = Field(default="", description="The name under which that provider knows this product.")
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="The secret that it gave out with that name."
    )
    oidc_label: str = Field(
        default="", description="What the button says that leads there, such as `Sign in with Testham Council`."
    )
    oidc_trust_email: bool = Field(
        default=False,
        description="Takes that provider's emails as verified though it does not say so: see `docs/sign-in.md`.",
    )
    names_model: str = Field(
        default="", description="A spaCy model that finds more names in what people write; without it, rules alone do."
    )
    upload_limit_mb: int = Field(default=200, ge=1, description="The largest file that can be imported, in megabytes.")


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()


def served_at() -> str:
    """The address at which this process answers by itself, without a proxy."""
    here = settings()
    host = "127.0.0.1" if is_loopback(here.host) else here.host
    return f"{'https' if here.tls_certificate else 'http'}://{host}:{here.port}"


def is_loopback(host: str) -> bool:
    """Whether an address or host name means this machine only."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
