"""Servers of pictures that exist in memory only: they answer by the path they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import httpcore

from tests.wall.recorder import Canned
from tests.wall.spellings import PUBLIC
from wall.egress import Egress

GONE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def page(body: bytes, *, status: str = "200 OK", kind: str = "image/png", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{more}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@dataclass
class Answering(Canned):
    """Finds its answer when it has been asked."""

    server: PictureServer | None = None

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        await super().write(buffer)
        assert self.server is not None
        if not self.answer and buffer.startswith(b"GET "):
            path = buffer.split(b" ", 2)[1].decode()
            self.server.asked.append(path)
            self.answer = self.server.pages.get(path, GONE)


@dataclass
class PictureServer:
    """What lies where, and what was asked for."""

    pages: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, path: str, body: bytes, **how: str) -> str:
        """The address under which `body` lies from now on."""
        self.pages[path] = page(body, **how)
        return f"https://files.example{path}"

    def egress(self) -> Egress:
        return Egress(resolve=self._resolve, connect=self._connect)

    async def _resolve(self, host: str, port: int) -> Sequence[str]:
        return [PUBLIC]

    async def _connect(
        self, address: str, port: int, within_s: float
    ) -> httpcore.AsyncNetworkStream:
        return Answering(b"", server=self)
