"""The only way out: public addresses over https, one answer or a stream. Refuses everything else.

Names are looked up once per request, every address is checked, and the connection goes to a checked
address while certificate and Host keep the name. No proxies, no cookies, no environment.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import cache, partial
from typing import TypeVar

import certifi
from django.utils.translation import gettext_lazy as _

from wall.egress_errors import (
    EgressDeclined,
    EgressError,
    EgressFailed,
    EgressRefused,
    failed,
    in_words,
    refused,
    unreadable,
)
from wall.event_stream import Events, open_events
from wall.hosts import canonical_host, is_public_address
from wall.targets import Target, parse_allow, parse_url
from wall.transfer import CONNECT_S, Answer, Connect, connect_by_tcp, transfer
from wall.websocket import Socket, open_websocket

__all__ = [
    "Answer",
    "Egress",
    "EgressDeclined",
    "EgressError",
    "EgressFailed",
    "EgressRefused",
    "Events",
    "Socket",
    "from_settings",
]

TOTAL_S = 8.0  # for everything together, redirects included
MAX_BYTES = 1 << 20  # of a body, on the wire and unpacked
MAX_REDIRECTS = 2
MAX_ADDRESSES = 16  # of one name; a name with more is refused
IDLE_S = 90.0  # the longest silence of a stream; servers give a sign of life every 15 or 30 s

Opened = TypeVar("Opened")
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """All addresses the system knows for `host`. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


class Egress:
    """Asks other servers. Holds no connection between two requests, so it fits any loop.

    `allow` names (host, port) pairs that may be asked over http too, at whatever address they are.
    """

    def __init__(
        self,
        *,
        allow: Collection[tuple[str, int]] = (),
        resolve: Resolve = resolve_by_system,
        connect: Connect = connect_by_tcp,
        user_agent: str = "Eventhub",
    ) -> None:
        self._allow = frozenset((canonical_host(host), port) for host, port in allow)
        self._resolve = resolve
        self._connect = connect
        self._user_agent = user_agent

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> Answer:
        """The answer to GET `url`, after at most two redirects, each checked like the first.

        Authorization is not taken along to another origin. Raises EgressRefused, EgressFailed.
        """
        target = _target(url)
        return await _soon(target, self._follow(target, dict(headers or {}), max_bytes))

    async def post(
        self,
        url: str,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> Answer:
        """The answer to POST `url` with this body (JSON). As `get`, but no redirect is followed:
        what is sent is often a secret.
        """
        target = _target(url)
        sent = dict(headers or {}) | ({"Content-Type": "application/json"} if body else {})
        return await _soon(target, self._ask(target, sent, max_bytes, body=body))

    def websocket(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        idle_s: float = IDLE_S,
    ) -> AbstractAsyncContextManager[Socket]:
        """An open WebSocket to `url` (https or wss): `async for message in socket` gives bytes.

        The same rules as for `get`, and no redirect is followed. `max_bytes` is of one message.
        Raises EgressRefused, EgressDeclined, EgressFailed, also while messages are read.
        """
        for lasting, plain in (("wss://", "https://"), ("ws://", "http://")):
            if url.startswith(lasting):
                url = plain + url.removeprefix(lasting)
        return self._lasting(
            partial(open_websocket, max_bytes=max_bytes, idle_s=idle_s), url, dict(headers or {})
        )

    def events(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
        idle_s: float = IDLE_S,
    ) -> AbstractAsyncContextManager[Events]:
        """An open stream of server-sent events. As `websocket`; `max_bytes` is of one event."""
        fixed = {"Accept": "text/event-stream", "Accept-Encoding": "identity"}
        return self._lasting(
            partial(open_events, max_bytes=max_bytes, idle_s=idle_s),
            url,
            dict(headers or {}) | fixed,
        )

    @asynccontextmanager
    async def _lasting(
        self,
        opener: Callable[..., AbstractAsyncContextManager[Opened]],
        url: str,
        headers: dict[str, str],
    ) -> AsyncIterator[Opened]:
        target = _target(url)
        async with AsyncExitStack() as kept:
            with in_words(target):
                async with asyncio.timeout(TOTAL_S):
                    opened = await kept.enter_async_context(
                        opener(
                            target,
                            await self._checked_addresses(target),
                            connect=self._connect,
                            headers=headers | {"User-Agent": self._user_agent},
                            context=_tls() if target.scheme == "https" else None,
                            in_words=partial(in_words, target),
                        )
                    )
            yield opened

    async def _follow(self, target: Target, headers: dict[str, str], max_bytes: int) -> Answer:
        for _hop in range(MAX_REDIRECTS + 1):
            answer = await self._ask(target, headers, max_bytes)
            location = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or not location:
                return answer
            try:
                following = target.follow(location)
            except ValueError as error:
                raise unreadable() from error
            if following.origin != target.origin:
                headers = {k: v for k, v in headers.items() if k.lower() != "authorization"}
            target = following
        raise failed(_("{host} sends us from one address to the next."), target)

    async def _ask(
        self,
        target: Target,
        headers: Mapping[str, str],
        max_bytes: int,
        *,
        body: bytes | None = None,
    ) -> Answer:
        addresses = await self._checked_addresses(target)
        fixed = {
            "Host": target.authority,
            "User-Agent": self._user_agent,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        taken = {name.lower() for name in fixed}
        with in_words(target):
            return await transfer(
                target,
                addresses,
                connect=self._connect,
                headers=fixed | {k: v for k, v in headers.items() if k.lower() not in taken},
                max_bytes=max_bytes,
                context=_tls() if target.scheme == "https" else None,
                body=body,
            )

    async def _checked_addresses(self, target: Target) -> Sequence[str]:
        """Where `target` may be connected to: all of its addresses are allowed, or none is."""
        allowed = (target.host, target.port) in self._allow
        if not allowed and (target.scheme, target.port) != ("https", 443):
            raise refused(_("{host} may only be asked over https on port 443."), target)
        # A name without a dot belongs to somebody's own network: not even its look-up is made.
        if not allowed and not target.is_address and "." not in target.host:
            raise refused(_("{host} is not on the public internet."), target)
        addresses = [target.host] if target.is_address else await self._look_up(target)
        if allowed:
            return addresses
        if len(addresses) > MAX_ADDRESSES or not all(map(is_public_address, addresses)):
            raise refused(_("{host} is not on the public internet."), target)
        return addresses

    async def _look_up(self, target: Target) -> Sequence[str]:
        try:
            async with asyncio.timeout(CONNECT_S):
                addresses = await self._resolve(target.host, target.port)
        except (OSError, UnicodeError) as error:  # a time-out is an OSError
            raise failed(_("There is no server with the name {host}."), target) from error
        if not addresses:
            raise failed(_("There is no server with the name {host}."), target)
        return addresses


def _target(url: str) -> Target:
    try:
        return parse_url(url)
    except ValueError as error:
        raise unreadable() from error


async def _soon(target: Target, asking: Awaitable[Answer]) -> Answer:
    try:
        async with asyncio.timeout(TOTAL_S):
            return await asking
    except TimeoutError as error:
        raise failed(_("{host} did not answer in time."), target) from error


def from_settings(allow: str, *, user_agent: str = "Eventhub") -> Egress:
    """An Egress with the exceptions in `allow`, "host:port,host:port". Raises ValueError."""
    return Egress(allow=parse_allow(allow), user_agent=user_agent)
