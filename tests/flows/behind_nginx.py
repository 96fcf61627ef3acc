"""A place as ``deploy/`` sets it up: nginx with the product's own files, processes of the app, a worker service.

nginx runs with the files of ``deploy/nginx``; only its ports and folders are a test's own.
"""

import getpass
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from sqlalchemy import NullPool, create_engine, make_url, text

from insight.settings import ROOT

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
MAIN = """
daemon off; user {user}; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log crit;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/upstreams.conf;
    server {{ listen 127.0.0.1:{port}; include {folder}/locations.conf; }}
}}
"""


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def until(holds: Callable[[], bool], seconds: float, what: str, say: Callable[[], object] = str) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds} seconds in vain until {what}: {say()}"
        time.sleep(0.05)


def database_of_its_own(server: str, template: str, name: str) -> str:
    """Make a PostgreSQL database like another one; gives its address."""
    with create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool).connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@dataclass
class Place:
    """What runs: nginx on ``port``, the app's processes by their ports, and the others beside them."""

    folder: Path
    port: int = field(default_factory=free_port)
    apps: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    others: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where nginx answers."""
        return f"http://127.0.0.1:{self.port}"

    def run(self, *command: str) -> "subprocess.Popen[bytes]":
        """Start a program of this place."""
        with (self.folder / "processes.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def start_app(self, port: int) -> None:
        """Start one process of the app."""
        self.apps[port] = self.run(sys.executable, "-m", "insight", "serve", "--port", str(port))

    def stop_app(self, port: int) -> None:
        """Stop one process of the app, as systemd does."""
        self.apps[port].terminate()
        self.apps[port].wait(30)

    def wait_ready(self, port: int) -> None:
        """Wait until a process of the app says that it is ready."""
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=2) as client:
            until(lambda: self._is_ready(port, client), 60, "the app is ready", self.log)

    def _is_ready(self, port: int, client: httpx.Client) -> bool:
        assert self.apps[port].poll() is None, self.log()
        with suppress(httpx.HTTPError):
            return client.get("/health/ready").status_code == 200
        return False

    def start_again(self, port: int) -> None:
        """Start a process of the app, and wait until it is ready."""
        self.start_app(port)
        self.wait_ready(port)

    @contextmanager
    def without(self, port: int) -> Iterator[None]:
        """One process of the app is away while the block runs, and ready again after it."""
        self.stop_app(port)
        yield
        self.start_again(port)

    def start_worker(self) -> None:
        """Start the worker service."""
        self.others.append(self.run(sys.executable, "-m", "insight", "work", "--grace", "5"))

    def start_nginx(self) -> None:
        """Start nginx before two processes of the app."""
        assert NGINX is not None
        for name in ("upstreams.conf", "locations.conf"):
            told = (ROOT / "deploy" / "nginx" / name).read_text("utf-8")
            for written, port in zip(("8501", "8502"), self.apps, strict=True):
                told = told.replace(f"127.0.0.1:{written}", f"127.0.0.1:{port}")
            told = told.replace("/var/log/nginx", str(self.folder)).replace("/etc/nginx/throughline", str(self.folder))
            (self.folder / name).write_text(told, "utf-8")
        shutil.copy(ROOT / "deploy" / "nginx" / "away.html", self.folder)
        (self.folder / "nginx.conf").write_text(
            MAIN.format(folder=self.folder, port=self.port, user=getpass.getuser()), "utf-8"
        )
        self.others.append(self.run(NGINX, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")))

    def start_provider(self, port: int, *claims: str) -> None:
        """Start a sign-in provider that knows people by their claims (JSON)."""
        known = [part for one in claims for part in ("--user-claims", one)]
        self.others.append(self.run(sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *known))

    def stop(self) -> None:
        """Stop everything."""
        for process in (*self.apps.values(), *self.others):
            process.terminate()
        for process in (*self.apps.values(), *self.others):
            process.wait(30)

    def log(self) -> str:
        """The end of what the programs of this place printed."""
        return (self.folder / "processes.log").read_text("utf-8", "replace")[-3000:]
