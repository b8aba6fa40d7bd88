"""Send pages compressed that are made for one person; what is kept is compressed where it is kept.

A page of 18 KB is one of 5 KB on the line. What an attacker could learn from the length of a page
that holds a secret beside something of theirs is drowned in a random number of bytes, as Django's
own middleware does it.
"""

import asyncio
import re
from typing import Any

from django.utils.text import compress_string

from eventhub.gate import ASGIApp

COMPRESS_FROM = 1000  # bytes; less fits into one packet anyway
INLINE_BYTES = 50_000  # what is larger is compressed in a thread
RANDOM_BYTES = 100  # at most; see "Heal the breach", 2022
_TYPES = re.compile(rb"text/|application/(json|xml|ld\+json|manifest\+json)|image/svg")
_NO_GZIP = re.compile(rb"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")


def is_worth_it(content_type: bytes, size: int) -> bool:
    return size >= COMPRESS_FROM and _TYPES.match(content_type) is not None


def takes_gzip(accepts: bytes) -> bool:
    """Whether this Accept-Encoding allows it."""
    accepts = accepts.lower()
    return b"gzip" in accepts and not _NO_GZIP.search(accepts)


class Squeeze:
    """An ASGI application in front of `app`. Whatever comes in parts is passed on as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        accepts = b",".join(text for name, text in scope["headers"] if name == b"accept-encoding")
        if not takes_gzip(accepts) or scope["method"] == "HEAD":
            await self._app(scope, receive, send)
            return
        held: list[dict[str, Any]] = []

        async def take(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                held.append(message)
                return
            if held:
                start = held.pop()
                if not message.get("more_body"):
                    start, message = await _squeezed(start, message)
                await send(start)
            await send(message)

        await self._app(scope, receive, take)


async def _squeezed(
    start: dict[str, Any], message: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    headers: list[tuple[bytes, bytes]] = list(start["headers"])
    given = {name.lower(): text for name, text in headers}
    body: bytes = message.get("body", b"")
    kind = given.get(b"content-type", b"")
    if b"content-encoding" in given or not is_worth_it(kind, len(body)):
        return start, message
    if len(body) < INLINE_BYTES:
        small = _compressed(body)
    else:
        small = await asyncio.to_thread(_compressed, body)
    left = [
        (name, text)
        for name, text in headers
        if name.lower() not in {b"content-length", b"vary", b"etag"}
    ]
    varies = [given[b"vary"]] if b"vary" in given else []
    left.append((b"vary", b", ".join([*varies, b"Accept-Encoding"])))
    if tag := given.get(b"etag"):
        # The same in meaning, not byte for byte.
        left.append((b"etag", tag if tag.startswith(b"W/") else b"W/" + tag))
    left += [(b"content-encoding", b"gzip"), (b"content-length", b"%d" % len(small))]
    return start | {"headers": left}, message | {"body": small}


def _compressed(body: bytes) -> bytes:
    return compress_string(body, max_random_bytes=RANDOM_BYTES)
