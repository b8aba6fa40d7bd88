"""The streams of the scripted Mastodon server: what it tells, cuts, repeats and complains about."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.frames import Frame, Opcode
from websockets.utils import accept_key

TOKEN = "user-token"  # opens streams
SCOPELESS = "scopeless"  # opens a socket, which then complains


class Streams:
    """Open streams of one server, and how it offers them."""

    def __init__(self) -> None:
        self.url = ""  # what the instance says; "" = nothing
        self.sockets = True  # or events only
        self.tags: list[str] = []  # asked for, in order
        self.opened = 0
        self._open: list[tuple[str, queue.Queue[Any]]] = []  # with the first tag asked for
        self._lock = threading.Lock()

    def tell(self, event: str, payload: object, *, tag: str = "") -> None:
        """To everybody who listens, to `tag` only if there is one. `payload`: a status, or the id
        of a deleted one.
        """
        self._put((event, payload if isinstance(payload, str) else json.dumps(payload)), tag)

    def say(self, raw: bytes) -> None:
        """These bytes as they are, however little sense they make."""
        self._put(raw)

    def cut(self, *, tag: str = "") -> None:
        """Hang up on everybody, or on who listens to `tag`."""
        self._put(None, tag)

    def _put(self, what: object, tag: str = "") -> None:
        with self._lock:
            for asked, line in self._open:
                if tag in ("", asked):
                    line.put(what)

    def serve(self, handler: BaseHTTPRequestHandler, pause: Callable[[float], bool]) -> bool:
        """True if the request was one for streams, and is answered."""
        parts = urlsplit(handler.path)
        if parts.path == "/api/v2/instance":
            about = {"configuration": {"urls": {"streaming": self.url}}}
            _send(handler, 200, about)
        elif parts.path == "/api/v1/streaming" and self.sockets:
            self._serve_socket(handler, pause)
        elif parts.path == "/api/v1/streaming/hashtag":
            self._serve_events(handler, parse_qs(parts.query), pause)
        else:
            return False
        return True

    def _serve_events(
        self,
        handler: BaseHTTPRequestHandler,
        query: dict[str, list[str]],
        pause: Callable[[float], bool],
    ) -> None:
        if handler.headers.get("Authorization") != f"Bearer {TOKEN}":
            _send(handler, 401, {"error": "Missing access token"})
            return
        self.tags += query.get("tag", [])
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(b":)\n")

        def framed(event: str, payload: str) -> bytes:
            return f"event: {event}\ndata: {payload}\n\n".encode()

        self._pump(handler, framed, pause, query.get("tag", [""])[0])

    def _serve_socket(
        self, handler: BaseHTTPRequestHandler, pause: Callable[[float], bool]
    ) -> None:
        token = handler.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in (TOKEN, SCOPELESS):
            _send(handler, 401, {"error": "Missing access token"})
            return
        handler.send_response(101)
        for name, value in (
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Accept", accept_key(handler.headers["Sec-WebSocket-Key"])),
        ):
            handler.send_header(name, value)
        handler.end_headers()
        asked = json.loads(_message(handler))
        self.tags.append(asked["tag"])
        if token == SCOPELESS:
            complaint = json.dumps({"error": "Access token does not have scope", "status": 401})
            handler.wfile.write(_frame(complaint))

        def framed(event: str, payload: str) -> bytes:
            stream = ["hashtag", asked["tag"]]
            return _frame(json.dumps({"stream": stream, "event": event, "payload": payload}))

        self._pump(handler, framed, pause, asked["tag"])

    def _pump(
        self,
        handler: BaseHTTPRequestHandler,
        framed: Callable[[str, str], bytes],
        pause: Callable[[float], bool],
        tag: str,
    ) -> None:
        handler.close_connection = True
        line: queue.Queue[Any] = queue.Queue()
        with self._lock:
            self._open.append((tag, line))
            self.opened += 1
        try:
            while not pause(0):
                try:
                    what = line.get(timeout=0.02)
                except queue.Empty:
                    continue
                if what is None:
                    return
                handler.wfile.write(what if isinstance(what, bytes) else framed(*what))
        finally:
            with self._lock:
                self._open.remove((tag, line))


def _frame(text: str) -> bytes:
    return Frame(Opcode.TEXT, text.encode()).serialize(mask=False)


def _message(handler: BaseHTTPRequestHandler) -> bytes:
    """One short text frame of the client, unmasked."""
    _opcode, length = handler.rfile.read(2)
    mask = handler.rfile.read(4)
    masked = handler.rfile.read(length & 0x7F)
    return bytes(byte ^ mask[place % 4] for place, byte in enumerate(masked))


def _send(handler: BaseHTTPRequestHandler, status: int, what: object) -> None:
    body = json.dumps(what).encode()
    handler.send_response(status)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)
