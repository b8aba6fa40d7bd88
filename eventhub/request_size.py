"""Refuse a request whose body is larger than anything we take, before it fills the disk.

Twisted spools a body to a file as it comes, and Daphne hands it over only when it is complete.
"""

from typing import Any

from daphne import http_protocol

MAX_BODY_BYTES = 3 * 1024 * 1024
_REFUSAL = b"HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class BoundedRequest(http_protocol.WebRequest):  # type: ignore[misc]  # daphne carries no types
    """Closes the connection of a body that is, or grows, too large."""

    refused = False
    taken = 0

    def gotLength(self, length: int | None) -> None:
        super().gotLength(0 if length is not None and length > MAX_BODY_BYTES else length)
        if length is not None and length > MAX_BODY_BYTES:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:
        self.taken += len(data)
        if self.refused or self.taken > MAX_BODY_BYTES:
            self._refuse()
            return
        super().handleContentChunk(data)

    def _refuse(self) -> None:
        channel: Any = self.channel
        if not self.refused and channel is not None:
            self.refused = True
            channel.transport.write(_REFUSAL)
            channel.loseConnection()


def bound_requests() -> None:
    """Make Daphne use it; its factory looks the class up by this name for each connection."""
    http_protocol.WebRequest = BoundedRequest
