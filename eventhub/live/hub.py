"""One hub per process: follow each event's log once, encode once, hand it to every socket.

Wakes by own commits, by Redis and by a poll of all heads every 250 ms. The poll is the truth:
everything works with Redis dead. The hub decides nothing; topics say what may be seen.
"""

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

import msgspec
from django.conf import settings
from django.db import Error

from eventhub.live import reading, wake
from eventhub.live.connection import CLOSE_GOING_AWAY, CLOSE_NOT_ALLOWED, Connection
from eventhub.live.executor import DatabaseThreads
from eventhub.live.groups import EventFeed, Group
from eventhub.live.reading import Cursor, Frame, Pointer, Reset
from eventhub.live.senders import Packet
from eventhub.live.topics import Grant, registry

log = logging.getLogger(__name__)

HUB_THREADS = 3
POLL_S = 0.25
CHECK_S = 1.0
REAUTHORISE_S = 60.0
IDLE_FEED_S = 60.0
REMEMBER_AT_START = 1000
MAX_SOCKET_RESET_BYTES = 64 * 1024
MAX_REST_S = 0.05
MAX_KEPT_ANSWERS = 500

_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Job:
    """What one group has to be told: computed in the hub's threads, sent from the loop."""

    group: Group
    pointers: list[Pointer]
    upto: Cursor
    whole: bool  # memory does not reach back far enough: send the complete list


class Hub:
    """All sockets of this process. Every method runs in the event loop, `wake` from any thread."""

    def __init__(self, *, build: str = "") -> None:
        self.build = build
        self.executor = DatabaseThreads("hub", workers=HUB_THREADS)
        self.feeds: dict[int, EventFeed] = {}
        self.connections: set[Connection] = set()
        self.deliveries = 0
        self._beats = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._event_ids: dict[str, tuple[float, int | None]] = {}

    # --- life

    def start(self) -> None:
        """Idempotent; must be called in the event loop that will carry the sockets."""
        if self._loop is not None:
            return
        self._loop = asyncio.get_running_loop()
        wake.listen(self.wake)
        for rhythm in (self._poll, self._beat, self._check, self._reauthorise_all):
            self._spawn(self._for_ever(rhythm))
        if settings.REDIS_URL:
            self._spawn(self._hear_redis())

    async def stop(self) -> None:
        """Say good-bye to every socket and end all tasks."""
        wake.unlisten(self.wake)
        for connection in list(self.connections):
            connection.send(_packet({"t": "bye", "after_ms": random.randrange(200, 5000)}))
            connection.close(CLOSE_GOING_AWAY)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
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
            except Error as error:
                log.warning("hub cannot read", extra={"error": type(error).__name__})
                rest = 0.5
            await asyncio.sleep(rest)

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
        """The log went backwards: another database. Everybody starts again with a reset."""
        log.warning("log went backwards", extra={"event": feed.event_id})
        for group in list(feed.groups.values()):
            for connection in list(group.members):
                connection.close(CLOSE_GOING_AWAY)
                self.leave(connection)
        self._retire(feed)

    async def _hear_redis(self) -> None:
        """Only a hint; without it the poll still finds everything within 250 ms."""
        import redis.asyncio
        from redis.exceptions import RedisError

        while True:
            client = redis.asyncio.Redis.from_url(settings.REDIS_URL, health_check_interval=5)
            try:
                async with client, client.pubsub() as pubsub:
                    await pubsub.subscribe(wake.CHANNEL)
                    async for message in pubsub.listen():
                        if message["type"] == "message" and message["data"].isdigit():
                            self._mark(int(message["data"]))
            except (RedisError, OSError) as error:
                log.debug("redis is away", extra={"error": type(error).__name__})
            await asyncio.sleep(random.uniform(0.2, 1.0))

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
        return feed

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
            except Error as error:
                log.warning("hub cannot read", extra={"error": type(error).__name__})
                feed.dirty.set()
                await asyncio.sleep(0.5)
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
                        self._spawn(self._reauthorise(feed, pointer.topics))
                    elif pointer.kind == "event":
                        self._event_ids.clear()

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
        payloads = await self.executor.run("flush", _payloads, feed.event_id, jobs)
        for job, payload in zip(jobs, payloads, strict=True):
            self._deliver(job.group, Packet(payload))
            job.group.upto = job.upto
            job.group.sent = job.upto.seq

    def _deliver(self, group: Group, packet: Packet) -> None:
        self.deliveries += len(group.members)
        for connection in list(group.members):
            connection.send(packet)

    # --- joining and leaving

    async def event_id(self, slug: str) -> int | None:
        """Cached for a moment, so that a thousand reconnecting phones ask once."""
        known = self._event_ids.get(slug)
        if known is None or time.monotonic() - known[0] > 5:
            if len(self._event_ids) > 1000:
                self._event_ids.clear()
            found = await self.executor.run("authorise", registry.event_id, slug)
            known = self._event_ids[slug] = (time.monotonic(), found)
        return known[1]

    async def authorise(self, connection: Connection, names: Iterable[str]) -> list[Grant] | None:
        """The grants for all `names`, or None if one of them is refused."""
        grants = []
        for name in names:
            topic = registry.get(name)
            if topic is None:
                return None
            if topic.asks_database:
                grant = await self.executor.run(
                    "authorise", topic.authorise, connection.event_id, connection.visitor
                )
            else:
                grant = topic.authorise(connection.event_id, connection.visitor)
            if grant is None:
                return None
            grants.append(grant)
        return grants

    async def join(
        self, connection: Connection, topics: frozenset[str], cursor: Cursor | None
    ) -> None:
        """Bring a connection up to date and put it into its group, leaving no gap between."""
        feed = await self.feed(connection.event_id)
        proven = False
        while not connection.closed:
            group = feed.group(topics, connection.language)
            goal = group.upto.seq if group else feed.position.seq
            if proven and cursor is not None and cursor.seq >= goal:
                group = feed.enter(connection, topics, connection.language)
                connection.groups[group.name] = group
                return
            payload, cursor = await self._catch_up(feed, topics, connection.language, cursor)
            connection.send(Packet(payload))
            proven = True

    async def catch_up(self, connection: Connection, name: str, cursor: Cursor | None) -> None:
        """Answer a browser that has noticed a gap in one of its groups."""
        if group := connection.groups.get(name):
            feed = await self.feed(connection.event_id)
            payload, _ = await self._catch_up(feed, group.topics, group.language, cursor)
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

    async def _catch_up(
        self, feed: EventFeed, topics: frozenset[str], language: str, cursor: Cursor | None
    ) -> tuple[bytes, Cursor]:
        """The message that brings `cursor` to the head, and the cursor it leads to."""
        if cursor is not None and cursor.seq > feed.position.seq:
            await self.advance(feed)
            feed.dirty.set()
        here = feed.position
        proven = feed.remembers(cursor) if cursor is not None else False
        if proven and cursor is not None:
            news = [p for p in feed.since(cursor) if not topics.isdisjoint(p.topics)]
            if not news:
                frame = Frame("frame", reading.group_name(topics), cursor.seq, str(here), [])
                return _encode(frame), here
            if len(news) <= REMEMBER_AT_START:
                job = Job(Group(topics, language, cursor), news, here, whole=False)
                key = (topics, language, cursor, here)
                payload = await self._once(feed, key, lambda: _payloads(feed.event_id, [job])[0])
                return payload, here
        read_from = None if proven is False else cursor
        return await self._from_database(feed, topics, language, read_from)

    async def _from_database(
        self, feed: EventFeed, topics: frozenset[str], language: str, cursor: Cursor | None
    ) -> tuple[bytes, Cursor]:
        names = sorted(topics)
        key = (topics, language, cursor, "database", feed.position)
        payload = await self._once(
            feed, key, lambda: _fitting(reading.catch_up(feed.event_id, names, language, cursor))
        )
        upto = Cursor.parse(msgspec.json.decode(payload, type=_Upto).upto)
        return payload, upto or reading.START

    async def _once(self, feed: EventFeed, key: object, read: Callable[[], bytes]) -> bytes:
        """Of many that ask for exactly the same at the same head, one asks the database."""
        future = feed.catching_up.get(key)
        if future is None:
            if len(feed.catching_up) > MAX_KEPT_ANSWERS:
                feed.catching_up.clear()
            future = asyncio.ensure_future(self.executor.run("catchup", read))
            feed.catching_up[key] = future
            future.add_done_callback(
                lambda done: feed.catching_up.pop(key, None) if done.exception() else None
            )
        return await asyncio.shield(future)

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
            await self._reauthorise(feed, None)
        return REAUTHORISE_S

    async def _reauthorise(self, feed: EventFeed, subjects: frozenset[str] | None) -> None:
        """Ask again for whoever listens by right of `subjects` (None: of anybody)."""
        for connection in list(self.connections):
            mine = connection.subjects
            if connection.event_id != feed.event_id or not mine:
                continue
            if subjects is not None and subjects.isdisjoint(mine):
                continue
            try:
                grants = await self.authorise(connection, mine.values())
            except Error:
                grants = None  # a right that cannot be shown is no right; the browser comes back
            if grants is None:
                connection.close(CLOSE_NOT_ALLOWED)
                self.leave(connection)


class _Upto(msgspec.Struct):
    upto: str


def _packet(message: dict[str, object]) -> Packet:
    return Packet(_encode(message))


def _fitting(answer: Frame | Reset) -> bytes:
    """Encoded; a complete list too large for a socket is only named, the browser fetches it."""
    payload = _encode(answer)
    if isinstance(answer, Reset) and len(payload) > MAX_SOCKET_RESET_BYTES:
        return _encode(Reset("reset", answer.g, answer.upto, None))
    return payload


def _payloads(event_id: int, jobs: list[Job]) -> list[bytes]:
    """Blocking: what each group is sent, encoded. Same topics in the same language render once."""
    payloads = []
    for job in jobs:
        names, language = sorted(job.group.topics), job.group.language
        if job.whole:
            payloads.append(_fitting(reading.window(event_id, names, language)))
            continue
        items = reading.render(event_id, names, job.pointers, language)
        payloads.append(
            _encode(Frame("frame", job.group.name, job.group.sent, str(job.upto), items))
        )
    return payloads
