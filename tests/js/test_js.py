"""Our browser modules, run in real Chromium under our own policy; each JavaScript test is one here.

A file `NAME.test.js` calls `test("claim", async () => ...)` from `harness`. The pages are served
by a small server of the standard library: no Django, no database.
"""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.chromium import chromium

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
STATIC = [
    ROOT / folder
    for folder in ("eventhub/live/static", "eventhub/static", "agenda/static", "wall/static")
]
NAMED = re.compile(r"^test\(\"([^\"]+)\"", re.MULTILINE)
TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2"}
PATIENCE_MS = 60_000


def claims() -> list[tuple[str, str]]:
    """Every test of every file, found by reading: (file, name)."""
    return [
        (path.name, name)
        for path in sorted(HERE.glob("*.test.js"))
        for name in NAMED.findall(path.read_text(encoding="utf-8"))
    ]


def import_map() -> str:
    names = {"harness": "/tests/harness.js"}
    for folder in STATIC:
        for path in folder.rglob("*.js"):
            name = path.relative_to(folder).with_suffix("").as_posix()
            names[name] = f"/static/{name}.js"
    return json.dumps({"imports": names})


class Handler(BaseHTTPRequestHandler):
    """Serves modules, styles and one page for each test file, with the policy of our pages."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/page/"):
            self._page(path.removeprefix("/page/"))
        elif path.startswith("/tests/"):
            self._file(HERE / Path(path).name)
        elif path.startswith("/static/"):
            name = path.removeprefix("/static/")
            self._file(next((f / name for f in STATIC if (f / name).is_file()), None))
        else:
            self._send(404, "text/plain", b"")

    def _page(self, name: str) -> None:
        text = import_map()
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        policy = (
            f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self'; "
            "font-src 'self'; connect-src 'self' ws:; base-uri 'none'; "
            "require-trusted-types-for 'script'; trusted-types eventhub"
        )
        html = (
            '<!doctype html><html lang="de" data-theme="light"><meta charset="utf-8">'
            f'<script type="importmap">{text}</script>'
            f'<script type="module" src="/tests/{name}"></script><body></body></html>'
        )
        self._send(200, "text/html; charset=utf-8", html.encode(), policy)

    def _file(self, path: Path | None) -> None:
        if path is None or path.suffix not in TYPES:
            self._send(404, "text/plain", b"")
        else:
            self._send(200, TYPES[path.suffix], path.read_bytes())

    def _send(self, status: int, kind: str, body: bytes, policy: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: a failing test names what failed."""


@dataclass
class Browser:
    """Runs each file once, when the first of its tests is asked for."""

    page: Page
    address: str
    results: dict[str, dict[str, str]]

    def outcome(self, file: str, name: str) -> str:
        """The empty string when it passed, else what went wrong."""
        if file not in self.results:
            self.results[file] = self._run(file)
        return self.results[file].get(name, "did not run")

    def _run(self, file: str) -> dict[str, str]:
        broken: list[str] = []
        self.page.on("pageerror", lambda error: broken.append(str(error)))
        self.page.goto(f"{self.address}/page/{file}")
        self.page.wait_for_selector("[data-finished]", state="attached", timeout=PATIENCE_MS)
        results: dict[str, str] = self.page.evaluate("globalThis.results")
        assert broken == [], broken
        return results


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with chromium() as running:
            page = running.new_page(viewport={"width": 1280, "height": 720})
            yield Browser(page, f"http://127.0.0.1:{server.server_port}", {})
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.browser
@pytest.mark.parametrize(("file", "name"), claims())
def test_module(browser: Browser, file: str, name: str) -> None:
    assert browser.outcome(file, name) == ""
