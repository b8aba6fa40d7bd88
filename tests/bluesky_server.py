"""Bluesky as far as we speak to it, as it is told: sign-in, search, the AppView, and every fault.

In tests: `with BlueskyServer() as server: server.add("Hallo #sommerfest")`. What it says as a
Jetstream is tests/jetstream_server.py's.
"""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from tests.mastodon_server import FAULTS, answer_of

HANDLE, PASSWORD = "wand.bsky.social", "abcd-efgh-ijkl-mnop"
BEGUN = datetime(2026, 6, 5, 8, 0, tzinfo=UTC)
GIGABYTE, CHUNK = 1 << 30, b" " * (1 << 16)
RUDE = ("bomb", "gigabyte", "inward", "loop", "slow")  # FAULTS that take more than an answer
REFUSED = (400, b'{"error":"ExpiredToken","message":"Token has expired"}')


def facets_of(text: str) -> list[dict[str, Any]]:
    """Tags and links marked up the way Bluesky's apps do: counted in bytes."""
    kinds = {"#": ("tag", "tag", 1), "h": ("link", "uri", 0)}
    found = []
    for match in re.finditer(r"#\w+|https://\S+", text):
        name, field, skip = kinds[match[0][0]]
        feature = {"$type": f"app.bsky.richtext.facet#{name}", field: match[0][skip:]}
        start = len(text[: match.start()].encode())
        index = {"byteStart": start, "byteEnd": start + len(match[0].encode())}
        found.append({"index": index, "features": [feature]})
    return found


def record_of(text: str, at: datetime = BEGUN, **fields: Any) -> dict[str, Any]:
    """A post as its author signs it."""
    return {
        "$type": "app.bsky.feed.post",
        "text": text,
        "createdAt": at.isoformat().replace("+00:00", "Z"),
        "langs": ["de"],
        "facets": facets_of(text),
    } | fields


def profile_of(did: str, **fields: Any) -> dict[str, Any]:
    name = did.rpartition(":")[2]
    return {
        "did": did,
        "handle": f"{name}.bsky.social",
        "displayName": name.capitalize(),
        "avatar": f"https://cdn.bsky.app/img/avatar/{name}.jpg",
        "createdAt": "2024-01-01T00:00:00.000Z",
        "labels": [],
    } | fields


class BlueskyServer:
    """Serves on loopback from the moment it is entered until it is left."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, list[str]], str]] = []  # method, query, token
        self.views: dict[str, dict[str, Any]] = {}  # by URI, oldest first
        self.profiles: dict[str, dict[str, Any]] = {}
        self.access, self.refresh = 0, 0  # how often tokens were given out
        self.refuses_refresh = False
        self.inward = ""  # where "inward" sends whoever asks
        self.sent_bytes = 0  # of a "gigabyte"
        self._faults: deque[str] = deque()
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stopping.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self._http.server_port

    @property
    def config(self) -> dict[str, str]:
        url = f"http://127.0.0.1:{self._http.server_port}"
        return {"service": url, "appview": url, "tag": "sommerfest", "handle": HANDLE}

    def asked(self) -> list[str]:
        """The methods asked for, in order, without their name space."""
        return [method.rpartition(".")[2] for method, _query, _token in self.requests]

    def add(self, text: str, *, did: str = "did:plc:mira", minutes: float = 0, **view: Any) -> str:
        """A new post, `minutes` after the last one was made; its URI."""
        with self._lock:
            number = len(self.views) + 1
            at = BEGUN + timedelta(minutes=minutes, seconds=number)
            uri = f"at://{did}/app.bsky.feed.post/3k{number:06}"
            author = self.profiles.setdefault(did, profile_of(did))
            self.views[uri] = {
                "uri": uri,
                "cid": f"cid{number}",
                "author": author,
                "record": record_of(text, at),
                "indexedAt": at.isoformat().replace("+00:00", "Z"),
                "labels": [],
            } | view
            return uri

    def answer(self, fault: str, times: int = 1) -> None:
        """The next `times` requests get FAULTS[fault], or what RUDE names; "" is no fault."""
        self._faults.extend([fault] * times)

    def fault(self) -> str:
        with self._lock:
            return self._faults.popleft() if self._faults else ""

    def rude(self, fault: str, handler: BaseHTTPRequestHandler) -> None:
        """Answer so that a naive client waits, fills its memory, or goes where it is sent."""
        status, _kind, body = answer_of(fault) if fault in FAULTS else (200, "", b"")
        headers = {
            "bomb": {"Content-Encoding": "gzip", "Content-Length": str(len(body))},
            "gigabyte": {"Content-Length": str(GIGABYTE)},
            "inward": {"Location": self.inward, "Content-Length": "0"},
            "loop": {"Location": handler.path, "Content-Length": "0"},
            "slow": {"Content-Length": str(len(body))},
        }[fault]
        handler.send_response(302 if fault == "inward" else status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        if fault == "gigabyte":
            for _number in range(GIGABYTE // len(CHUNK)):
                self.sent_bytes += handler.wfile.write(CHUNK)
        elif fault == "slow":
            for byte in body:
                if self._stopping.wait(0.1):
                    return
                handler.wfile.write(bytes([byte]))
        else:
            handler.wfile.write(body)

    def give_tokens(self) -> tuple[int, bytes]:
        self.access += 1
        tokens = {"accessJwt": f"access-{self.access}", "refreshJwt": f"refresh-{self.access}"}
        return 200, json.dumps(tokens | {"handle": HANDLE, "did": "did:plc:wand"}).encode()

    def reply(
        self, method: str, query: dict[str, list[str]], body: bytes, token: str
    ) -> tuple[int, bytes]:
        match method.rpartition(".")[2]:
            case "createSession":
                if json.loads(body) == {"identifier": HANDLE, "password": PASSWORD}:
                    return self.give_tokens()
                return 401, b'{"error":"AuthenticationRequired","message":"Invalid"}'
            case "refreshSession":
                sound = token == f"refresh-{self.access}" and not self.refuses_refresh
                return self.give_tokens() if sound else REFUSED
            case "searchPosts":
                if token != f"access-{self.access}" or not token:
                    return REFUSED
                return 200, json.dumps(self.search(query)).encode()
            case "getPosts":
                found = [self.views[uri] for uri in query["uris"] if uri in self.views]
                return 200, json.dumps({"posts": found}).encode()
            case "getProfiles":
                known = [self.profiles[did] for did in query["actors"] if did in self.profiles]
                return 200, json.dumps({"profiles": known}).encode()
        return 501, b'{"error":"MethodNotImplemented"}'

    def search(self, query: dict[str, list[str]]) -> dict[str, Any]:
        """Newest first; `since` is inclusive, `until` is not."""
        since, until = query.get("since", [""])[0], query.get("until", ["9"])[0]
        tag, limit = query["tag"][0].casefold(), int(query["limit"][0])

        def when(view: dict[str, Any]) -> datetime:
            return datetime.fromisoformat(view["indexedAt"])

        with self._lock:
            found = [
                view
                for view in self.views.values()
                if f"#{tag}" in str(view["record"]["text"]).casefold()
                and (not since or when(view) >= datetime.fromisoformat(since))
                and (until == "9" or when(view) < datetime.fromisoformat(until))
            ]
        found.sort(key=when, reverse=True)
        page: dict[str, Any] = {"posts": found[:limit]}
        return page | ({"cursor": str(limit)} if len(found) > limit else {})


def _handler(server: BlueskyServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.go(b"")

        def do_POST(self) -> None:
            self.go(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        def go(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            method, query = parts.path.removeprefix("/xrpc/"), parse_qs(parts.query)
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            server.requests.append((method, query, token))
            if (fault := server.fault()) in RUDE:
                self.close_connection = True
                return server.rude(fault, self)
            if fault:
                status, _kind, answer = FAULTS[fault]
                self.close_connection = True
                if fault == "cut":
                    return None
            else:
                status, answer = server.reply(method, query, body, token)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("RateLimit-Remaining", "2900")
            self.send_header("RateLimit-Reset", str(int(datetime.now(UTC).timestamp()) + 300))
            self.end_headers()
            self.wfile.write(answer)
            return None

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                self.close_connection = True  # the client went away; that is often the test

        def log_message(self, format: str, *args: object) -> None:
            """Silent: tests read `requests` instead."""

    return Handler
