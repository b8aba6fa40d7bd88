"""One question over a connection to given addresses. Never decides where one may connect."""

from __future__ import annotations

import asyncio
import ssl
import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import httpcore

from wall.targets import Target

CONNECT_S = 3.0
READ_S = 8.0
TRIED_ADDRESSES = 3  # of one name, one after the other

Connect = Callable[[str, int, float], Awaitable[httpcore.AsyncNetworkStream]]


class TooLarge(Exception):
    """The body exceeds the limit, packed or unpacked."""


class Garbled(Exception):
    """The body cannot be unpacked."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Declined(Exception):
    """The server answered, but not with the stream that was asked for."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


async def connect_by_tcp(address: str, port: int, within_s: float) -> httpcore.AsyncNetworkStream:
    """A TCP connection to an IP address. Raises httpcore's network errors."""
    return await httpcore.AnyIOBackend().connect_tcp(address, port, timeout=within_s)


async def transfer(
    target: Target,
    addresses: Sequence[str],
    *,
    connect: Connect,
    headers: Mapping[str, str],
    max_bytes: int,
    context: ssl.SSLContext | None,
    body: bytes | None = None,
) -> Answer:
    """The answer to one GET, with a `body` to one POST; the body of a redirect is left unread.

    Certificate and Host are those of `target`, the connection goes to the first of `addresses`
    that answers. Raises httpcore's errors, OSError, TooLarge, Garbled.
    """
    url = httpcore.URL(
        scheme=target.scheme.encode(),
        host=target.host.encode(),
        port=target.port,
        target=target.path.encode(),
    )
    limits = {"connect": CONNECT_S, "read": READ_S, "write": READ_S, "pool": READ_S}
    async with (
        httpcore.AsyncConnectionPool(
            ssl_context=context, network_backend=Pinned(target.port, addresses, connect)
        ) as pool,
        pool.stream(
            "GET" if body is None else "POST",
            url,
            headers=ascii_pairs(headers),
            content=body,
            extensions={"timeout": limits},
        ) as response,
    ):
        told = merged(response.headers)
        got = _Body(told.get("content-encoding", "identity").strip().lower(), max_bytes)
        if not 300 <= response.status < 400:
            async for chunk in response.aiter_stream():
                got.add(chunk)
            got.finish()
        return Answer(response.status, told, b"".join(got.parts))


def ascii_pairs(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as they are sent."""
    # An umlaut in our own public address must not keep us from asking.
    return [
        (name.encode("ascii"), text.encode("ascii", "replace")) for name, text in headers.items()
    ]


@dataclass(slots=True)
class Pinned(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were checked, whatever name the client asks for."""

    port: int
    addresses: Sequence[str]
    connect: Connect

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        failure: Exception = OSError("no address")
        async with asyncio.timeout(CONNECT_S):
            for address in self.addresses[:TRIED_ADDRESSES]:
                try:
                    return await self.connect(address, self.port, CONNECT_S)
                except (OSError, httpcore.NetworkError, httpcore.TimeoutException) as error:
                    failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(slots=True)
class _Body:
    """Collects and unpacks a body; stops at the limit before memory is taken for more."""

    encoding: str
    max_bytes: int
    parts: list[bytes] = field(default_factory=list)
    _received: int = 0
    _unpacked: int = 0
    _gzip: zlib._Decompress | None = None

    def __post_init__(self) -> None:
        if self.encoding in ("gzip", "x-gzip"):
            self._gzip = zlib.decompressobj(wbits=31)
        elif self.encoding not in ("", "identity"):
            raise Garbled(self.encoding)

    def add(self, chunk: bytes) -> None:
        self._received += len(chunk)
        if self._gzip is not None:
            try:
                # At most one byte over the limit is ever unpacked, however small the chunk.
                chunk = self._gzip.decompress(chunk, self.max_bytes - self._unpacked + 1)
            except zlib.error as error:
                raise Garbled("gzip") from error
        self._unpacked += len(chunk)
        if max(self._received, self._unpacked) > self.max_bytes:
            raise TooLarge
        self.parts.append(chunk)

    def finish(self) -> None:
        if self._gzip is not None and self._received and not self._gzip.eof:
            raise Garbled("gzip")


def merged(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers as they came, by lower-case name; repeated ones are one list."""
    found: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found
