"""A hub in the test's own event loop, with a database that other threads can see."""

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest
from django.db import connection
from pytest_django import Settings

from eventhub.live.hub import HUB_THREADS, Hub


@pytest.fixture
async def hub(transactional_db: None, settings: Settings) -> AsyncIterator[Hub]:
    """A started hub, quiet: a test that wants a beat asks for it."""
    settings.BEAT_SECONDS = 3600
    settings.SENDER = "portable"
    hub = Hub()
    hub.start()
    # Its threads are needed once more after it has stopped.
    close_threads, hub.executor.close = hub.executor.close, lambda: None  # type: ignore[method-assign]
    yield hub
    await hub.stop()
    together = threading.Barrier(HUB_THREADS)

    def close_own_connection() -> None:
        together.wait(30)  # each thread takes one: none is left out
        connection.close()

    await asyncio.gather(
        *(hub.executor.run("test", close_own_connection) for _ in range(HUB_THREADS))
    )
    close_threads()
