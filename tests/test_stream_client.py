"""The protocol client against a scripted server: what it sends, and how it comes back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any

from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from tests.replica import Message
from tests.stream_client import Options, StreamClient

Script = Callable[[ServerConnection, Message], Awaitable[None]]


def frame(start: int, upto: int, *keys: str) -> Message:
    items = [
        {"topic": "wall", "key": key, "version": upto, "order": upto, "html": key} for key in keys
    ]
    return {"t": "frame", "g": "shared", "from": start, "upto": f"{upto}.a", "items": items}


class Scripted:
    """Plays one script per connection (the last one again and again); answers polls with `poll`."""

    def __init__(self, *scripts: Script, poll: Message | None = None) -> None:
        self.scripts = list(scripts)
        self.poll = poll
        self.polls: list[str] = []
        self.hellos: list[Message] = []
        self.headers: list[Headers] = []
        self.received: list[Message] = []

    async def connected(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        self.headers.append(socket.request.headers)
        hello = json.loads(await socket.recv())
        self.hellos.append(hello)
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        await script(socket, hello)

    def asked(self, socket: ServerConnection, request: Request) -> Response | None:
        if request.path.startswith("/ws/"):
            return None if self.scripts else _answer(HTTPStatus.SERVICE_UNAVAILABLE, "")
        self.polls.append(request.path)
        return _answer(HTTPStatus.OK, json.dumps(self.poll))

    async def listen(self, socket: ServerConnection, hello: Message) -> None:
        """Keep what the client sends until it goes."""
        async for text in socket:
            self.received.append(json.loads(text))


def _answer(status: HTTPStatus, body: str) -> Response:
    headers = Headers({"Content-Length": str(len(body.encode())), "Connection": "close"})
    return Response(status, status.phrase, headers, body.encode())


async def hang_up(socket: ServerConnection, hello: Message) -> None:
    socket.transport.abort()


def say(*messages: Message, then: Script = hang_up) -> Script:
    async def script(socket: ServerConnection, hello: Message) -> None:
        for message in messages:
            await socket.send(json.dumps(message))
        await then(socket, hello)

    return script


@asynccontextmanager
async def client_of(server: Scripted, **options: Any) -> AsyncIterator[StreamClient]:
    async with serve(server.connected, "127.0.0.1", 0, process_request=server.asked) as listening:
        port = next(iter(listening.sockets)).getsockname()[1]
        client = StreamClient(Options(port, "hall", **({"start": "zero"} | options)))
        task = asyncio.create_task(client.run())
        try:
            yield client
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def until(test: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not test():
            await asyncio.sleep(0.01)


def keys(client: StreamClient) -> list[str]:
    return list(client.replica.topic("wall"))


async def test_client_says_hello_as_its_page_would() -> None:
    server = Scripted(say(frame(0, 1, "a")))

    async with client_of(server, cookies={"session": "x", "csrf": "y"}, build="b1") as client:
        await until(lambda: keys(client) == ["a"])

    sub = {"topics": ["wall"], "cursor": "0.0"}
    hello = {"t": "hello", "subs": {"shared": sub}, "language": "de", "build": "b1"}
    assert server.hellos[0] == hello
    assert server.headers[0]["Origin"] == client.options.base
    assert server.headers[0]["Cookie"] == "session=x; csrf=y"


async def test_client_without_origin_sends_none() -> None:
    server = Scripted(say(frame(0, 1, "a")))

    async with client_of(server, origin=None) as client:
        await until(lambda: keys(client) == ["a"])

    assert "Origin" not in server.headers[0]


async def test_client_goes_on_with_its_cursor_after_a_cut() -> None:
    server = Scripted(say(frame(0, 1, "a")), say(frame(1, 2, "b")))

    async with client_of(server) as client:
        await until(lambda: keys(client) == ["a", "b"])

    assert [hello["subs"]["shared"]["cursor"] for hello in server.hellos[:2]] == ["0.0", "1.a"]


async def test_client_asks_for_a_gap_and_acknowledges() -> None:
    server = Scripted()
    server.scripts = [say(frame(5, 6, "b"), then=server.listen)]

    async with client_of(server):
        await until(lambda: len(server.received) == 2)

    catch_up, ack = server.received
    assert catch_up == {"t": "catch-up", "g": "shared", "cursor": "0.0"}
    assert ack == {"t": "ack", "n": 1}


async def test_client_fetches_a_list_that_was_only_named() -> None:
    whole = frame(0, 7, "a", "b") | {"t": "reset"}
    server = Scripted(poll=whole)
    server.scripts = [say(whole | {"items": None}, then=server.listen)]

    async with client_of(server) as client:
        await until(lambda: keys(client) == ["a", "b"])

    assert server.polls == ["/poll/hall?topics=wall&language=de"]


async def test_client_polls_with_its_cursor_while_sockets_are_refused() -> None:
    server = Scripted(poll=frame(0, 4, "a"))

    async with client_of(server) as client:
        await until(lambda: keys(client) == ["a"])

    assert server.polls[0] == "/poll/hall?topics=wall&language=de&cursor=0.0"
    assert client.failures >= 3


async def test_client_loads_its_page_first() -> None:
    server = Scripted(poll=frame(0, 3, "a") | {"t": "reset"})
    server.scripts = [server.listen]

    async with client_of(server, start="page") as client:
        await until(lambda: bool(server.hellos))

    assert server.hellos[0]["subs"]["shared"]["cursor"] == "3.a"
    assert keys(client) == ["a"]


async def test_client_that_is_cancelled_at_any_moment_ends() -> None:
    """Even in the one in which a message, or the end of its socket, has just come."""
    for turns in [*range(12)] * 4:
        server = Scripted(say(frame(0, 1, "a")))
        async with asyncio.timeout(20) as deadline, client_of(server) as client:
            while not keys(client):
                await asyncio.sleep(0)
            for _ in range(turns):
                await asyncio.sleep(0)
        assert not deadline.expired()


async def test_denied_client_does_not_come_back() -> None:
    async def deny(socket: ServerConnection, hello: Message) -> None:
        await socket.close(4403)

    server = Scripted(deny)

    async with client_of(server) as client:
        await until(lambda: client.denied is not None)

    assert client.denied == "closed 4403"
    assert len(server.hellos) == 1
