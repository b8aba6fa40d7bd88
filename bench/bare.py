"""The fastest server Python allows: POST a text, and every open socket gets it as one frame.

It shows what the load client can take and what the machine costs. Not a server for anything.
"""

import base64
import hashlib
import select
import socket
import sys

from bench.frames import from_server

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def serve(port: int) -> None:
    poll = select.epoll()
    door = socket.create_server(("127.0.0.1", port), backlog=4096)
    door.setblocking(False)
    poll.register(door, select.EPOLLIN)
    everybody: dict[int, socket.socket] = {}
    readers: dict[int, socket.socket] = {}
    waiting: dict[int, bytearray] = {}
    asked: dict[int, bytes] = {}

    def leave(fd: int) -> None:
        everybody.pop(fd).close()
        readers.pop(fd, None)
        waiting.pop(fd, None)
        asked.pop(fd, None)

    def write(fd: int, frame: bytes) -> None:
        if fd in waiting:
            waiting[fd] += frame
            return
        try:
            sent = readers[fd].send(frame)
        except BlockingIOError:
            sent = 0
        except OSError:
            leave(fd)
            return
        if sent < len(frame):
            waiting[fd] = bytearray(frame[sent:])
            poll.modify(fd, select.EPOLLIN | select.EPOLLOUT)

    def more(fd: int) -> None:
        rest = waiting[fd]
        del rest[: readers[fd].send(rest)]
        if not rest:
            del waiting[fd]
            poll.modify(fd, select.EPOLLIN)

    def read(fd: int) -> None:
        try:
            data = everybody[fd].recv(65536)
        except OSError:
            data = b""
        if not data:
            leave(fd)
        elif fd not in readers:  # of a websocket's client nothing is expected
            asked[fd] = asked.get(fd, b"") + data
            answer(fd)

    def answer(fd: int) -> None:
        head, separator, body = asked[fd].partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
        if not separator or len(body) < int(fields.get(b"content-length", 0)):
            return
        asked[fd] = b""
        if b"sec-websocket-key" in fields:
            # The key is base64, so it must be read in its own case.
            key = next(x for x in head.split(b"\r\n") if x.lower().startswith(b"sec-websocket-key"))
            token = base64.b64encode(hashlib.sha1(key[19:] + _GUID).digest())
            everybody[fd].send(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + token + b"\r\n\r\n"
            )
            readers[fd] = everybody[fd]
            return
        if body:
            frame = from_server(body)
            for reader in list(readers):
                write(reader, frame)
        everybody[fd].send(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")

    while True:
        for fd, mask in poll.poll():
            if fd == door.fileno():
                peer, _ = door.accept()
                peer.setblocking(False)
                peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                everybody[peer.fileno()] = peer
                poll.register(peer, select.EPOLLIN)
            elif fd in everybody:
                if mask & select.EPOLLOUT and fd in waiting:
                    more(fd)
                if mask & ~select.EPOLLOUT:
                    read(fd)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
