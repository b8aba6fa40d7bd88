"""How fast one visitor may ask: too fast is answered here, before any thread or database. A leaf.

A guest is known by the signed cookie; staff, screens and codes by words that have proved themselves
in this process. Everybody else is known by their connection and, as a high ceiling, by the address
that a whole hall may share. Loopback is an address like any other.
"""

import ipaddress
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

from django.conf import settings

from eventhub.gate import ASGIApp, refuse_too_fast
from eventhub.http import Buckets, client_address, cookies_of

_CODE = re.compile(r"/([A-Za-z2-9]{4,8})")
_PICTURE_COSTS = 0.1  # a page may show sixty of them
BURST_S = 12.5  # an address may ask at once for as much as in so many seconds

Recognise = Callable[[Mapping[str, str]], str]


class Proven:
    """Words that were right once, as far as this process remembers; it keeps their hashes only."""

    MAX_WORDS = 20_000

    def __init__(self) -> None:
        self._hashes: OrderedDict[bytes, None] = OrderedDict()

    def add(self, kind: str, word: str) -> None:
        digest = _digest(kind, word)
        self._hashes[digest] = None
        self._hashes.move_to_end(digest)
        if len(self._hashes) > self.MAX_WORDS:
            self._hashes.popitem(last=False)

    def has(self, kind: str, word: str) -> bool:
        return bool(word) and _digest(kind, word) in self._hashes


def _digest(kind: str, word: str) -> bytes:
    return blake2b(f"{kind}:{word}".encode(errors="replace"), digest_size=16).digest()


proven = Proven()


class Pace:
    """Sends away, with 429, who asks too fast; the others behind the same address never notice.

    `recognise` answers with a guest's name from cookies alone, "" if none is proven.
    """

    def __init__(self, app: ASGIApp, *, recognise: Recognise) -> None:
        self._app = app
        self._recognise = recognise
        self._known = Buckets(at_once=150, per_second=10)
        self._connections = Buckets(at_once=200, per_second=20)
        rate = settings.ADDRESS_RATE
        self._addresses = Buckets(at_once=rate * BURST_S, per_second=rate)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if wait_s := self.wait_s(scope):
            await refuse_too_fast(scope, send, wait_s)
        else:
            await self._app(scope, receive, send)

    def wait_s(self, scope: dict[str, Any], costs: float = 1.0) -> float:
        """0.0 for a request that may come in, else the seconds until its visitor may ask again."""
        path = scope["path"]
        costs = _PICTURE_COSTS if path.startswith("/media/") else costs
        if known := self._name(cookies_of(scope["headers"])):
            return self._known.take(known, costs)
        if wait_s := self._of_connection(scope, costs):
            return wait_s
        if (code := _CODE.fullmatch(path)) and proven.has("code", code[1].upper()):
            return 0.0  # whoever floods the address must not keep the hall from joining
        return self._addresses.take(address_of(scope), costs)

    def _of_connection(self, scope: dict[str, Any], costs: float) -> float:
        client = scope.get("client")
        if settings.TRUSTED_PROXIES or not client:
            return 0.0  # the connection is a proxy's own, and carries many
        return self._connections.take(f"{client[0]} {client[1]}", costs)

    def _name(self, cookies: Mapping[str, str]) -> str:
        """Who asks, by what a cookie proves; "" for anybody."""
        for kind in (settings.SESSION_COOKIE_NAME, settings.SCREEN_COOKIE_NAME):
            word = cookies.get(kind, "")
            if proven.has(kind, word):
                return f"{kind}:{word}"
        return self._recognise(cookies)


def address_of(scope: dict[str, Any]) -> str:
    """Where a request comes from, past the proxies we trust: IPv4 address, or the /64 of IPv6."""
    remote = (scope.get("client") or ("",))[0]
    lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    address = client_address(remote, b",".join(lines).decode("latin-1"))
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"  # whatever a proxy writes there: all of them together are one
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is None:
            return str(ipaddress.ip_network((ip, 64), strict=False))
        ip = ip.ipv4_mapped
    return str(ip)
