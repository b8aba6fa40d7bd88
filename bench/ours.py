"""Our server as a subject: an empty event, phones with cookies, counters. Measures nothing."""

import http.client
import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from bench.event import CODE, SLUG
from bench.measure import ROOT, Process
from bench.publish import Request

Counter = Callable[[], float]

SOCKET_PATH = f"/ws/{SLUG}"
TOPICS = ["wall", "programme"]
# One phone may not post a hundred notes a minute, and no phone does.
PHONES = 100


@contextmanager
def started(
    environment: dict[str, str], directory: str, port: int
) -> Iterator[tuple[Process, "Visitors"]]:
    """`manage.py serve` on a fresh database with one event whose notes are shown at once."""
    environment = {"EVENTHUB_DATA_DIR": directory, "EVENTHUB_BIND": "127.0.0.1", **environment}
    subprocess.run(
        [sys.executable, "-m", "bench.event"],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=True,
    )
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with Process(command, environment, port) as process:
        process.wait_until_up()
        yield process, Visitors(port)


class Visitors:
    """People in the hall: what they send, and what the server tells about itself."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._csrf, self._csrf_cookie = self._token()
        self._cookies = [self._join() for _ in range(PHONES)]
        self.target = {
            "host": "127.0.0.1", "port": port, "path": SOCKET_PATH, "topics": TOPICS,
            "headers": {"Origin": f"http://127.0.0.1:{port}"},
        }  # fmt: skip

    def request(self, number: int, text: str) -> Request:
        """One note, each by another phone."""
        fields = {"text": text, "idempotency": secrets.token_urlsafe(24)}
        cookies = f"{self._cookies[number % PHONES]}; {self._csrf_cookie}"
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
            "Origin": f"http://127.0.0.1:{self._port}",
            "Cookie": cookies,
            "X-CSRFToken": self._csrf,
        }
        return Request(f"/{SLUG}/notes", urlencode(fields).encode(), headers)

    def cursor(self) -> str:
        """Where a page loaded now would begin."""
        _, body = self._get(f"/poll/{SLUG}?topics={','.join(TOPICS)}&language=en")
        cursor: str = json.loads(body)["upto"]
        return cursor

    def counter(self, purpose: str) -> Counter:
        return lambda: self._metric(f'eventhub_hub_statements_total{{purpose="{purpose}"}}')

    def sockets(self) -> float:
        return self._metric("eventhub_sockets")

    def _metric(self, name: str) -> float:
        _, body = self._get("/metrics")
        found = re.search(rf"^{re.escape(name)} (\S+)$", body.decode(), re.MULTILINE)
        return float(found[1]) if found else 0.0

    def _token(self) -> tuple[str, str]:
        answer, body = self._get(f"/{SLUG}/me")
        return json.loads(body)["csrf"], _cookies(answer)

    def _join(self) -> str:
        answer, _ = self._get(f"/{CODE}")
        return _cookies(answer)

    def _get(self, path: str) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            connection.request("GET", path, headers={"Accept": "application/json"})
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()


def _cookies(answer: http.client.HTTPResponse) -> str:
    lines = answer.headers.get_all("Set-Cookie") or []
    return "; ".join(line.partition(";")[0] for line in lines)
