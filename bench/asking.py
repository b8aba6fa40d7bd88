"""Ask for one address over and over on a few open connections. Knows nothing of what is said."""

import re
import select
import socket
import time
from dataclasses import dataclass

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Asking:
    """What came back in `seconds`: `answers` of `size_bytes` each, all with the same status.

    `cpu_s`: of the server meanwhile, if somebody has looked.
    """

    answers: int
    seconds: float
    status: int
    size_bytes: int
    cpu_s: float = 0.0

    @property
    def per_second(self) -> float:
        return self.answers / self.seconds

    @property
    def cpu_us(self) -> float:
        """The server's, for one answer."""
        return self.cpu_s / self.answers * 1e6


class _Line:
    """One connection: the next request leaves when the answer before it is complete."""

    def __init__(self, port: int, request: bytes) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request
        self._got = bytearray()
        self.status = self.size_bytes = 0

    def ask(self) -> None:
        self._got.clear()
        self.sock.sendall(self._request)

    def read(self) -> bool:
        """True if an answer is complete."""
        data = self.sock.recv(262144)
        if not data:
            raise RuntimeError("the server has closed the connection")
        self._got += data
        head_end = self._got.find(b"\r\n\r\n")
        if head_end < 0:
            return False
        self.status = int(self._got[9:12])
        length = _LENGTH.search(self._got, 0, head_end)
        size = 0 if self.status == 304 or length is None else int(length[1])
        self.size_bytes = head_end + 4 + size
        return len(self._got) >= self.size_bytes


def request(path: str, **headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def ask(port: int, wanted: bytes, seconds: float) -> Asking:
    """Ask for `seconds`; every answer counts, and every one must have the same status."""
    poll = select.epoll()
    lines = {}
    for _ in range(CONNECTIONS):
        line = _Line(port, wanted)
        lines[line.sock.fileno()] = line
        poll.register(line.sock.fileno(), select.EPOLLIN)
        line.ask()
    answers, statuses, size_bytes = 0, set(), 0
    begun_s = time.monotonic()
    while (passed_s := time.monotonic() - begun_s) < seconds:
        for fd, _ in poll.poll(1.0):
            line = lines[fd]
            if line.read():
                answers += 1
                statuses.add(line.status)
                size_bytes = line.size_bytes
                line.ask()
    for line in lines.values():
        line.sock.close()
    poll.close()
    if len(statuses) != 1:
        raise RuntimeError(f"answers differ: {sorted(statuses)}")
    return Asking(answers, passed_s, statuses.pop(), size_bytes)
