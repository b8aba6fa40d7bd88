"""One hub per process: follow each event's log once, encode once, hand it to every socket.

Wakes by own commits, by Redis and by a poll of all heads every 250 ms. The poll is the truth:
everything works with Redis dead. The hub decides nothing; topics say what may be seen.
"""

import asyncio
import random
import time
from contextlib import suppress

from django.conf import settings
from django.db import Error

from eventhub.live import wake
from eventhub.live.answers import Answers, Job, encode, payloads_of
from eventhub.live.connection import (
    CLOSE_CROWDED,
    CLOSE_GOING_AWAY,
    CLOSE_NOT_ALLOWED,
    CLOSE_PROTOCOL,
    Connection,
)
from eventhub.live.executor import DatabaseThreads
from eventhub.live.follower import Follower
from eventhub.live.groups import EventFeed, Group
from eventhub.live.reading import Cursor, Pointer
from eventhub.live.rights import Rights
from eventhub.live.seats import Seats
from eventhub.live.senders import Packet
from eventhub.live.tasks import Tasks, stumble
from eventhub.live.topics import EVENT

HUB_THREADS = 3
CHECK_S = 1.0
REAUTHORISE_S = 60.0
IDLE_FEED_S = 60.0


class Hub:
    """All sockets of this process. Every method runs in the event loop, `wake` from any thread."""

    def __init__(self, *, build: str = "") -> None:
        self.build = build
        self.executor = DatabaseThreads("hub", workers=HUB_THREADS)
        self.feeds: dict[int, EventFeed] = {}
        self.connections: set[Connection] = set()
        self.seats = Seats()
        self.deliveries = 0
        self.stopping = False  # for good: a phone that knocks now must not start us again
        self._beats = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks = Tasks()
        self.rights = Rights(self.executor, self.connections, self.feeds)
        self.follower = Follower(
            self.executor,
            self._tasks,
            self.feeds,
            heard=self._heard,
            flush=self._flush,
            lost=self._send_away,
        )
        self._answers = Answers(self.executor, self.follower.advance)

    # --- life

    def start(self) -> None:
        """Idempotent; must be called in the event loop that will carry the sockets."""
        if self._loop is not None or self.stopping:
            return
        self._loop = asyncio.get_running_loop()
        wake.listen(self.wake)
        for rhythm in (self.follower.poll, self._beat, self._check, self._reauthorise_all):
            self._tasks.repeat(rhythm)
        if settings.REDIS_URL:
            self._tasks.spawn(wake.hear(self._mark))

    async def stop(self) -> None:
        """Say good-bye to every socket and end all tasks."""
        self.stopping = True
        wake.unlisten(self.wake)
        for connection in list(self.connections):
            connection.send(_packet({"t": "bye", "after_ms": random.randrange(200, 5000)}))
            connection.close(CLOSE_GOING_AWAY)
        await self._tasks.end()
        self.executor.close()
        self._loop = None

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

    # --- what the follower says

    def _heard(self, feed: EventFeed, pointer: Pointer) -> None:
        if pointer.kind == "access":
            self._tasks.spawn(self._ask_again(feed, pointer.topics))
        elif pointer.kind == EVENT:
            self.rights.forget_event(feed)
            self._tasks.spawn(self._ask_everybody(feed))  # it may have been closed

    def _send_away(self, feed: EventFeed) -> None:
        """Everybody knocks again, to start with a reset or to hear that the event is gone."""
        self.rights.forget_event(feed)
        for group in list(feed.groups.values()):
            for connection in list(group.members):
                self._show_out(connection, CLOSE_GOING_AWAY)

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

    def enter(self, connection: Connection) -> None:
        """A socket has been opened; what it wants will be said later."""
        self.connections.add(connection)
        if (silent := self.seats.arrive(connection)) is not None:
            self._show_out(silent, CLOSE_PROTOCOL)

    def seat(self, connection: Connection, holder: str) -> bool:
        """Whether there is room for one more socket of `holder`; an older one may have to go."""
        if (goes := self.seats.take(connection, holder)) is not None:
            self._show_out(goes, CLOSE_CROWDED)
        return goes is not connection

    async def join(
        self, connection: Connection, topics: frozenset[str], cursor: Cursor | None
    ) -> None:
        """Bring a connection up to date and put it into its group, leaving no gap between."""
        proven = False
        while not connection.closed:
            feed = await self.follower.feed(connection.event_id)
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
            feed = await self.follower.feed(connection.event_id)
            payload, _ = await self._answers.catch_up(feed, group.topics, group.language, cursor)
            connection.send(Packet(payload))

    def _show_out(self, connection: Connection, code: int) -> None:
        connection.close(code)
        self.leave(connection)

    def leave(self, connection: Connection) -> None:
        self.connections.discard(connection)
        self.seats.leave(connection)
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
                self._show_out(connection, code)
        for feed in list(self.feeds.values()):
            if feed.groups or feed.lock.locked():
                feed.idle_since = 0.0
            elif not feed.idle_since:
                feed.idle_since = now
            elif now - feed.idle_since > IDLE_FEED_S:
                self.follower.retire(feed)
        return CHECK_S

    async def _reauthorise_all(self) -> float:
        for feed in list(self.feeds.values()):
            await self._ask_again(feed, None)
        return REAUTHORISE_S

    async def _ask_everybody(self, feed: EventFeed) -> None:
        """Not given up while the database is away: nobody may go on hearing what was closed."""
        while self.feeds.get(feed.event_id) is feed:
            try:
                await self._ask_again(feed, None)
                return
            except Error as error:
                await stumble(error)

    async def _ask_again(self, feed: EventFeed, subjects: frozenset[str] | None) -> None:
        """Close whoever listens by right of `subjects` (None: of anybody) and has it no more."""
        for connection, refused in await self.rights.lost(feed.event_id, subjects):
            self._show_out(connection, CLOSE_NOT_ALLOWED if refused else CLOSE_GOING_AWAY)


def _packet(message: dict[str, object]) -> Packet:
    return Packet(encode(message))
