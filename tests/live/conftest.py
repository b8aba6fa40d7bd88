"""A hub in the test's own event loop, with a database that other threads can see."""

from collections.abc import AsyncIterator

import pytest
from pytest_django import Settings

from eventhub.live.hub import Hub


@pytest.fixture
async def hub(transactional_db: None, settings: Settings) -> AsyncIterator[Hub]:
    """A started hub, quiet: a test that wants a beat asks for it."""
    settings.BEAT_SECONDS = 3600
    settings.SENDER = "portable"
    hub = Hub()
    hub.start()
    yield hub
    await hub.stop()
    hub.executor.join()
