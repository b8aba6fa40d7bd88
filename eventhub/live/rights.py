"""Who may hear what on this process's sockets: asked at hello, and when a right has changed.

What a closed event lets through comes before every topic; of an open one that costs no question.
"""

import asyncio
import time
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import Error

from eventhub.live.connection import Connection
from eventhub.live.executor import DatabaseThreads
from eventhub.live.groups import EventFeed
from eventhub.live.topics import Grant, registry

KNOWN_EVENT_S = 5.0
MAX_KNOWN_EVENTS = 1000


class Rights:
    """Asks the topics; decides nothing itself and closes nobody."""

    def __init__(
        self,
        threads: DatabaseThreads,
        connections: Collection[Connection],
        feeds: Mapping[int, EventFeed],
    ) -> None:
        self._threads = threads
        self._connections = connections
        self._feeds = feeds
        self._event_ids: dict[str, tuple[float, asyncio.Future[int | None]]] = {}

    def forget_event(self, feed: EventFeed) -> None:
        """The event has changed: its address may be another now, and it may have been closed."""
        self._event_ids.clear()
        feed.closed = None

    async def event_id(self, slug: str) -> int | None:
        """Cached for a moment, so that a thousand reconnecting phones ask once."""
        known = self._event_ids.get(slug)
        if known is None or time.monotonic() - known[0] > KNOWN_EVENT_S:
            if len(self._event_ids) > MAX_KNOWN_EVENTS:
                self._event_ids.clear()
            # Kept before it is answered: a thousand that ask at once wait for the same answer.
            asked = asyncio.ensure_future(self._threads.run("authorise", registry.event_id, slug))
            asked.add_done_callback(
                lambda done: self._event_ids.pop(slug, None) if _failed(done) else None
            )
            known = self._event_ids[slug] = (time.monotonic(), asked)
        return await asyncio.shield(known[1])

    async def authorise(self, connection: Connection, names: Iterable[str]) -> list[Grant] | None:
        """The grants for all `names`, or None if one of them, or the event itself, is refused."""
        right = await self._let_in(connection)
        if right is None:
            return None
        grants = []
        for name in names:
            topic = registry.get(name)
            if topic is None:
                return None
            if topic.asks_database:
                grant = await self._threads.run(
                    "authorise", topic.authorise, connection.event_id, connection.visitor
                )
            else:
                grant = topic.authorise(connection.event_id, connection.visitor)
            if grant is None:
                return None
            grants.append(grant if grant.subject or not right else Grant(grant.name, right))
        return grants

    async def _let_in(self, connection: Connection) -> str | None:
        """By whose right ("" if none is needed) the event may be heard at all, None if not."""
        event_id, visitor = connection.event_id, connection.visitor
        entrance = registry.entrance
        if not await self._is_closed(event_id) or entrance.knows(event_id, visitor):
            return ""
        found = await self._threads.run("authorise", entrance.finds, event_id, visitor)
        return found or None

    async def _is_closed(self, event_id: int) -> bool:
        """Asked once per feed and change: a feed that has started hears of the next change."""
        feed = self._feeds.get(event_id)
        if feed is None or not feed.started:
            return await self._threads.run("authorise", registry.entrance.is_closed, event_id)
        if feed.closed is None or (feed.closed.done() and _failed(feed.closed)):
            feed.closed = asyncio.ensure_future(
                self._threads.run("authorise", registry.entrance.is_closed, event_id)
            )
        return await asyncio.shield(feed.closed)

    def holder(self, connection: Connection) -> str:
        """Who has opened this socket: a right that was proven, else a guest, else "".

        Asked after `authorise`; a cookie that proves nothing counts as none.
        """
        proven = next(iter(connection.subjects), "")
        return proven or registry.own_name(connection.event_id, connection.visitor)

    async def lost(
        self, event_id: int, subjects: frozenset[str] | None
    ) -> list[tuple[Connection, bool]]:
        """Those who listen by right of `subjects` (None: of anybody) and may no longer: True.

        False: nobody could be asked. A right that cannot be shown is no right, but whoever has it
        comes back for it. In a closed event everybody needs a right, and a guest's is asked for
        with all others'.
        """
        guarded = subjects is None and await self._is_closed(event_id)
        gone = []
        for connection in list(self._connections):
            mine = connection.subjects
            if connection.event_id != event_id or not (mine or guarded):
                continue
            if subjects is not None and subjects.isdisjoint(mine):
                continue
            try:
                grants = await self.authorise(connection, mine.values())
            except Error:
                gone.append((connection, False))
                continue
            if grants is None:
                gone.append((connection, True))
        return gone


def _failed(done: "asyncio.Future[Any]") -> bool:
    return done.cancelled() or done.exception() is not None
