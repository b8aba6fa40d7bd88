"""Put one pre-encoded message on one socket. The portable way works on any ASGI server."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

log = logging.getLogger(__name__)

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Packet:
    """A message encoded once for everybody: as text for ASGI, as a finished frame for a socket."""

    __slots__ = ("frame", "message", "size")

    def __init__(self, payload: bytes) -> None:
        self.size = len(payload)
        self.frame = _frame_head(self.size) + payload
        self.message = {"type": "websocket.send", "text": payload.decode()}


def _frame_head(size: int) -> bytes:
    """The head of one unmasked, final text frame (RFC 6455, section 5.2)."""
    if size < 126:
        return bytes((0x81, size))
    if size < 65536:
        return b"\x81\x7e" + size.to_bytes(2)
    return b"\x81\x7f" + size.to_bytes(8)


class Sender(Protocol):
    """Writes never wait; whoever does not read is found by the bytes that pile up."""

    def write(self, packet: Packet) -> None: ...

    def close(self, code: int) -> None: ...

    def buffered(self) -> int:
        """Bytes waiting in this process for the socket, 0 where the server does not tell."""


class PortableSender:
    """Through ASGI's `send`. Under Daphne the coroutine ends at its first step, without a task."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._tasks: list[asyncio.Future[None]] = []

    def write(self, packet: Packet) -> None:
        self._start(packet.message)

    def close(self, code: int) -> None:
        self._start({"type": "websocket.close", "code": code})

    def buffered(self) -> int:
        return 0

    def _start(self, message: dict[str, Any]) -> None:
        if self._tasks:
            # An earlier message still waits for the server: keep the order behind it.
            self._follow(self._in_turn(self._tasks[-1], message))
            return
        step = self._send(message).__await__()
        try:
            waits_for = next(step)
        except StopIteration:
            return
        except Exception as error:
            # Whoever delivers to a thousand must not stumble over one; but it must be seen.
            log.warning("message not sent", extra={"error": f"{type(error).__name__}: {error}"})
            return
        self._follow(_finish(step, waits_for))

    async def _in_turn(self, earlier: "asyncio.Future[None]", message: dict[str, Any]) -> None:
        await asyncio.wait([earlier])
        await self._send(message)

    def _follow(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(coroutine)
        self._tasks.append(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Future[None]") -> None:
        self._tasks.remove(task)
        if not task.cancelled():
            task.exception()  # a socket that broke while we wrote: its consumer is told as well


class _Resume:
    """Goes on with a coroutine that was started by hand and has yielded `first`."""

    def __init__(self, step: Any, first: Any) -> None:
        self._step = step
        self._first = first

    def __await__(self) -> Any:
        waits_for = self._first
        while True:
            try:
                sent = yield waits_for
            except BaseException as error:
                waits_for = self._step.throw(error)
                continue
            try:
                waits_for = self._step.send(sent)
            except StopIteration:
                return


async def _finish(step: Any, first: Any) -> None:
    await _Resume(step, first)
