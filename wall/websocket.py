"""A WebSocket over a connection to a checked address. Never decides where, never connects again.

What comes is bytes: nobody pays for reading what is thrown away. A message has a largest size, and
silence an end.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, suppress
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
)

if TYPE_CHECKING:
    import ssl

    from websockets.client import ClientProtocol
    from websockets.frames import Frame

    from wall.targets import Target

CHUNK = 1 << 16
CLOSE_S = 1.0  # for a farewell; who does not take it is left without

# Turns what goes wrong on the wire into words, wherever the reading happens.
InWords = Callable[[], AbstractContextManager[None]]


class Socket:
    """An open WebSocket: `async for message in socket` gives whole messages, text and binary.

    Ends when the server says goodbye or hangs up. A server that is silent for `idle_s` is asked
    for a sign of life half-way; a frame that takes longer than that to arrive is silence too.
    """

    def __init__(
        self,
        stream: httpcore.AsyncNetworkStream,
        protocol: ClientProtocol,
        *,
        idle_s: float,
        in_words: InWords,
    ) -> None:
        self._stream = stream
        self._protocol = protocol
        self._idle_s = idle_s
        self._in_words = in_words
        self._now = asyncio.get_running_loop().time
        self._heard_at = self._now()
        self._asked = False
        self._part = bytearray()
        self._ready: deque[bytes] = deque()
        self._ended = False
        self._take()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        while not self._ready:
            if self._ended:
                raise StopAsyncIteration
            with self._in_words():
                await self._receive()
        return self._ready.popleft()

    async def send(self, message: str) -> None:
        """One text message. That the server has hung up is found out by reading."""
        from websockets.exceptions import InvalidState

        with self._in_words(), suppress(InvalidState):
            self._protocol.send_text(message.encode())
            await self._flush()

    async def _receive(self) -> None:
        left_s = self._heard_at + self._idle_s - self._now()
        if left_s <= 0:
            raise TimeoutError
        try:
            data = await self._stream.read(
                CHUNK, left_s if self._asked else max(left_s - self._idle_s / 2, 0.001)
            )
        except httpcore.ReadTimeout:
            if not self._asked:
                self._asked = True
                self._protocol.send_ping(b"")
                await self._flush()
            return
        if data:
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
        self._take()
        self._ended = not data or self._protocol.close_rcvd is not None
        _raise_for(self._protocol.parser_exc, hung_up=not data)
        await self._flush()

    def _take(self) -> None:
        from websockets.frames import Opcode

        frames: list[Frame] = self._protocol.events_received()  # type: ignore[assignment]
        if frames:
            self._heard_at, self._asked = self._now(), False
        for frame in frames:
            if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                continue
            if frame.fin and not self._part:
                self._ready.append(bytes(frame.data))
                continue
            self._part += frame.data
            if frame.fin:
                self._ready.append(bytes(self._part))
                self._part.clear()

    async def _flush(self) -> None:
        if data := b"".join(self._protocol.data_to_send()):
            await self._stream.write(data, READ_S)

    async def say_goodbye(self) -> None:
        """Best effort; the connection is closed by whoever opened it."""
        from websockets.exceptions import InvalidState

        with suppress(OSError, httpcore.NetworkError, httpcore.TimeoutException, InvalidState):
            self._protocol.send_close(1000)
            await self._stream.write(b"".join(self._protocol.data_to_send()), CLOSE_S)


def _raise_for(error: Exception | None, *, hung_up: bool) -> None:
    from websockets.exceptions import PayloadTooBig

    if isinstance(error, PayloadTooBig):
        raise TooLarge from error
    if error is not None and not hung_up:
        raise Garbled("websocket") from error


@asynccontextmanager
async def open_websocket(
    target: Target,
    addresses: Sequence[str],
    *,
    connect: Connect,
    headers: Mapping[str, str],
    max_bytes: int,
    idle_s: float,
    context: ssl.SSLContext | None,
    in_words: InWords,
) -> AsyncIterator[Socket]:
    """Opens a WebSocket and closes it in the end. Raises as `transfer` does, and Declined."""
    from websockets.client import ClientProtocol
    from websockets.uri import WebSocketURI

    stream = await Pinned(target.port, addresses, connect).connect_tcp(target.host, target.port)
    try:
        if context is not None:
            context.set_alpn_protocols(["http/1.1"])
            stream = await stream.start_tls(context, target.host, CONNECT_S)
        path, _question_mark, query = target.path.partition("?")
        uri = WebSocketURI(context is not None, target.host, target.port, path, query)
        # No extensions: what comes is as large as it looks.
        protocol = ClientProtocol(uri, max_size=max_bytes)
        await _shake_hands(stream, protocol, headers)
        socket = Socket(stream, protocol, idle_s=idle_s, in_words=in_words)
        yield socket
        await socket.say_goodbye()
    finally:
        await stream.aclose()


async def _shake_hands(
    stream: httpcore.AsyncNetworkStream, protocol: ClientProtocol, headers: Mapping[str, str]
) -> None:
    from websockets.http11 import Response

    request = protocol.connect()
    for name, value in ascii_pairs(headers):
        request.headers[name.decode()] = value.decode()
    protocol.send_request(request)
    await stream.write(b"".join(protocol.data_to_send()), READ_S)
    while not protocol.events and protocol.handshake_exc is None:
        if data := await stream.read(CHUNK, READ_S):
            protocol.receive_data(data)
        else:
            protocol.receive_eof()
    answer = protocol.events.pop(0) if protocol.events else None
    if isinstance(answer, Response) and answer.status_code != 101:
        told = {name.lower(): value for name, value in answer.headers.raw_items()}
        raise Declined(Answer(answer.status_code, told, bytes(answer.body or b"")))
    if protocol.handshake_exc is not None:
        raise Garbled("handshake") from protocol.handshake_exc
