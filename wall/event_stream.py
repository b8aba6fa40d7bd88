"""Server-sent events over a connection to a checked address. Never decides where.

Framing: the HTML standard, "Server-sent events"; ids and retry times are passed over, for no
network we read can use them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import httpcore

from wall.transfer import (
    CONNECT_S,
    READ_S,
    Answer,
    Connect,
    Declined,
    Garbled,
    Pinned,
    TooLarge,
    ascii_pairs,
    merged,
)

if TYPE_CHECKING:
    import ssl

    from wall.targets import Target
    from wall.websocket import InWords


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event: its name, "message" if it has none, and its lines of data."""

    name: str
    data: bytes


@dataclass(slots=True)
class Events:
    """An open stream: `async for event in events`. Ends when the server hangs up.

    `idle_s` is counted from one whole line to the next, comments included, so a server that only
    drips is as silent as one that says nothing.
    """

    chunks: AsyncIterator[bytes]
    max_bytes: int
    idle_s: float
    in_words: InWords
    _rest: list[bytes] = field(default_factory=list)  # of a line that is not whole yet
    _rest_bytes: int = 0
    _ready: deque[Event] = field(default_factory=deque)
    _name: str = ""
    _data: list[bytes] = field(default_factory=list)
    _data_bytes: int = 0
    _heard_at: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        while not self._ready:
            with self.in_words():
                async with asyncio.timeout_at(self._heard_at + self.idle_s):
                    chunk = await anext(self.chunks, None)
                if chunk is None:
                    raise StopAsyncIteration
                self._take(chunk)
        return self._ready.popleft()

    def _take(self, chunk: bytes) -> None:
        self._rest.append(chunk)
        self._rest_bytes += len(chunk)
        # Joined only when a line ends: a megabyte in single bytes must not be copied each time.
        if b"\n" in chunk or b"\r" in chunk:
            for line in self._whole_lines():
                self._take_line(line)
            self._heard_at = asyncio.get_running_loop().time()
        if self._rest_bytes + self._data_bytes > self.max_bytes:
            raise TooLarge

    def _whole_lines(self) -> list[bytes]:
        joined = b"".join(self._rest)
        # A carriage return at the very end may be half of a line's end: it waits for its other.
        halved = b"\r" if joined.endswith(b"\r") else b""
        whole = joined.removesuffix(halved).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *lines, rest = whole.split(b"\n")
        self._rest = [rest + halved]
        self._rest_bytes = len(self._rest[0])
        return lines

    def _take_line(self, line: bytes) -> None:
        if not line:
            if self._data:
                self._ready.append(Event(self._name or "message", b"\n".join(self._data)))
            self._name, self._data, self._data_bytes = "", [], 0
            return
        name, _colon, value = line.partition(b":")
        value = value.removeprefix(b" ")
        if name == b"data":
            self._data.append(value)
            self._data_bytes += len(value) + 1
            if self._data_bytes > self.max_bytes:
                raise TooLarge
        elif name == b"event":
            self._name = value[:100].decode("ascii", "replace")


@asynccontextmanager
async def open_events(
    target: Target,
    addresses: Sequence[str],
    *,
    connect: Connect,
    headers: Mapping[str, str],
    max_bytes: int,
    idle_s: float,
    context: ssl.SSLContext | None,
    in_words: InWords,
) -> AsyncIterator[Events]:
    """Opens a stream of events and closes it. Raises as `transfer` does, and Declined."""
    url = httpcore.URL(
        scheme=target.scheme.encode(),
        host=target.host.encode(),
        port=target.port,
        target=target.path.encode(),
    )
    limits = {"connect": CONNECT_S, "read": idle_s, "write": READ_S, "pool": READ_S}
    sent = ascii_pairs({"Host": target.authority, **headers})
    pinned = Pinned(target.port, addresses, connect)
    async with (
        httpcore.AsyncConnectionPool(ssl_context=context, network_backend=pinned) as pool,
        pool.stream("GET", url, headers=sent, extensions={"timeout": limits}) as response,
    ):
        told = merged(response.headers)
        if response.status != 200:
            raise Declined(Answer(response.status, told, b""))
        kind = told.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "text/event-stream" or told.get("content-encoding", "identity") != "identity":
            raise Garbled(kind)
        chunks = aiter(response.aiter_stream())
        yield Events(chunks, max_bytes=max_bytes, idle_s=idle_s, in_words=in_words)
