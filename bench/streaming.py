"""What listening to all of Bluesky costs: a Jetstream of our own, a bare loop, and ours, in turn.

A thousand events a second, one in a hundred with the tag, every twentieth a deletion, as many with
other tags. CPU is of the listening process, from its own clock; ours asks an AppView on loopback
for names, which the server process answers. Storing what matches is `--only ingest`'s.
"""

import json
import statistics
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench.report import Line

TAG = "bench"
PER_SECOND = 1000
MATCHES_EVERY = 100
SECONDS, WARM_S = 15.0, 3.0
MOST_TIMES, MOST_GROWN_KIB = 3.0, 4096.0
TEXT = "Gerade am Kanal angekommen, die Lötecke hat schon offen und es riecht nach Kuchen."

Round = dict[str, dict[str, float]]


def measure(rounds: int, seconds: float = SECONDS) -> list[Round]:
    """Bare and ours in turn. A line each goes to stderr."""
    found = []
    with _Server() as server:
        for number in range(rounds):
            order = ("bare", "ours") if number % 2 else ("ours", "bare")
            made = {who: _listened(who, server.port, seconds) for who in order}
            print(made, file=sys.stderr, flush=True)
            found.append(made)
    return found


def lines(found: list[Round]) -> list[Line]:
    ours, bare = ([made[who] for made in found] for who in ("ours", "bare"))
    times = statistics.median(
        one["cpu_s"] / two["cpu_s"] for one, two in zip(ours, bare, strict=True)
    )
    missed = sum(one["highest"] / MATCHES_EVERY + 1 - one["count"] for one in ours)
    grown = statistics.median(one["grown_kib"] for one in ours)
    name = f"[{PER_SECOND} events/s, 1 in {MATCHES_EVERY} matches]"
    return [
        Line(f"cpu of listening, s {name}", _median(ours, "cpu_s"), _median(bare, "cpu_s"), None,
             "-", None),
        Line(f"cpu of listening, ours as a multiple of bare {name}", times, None, None,
             f"<= {MOST_TIMES:g}", times <= MOST_TIMES),
        Line(f"matching posts missed {name}", missed, None, None, "0", missed == 0),
        Line(f"memory grown while listening, KiB {name}", grown, None, None,
             f"<= {MOST_GROWN_KIB:g}", grown <= MOST_GROWN_KIB),
    ]  # fmt: skip


def as_json(found: list[Round]) -> str:
    return json.dumps(found, indent=1)


def _median(runs: list[dict[str, float]], figure: str) -> float:
    return statistics.median(run[figure] for run in runs)


def _listened(who: str, port: int, seconds: float) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.listening", who, str(port), str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


class _Server:
    """A Jetstream at `port`, an AppView one above it. Every listener hears event 0 first."""

    def __init__(self) -> None:
        from websockets.sync.server import serve

        for _try in range(20):
            self._stream = serve(self._speak, "127.0.0.1", 0, compression=None)
            self.port = int(self._stream.socket.getsockname()[1])
            try:
                self._view = ThreadingHTTPServer(("127.0.0.1", self.port + 1), _AppView)
                return
            except OSError:
                self._stream.shutdown()
        raise RuntimeError("no two free ports beside each other")

    def __enter__(self) -> "_Server":
        for server in (self._stream, self._view):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._stream.shutdown()
        self._view.shutdown()
        self._view.server_close()

    def _speak(self, connection: Any) -> None:
        from websockets.exceptions import ConnectionClosed

        begun_s, told = time.monotonic(), 0
        try:
            while True:
                due = int((time.monotonic() - begun_s) * PER_SECOND)
                for number in range(told, due):
                    connection.send(_event(number), text=True)
                told = max(told, due)
                time.sleep(0.02)
        except (ConnectionClosed, OSError):
            return


def _event(number: int) -> bytes:
    """Event `number`: of every hundred one has the tag, five are deletions, ten have other tags."""
    place = number % MATCHES_EVERY
    deletes = place in range(10, 60, 10)
    commit: dict[str, Any] = {
        "rev": f"3m{number:012}", "operation": "delete" if deletes else "create",
        "collection": "app.bsky.feed.post", "rkey": f"k{number}",
    }  # fmt: skip
    if not deletes:
        tag = TAG if place == 0 else f"anderes{place}" if place % 10 == 1 else ""
        commit["record"] = _record(f"{TEXT} {number} #{tag}" if tag else f"{TEXT} {number}", tag)
        commit["cid"] = "bafyreicl7rzkxdrm4zz2ehbx52kuk3mvfow6p3gzfys72r5grvskxoswy4"
    told = {
        "did": f"did:plc:{number // MATCHES_EVERY % 200:024}",
        "time_us": time.time_ns() // 1000, "kind": "commit", "commit": commit,
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _record(text: str, tag: str) -> dict[str, Any]:
    record: dict[str, Any] = {
        "$type": "app.bsky.feed.post", "createdAt": datetime.now(UTC).isoformat(),
        "langs": ["de"], "text": text,
    }  # fmt: skip
    if tag:
        end = len(text.encode())
        feature = {"$type": "app.bsky.richtext.facet#tag", "tag": tag}
        index = {"byteStart": end - len(tag) - 1, "byteEnd": end}
        record["facets"] = [{"features": [feature], "index": index}]
    return record


class _AppView(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        dids = parse_qs(urlsplit(self.path).query).get("actors", [])
        known = [{"did": did, "handle": f"g{did[-4:]}.bsky.social"} for did in dids]
        body = json.dumps({"profiles": known}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""
