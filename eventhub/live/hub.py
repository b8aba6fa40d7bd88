"""One hub per process: follow each event's log once, encode once, hand it to every socket.

Wakes by own commits, by Redis and by a poll of all heads every 250 ms. The poll is the truth:
everything works with Redis dead. The hub decides nothing; topics say what may be seen.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from django.conf import settings
from django.db import Error

from eventhub.live import fragments, reading, wake
from eventhub.live.answers import REMEMBER_AT_START, Answers, Job, encode, payloads_of
from eventhub.live.connection import CLOSE_GOING_AWAY, CLOSE_NOT_ALLOWED, Connection
from eventhub.live.executor import DatabaseThreads
from eventhub.live.groups import EventFeed, Group
from eventhub.live.reading import Cursor
from eventhub.live.rights import Rights
from eventhub.live.senders import Packet

log = logging.getLogger(__name__)

HUB_THREADS = 3
POLL_S = 0.25
CHECK_S = 1.0
REAUTHORISE_S = 60.0
IDLE_FEED_S = 60.0
MAX_REST_S = 0.05


class Hub:
    """All sockets of this process. Every method runs in the event loop, `wake` from any thread."""

    def __init__(self, *, build: str = "") -> None:
        self.build = build
        self.executor = DatabaseThreads("hub", workers=HUB_THREADS)
        self.feeds: dict[int, EventFeed] = {}
        self.connections: set[Connection] = set()
        self.deliveries = 0
        self.stopping = False  # for good: a phone that knocks now must not start us again
        self._beats = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.rights = Rights(self.executor, self.connections)
        self._answers = Answers(self.executor, self.advance)

    # --- life

    def start(self) -> None:
        """Idempotent; must be called in the event loop that will carry the sockets."""
        if self._loop is not None or self.stopping:
            return
        self._loop = asyncio.get_running_loop()
        wake.listen(self.wake)
        for rhythm in (self._poll, self._beat, self._check, self._reauthorise_all):
            self._spawn(self._for_ever(rhythm))
        if settings.REDIS_URL:
            self._spawn(wake.hear(self._mark))

    async def stop(self) -> None:
        """Say good-bye to every socket and end all tasks."""
        self.stopping = True
        wake.unlisten(self.wake)
        for connection in list(self.connections):
            connection.send(_packet({"t": "bye", "after_ms": random.randrange(200, 5000)}))
            connection.close(CLOSE_GOING_AWAY)
        while self._tasks:
            # Once is not enough: a Redis client that is just connecting swallows it.
            for task in list(self._tasks):
                task.cancel()
            await asyncio.wait(self._tasks, timeout=0.5)
        self.executor.close()
        self._loop = None

    def _spawn(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _for_ever(self, step: Callable[[], Awaitable[float]]) -> None:
        """Repeat `step`, which answers how long to rest; a database that is away is waited for."""
        while True:
            try:
                rest = await step()
            except Exception as error:
                rest = await self._stumble(error)
            await asyncio.sleep(rest)

    async def _stumble(self, error: Exception) -> float:
        """A database that is away is waited for; a fault of our own is told, and life goes on."""
        if isinstance(error, Error):
            log.warning("hub cannot read", extra={"error": type(error).__name__})
        else:
            log.error("hub stumbled", exc_info=error)
        await asyncio.sleep(0.5)
        return 0.0

    # --- wake

    def wake(self, event_id: int) -> None:
        """From any thread: this event's log has grown."""
        loop = self._loop
        if loop is not None and event_id in self.feeds:
            with suppress(RuntimeError):  # the loop has just been closed
                loop.call_soon_threadsafe(self._mark, event_id)

    def _mark(self, event_id: int) -> None:
        if feed := self.feeds.get(event_id):
            feed.dirty.set()

    async def _poll(self) -> float:
        # Where we stood before asking: a commit in between must not look like a step back.
        stood = {
            event_id: feed.position.seq for event_id, feed in self.feeds.items() if feed.started
        }
        if stood:
            heads = await self.executor.run("poll", reading.heads, list(stood))
            for event_id, seq in stood.items():
                feed = self.feeds.get(event_id)
                head = heads.get(event_id, 0)
                if feed is not None and head > seq:
                    feed.dirty.set()
                elif feed is not None and head < seq:
                    self._drop(feed)
        return POLL_S

    def _drop(self, feed: EventFeed) -> None:
        """The log went backwards: another database, or an event that is no more.

        Everybody knocks again, to start with a reset or to hear that there is nothing.
        """
        log.warning("log went backwards", extra={"event": feed.event_id})
        fragments.forget_all()
        self.rights.forget_events()
        for group in list(feed.groups.values()):
            for connection in list(group.members):
                connection.close(CLOSE_GOING_AWAY)
                self.leave(connection)
        self._retire(feed)

    # --- following one event

    async def feed(self, event_id: int) -> EventFeed:
        """The feed of an event, started and standing at the head of its log."""
        feed = self.feeds.get(event_id)
        if feed is None:
            feed = self.feeds[event_id] = EventFeed(event_id)
        async with feed.lock:
            if not feed.started:
                feed.remember(
                    await self.executor.run(
                        "catchup", reading.last_changes, event_id, REMEMBER_AT_START
                    )
                )
                feed.started = True
                feed.task = self._spawn(self._follow(feed))
        # While we waited it may have been forgotten: then nobody follows it any more.
        return feed if self.feeds.get(event_id) is feed else await self.feed(event_id)

    def _retire(self, feed: EventFeed) -> None:
        if self.feeds.get(feed.event_id) is feed:
            del self.feeds[feed.event_id]
        if feed.task is not None:
            feed.task.cancel()

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
                await self._stumble(error)
                feed.dirty.set()
            # What arrives meanwhile leaves together; a longer rest would cost steady latency.
            await asyncio.sleep(min((time.monotonic() - began) / 4, MAX_REST_S))

    async def advance(self, feed: EventFeed) -> None:
        """Read the new pointers, all of them, in order."""
        async with feed.lock:
            while pointers := await self.executor.run(
                "flush", reading.changes_after, feed.event_id, feed.position.seq
            ):
                feed.remember(pointers)
                for pointer in pointers:
                    if pointer.kind == "access":
                        self._spawn(self._ask_again(feed, pointer.topics))
                    elif pointer.kind == "event":
                        self.rights.forget_events()

    async def _flush(self, feed: EventFeed) -> None:
        upto = feed.position
        jobs = []
        for group in feed.lagging():
            whole = not feed.reaches_back_to(group.upto)
            pointers = group.concerns(feed.since(group.upto))
            if pointers or whole:
                jobs.append(Job(group, pointers, upto, whole))
            else:
                group.upto = upto
        if not jobs:
            return
        payloads = await self.executor.run("flush", payloads_of, feed.event_id, jobs)
        for job, payload in zip(jobs, payloads, strict=True):
            self._deliver(job.group, Packet(payload))
            job.group.upto = job.upto
            job.group.sent = job.upto.seq

    def _deliver(self, group: Group, packet: Packet) -> None:
        self.deliveries += len(group.members)
        for connection in list(group.members):
            connection.send(packet)

    # --- joining and leaving

    async def join(
        self, connection: Connection, topics: frozenset[str], cursor: Cursor | None
    ) -> None:
        """Bring a connection up to date and put it into its group, leaving no gap between."""
        proven = False
        while not connection.closed:
            feed = await self.feed(connection.event_id)
            group = feed.group(topics, connection.language)
            goal = group.upto.seq if group else feed.position.seq
            if proven and cursor is not None and cursor.seq >= goal:
                group = feed.enter(connection, topics, connection.language)
                connection.groups[group.name] = group
                return
            payload, cursor = await self._answers.catch_up(
                feed, topics, connection.language, cursor
            )
            connection.send(Packet(payload))
            proven = True

    async def catch_up(self, connection: Connection, name: str, cursor: Cursor | None) -> None:
        """Answer a browser that has noticed a gap in one of its groups."""
        if group := connection.groups.get(name):
            feed = await self.feed(connection.event_id)
            payload, _ = await self._answers.catch_up(feed, group.topics, group.language, cursor)
            connection.send(Packet(payload))

    def leave(self, connection: Connection) -> None:
        self.connections.discard(connection)
        connection.closed = True
        feed = self.feeds.get(connection.event_id)
        for group in connection.groups.values():
            group.members.discard(connection)
            if feed is not None:
                feed.leave(connection, group)
        connection.groups.clear()

    # --- rhythms

    async def _beat(self) -> float:
        self._beats += 1
        for feed in list(self.feeds.values()):
            for group in list(feed.groups.values()):
                if group.name == "shared" or self._beats % 2 == 0:
                    beat = {
                        "t": "beat",
                        "g": group.name,
                        "from": group.sent,
                        "upto": str(group.upto),
                    }
                    self._deliver(group, _packet(beat))
                    group.sent = group.upto.seq
        return float(settings.BEAT_SECONDS)

    async def _check(self) -> float:
        now = time.monotonic()
        for connection in list(self.connections):
            if code := connection.overdue(now, settings.STALLED_SECONDS):
                connection.close(code)
                self.leave(connection)
        for feed in list(self.feeds.values()):
            if feed.groups or feed.lock.locked():
                feed.idle_since = 0.0
            elif not feed.idle_since:
                feed.idle_since = now
            elif now - feed.idle_since > IDLE_FEED_S:
                self._retire(feed)
        return CHECK_S

    async def _reauthorise_all(self) -> float:
        for feed in list(self.feeds.values()):
            await self._ask_again(feed, None)
        return REAUTHORISE_S

    async def _ask_again(self, feed: EventFeed, subjects: frozenset[str] | None) -> None:
        """Close whoever listens by right of `subjects` (None: of anybody) and has it no more."""
        for connection in await self.rights.lost(feed.event_id, subjects):
            connection.close(CLOSE_NOT_ALLOWED)
            self.leave(connection)


def _packet(message: dict[str, object]) -> Packet:
    return Packet(encode(message))
