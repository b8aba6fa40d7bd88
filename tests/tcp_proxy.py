"""A TCP proxy on the loopback whose network can be made bad; knows nothing of what it carries."""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Coroutine
from typing import Any, Self

CHUNK_BYTES = 65_536
WAITING_CHUNKS = 64  # per direction; beyond that the sender feels the slowness
TRICKLE_STEP_S = 0.1


class TcpProxy:
    """Forwards 127.0.0.1:`port` to 127.0.0.1:`target_port` until told otherwise.

    Runs in a thread of its own; every method may be called from any thread and returns when
    its effect stands. `delay` and `trickle` hold for open connections too, in both directions.
    """

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._links: set[_Link] = set()
        self._is_cut = False
        self._swallows = False
        self.delay_s = 0.0
        self.bytes_per_s: float | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._listen())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def cut(self) -> None:
        """Reset every connection, and every new one at once."""
        self._run(self._set(cut=True, swallows=False))

    def half_open(self) -> None:
        """Swallow silently. What is open now stays dead after `heal()`, as behind a lost route."""
        self._run(self._set(cut=False, swallows=True))

    def delay(self, seconds: float) -> None:
        self.delay_s = seconds

    def trickle(self, bytes_per_s: float) -> None:
        self.bytes_per_s = bytes_per_s

    def heal(self) -> None:
        """A good network again, for new connections and for those that lost nothing."""
        self.delay_s = 0.0
        self.bytes_per_s = None
        self._run(self._set(cut=False, swallows=False))

    @property
    def open_links(self) -> int:
        return len(self._links)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=4096)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        self._server.close()
        await self._end_all()
        await self._server.wait_closed()

    async def _end_all(self) -> None:
        tasks = [link.task for link in self._links]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _set(self, *, cut: bool, swallows: bool) -> None:
        self._is_cut = cut
        self._swallows = swallows
        if cut:
            await self._end_all()
        for link in self._links:
            link.is_dead = link.is_dead or swallows

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            _reset(writer)
            return
        link = _Link(self, writer)
        link.is_dead = self._swallows
        self._links.add(link)
        try:
            await link.carry(reader)
            link.close()
        except* (OSError, asyncio.CancelledError):
            link.reset()  # broken connections are what this proxy is for
        finally:
            self._links.discard(link)


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    if connection.fileno() >= 0:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class _Link:
    """One connection: a reader and a sender in each direction."""

    def __init__(self, proxy: TcpProxy, near: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.task = task
        self.is_dead = False
        self._proxy = proxy
        self._writers = [near]

    def close(self) -> None:
        for writer in self._writers:
            writer.close()

    def reset(self) -> None:
        for writer in self._writers:
            _reset(writer)

    async def carry(self, near: asyncio.StreamReader) -> None:
        if self.is_dead:
            while await near.read(CHUNK_BYTES):
                pass
            return
        far, writer = await asyncio.open_connection("127.0.0.1", self._proxy.target_port)
        self._writers.append(writer)
        async with asyncio.TaskGroup() as group:
            for reader, writer in zip((far, near), self._writers, strict=True):
                waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(WAITING_CHUNKS)
                group.create_task(self._read(reader, waiting))
                group.create_task(self._send(waiting, writer))

    async def _read(
        self, reader: asyncio.StreamReader, waiting: asyncio.Queue[tuple[float, bytes]]
    ) -> None:
        data = b"-"
        while data:
            try:
                data = await reader.read(CHUNK_BYTES)
            except OSError:
                if not self.is_dead:
                    raise
                data = b""
            due = asyncio.get_running_loop().time() + self._proxy.delay_s
            await waiting.put((due, data))

    async def _send(
        self, waiting: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
    ) -> None:
        while True:
            due, data = await waiting.get()
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            if not data:
                if not self.is_dead:
                    writer.write_eof()
                return
            while data and not self.is_dead:
                rate = self._proxy.bytes_per_s
                size = len(data) if rate is None else max(1, int(rate * TRICKLE_STEP_S))
                writer.write(data[:size])
                await writer.drain()
                data = data[size:]
                if rate is not None:
                    await asyncio.sleep(size / rate)
