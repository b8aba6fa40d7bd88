"""The only outgoing HTTP: public addresses over https, small and soon. Refuses everything else.

Names are looked up once per request, every address is checked, and the connection goes to a checked
address while certificate and Host keep the name. No proxies, no cookies, no environment.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING

import certifi
import httpcore
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from wall.hosts import canonical_host, is_public_address
from wall.targets import Target, parse_allow, parse_url
from wall.transfer import (
    CONNECT_S,
    Answer,
    Connect,
    Garbled,
    TooLarge,
    connect_by_tcp,
    transfer,
)

if TYPE_CHECKING:
    from django.utils.functional import Promise, _StrPromise

__all__ = ["Answer", "Egress", "EgressError", "EgressFailed", "EgressRefused", "from_settings"]

TOTAL_S = 8.0  # for everything together, redirects included
MAX_BYTES = 1 << 20  # of a body, on the wire and unpacked
MAX_REDIRECTS = 2
MAX_ADDRESSES = 16  # of one name; a name with more is refused

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class EgressError(Exception):
    """`message` says in plain words what went wrong; translated when shown."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


class EgressRefused(EgressError):
    """We do not ask this address. Nothing was sent to it."""


class EgressFailed(EgressError):
    """The other side cannot be reached, is too slow, or answers what we do not take."""


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
        try:
            target = parse_url(url)
        except ValueError as error:
            raise _unreadable() from error
        try:
            async with asyncio.timeout(TOTAL_S):
                return await self._follow(target, dict(headers or {}), max_bytes)
        except TimeoutError as error:
            raise _failed(_("{host} did not answer in time."), target) from error

    async def _follow(self, target: Target, headers: dict[str, str], max_bytes: int) -> Answer:
        for _hop in range(MAX_REDIRECTS + 1):
            answer = await self._ask(target, headers, max_bytes)
            location = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or not location:
                return answer
            try:
                following = target.follow(location)
            except ValueError as error:
                raise _unreadable() from error
            if following.origin != target.origin:
                headers = {k: v for k, v in headers.items() if k.lower() != "authorization"}
            target = following
        raise _failed(_("{host} sends us from one address to the next."), target)

    async def _ask(self, target: Target, headers: Mapping[str, str], max_bytes: int) -> Answer:
        addresses = await self._checked_addresses(target)
        fixed = {
            "Host": target.authority,
            "User-Agent": self._user_agent,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        }
        taken = {name.lower() for name in fixed}
        try:
            return await transfer(
                target,
                addresses,
                connect=self._connect,
                headers=fixed | {k: v for k, v in headers.items() if k.lower() not in taken},
                max_bytes=max_bytes,
                context=_tls() if target.scheme == "https" else None,
            )
        except TooLarge as error:
            raise _failed(_("{host} answers with more than we take."), target) from error
        except (Garbled, httpcore.ProtocolError) as error:
            raise _failed(_("{host} answers in a way we do not understand."), target) from error
        except (httpcore.NetworkError, httpcore.TimeoutException, OSError) as error:
            if any(isinstance(inner, ssl.SSLError) for inner in error.args):
                raise _failed(_("The certificate of {host} is not valid."), target) from error
            raise _failed(_("{host} cannot be reached."), target) from error

    async def _checked_addresses(self, target: Target) -> Sequence[str]:
        """Where `target` may be connected to: all of its addresses are allowed, or none is."""
        allowed = (target.host, target.port) in self._allow
        if not allowed and (target.scheme, target.port) != ("https", 443):
            raise _refused(_("{host} may only be asked over https on port 443."), target)
        # A name without a dot belongs to somebody's own network: not even its look-up is made.
        if not allowed and not target.is_address and "." not in target.host:
            raise _refused(_("{host} is not on the public internet."), target)
        addresses = [target.host] if target.is_address else await self._look_up(target)
        if allowed:
            return addresses
        if len(addresses) > MAX_ADDRESSES or not all(map(is_public_address, addresses)):
            raise _refused(_("{host} is not on the public internet."), target)
        return addresses

    async def _look_up(self, target: Target) -> Sequence[str]:
        try:
            async with asyncio.timeout(CONNECT_S):
                addresses = await self._resolve(target.host, target.port)
        except (OSError, UnicodeError) as error:  # a time-out is an OSError
            raise _failed(_("There is no server with the name {host}."), target) from error
        if not addresses:
            raise _failed(_("There is no server with the name {host}."), target)
        return addresses


def from_settings(allow: str, *, user_agent: str = "Eventhub") -> Egress:
    """An Egress with the exceptions in `allow`, "host:port,host:port". Raises ValueError."""
    return Egress(allow=parse_allow(allow), user_agent=user_agent)


def _refused(message: _StrPromise, target: Target) -> EgressRefused:
    return EgressRefused(format_lazy(message, host=target.host))


def _failed(message: _StrPromise, target: Target) -> EgressFailed:
    return EgressFailed(format_lazy(message, host=target.host))


def _unreadable() -> EgressRefused:
    return EgressRefused(_("This address is written in a way we do not accept."))
