"""Every setting of the product, read from the environment with the prefix ``INSIGHT_``."""

from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path

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
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="A long random text that signs cookies and resume words; the same for every process of a place.",
    )
    secret_key_file: str = Field(
        default=str(ROOT / "data" / "secret.key"),
        description="Where that secret is kept when `INSIGHT_SECRET_KEY` is not set; made at first use.",
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
    upload_limit_mb: int = Field(default=200, ge=1, description="The largest file that can be imported, in megabytes.")


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()


def is_loopback(host: str) -> bool:
    """Whether an address or host name means this machine only."""
    name = host.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
