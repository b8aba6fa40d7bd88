"""The client's half of RFC 6455, as far as a load client needs it. Knows no sockets, no content."""

import base64
import os
import struct
from collections.abc import Mapping

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA

# A mask of zeros is a valid mask and leaves the payload as it is: the server unmasks as always,
# the client saves the work.
_MASK = b"\0\0\0\0"


def upgrade(host: str, path: str, headers: Mapping[str, str]) -> bytes:
    """The opening request, with a fresh key."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def from_client(opcode: int, payload: bytes) -> bytes:
    """One masked, final frame; payloads up to 65,535 bytes."""
    length = len(payload)
    if length < 126:
        return bytes((0x80 | opcode, 0x80 | length)) + _MASK + payload
    return bytes((0x80 | opcode, 0x80 | 126)) + struct.pack("!H", length) + _MASK + payload


def from_server(payload: bytes) -> bytes:
    """One unmasked, final text frame of any length."""
    length = len(payload)
    if length < 126:
        return bytes((0x80 | TEXT, length)) + payload
    if length < 65536:
        return struct.pack("!BBH", 0x80 | TEXT, 126, length) + payload
    return struct.pack("!BBQ", 0x80 | TEXT, 127, length) + payload


def bounds(data: bytearray, start: int, end: int) -> tuple[int, int]:
    """(where the payload begins, where the frame ends) of the server's frame at `start`.

    The second number may lie behind `end`: the frame is not complete. (0, 0) if not even its
    length is known yet.
    """
    if end - start < 2:
        return 0, 0
    length = data[start + 1] & 0x7F
    if length < 126:
        return start + 2, start + 2 + length
    if length == 126:
        if end - start < 4:
            return 0, 0
        return start + 4, start + 4 + (data[start + 2] << 8 | data[start + 3])
    if end - start < 10:
        return 0, 0
    return start + 10, start + 10 + int.from_bytes(data[start + 2 : start + 10], "big")
