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

from insight.access import SYSTEM  # noqa: E402
from insight.database import prepare  # noqa: E402
from insight.intake import forget_old_drafts  # noqa: E402
from pages.doors import middleware  # noqa: E402
from pages.form.routes import routes as form  # noqa: E402
from pages.sign_in import routes as sign_in  # noqa: E402

log = logging.getLogger("throughline")
DAY = 24 * 3600


async def forget_daily() -> None:
    """Delete journeys that were never sent, as the privacy page promises: at the start, and then once a day."""
    while True:
        try:
            await asyncio.to_thread(forget_old_drafts, SYSTEM)
        except Exception as fault:  # a busy database must not end the promise: tomorrow is another day
            log.error("forgetting old drafts failed: %s", type(fault).__name__)
        await asyncio.sleep(DAY)


@asynccontextmanager
async def life(_app: st.App) -> AsyncIterator[None]:
    """Make the database ready, then tell the garbage collector that what is loaded by now is here to stay.

    Without the freeze each rerun of a page costs 70 ms more: Streamlit's objects are many, and none of them garbage.
    """
    prepare()
    logging.getLogger("uvicorn.access").disabled = True  # addresses of drafts and people do not belong in a log
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # and "connection open" lines carry them too
    import pages.main  # noqa: F401  (loaded before the freeze, not at the first visit)

    gc.collect()
    gc.freeze()
    daily = asyncio.create_task(forget_daily())
    yield
    daily.cancel()


app = st.App(HERE / "pages" / "main.py", routes=[*form, *sign_in], middleware=middleware, lifespan=life)
