"""The ASGI application: Streamlit's pages, plain routes, headers. Run it with ``python -m insight serve``."""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

import streamlit as st  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402

from insight import jobs  # noqa: E402
from insight.database import prepare  # noqa: E402
from insight.operations import chores  # noqa: E402
from pages.accounts.provider import secrets_for_streamlit  # noqa: E402
from pages.doors import middleware, script_failed, set_up_logs, set_up_streamlit  # noqa: E402
from pages.form.routes import routes as form  # noqa: E402
from pages.operations import Measured, saying_when_it_stops  # noqa: E402
from pages.operations import routes as operations  # noqa: E402
from pages.sign_in import routes as sign_in  # noqa: E402

log = logging.getLogger("throughline")
HOUR = 3600


async def chores_daily() -> None:
    """Do the day's chores, as the privacy page promises: of all processes of a place, the first to look does them."""
    while not jobs.served():
        try:
            await asyncio.to_thread(chores.take_turn)
        except Exception as fault:  # a busy database must not end the promise: in an hour it is asked again
            log.error("the day's chores failed: %s", type(fault).__name__)
        await asyncio.sleep(HOUR)


@asynccontextmanager
async def life(_app: st.App) -> AsyncIterator[None]:
    """Make the database ready, then tell the garbage collector that what is loaded by now is here to stay.

    Without the freeze each rerun of a page costs 70 ms more: Streamlit's objects are many, and none of them garbage.
    """
    set_up_logs()
    set_up_streamlit()
    prepare()
    import pages.main  # noqa: F401  (loaded before the freeze, not at the first visit)

    gc.collect()
    gc.freeze()
    daily = asyncio.create_task(chores_daily())
    with saying_when_it_stops():
        yield
    daily.cancel()


app = st.App(
    HERE / "pages" / "main.py",
    secrets=secrets_for_streamlit(),
    routes=[*form, *sign_in, *operations],
    middleware=[Middleware(Measured), *middleware],
    lifespan=life,
    on_script_error=script_failed,
)
