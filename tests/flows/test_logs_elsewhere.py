"""Log lines on another machine: rsyslog with the product's own files, by TLS, and from known machines alone."""

import logging
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from logging.handlers import SysLogHandler
from pathlib import Path

import pytest

from insight.settings import ROOT
from tests.flows.authority import Authority
from tests.flows.behind_nginx import free_port, until

RSYSLOG = shutil.which("rsyslogd") or shutil.which("rsyslogd", path="/usr/sbin")
SENDER, KEEPER = "tell.example.gov.uk", "logs.example.gov.uk"
LINE = '{"time": "2026-11-22T09:00:00.000+00:00", "level": "info", "message": "GET /tell 200"}'

pytestmark = pytest.mark.skipif(RSYSLOG is None, reason="needs rsyslog: apt install rsyslog rsyslog-gnutls")


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[str, str], Path]]:
    """Starts rsyslog with one of the product's files, changed in places, names and port only; gives its folder."""
    running = []

    def start(name: str, text: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        told = text.replace("/etc/rsyslog.d/throughline", str(tmp_path / f"{name}-files"))
        told = told.replace("/var/spool/rsyslog", str(folder)).replace("/var/log/throughline", str(folder))
        (folder / "rsyslog.conf").write_text(told, "utf-8")
        assert RSYSLOG is not None
        subprocess.run([RSYSLOG, "-N1", "-f", folder / "rsyslog.conf"], check=True, capture_output=True)
        command = [RSYSLOG, "-n", "-f", str(folder / "rsyslog.conf"), "-i", str(folder / "pid")]
        with (tmp_path / "said.log").open("ab") as said:
            running.append(subprocess.Popen(command, stdout=said, stderr=said))
        return folder

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(20)


def hand_out(folder: Path, name: str, authority: Authority, host: str, trusted: Authority) -> None:
    """Put the three files where the configuration looks for them: who is trusted, one's own certificate, its key."""
    place = folder / f"{name}-files"
    place.mkdir()
    held, key = authority.certificate(name, host)
    for made, called in ((trusted.file, "ca.pem"), (held, "own.pem"), (key, "own.key")):
        shutil.copy(made, place / called)


def shipped(name: str, port: int) -> str:
    """One of the product's files, with a port of this test's own."""
    return (ROOT / "deploy" / "rsyslog" / name).read_text("utf-8").replace("6514", str(port))


def test_lines_reach_the_other_machine_by_tls_and_a_stranger_s_do_not(
    tmp_path: Path, run: Callable[[str, str], Path]
) -> None:
    port, ours, others = free_port(), Authority(tmp_path, "ours"), Authority(tmp_path, "others")
    for name, authority, host in (("keep", ours, KEEPER), ("send", ours, SENDER), ("forge", others, SENDER)):
        hand_out(tmp_path, name, authority, host, trusted=ours)
    kept = run("keep", shipped("keep.conf", port)) / "throughline.log"
    for name, words in (("forge", "a line that nobody of ours wrote"), ("send", LINE)):
        own = f'module(load="imuxsock" SysSock.Use="off")\ninput(type="imuxsock" Socket="{tmp_path / name}.sock")\n'
        to = shipped("send.conf", port).replace(f'target="{KEEPER}"', 'target="127.0.0.1"')
        run(name, own + to)
        until((tmp_path / f"{name}.sock").exists, 20, "rsyslog listens")
        log_by(tmp_path / f"{name}.sock", words)
    until(lambda: kept.exists() and LINE in kept.read_text("utf-8"), 30, "the line is there", kept.parent.iterdir)
    time.sleep(1)
    assert "nobody of ours" not in kept.read_text("utf-8"), "its certificate is of another authority"
    assert "of another program" not in kept.read_text("utf-8"), "only the product's own lines leave the machine"


def log_by(socket: Path, words: str) -> None:
    """Say something as the app's service does, and as another program of that machine."""
    handler = SysLogHandler(str(socket))
    for identity, line in (("throughline-app: ", words), ("sshd: ", "of another program")):
        handler.ident = identity
        handler.emit(logging.LogRecord("x", logging.INFO, "", 0, line, None, None))
    handler.close()
