"""Who may hear what on this process's sockets: asked at hello, and when a right has changed."""

import asyncio
import time
from collections.abc import Collection, Iterable
from typing import Any

from django.db import Error

from eventhub.live.connection import Connection
from eventhub.live.executor import DatabaseThreads
from eventhub.live.topics import Grant, registry

KNOWN_EVENT_S = 5.0
MAX_KNOWN_EVENTS = 1000


class Rights:
    """Asks the topics; decides nothing itself and closes nobody."""

    def __init__(self, threads: DatabaseThreads, connections: Collection[Connection]) -> None:
        self._threads = threads
        self._connections = connections
        self._event_ids: dict[str, tuple[float, asyncio.Future[int | None]]] = {}

    def forget_events(self) -> None:
        """An event has changed: its address may be another now."""
        self._event_ids.clear()

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
        """The grants for all `names`, or None if one of them is refused."""
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
            grants.append(grant)
        return grants

    def holder(self, connection: Connection) -> str:
        """Who has opened this socket: a right that was proven, else a guest, else "".

        Asked after `authorise`; a cookie that proves nothing counts as none.
        """
        proven = next(iter(connection.subjects), "")
        return proven or registry.own_name(connection.event_id, connection.visitor)

    async def lost(self, event_id: int, subjects: frozenset[str] | None) -> list[Connection]:
        """Those who listen by right of `subjects` (None: of anybody) and may no longer."""
        gone = []
        for connection in list(self._connections):
            mine = connection.subjects
            if connection.event_id != event_id or not mine:
                continue
            if subjects is not None and subjects.isdisjoint(mine):
                continue
            try:
                grants = await self.authorise(connection, mine.values())
            except Error:
                grants = None  # a right that cannot be shown is no right; the browser comes back
            if grants is None:
                gone.append(connection)
        return gone


def _failed(done: "asyncio.Future[Any]") -> bool:
    return done.cancelled() or done.exception() is not None
