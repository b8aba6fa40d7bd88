"""The fast path: write a finished frame straight to Daphne's socket where that is provably safe.

The only module that knows Daphne's, Autobahn's and Twisted's inside. A guard is asked before each
write; a version or a structure we do not know switches the whole path off at the first socket.
Measured: docs/decisions/0005.
"""

import functools
import logging
from typing import Any

from eventhub.live.senders import Packet, PortableSender, Send

log = logging.getLogger(__name__)

KNOWN_DAPHNE = ("4.2.",)
_STATE_OPEN = 3  # autobahn.websocket.protocol.WebSocketProtocol.STATE_OPEN, checked in usable()


def sender_for(send: Send) -> "DaphneSender | None":
    """A sender for the ASGI `send` of one websocket, None if this is not a Daphne we know."""
    if not isinstance(send, functools.partial) or len(send.args) != 1 or not usable():
        return None
    from daphne.ws_protocol import WebSocketProtocol

    protocol = send.args[0]
    return DaphneSender(send, protocol) if isinstance(protocol, WebSocketProtocol) else None


@functools.cache
def usable() -> bool:
    """Whether the libraries look as they did when this was written. Asked once per process."""
    try:
        reason = _unknown()
    except Exception as error:  # whatever has changed in there: the portable way still works
        reason = f"{type(error).__name__}: {error}"
    if reason:
        log.warning("fast path is off", extra={"reason": reason})
    return not reason


def _unknown() -> str:
    """Why the fast path must stay off, "" if everything is as we know it."""
    import daphne
    from autobahn.twisted.websocket import WebSocketServerProtocol
    from twisted.internet import tcp
    from twisted.internet.abstract import FileDescriptor

    if not daphne.__version__.startswith(KNOWN_DAPHNE):
        return f"daphne {daphne.__version__}"
    if WebSocketServerProtocol.STATE_OPEN != _STATE_OPEN:
        return "autobahn's states"
    probe: Any = FileDescriptor(reactor=_NoReactor())  # type: ignore[arg-type]
    if (probe.dataBuffer, probe.offset, probe._tempDataBuffer, probe._tempDataLen) != (
        b"",
        0,
        [],
        0,
    ):
        return "twisted's buffers"
    if not issubclass(tcp.Server, FileDescriptor):
        return "twisted's transports"
    for size in (0, 125, 126, 65535, 65536):
        if _autobahn_frame(b"x" * size) != Packet(b"x" * size).frame:
            return f"autobahn's frame of {size} bytes"
    return ""


class _NoReactor:
    """Stands where a transport that never writes wants a reactor."""


def _autobahn_frame(payload: bytes) -> bytes:
    """What Autobahn itself would put on the wire."""
    from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol

    written: list[bytes] = []
    protocol: Any = WebSocketServerProtocol()
    protocol.factory = WebSocketServerFactory()  # type: ignore[no-untyped-call]
    protocol.maskServerFrames = False
    protocol.logFrames = False
    protocol.trafficStats = type("Stats", (), {"outgoingWebSocketFrames": 0})()
    protocol.sendData = lambda raw, sync=False, chopsize=None: written.append(raw)
    protocol.sendFrame(opcode=1, payload=payload)
    return b"".join(written)


class DaphneSender:
    """One socket under Daphne. Order with pings and closes is kept by Twisted's own buffer."""

    __slots__ = ("_plain", "_portable", "_protocol", "_transport")

    def __init__(self, send: Send, protocol: Any) -> None:
        self._portable = PortableSender(send)
        self._protocol = protocol
        self._transport = protocol.transport
        self._plain = _is_plain(protocol)

    def write(self, packet: Packet) -> None:
        transport = self._transport
        protocol = self._protocol
        if (
            not self._plain
            or protocol.state != _STATE_OPEN
            or protocol.send_queue
            or transport.TLS
            or not transport.connected
            or transport.disconnecting
        ):
            self._portable.write(packet)
            return
        frame = packet.frame
        if transport.dataBuffer or transport._tempDataBuffer:
            transport.write(frame)  # behind what waits already
            return
        try:
            written = transport.socket.send(frame)
        except OSError:  # full, or broken: Twisted tries again and finds out which
            written = 0
        if written < len(frame):
            transport.write(frame[written:] if written else frame)

    def close(self, code: int) -> None:
        self._portable.close(code)

    def buffered(self) -> int:
        """Bytes in Twisted's buffers: what a reader that has stopped leaves with us."""
        transport = self._transport
        if not self._plain:
            return 0
        return len(transport.dataBuffer) - int(transport.offset) + int(transport._tempDataLen)


def _is_plain(protocol: Any) -> bool:
    """A bare TCP transport without compression.

    A TLS transport *also* has `socket`, by delegation: asking for the attribute alone put plain
    text on an encrypted wire. So the exact type is asked for.
    """
    from twisted.internet import tcp

    transport = protocol.transport
    return (
        type(transport) is tcp.Server
        and not transport.TLS
        and getattr(protocol, "_perMessageCompress", None) is None
        and not protocol.maskServerFrames
    )
