"""How many kept pages a second, against the smallest page Django can answer on the same server.

Alternating, so that a slow minute hits everybody; the programme has rooms, tracks and speakers.
"""

import http.client
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from bench.asking import Asking, ask, request
from bench.event import SLUG
from bench.measure import ROOT, Process, free_port
from bench.report import Line

SECONDS = 2.0
LEAST = 5.0  # times as many kept answers as trivial ones
RIVAL = "trivial"
PAGES = {
    RIVAL: "/trivial/",
    "programme page": f"/{SLUG}/programme/",
    "API slots": f"/api/v1/events/{SLUG}/slots",
}
NOT_MODIFIED = {"programme page, 304": "programme page", "API slots, 304": "API slots"}
# The load is one address on a few connections: what slows down a stranger is not measured here.
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "bench.trivial.settings",
    "EVENTHUB_BIND": "127.0.0.1",
    "EVENTHUB_ADDRESS_RATE": "10000000",
    "EVENTHUB_TRUSTED_PROXIES": "1",
}

Found = dict[str, list[Asking]]


@dataclass(frozen=True, slots=True)
class Subject:
    name: str
    path: str
    tag: str = ""

    @property
    def wanted(self) -> bytes:
        return request(self.path, **({"If-None-Match": self.tag} if self.tag else {}))


def measure(rounds: int) -> Found:
    """Requests per second of every subject, `rounds` times each, one after the other."""
    found: Found = {}
    with _served() as process:
        # What has to be loaded or made first is made now.
        tags = {name: _tag(process.port, path) for name, path in PAGES.items()}
        subjects = [Subject(name, path) for name, path in PAGES.items()]
        subjects += [Subject(name, PAGES[of], tags[of]) for name, of in NOT_MODIFIED.items()]
        for number in range(rounds):
            print(f"pages, round {number + 1} ...", file=sys.stderr, flush=True)
            for subject in subjects:
                before_s = process.cpu_s()
                asking = ask(process.port, subject.wanted, SECONDS)
                asking = replace(asking, cpu_s=process.cpu_s() - before_s)
                found.setdefault(subject.name, []).append(asking)
    return found


def lines(found: Found) -> list[Line]:
    """The ratio is ours / trivial of the same round; the median of them is judged."""
    rival = [each.per_second for each in found[RIVAL]]
    made = []
    for name, askings in found.items():
        if name == RIVAL:
            continue
        ours = [each.per_second for each in askings]
        ratio = statistics.median(a / b for a, b in zip(ours, rival, strict=True))
        size = askings[0].size_bytes
        made.append(
            Line(f"{name}, requests per second [{size} bytes]", statistics.median(ours),
                 statistics.median(rival), ratio, f">= {LEAST:g}", ratio >= LEAST)
        )  # fmt: skip
    for name, of in NOT_MODIFIED.items():
        # Of the time of a request most is the connection's: by that the two cannot be told apart.
        short, whole = ([each.cpu_us for each in found[one]] for one in (name, of))
        ratio = statistics.median(b / a for a, b in zip(short, whole, strict=True))
        made.append(
            Line(f"{name}, and whole: server's CPU for one, us", statistics.median(short),
                 statistics.median(whole), ratio, "> 1", ratio > 1)
        )  # fmt: skip
    return made


@contextmanager
def _served() -> Iterator[Process]:
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        port = free_port()
        environment = {**ENVIRONMENT, "EVENTHUB_DATA_DIR": directory}
        subprocess.run(
            [sys.executable, "-m", "bench.programme"],
            cwd=ROOT, env={**os.environ, **environment}, check=True,
        )  # fmt: skip
        command = [sys.executable, "manage.py", "serve", "--port", str(port)]
        with Process(command, environment, port) as process:
            process.wait_until_up()
            yield process


def _tag(port: int, path: str) -> str:
    """Of a page that is kept by now; "" if it has none."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        for _ in range(3):  # the first asker only begins the watch
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
            answer = connection.getresponse()
            answer.read()
        return answer.headers.get("ETag", "")
    finally:
        connection.close()


def as_json(found: Found) -> str:
    """Every raw figure, as it stands in the results."""
    return json.dumps(
        {
            name: [
                {"per_second": round(each.per_second, 1), "cpu_us": round(each.cpu_us, 2)}
                for each in runs
            ]
            for name, runs in found.items()
        }
    )
