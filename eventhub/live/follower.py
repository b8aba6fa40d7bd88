"""Keep this process's feeds at the heads of their logs. Knows no sockets and renders nothing.

The poll of all heads is the truth: everything works with Redis dead and every wake lost.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from eventhub.live import fragments, reading
from eventhub.live.answers import REMEMBER_AT_START
from eventhub.live.executor import DatabaseThreads
from eventhub.live.groups import EventFeed
from eventhub.live.reading import Pointer
from eventhub.live.tasks import Tasks, stumble

log = logging.getLogger(__name__)

POLL_S = 0.25
MAX_REST_S = 0.05


class Follower:
    """Follows one log for each feed in `feeds`, and says what has to be done about it.

    heard(feed, pointer): for each new pointer, once and in order; must not wait.
    flush(feed): the groups lag behind the feed's position.
    lost(feed): its log went backwards, so nobody's cursor means anything any more.
    """

    def __init__(
        self,
        threads: DatabaseThreads,
        tasks: Tasks,
        feeds: dict[int, EventFeed],
        *,
        heard: Callable[[EventFeed, Pointer], None],
        flush: Callable[[EventFeed], Awaitable[None]],
        lost: Callable[[EventFeed], None],
    ) -> None:
        self._threads = threads
        self._tasks = tasks
        self._feeds = feeds
        self._heard = heard
        self._flush = flush
        self._lost = lost

    async def feed(self, event_id: int) -> EventFeed:
        """The feed of an event, started and standing at the head of its log."""
        feed = self._feeds.get(event_id)
        if feed is None:
            feed = self._feeds[event_id] = EventFeed(event_id)
        async with feed.lock:
            if not feed.started:
                feed.remember(
                    await self._threads.run(
                        "catchup", reading.last_changes, event_id, REMEMBER_AT_START
                    )
                )
                feed.started = True
                feed.task = self._tasks.spawn(self._follow(feed))
        # While we waited it may have been forgotten: then nobody follows it any more.
        return feed if self._feeds.get(event_id) is feed else await self.feed(event_id)

    def retire(self, feed: EventFeed) -> None:
        if self._feeds.get(feed.event_id) is feed:
            del self._feeds[feed.event_id]
        if feed.task is not None:
            feed.task.cancel()

    async def poll(self) -> float:
        """Look at all heads; answers how long to rest before the next look."""
        # Where we stood before asking: a commit in between must not look like a step back.
        stood = {
            event_id: feed.position.seq for event_id, feed in self._feeds.items() if feed.started
        }
        if stood:
            heads = await self._threads.run("poll", reading.heads, list(stood))
            for event_id, seq in stood.items():
                feed = self._feeds.get(event_id)
                head = heads.get(event_id, 0)
                if feed is not None and head > seq:
                    feed.dirty.set()
                elif feed is not None and head < seq:
                    self._drop(feed)
        return POLL_S

    def _drop(self, feed: EventFeed) -> None:
        """The log went backwards: another database. Everybody starts again with a reset."""
        log.warning("log went backwards", extra={"event": feed.event_id})
        fragments.forget_all()
        self._lost(feed)
        self.retire(feed)

    async def _follow(self, feed: EventFeed) -> None:
        while True:
            await feed.dirty.wait()
            feed.dirty.clear()
            began = time.monotonic()
            try:
                await self.advance(feed)
                while feed.lagging():
                    await self._flush(feed)
            except Exception as error:
                await stumble(error)
                feed.dirty.set()
            # What arrives meanwhile leaves together; a longer rest would cost steady latency.
            await asyncio.sleep(min((time.monotonic() - began) / 4, MAX_REST_S))

    async def advance(self, feed: EventFeed) -> None:
        """Read the new pointers, all of them, in order."""
        async with feed.lock:
            while pointers := await self._threads.run(
                "flush", reading.changes_after, feed.event_id, feed.position.seq
            ):
                feed.remember(pointers)
                for pointer in pointers:
                    self._heard(feed, pointer)
