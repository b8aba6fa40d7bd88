"""One socket of the load client: connecting, reading frames, answering. Decides no scenario."""

import json
import random
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from bench.frames import CLOSE, PING, PONG, TEXT, bounds, from_client
from bench.tally import Reader, Tally

RECEIVE_BYTES = 256 * 1024
# As the page does (static/live/connection.js).
ACK_BYTES = 64 * 1024
ACK_EVERY_S = 4.0
# A stalled phone's window closes after a few posts instead of after megabytes.
STALLED_RECEIVE_BYTES = 4096


class State(Enum):
    CONNECTING = "connecting"
    OPEN = "open"
    STALLED = "stalled"
    GONE = "gone"


@dataclass(slots=True)
class Target:
    """Where and how to connect; `hello` is the message sent first, with %s for the cursor."""

    host: str
    port: int
    request: bytes
    hello: str = ""


@dataclass(slots=True, eq=False)
class Link:
    """A connection that outlives its socket: `reader` keeps what was seen across reconnects."""

    reader: Reader
    may_stall: bool = False
    sock: socket.socket | None = None
    state: State = State.GONE
    begun_ns: int = 0
    opened_ns: int = 0
    gone_ns: int = 0
    reason: str = ""
    received: int = 0
    unacked: int = 0
    ack_waits: bool = False
    acked_at: float = 0.0
    rest: bytearray = field(default_factory=bytearray)

    def connect(self, target: Target, poll: select.epoll) -> int:
        """Begin a connection and return its descriptor; errors show up as events."""
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.setblocking(False)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.may_stall:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, STALLED_RECEIVE_BYTES)
        self.state = State.CONNECTING
        self.begun_ns = time.monotonic_ns()
        self.opened_ns = self.gone_ns = self.received = self.unacked = 0
        self.ack_waits = False
        self.acked_at = 0.0
        self.reason = ""
        self.rest.clear()
        self.sock.connect_ex((target.host, target.port))
        poll.register(self.sock, select.EPOLLOUT)
        return self.sock.fileno()

    def close(self, reason: str) -> None:
        """Without a close frame: as a phone that leaves the network."""
        if self.sock is not None:
            self.sock.close()  # leaves epoll by itself
        self.sock = None
        self.state = State.GONE
        self.gone_ns = time.monotonic_ns()
        self.reason = reason

    def send(self, opcode: int, payload: bytes) -> None:
        """Small frames only: a client whose send buffer is full has lost its server."""
        assert self.sock is not None
        try:
            self.sock.send(from_client(opcode, payload))
        except OSError as error:
            self.close(type(error).__name__)

    def ack(self) -> None:
        self.ack_waits = False
        self.acked_at = time.monotonic()
        self.unacked = 0
        if self.state is State.OPEN:
            self.send(TEXT, b'{"t":"ack","n":%d}' % self.received)

    def connected(self, target: Target, poll: select.epoll) -> None:
        """TCP stands (or failed): ask for the upgrade."""
        assert self.sock is not None
        error = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            self.close(f"errno {error}")
            return
        self.sock.send(target.request)
        poll.modify(self.sock, select.EPOLLIN)

    def upgraded(self, chunk: bytearray, size: int, target: Target) -> int:
        """Take the answer to the upgrade; returns how many bytes of the chunk are frames."""
        self.rest += chunk[:size]
        head, separator, frames = self.rest.partition(b"\r\n\r\n")
        if not separator:
            return 0
        if not head.startswith(b"HTTP/1.1 101"):
            self.close("HTTP " + head[9:12].decode("ascii", "replace"))
            return 0
        self.rest = bytearray()
        self.state = State.OPEN
        self.opened_ns = time.monotonic_ns()
        if target.hello:
            hello = target.hello.replace("%s", self.reader.cursor)
            self.send(TEXT, hello.encode())
        chunk[: len(frames)] = frames
        return len(frames)


class Intake:
    """Read sockets into one shared buffer and hand whole messages to the tally."""

    def __init__(self, tally: Tally, wants_ack: Callable[[Link], None] | None) -> None:
        self.tally = tally
        self._wants_ack = wants_ack
        self._buffer = bytearray(RECEIVE_BYTES)

    def read(self, link: Link, target: Target) -> None:
        assert link.sock is not None
        data = self._buffer
        try:
            size = link.sock.recv_into(data)
        except BlockingIOError:
            return
        except OSError as error:
            link.close(type(error).__name__)
            return
        now_ns = time.monotonic_ns()
        if not size:
            link.close("closed")
            return
        if link.state is State.CONNECTING:
            size = link.upgraded(data, size, target)
            if not size:
                return
        if link.rest:
            link.rest += data[:size]
            data, size = link.rest, len(link.rest)
        used = self._frames(link, data, size, now_ns)
        if data is link.rest:
            del link.rest[:used]
        elif used < size:
            link.rest += data[used:size]

    def _frames(self, link: Link, data: bytearray, size: int, now_ns: int) -> int:
        """Hand over every complete frame; returns where the first incomplete one begins."""
        at = 0
        while at < size:
            start, end = bounds(data, at, size)
            if not end or end > size:
                break
            opcode = data[at] & 0x0F
            if opcode == TEXT:
                link.received += 1
                link.unacked += end - start
                self.tally.take(link.reader, data, start, end, now_ns)
            elif opcode == PING:
                link.send(PONG, bytes(data[start:end]))
            elif opcode == CLOSE:
                link.close(f"close {int.from_bytes(data[start : start + 2], 'big')}")
                return size
            at = end
        if self._wants_ack is not None and link.unacked:
            if link.unacked > ACK_BYTES:
                link.ack()
            elif not link.ack_waits and now_ns > (link.acked_at + ACK_EVERY_S) * 1e9:
                link.ack_waits = True
                self._wants_ack(link)
        return at


class Acks:
    """Acknowledgements at random moments of the next seconds, as a hall of pages spreads them."""

    _STEP_S = 0.05

    def __init__(self) -> None:
        self._wheel: dict[int, list[Link]] = {}
        self._done = self._slot(time.monotonic())

    def _slot(self, moment: float) -> int:
        return int(moment / self._STEP_S)

    def later(self, link: Link) -> None:
        moment = time.monotonic() + random.uniform(0.0, ACK_EVERY_S)
        due = max(self._done + 1, self._slot(moment))  # this moment's slot may be over already
        self._wheel.setdefault(due, []).append(link)

    def send_due(self) -> None:
        now = self._slot(time.monotonic())
        while self._done < now:
            self._done += 1
            for link in self._wheel.pop(self._done, ()):
                link.ack()


def hello(topics: list[str], language: str) -> str:
    """The opening message of a phone that watches `topics`, with %s in the cursor's place."""
    subs = {"shared": {"topics": topics, "cursor": "%s"}}
    return json.dumps({"t": "hello", "subs": subs, "language": language, "build": ""})
