"""Refuse a request whose body is larger than anything we take, before it fills the disk.

Twisted spools a body to a file as it comes, and Daphne hands it over only when it is complete. A
browser reads an answer only after it has sent all: a form with files is read and thrown away,
so that a page can say what was wrong (`eventhub.http.SizeMiddleware`).
"""

import re
from typing import Any

from daphne import http_protocol

MIB = 1024 * 1024
MAX_BODY_BYTES = 3 * MIB
MAX_NOTE_BYTES = 9 * MIB  # a note may bring a photo of 8 MiB; wall.photos says so in words
MAX_FILE_BYTES = 11 * MIB  # a programme of 10 MiB; agenda.views.imports says so in words
MAX_PICTURES_BYTES = 25 * MIB  # several for the screens, each of 8 MiB; its page says so in words
MAX_THROWN_AWAY_BYTES = 256 * MIB  # of one form: nothing of it is kept
OVERSIZED = b"eventhub-oversized"  # a header of our own; one that came with the request is dropped
_NOTE = re.compile(rb"/[-\w]+/notes(\?.*)?")
_FILE = re.compile(rb"/(events/new|[-\w]+/home/import/)(\?.*)?")
_PICTURES = re.compile(rb"/[-\w]+/home/placards/(\?.*)?")
_REFUSAL = b"HTTP/1.1 413 Payload Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class BoundedRequest(http_protocol.WebRequest):  # type: ignore[misc]  # daphne carries no types
    """Closes the connection of a body that is, or grows, too large; of a form it keeps nothing."""

    refused = False
    taken = 0
    most = MAX_BODY_BYTES
    swallowed = MAX_BODY_BYTES

    def gotLength(self, length: int | None) -> None:
        self.requestHeaders.removeHeader(OVERSIZED)
        self.most = self.swallowed = most_for(self.channel)
        if self.most > MAX_BODY_BYTES and self._is_form():
            self.swallowed = MAX_THROWN_AWAY_BYTES
        is_small = length is None or length <= self.most
        super().gotLength(length if is_small else 0)
        if not is_small:
            self._let_pass_or_refuse(length or 0)

    def handleContentChunk(self, data: bytes) -> None:
        self.taken += len(data)
        if self.refused or self.taken > self.most:
            self._let_pass_or_refuse(self.taken)
            return
        super().handleContentChunk(data)

    def _is_form(self) -> bool:
        kinds = self.requestHeaders.getRawHeaders(b"content-type", [b""])
        return bool(kinds[-1].lower().startswith(b"multipart/form-data"))

    def _let_pass_or_refuse(self, size: int) -> None:
        if size > self.swallowed:
            self._refuse()
        else:
            self.requestHeaders.setRawHeaders(OVERSIZED, [b"1"])
            self.requestHeaders.removeHeader(b"content-type")  # Twisted would look for its parts

    def _refuse(self) -> None:
        channel: Any = self.channel
        if not self.refused and channel is not None:
            self.refused = True
            channel.transport.write(_REFUSAL)
            channel.loseConnection()


def most_for(channel: Any) -> int:
    """How large the body may be that is about to come, by the request line read last.

    Twisted tells its requests where they go only with the whole body; the channel knows before.
    """
    command, path = getattr(channel, "_command", b""), getattr(channel, "_path", b"")
    if command != b"POST":
        return MAX_BODY_BYTES
    if _FILE.fullmatch(path):
        return MAX_FILE_BYTES
    if _PICTURES.fullmatch(path):
        return MAX_PICTURES_BYTES
    return MAX_NOTE_BYTES if _NOTE.fullmatch(path) else MAX_BODY_BYTES


def bound_requests() -> None:
    """Make Daphne use it; its factory looks the class up by this name for each connection."""
    http_protocol.WebRequest = BoundedRequest
