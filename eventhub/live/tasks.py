"""The work of one hub that never ends by itself: started, kept alive, ended together."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from django.db import Error

log = logging.getLogger(__name__)

AFTER_A_STUMBLE_S = 0.5


class Tasks:
    """All tasks that were started here and have not ended."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._running)

    def spawn(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def repeat(self, step: Callable[[], Awaitable[float]]) -> None:
        """Do `step` for ever; it answers how long to rest."""
        self.spawn(self._for_ever(step))

    async def _for_ever(self, step: Callable[[], Awaitable[float]]) -> None:
        while True:
            try:
                rest = await step()
            except Exception as error:
                rest = await stumble(error)
            await asyncio.sleep(rest)

    async def end(self) -> None:
        while self._running:
            # Once is not enough: a Redis client that is just connecting swallows it.
            for task in list(self._running):
                task.cancel()
            await asyncio.wait(self._running, timeout=0.5)


async def stumble(error: Exception) -> float:
    """A database that is away is waited for; a fault of our own is told, and life goes on."""
    if isinstance(error, Error):
        log.warning("hub cannot read", extra={"error": type(error).__name__})
    else:
        log.error("hub stumbled", exc_info=error)
    await asyncio.sleep(AFTER_A_STUMBLE_S)
    return 0.0
