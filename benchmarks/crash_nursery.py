"""Holds the product loaded and starts processes of it quickly, for ``benchmarks/crash.py``.

Each line on standard input, ``app PORT`` or ``worker``, forks a process that serves as ``python -m insight serve`` or
``python -m insight work`` does; its id is printed. Nothing of the database is open here: a fork begins with nothing but
the program's code.
"""

import os
import signal
import sys
from pathlib import Path
from threading import Event

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))


def serve(port: int) -> None:
    """Serve the pages, as ``insight/commands/serving.py`` does."""
    import uvicorn

    uvicorn.run(
        "app:app",
        host="127.0.0.1",
        port=port,
        log_level="warning",
        access_log=False,
        timeout_keep_alive=75,
        proxy_headers=False,
    )


def work() -> None:
    """Carry jobs out, as ``insight/commands/work.py`` does."""
    from insight.commands.work import GRACE
    from insight.database import prepare
    from insight.operations import working

    prepare()
    working.serve(Event(), GRACE)


def main() -> None:
    """Load everything once, then fork what is asked for."""
    import uvicorn.importer

    import insight.operations.working  # noqa: F401
    import pages.main  # noqa: F401

    uvicorn.importer.import_from_string("app:app")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who are killed
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _become(line.split())
        print(pid, flush=True)


def _become(asked: list[str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    if asked[0] == "app":
        serve(int(asked[1]))
    else:
        work()
    os._exit(0)


if __name__ == "__main__":
    main()
