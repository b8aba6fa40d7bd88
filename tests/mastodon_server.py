"""A Mastodon server that does as it is told: one tag timeline, and every fault we want to survive.

By hand: `python -m tests.mastodon_server --port 3000 --tag sommerfest --every 5`, then
`curl -d '{"do": "add", "text": "Hallo #sommerfest"}' http://127.0.0.1:3000/_script`.
In tests: `with MastodonServer() as server: server.add("Hallo")`.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import re
import threading
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.mastodon_streams import Streams

FIRST_ID = 111_000_000_000_000_000
SAMPLES = (
    ("mira", "Mira Lindqvist", "Bin da! Wer sitzt noch am Kanal und hat Kaffee? #{tag}"),
    (
        "jost",
        "Jost 🌻",
        "Die Lötecke im Keller ist eröffnet. Bringt eure kaputten Radios mit. #{tag}",
    ),
    ("aylin", "Aylin B.", "Notiz an mich: nächstes Jahr früher losfahren, Regionalbahn #{tag}"),
    ("piet", "piet", "Folien vom Vortrag über Moorböden: https://moor.example/folien/2026 #{tag}"),
    ("hedwig", "Hedwig (sie)", "Drei neue Leute kennengelernt und es ist erst elf. #{tag}"),
    ("sven", "Sven", "Hat jemand ein Ladekabel mit rundem Stecker? Stehe vor Raum 2 #{tag}"),
    ("lotte", "Lotte ✔", "Das Podium gerade: ruhig, klug, kein Powerpoint. Danke! #{tag}"),
    ("emre", "Emre", "Suppe ist alle, Kuchen noch da. #{tag} #Kuchen"),
)
# What a path under /api answers when told so: status, content type, body.
FAULTS: dict[str, tuple[int, str, bytes]] = {
    **{
        status: (int(status), "application/json", b'{"error":"so ist das eben"}')
        for status in ("401", "403", "404", "410", "422", "429", "500", "503")
    },
    "html": (200, "text/html", b"<!doctype html><title>WLAN</title><p>Bitte anmelden"),
    "garbage": (200, "application/json", b"\x00\xff\x13garbage\xc3\x28"),
    "half": (200, "application/json", b'[{"id":"1","uri":"htt'),
    "object": (200, "application/json", b'{"error":null}'),
    "types": (200, "application/json", b'[1,"two",null,[],{"id":{}},{"id":true,"uri":3}]'),
    "utf8": (200, "application/json", b'[{"id":"1","uri":"\xff\xfe"}]'),
    "deep": (200, "application/json", b"[" * 10_000 + b"]" * 10_000),
    "huge": (200, "application/json", b" " * (8 << 20)),
    "bomb": (200, "application/json", b""),  # what it sends is made when it is asked for
    "loop": (302, "text/plain", b""),
    "cut": (200, "application/json", b""),  # closes without an answer
    "slow": (200, "application/json", b"[" + b" " * 600),  # a byte every 100 ms
}


@cache
def bomb() -> bytes:
    """64 MB of spaces, packed."""
    return gzip.compress(b" " * (64 << 20), 9)


def answer_of(fault: str) -> tuple[int, str, bytes]:
    """Status, content type and body of a fault."""
    status, kind, body = FAULTS[fault]
    return status, kind, bomb() if fault == "bomb" else body


class MastodonServer:
    """Serves on loopback from the moment it is entered until it is left."""

    def __init__(self, *, port: int = 0, tag: str = "sommerfest") -> None:
        self.tag = tag
        self.requests: list[tuple[str, dict[str, str]]] = []  # path with query, headers
        self.streams = Streams()
        self.lists = False  # whether it tells of many posts at once, as Mastodon does since 4.3
        self._posts: dict[int, dict[str, Any]] = {}  # by id, oldest first
        self._next_id = FIRST_ID
        self._faults: deque[str] = deque()
        self._limit: tuple[int, float] | None = None  # requests left, until when
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
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
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    # --- what it can be told; the same names work in POST /_script {"do": name, ...}
    def add(self, text: str | None = None, *, below: str = "", **fields: Any) -> str:
        """A new post, the next sample if no text is given. `fields` replace parts of the status.

        `below`: it came late, and is filed right under this one, as if it had come before it.
        """
        with self._lock:
            number = len(self._posts)
            user, name, sample = SAMPLES[number % len(SAMPLES)]
            words = sample if text is None else text
            post_id = int(below) - 1 if below else self._next_id
            self._next_id += 0 if below else 1 << 16
            self._posts[post_id] = self._status(post_id, user, name, words) | fields
            self._posts = dict(sorted(self._posts.items()))
            return str(post_id)

    def edit(self, id: str, text: str) -> None:
        with self._lock:
            post = self._posts[int(id)]
            post["content"] = self._html(text)
            post["edited_at"] = _iso(datetime.now(UTC))

    def delete(self, id: str) -> None:
        with self._lock:
            del self._posts[int(id)]

    def answer(self, fault: str, times: int = 1) -> None:
        """The next `times` requests get FAULTS[fault], or are cut off; "ok" forgets all faults."""
        with self._lock:
            if fault == "ok":
                self._faults.clear()
            elif fault in FAULTS:
                self._faults.extend([fault] * times)
            else:
                raise ValueError(f"no such fault: {fault}")

    def limit(self, remaining: int, reset_in_s: float = 300.0) -> None:
        """From now on count down from `remaining`; at 0 refuse until the reset."""
        with self._lock:
            self._limit = (remaining, time.time() + reset_in_s)

    def forget(self) -> None:
        """As at the start."""
        with self._lock:
            self._faults.clear()
            self._posts.clear()
            self._limit = None
            self.requests.clear()

    # --- what it serves
    def timeline(self, query: dict[str, str]) -> list[dict[str, Any]]:
        """Newest first. min_id: the page just above it; since_id: the newest page down to it."""
        size = min(int(query.get("limit", 20)), 40)
        below = int(query.get("max_id", 1 << 62))
        above = int(query.get("min_id") or query.get("since_id") or 0)
        with self._lock:
            found = [post for post_id, post in self._posts.items() if above < post_id < below]
        return (found[:size] if "min_id" in query else found[-size:])[::-1]

    def fault(self) -> str:
        with self._lock:
            return self._faults.popleft() if self._faults else ""

    def rate_headers(self) -> dict[str, str]:
        """The headers of this answer; Remaining is -1 where it has to be refused."""
        with self._lock:
            if self._limit is None:
                return {}
            remaining, until = self._limit
            if time.time() >= until:
                remaining, until = 300, time.time() + 300
            self._limit = (max(remaining - 1, -1), until)
            reset = _iso(datetime.fromtimestamp(until, UTC))
            return {
                "X-RateLimit-Limit": "300",
                "X-RateLimit-Remaining": str(remaining - 1),
                "X-RateLimit-Reset": reset,
            }

    def pause(self, seconds: float) -> bool:
        """True if the server goes down meanwhile."""
        return self._stopping.wait(seconds)

    def post(self, post_id: str) -> dict[str, Any] | None:
        with self._lock:
            return self._posts.get(int(post_id)) if post_id.isdigit() else None

    def _status(self, post_id: int, user: str, name: str, text: str) -> dict[str, Any]:
        home = f"{self.url}/@{user}"
        return {
            "id": str(post_id),
            "uri": f"{self.url}/users/{user}/statuses/{post_id}",
            "url": f"{home}/{post_id}",
            "created_at": _iso(datetime.now(UTC) - timedelta(seconds=2)),
            "edited_at": None,
            "visibility": "public",
            "language": "de",
            "sensitive": False,
            "spoiler_text": "",
            "content": self._html(text),
            "reblog": None,
            "tags": [{"name": tag.lower()} for tag in re.findall(r"#(\w+)", self._filled(text))],
            "mentions": [],
            "emojis": [],
            "media_attachments": [],
            "account": {
                "id": user,
                "acct": user,
                "username": user,
                "url": home,
                "display_name": name,
                "emojis": [],
            },
        }

    def _filled(self, text: str) -> str:
        return text.replace("{tag}", self.tag)

    def _html(self, text: str) -> str:
        """Tags and addresses marked up the way Mastodon does it."""
        words = html.escape(self._filled(text))
        words = re.sub(
            r"https://(\S{30})(\S+)|https://(\S+)",
            lambda m: (
                f'<a href="{m[0]}" rel="nofollow"><span class="invisible">https://</span>'
                f'<span class="{"ellipsis" if m[1] else ""}">{m[1] or m[3]}</span>'
                f'<span class="invisible">{m[2] or ""}</span></a>'
            ),
            words,
        )
        words = re.sub(
            r"(?<![\w/&])#(\w+)",
            rf'<a href="{self.url}/tags/\1" class="mention hashtag" rel="tag">#<span>\1</span></a>',
            words,
        )
        return "<p>" + words.replace("\n\n", "</p><p>").replace("\n", "<br />") + "</p>"


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _handler(server: MastodonServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            parts = urlsplit(self.path)
            if fault := server.fault():
                self.fail(fault)
                return
            if server.streams.serve(self, server.pause):
                return
            rate = server.rate_headers()
            if rate.get("X-RateLimit-Remaining", "").startswith("-"):
                self.send(429, b'{"error":"Too many requests"}', rate | {"Retry-After": "30"})
            elif parts.path.startswith("/api/v1/timelines/tag/"):
                self.tag_timeline(unquote(parts.path.rpartition("/")[2]), parts.query, rate)
            elif parts.path == "/api/v1/statuses" and server.lists:
                asked = parse_qs(parts.query).get("id[]", [])[:20]
                found = [post for post in map(server.post, asked) if post]
                self.send(200, json.dumps(found).encode(), rate)
            elif parts.path.startswith("/api/v1/statuses/"):
                post = server.post(parts.path.rpartition("/")[2])
                self.send(200 if post else 404, json.dumps(post or {"error": "weg"}).encode(), rate)
            else:
                self.send(404, b'{"error":"nicht hier"}', rate)

        def tag_timeline(self, tag: str, query: str, rate: dict[str, str]) -> None:
            asked = {name: values[0] for name, values in parse_qs(query).items()}
            page = server.timeline(asked) if tag.casefold() == server.tag.casefold() else []
            links = {}
            if page:
                base = f"{server.url}/api/v1/timelines/tag/{tag}"
                older, newer = page[-1]["id"], page[0]["id"]
                links["Link"] = (
                    f'<{base}?max_id={older}>; rel="next", <{base}?min_id={newer}>; rel="prev"'
                )
            self.send(200, json.dumps(page, ensure_ascii=False).encode(), rate | links)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            try:
                order = json.loads(body)
                verb = order.pop("do")
                if self.path != "/_script" or verb not in (
                    "add",
                    "edit",
                    "delete",
                    "answer",
                    "limit",
                ):
                    raise KeyError(verb)
                done = getattr(server, verb)(**order)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                self.send(400, json.dumps({"error": repr(error)}).encode(), {})
                return
            self.send(200, json.dumps({"id": done}).encode(), {})

        def fail(self, fault: str) -> None:
            status, kind, body = answer_of(fault)
            self.close_connection = True
            if fault == "cut":
                return
            headers = {"Content-Type": kind, "Connection": "close"}
            if fault == "bomb":
                headers["Content-Encoding"] = "gzip"
            if fault == "loop":
                headers["Location"] = self.path
            if fault != "slow":
                self.send(status, body, headers)
                return
            self.send(status, b"", headers, length=len(body))
            for byte in body:
                if server.pause(0.1):
                    return
                self.wfile.write(bytes([byte]))

        def send(
            self, status: int, body: bytes, headers: dict[str, str], *, length: int | None = None
        ) -> None:
            self.send_response(status)
            for name, value in ({"Content-Type": "application/json"} | headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) if length is None else length))
            self.end_headers()
            self.wfile.write(body)

        def handle(self) -> None:
            try:
                super().handle()
            except OSError:
                self.close_connection = True  # the client went away; that is often the test

        def log_message(self, format: str, *args: object) -> None:
            """Silent: tests read `requests` instead."""

    return Handler


def main() -> None:
    arguments = argparse.ArgumentParser(description="A scripted Mastodon server on loopback.")
    arguments.add_argument("--port", type=int, default=3000)
    arguments.add_argument("--tag", default="sommerfest")
    arguments.add_argument("--posts", type=int, default=len(SAMPLES), help="posts at the start")
    arguments.add_argument("--every", type=float, default=0.0, help="seconds between new posts")
    given = arguments.parse_args()
    with MastodonServer(port=given.port, tag=given.tag) as server:
        for _ in range(given.posts):
            server.add()
        print(f"{server.url} serves #{given.tag}", flush=True)
        try:
            while True:
                time.sleep(given.every or 3600)
                if given.every:
                    server.add()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    main()
