"""Answer what is kept before Daphne has built a request of it; everything else is its own work.

Knows Twisted's inside. What arrives as one plain, complete GET on an idle connection is read here;
a request that is odd in any way, or an answer that is not there at once, goes the long way. A
structure we do not know switches the whole path off (docs/decisions/0017).
"""

# mypy: disallow-untyped-calls=False

import functools
import logging
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from daphne import http_protocol
from twisted.web import http

log = logging.getLogger(__name__)

AtOnce = Callable[[dict[str, Any]], bytes | None]  # ASGI scope -> the whole answer

MOST_BYTES = 8192
_FIRST = re.compile(rb"(GET|HEAD) (/[!-~]*) HTTP/1\.1")
_LINE = re.compile(rb"([A-Za-z][A-Za-z0-9-]*): ?([ -~]*)")
# Who says one of these wants more than an answer that everybody gets.
_LONG_WAY = {
    b"authorization", b"content-length", b"daphne-root-path", b"expect", b"http2-settings",
    b"range", b"te", b"trailer", b"transfer-encoding", b"upgrade",
}  # fmt: skip
_KNOWN = {
    "requests": [],
    "_buffer": b"",
    "_dataBuffer": [],
    "_HTTPChannel__header": b"",
    "_HTTPChannel__first_line": 1,
    "_waitingForTransport": False,
    "persistent": 1,
}


class QuickChannel(http.HTTPChannel):
    """One connection. `at_once` is asked for each plain request that arrives while it is idle."""

    at_once: AtOnce
    transport: Any

    def dataReceived(self, data: bytes) -> None:
        if self._is_idle() and (scope := read(data)) is not None:
            peer = self.transport.getPeer()
            scope["client"] = [str(peer.host), peer.port]
            answer = type(self).at_once(scope)
            if answer is not None:
                self.resetTimeout()
                # A reader that does not read is paused by the transport, as on the long way.
                self.transport.write(answer)
                return
        super().dataReceived(data)

    def _is_idle(self) -> bool:
        """Nothing is half read, under way, or about to be closed."""
        return (
            all(getattr(self, name) == value for name, value in _KNOWN.items())
            and not self.transport.disconnecting
        )


def read(data: bytes) -> dict[str, Any] | None:
    """The ASGI scope of these bytes, without its client; None unless it is one plain request."""
    if len(data) > MOST_BYTES or not data.endswith(b"\r\n\r\n"):
        return None
    first, *lines = data[:-4].split(b"\r\n")
    asked = _FIRST.fullmatch(first)
    if asked is None:
        return None
    headers: list[tuple[bytes, bytes]] = []
    for line in lines:
        found = _LINE.fullmatch(line)
        if found is None:
            return None
        name, value = found[1].lower(), found[2].strip()
        if name in _LONG_WAY or (name == b"connection" and value.lower() != b"keep-alive"):
            return None
        headers.append((name, value))
    path, _, query = asked[2].partition(b"?")
    return {
        "type": "http",
        "method": asked[1].decode(),
        "scheme": "http",
        "path": unquote(path.decode()),
        "query_string": query,
        "headers": headers,
    }


def answer_quickly(at_once: AtOnce) -> None:
    """Make Daphne's connections ask `at_once` first, if Twisted looks as it did."""
    if not usable():
        return
    channel = type("OurChannel", (QuickChannel,), {"at_once": staticmethod(at_once)})
    http_protocol.HTTPFactory.protocol = staticmethod(
        lambda: http._GenericHTTPChannelProtocol(channel())
    )


@functools.cache
def usable() -> bool:
    """Whether the libraries look as they did when this was written. Asked once per process."""
    try:
        fresh = http.HTTPChannel()
        wrong = [name for name, value in _KNOWN.items() if getattr(fresh, name) != value]
        http._GenericHTTPChannelProtocol(fresh)
    except Exception as error:  # whatever has changed in there: the long way still works
        wrong = [f"{type(error).__name__}: {error}"]
    if wrong:
        log.warning("quick answers are off", extra={"reason": ", ".join(wrong)})
    return not wrong
