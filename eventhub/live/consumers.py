"""One socket: connect, hello, acknowledge, catch up, good-bye. No database, no content."""

import random
import time
from typing import Any

import msgspec
from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings
from django.db import Error

from eventhub.http import cookies_of
from eventhub.live.connection import CLOSE_GOING_AWAY, CLOSE_NOT_ALLOWED, CLOSE_PROTOCOL, Connection
from eventhub.live.hub import Hub
from eventhub.live.reading import Cursor, group_name
from eventhub.live.seats import network_of
from eventhub.live.senders import Packet
from eventhub.live.sending import sender_for
from eventhub.live.topics import Visitor

MAX_MESSAGE_CHARS = 8192
MESSAGES_PER_SECOND = 5.0
MESSAGES_AT_ONCE = 20.0
MAX_TOPICS = 8


class Subscription(msgspec.Struct):
    topics: list[str]
    cursor: str = ""


class Hello(msgspec.Struct, tag_field="t", tag="hello"):
    subs: dict[str, Subscription]
    language: str = "de"
    build: str = ""


class Ack(msgspec.Struct, tag_field="t", tag="ack"):
    n: int


class CatchUp(msgspec.Struct, tag_field="t", tag="catch-up"):
    g: str
    cursor: str


_decoder = msgspec.json.Decoder(Hello | Ack | CatchUp)
_languages = frozenset(code for code, _ in settings.LANGUAGES)


class StreamConsumer(AsyncConsumer):  # type: ignore[misc]  # channels carries no types
    """`/ws/SLUG`. The path and the Origin have been checked before we are asked."""

    def __init__(self, hub: Hub, slug: str) -> None:
        self.hub = hub
        self.slug = slug
        self.connection: Connection | None = None
        self.budget = MESSAGES_AT_ONCE
        self.budget_at = time.monotonic()

    async def dispatch(self, message: dict[str, Any]) -> None:
        # Channels' own dispatch hops to a thread to close idle database connections, once per
        # message; this consumer has none.
        match message["type"]:
            case "websocket.receive":
                await self.receive(message.get("text"))
            case "websocket.connect":
                await self.connect()
            case "websocket.disconnect":
                self.leave()
                raise StopConsumer

    async def connect(self) -> None:
        self.hub.start()
        if self.hub.stopping or len(self.hub.connections) >= settings.MAX_SOCKETS:
            await self.send({"type": "websocket.close", "code": CLOSE_GOING_AWAY})
            raise StopConsumer
        await self.send({"type": "websocket.accept"})
        visitor = Visitor(cookies_of(self.scope["headers"]), network_of(self.scope))
        self.connection = Connection(sender_for(self.base_send), visitor)
        self.hub.enter(self.connection)

    async def receive(self, text: str | None) -> None:
        connection = self.connection
        if connection is None or connection.closed:
            return
        if text is None or len(text) > MAX_MESSAGE_CHARS or not self._within_budget():
            self._refuse(CLOSE_PROTOCOL)
            return
        try:
            message = _decoder.decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            self._refuse(CLOSE_PROTOCOL)
            return
        match message:
            case Ack(n=count):
                connection.acknowledge(count)
            case CatchUp(g=name, cursor=cursor):
                await self._when_reachable(
                    self.hub.catch_up(connection, name, Cursor.parse(cursor))
                )
            case Hello():
                await self._when_reachable(self.hello(connection, message))

    async def hello(self, connection: Connection, hello: Hello) -> None:
        names = [name for sub in hello.subs.values() for name in sub.topics]
        event_id = await self.hub.rights.event_id(self.slug)
        if connection.groups or not 0 < len(names) <= MAX_TOPICS or len(hello.subs) > 2:
            return self._refuse(CLOSE_PROTOCOL)
        if event_id is None:
            return self._refuse(CLOSE_NOT_ALLOWED)
        await self.hub.follower.feed(event_id)  # from here on this process hears of its changes
        connection.event_id = event_id
        connection.language = hello.language if hello.language in _languages else "de"
        if self.hub.build and hello.build and hello.build != self.hub.build:
            self._tell_reload(connection)
        wanted: dict[frozenset[str], Cursor | None] = {}
        for sub in hello.subs.values():
            grants = await self.hub.rights.authorise(connection, sub.topics)
            if grants is None:
                return self._refuse(CLOSE_NOT_ALLOWED)
            connection.subjects |= {grant.subject: grant.name for grant in grants if grant.subject}
            wanted[frozenset(grant.name for grant in grants)] = Cursor.parse(sub.cursor)
        if len({group_name(topics) for topics in wanted}) < len(hello.subs):  # of each there is one
            return self._refuse(CLOSE_PROTOCOL)
        if connection.closed or not self.hub.seat(connection, self.hub.rights.holder(connection)):
            return None
        for topics, cursor in wanted.items():
            await self.hub.join(connection, topics, cursor)
        # Only now does the hub tell this connection of a right that is taken away: ask once more.
        rights = list(connection.subjects.values())
        if await self.hub.rights.authorise(connection, rights) is None:
            return self._refuse(CLOSE_NOT_ALLOWED)
        if connection.closed:
            self.hub.leave(connection)  # it left while it was being brought up to date
        return None

    def _tell_reload(self, connection: Connection) -> None:
        after_ms = random.randrange(500, 15_000)
        message = {"t": "reload", "build": self.hub.build, "after_ms": after_ms}
        connection.send(Packet(msgspec.json.encode(message)))

    async def _when_reachable(self, work: Any) -> None:
        """A database that is away ends the socket politely: the browser tries again by itself."""
        try:
            await work
        except Error:
            self._refuse(CLOSE_GOING_AWAY)

    def _within_budget(self) -> bool:
        now = time.monotonic()
        earned = (now - self.budget_at) * MESSAGES_PER_SECOND
        self.budget = min(MESSAGES_AT_ONCE, self.budget + earned) - 1
        self.budget_at = now
        return self.budget >= 0

    def _refuse(self, code: int) -> None:
        if self.connection is not None:
            self.connection.close(code)
            self.leave()

    def leave(self) -> None:
        if self.connection is not None:
            self.hub.leave(self.connection)
