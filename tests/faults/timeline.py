"""A scripted tag timeline that speaks as much Mastodon as one source needs; judges nothing."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit


class Timeline:
    """Serves what was published so far on a loopback port of its own, until it is `closed`."""

    def __init__(self) -> None:
        self.statuses: list[dict[str, Any]] = []
        self.closed = False
        timeline = self

        class Handler(BaseHTTPRequestHandler):  # speaks HTTP/1.0: one request, one connection
            def do_GET(self) -> None:
                body = json.dumps(timeline.page(self.path)).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *values: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def next_id(self) -> str:
        return str(len(self.statuses) + 1001)

    def publish(self, text: str) -> None:
        """Put a status on top."""
        number = self.next_id()
        status = {
            "id": number,
            "uri": f"{self.url}/users/guest/statuses/{number}",
            "url": f"{self.url}/@guest/{number}",
            "created_at": datetime.now(UTC).isoformat(),
            "account": {"acct": "guest", "url": f"{self.url}/@guest", "display_name": "Guest"},
            "visibility": "public",
            "content": f"<p>{text} #faults</p>",
            "tags": [{"name": "faults", "url": f"{self.url}/tags/faults"}],
        }
        self.statuses.append(status)

    def page(self, path: str) -> list[dict[str, Any]]:
        """Newest first; with `min_id` the page just above it."""
        query = parse_qs(urlsplit(path).query)
        limit = int(query.get("limit", ["20"])[0])
        above = int(query.get("min_id", ["0"])[0])
        newer = [s for s in self.statuses if int(s["id"]) > above and not self.closed]
        return (newer[:limit] if above else newer[-limit:])[::-1]
