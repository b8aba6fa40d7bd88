"""A protocol client: keeps a Replica in step by socket or by polling; judges nothing."""

from __future__ import annotations

import asyncio
import json
import random
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from tests.replica import CatchUp, Fetch, Message, Replica

ACK_SECONDS = 2.0
ACK_BYTES = 65_536
SILENCE_SECONDS = 25.0
BACK_OFF_FIRST_S = 0.25
BACK_OFF_LAST_S = 15.0
FAILURES_BEFORE_POLLING = 3
POLL_SECONDS = 2.0
DENIED_CODES = (4401, 4403)
MAX_MESSAGE_BYTES = 1 << 22
# For every HTTP client of the tests: each would read all certificates anew, for 30 ms of CPU.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Recorder(Protocol):
    """Is told, at once and in order, what this client receives and what it makes of it."""

    def note(self, kind: str, **detail: object) -> None: ...


class Silent:
    """Records nothing."""

    def note(self, kind: str, **detail: object) -> None:
        pass


@dataclass
class Options:
    """Where to, and as whom. `start` "page" loads the lists first, "zero" asks from 0.0 on."""

    port: int
    slug: str
    groups: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"shared": ["wall"]})
    origin: str | None = ""  # "" is the page's own; None sends no header
    cookies: dict[str, str] = field(default_factory=dict)
    language: str = "de"
    build: str = ""
    start: str = "page"
    seed: int = 0

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class StreamClient:
    """`run()` until cancelled or denied; everything else is for looking at it."""

    def __init__(self, options: Options, recorder: Recorder | None = None) -> None:
        self.options = options
        self.recorder: Recorder = recorder or Silent()
        self.replica = Replica(options.groups, watch=self._watch)
        self.is_connected = False
        self.denied: str | None = None
        self.failures = 0  # socket attempts in a row without a single message
        self._random = random.Random(options.seed)
        self._hurry = asyncio.Event()
        self._told_to_wait_s: float | None = None

    async def run(self) -> None:
        async with httpx.AsyncClient(
            base_url=self.options.base,
            cookies=self.options.cookies,
            timeout=10,
            trust_env=False,
            verify=NO_TLS,
        ) as http:
            poller = asyncio.create_task(self._poll_while_socketless(http))
            try:
                if self.options.start == "page":
                    await self._load_page(http)
                while self.denied is None:
                    await self._connection(http)
                    if self.denied is None:
                        await self._pause()
            finally:
                poller.cancel()
                with suppress(asyncio.CancelledError):
                    await poller

    def reconnect(self) -> None:
        """End a waiting back-off now, as a phone does when its network is back."""
        self._hurry.set()

    def _watch(self, kind: str, detail: Message) -> None:
        self.recorder.note(kind, **detail)

    async def _pause(self) -> None:
        most = min(BACK_OFF_LAST_S, BACK_OFF_FIRST_S * 2 ** min(self.failures, 10))
        pause = self._random.uniform(0, most)
        if self._told_to_wait_s is not None:
            pause, self._told_to_wait_s = self._told_to_wait_s, None
        self._hurry.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._hurry.wait()

    async def _load_page(self, http: httpx.AsyncClient) -> None:
        for name in self.replica.groups:
            while not await self._get(http, name, full=True):
                self.failures += 1
                await self._pause()
        self.failures = 0

    async def _connection(self, http: httpx.AsyncClient) -> None:
        """One connection from handshake to end; every end but a denial is worth another."""
        headers = {}
        if self.options.cookies:
            pairs = self.options.cookies.items()
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in pairs)
        origin = self.options.base if self.options.origin == "" else self.options.origin
        address = f"ws://127.0.0.1:{self.options.port}/ws/{self.options.slug}"
        reason = ""
        tasks: set[asyncio.Task[None]] = set()
        try:
            async with connect(
                address,
                additional_headers=headers,
                origin=origin,  # type: ignore[arg-type]
                compression=None,
                ping_interval=None,
                max_size=MAX_MESSAGE_BYTES,
                open_timeout=10,
                close_timeout=1,
                proxy=None,
            ) as socket:
                generation = self.replica.connected()
                hello = self.replica.hello(language=self.options.language, build=self.options.build)
                self.recorder.note("connect", generation=generation, subs=hello["subs"])
                await socket.send(json.dumps(hello))
                await self._listen(socket, http, generation, tasks)
        except ConnectionClosed as error:
            code = error.rcvd.code if error.rcvd else 1006
            reason = f"closed {code}"
            if code in DENIED_CODES:
                self.denied = reason
        except (OSError, InvalidHandshake, InvalidMessage) as error:
            reason = f"{type(error).__name__}: {error}"
        finally:
            self.failures += 0 if self.is_connected else 1
            self.is_connected = False
            for task in tasks:
                task.cancel()
        self.recorder.note("lost", generation=self.replica.generation, reason=reason)

    async def _listen(
        self,
        socket: ClientConnection,
        http: httpx.AsyncClient,
        generation: int,
        tasks: set[asyncio.Task[None]],
    ) -> None:
        acknowledge = Acknowledger(socket, self._random)
        tasks.add(asyncio.create_task(acknowledge.run()))
        while True:
            # Too long a silence is a TimeoutError, and so an OSError: a connection like another.
            # `wait_for` of Python 3.11 forgets to be cancelled if a message comes that very moment.
            async with asyncio.timeout(SILENCE_SECONDS):
                raw = await socket.recv(decode=True)
            self.recorder.note("message", generation=generation, raw=raw)
            self.is_connected = True
            self.failures = 0
            acknowledge.received(len(raw))
            message = json.loads(raw)
            if message["t"] == "bye":
                self._told_to_wait_s = message["after_ms"] / 1000
            for request in self.replica.receive(message, generation):
                if isinstance(request, CatchUp):
                    await socket.send(json.dumps(request.message()))
                else:
                    fetch = self._fetch_until_taken(http, request, generation)
                    tasks.add(asyncio.create_task(fetch))

    async def _fetch_until_taken(
        self, http: httpx.AsyncClient, request: Fetch, generation: int
    ) -> None:
        group = self.replica.groups[request.group]
        while group.awaits_list and generation == self.replica.generation:
            if not await self._get(http, request.group, full=True):
                await asyncio.sleep(self._random.uniform(0, POLL_SECONDS))

    async def _poll_while_socketless(self, http: httpx.AsyncClient) -> None:
        while True:
            await asyncio.sleep(self._random.uniform(0.5, 1) * POLL_SECONDS)
            if self.failures >= FAILURES_BEFORE_POLLING and not self.is_connected:
                for name in self.replica.groups:
                    await self._get(http, name, full=False)

    async def _get(self, http: httpx.AsyncClient, name: str, *, full: bool) -> bool:
        """One GET of the poll address; False if it brought nothing usable."""
        generation = self.replica.generation
        group = self.replica.groups[name]
        query = {"topics": ",".join(group.topics), "language": self.options.language}
        if not full:
            query["cursor"] = group.cursor
        try:
            answer = await http.get(f"/poll/{self.options.slug}", params=query)
        except httpx.HTTPError:
            return False
        self.recorder.note("body", address="poll", status=answer.status_code, raw=answer.text)
        if answer.status_code != httpx.codes.OK:
            return False
        return self.replica.polled(name, answer.json(), generation)


class Acknowledger:
    """Tells the server how many messages arrived: every 2 s or 64 KiB at most, jittered."""

    def __init__(self, socket: ClientConnection, source: random.Random) -> None:
        self._socket = socket
        self._random = source
        self._messages = 0
        self._bytes = 0
        self._due = asyncio.Event()

    def received(self, size: int) -> None:
        self._messages += 1
        self._bytes += size
        if self._bytes >= ACK_BYTES:
            self._due.set()

    async def run(self) -> None:
        said = 0
        with suppress(ConnectionClosed):
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._random.uniform(1, 1.25) * ACK_SECONDS):
                        await self._due.wait()
                self._due.clear()
                self._bytes = 0
                if self._messages > said:
                    said = self._messages
                    await self._socket.send(json.dumps({"t": "ack", "n": said}))
