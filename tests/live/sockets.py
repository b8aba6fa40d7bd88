"""A browser tab on the real consumer and the real hub; only the network between them is a list."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.test import Client

from agenda import attendees
from agenda.models import Attendee, Event, User
from eventhub.live import reading
from eventhub.live.connection import Connection
from eventhub.live.consumers import StreamConsumer
from eventhub.live.groups import Group
from eventhub.live.hub import Hub
from eventhub.live.reading import Frame, Reset
from tests.replay import wire
from tests.replica import CatchUp, Fetch, Message, Replica, Request

P = ParamSpec("P")
R = TypeVar("R")
PATIENCE_S = 30.0  # a machine may be busy; nobody waits this long on purpose


class Tab:
    """One page with one socket. What arrives stays in `inbox` until it is read."""

    def __init__(
        self,
        hub: Hub,
        event: Event,
        groups: Mapping[str, Sequence[str]],
        *,
        cookies: Mapping[str, str] | None = None,
        language: str = "de",
    ) -> None:
        self.hub = hub
        self.event = event
        self.cookies = cookies or {}
        self.language = language
        self.replica = Replica(groups)
        self.inbox: list[Message] = []
        self.asked: list[Request] = []
        self.closed_with: int | None = None

    def load(self, answer: Frame | Reset) -> None:
        """Begin with what the page itself came with."""
        self.replica.receive(wire(answer))

    async def open(self) -> None:
        """Connect and say hello; on return the hub has brought this tab up to date."""
        self.generation = self.replica.connected()
        self.inbox, self.closed_with = [], None
        self.consumer = StreamConsumer(self.hub, self.event.slug)
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.consumer.scope = {"headers": [(b"cookie", jar.encode())]}
        self.consumer.base_send = self._receive
        await self.consumer.dispatch({"type": "websocket.connect"})
        await self.say(self.replica.hello(language=self.language))

    async def say(self, message: Message) -> None:
        await self.consumer.dispatch({"type": "websocket.receive", "text": json.dumps(message)})

    def close(self) -> None:
        """The network is gone."""
        self.consumer.leave()

    def read(self) -> list[Request]:
        """Take everything that has arrived; what has to be asked now."""
        arrived, self.inbox = self.inbox, []
        asked: list[Request] = []
        for message in arrived:
            asked += self.replica.receive(message, self.generation)
        self.asked += asked
        return asked

    async def settle(self) -> None:
        """Read, ask, and read again until there is nothing to ask."""
        while asked := self.read():
            for request in asked:
                await self.answer(request)

    async def answer(self, request: Request) -> None:
        match request:
            case CatchUp():
                await self.say(request.message())
            case Fetch(group=name):
                names = self.names(name)
                answer = await aside(self.hub, reading.window, self.event.pk, names, self.language)
                self.replica.polled(name, wire(answer), self.generation)

    def names(self, group: str) -> list[str]:
        return sorted(self.group(group).topics)

    def group(self, name: str = "shared") -> Group:
        """The hub's own, in which this tab is."""
        return self.connection.groups[name]

    @property
    def connection(self) -> Connection:
        assert self.consumer.connection is not None
        return self.consumer.connection

    def keys(self, topic: str = "wall") -> list[str]:
        return list(self.replica.topic(topic))

    def cursor(self, group: str = "shared") -> str:
        return self.replica.groups[group].cursor

    async def _receive(self, message: Message) -> None:
        match message["type"]:
            case "websocket.send":
                assert self.closed_with is None
                self.inbox.append(json.loads(message["text"]))
            case "websocket.close":
                self.closed_with = message["code"]


async def aside(hub: Hub, work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Do database work in one of the hub's threads: a loop must not wait for a database."""
    return await hub.executor.run("test", work, *args, **kwargs)


async def until(condition: Callable[[], object]) -> None:
    """Wait for what has to happen; when it does is not asserted."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():
            await asyncio.sleep(0.002)


async def reach(tabs: Sequence[Tab], answer: Frame | Reset) -> None:
    """Wait until every tab has read up to where `answer` leads."""

    def arrived() -> bool:
        for tab in tabs:
            assert tab.read() == []
        return all(tab.cursor() == answer.upto for tab in tabs)

    await until(arrived)


def guest_cookies(guest: Attendee) -> dict[str, str]:
    name = attendees.cookie_name(guest.event_id, settings.ATTENDEE_COOKIE_NAME)
    return {name: attendees.sign(guest.event_id, guest.key)}


def signed_in(user: User) -> dict[str, str]:
    """The cookies of a browser in which `user` has just signed in."""
    client = Client()
    client.force_login(user)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}
