"""The servers under measurement: how each is started, joined and posted to. Measures nothing."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bench import ours
from bench.measure import Process, free_port
from bench.publish import MakeRequest, Request

# What a text of ours becomes on the wire, until a run of ours has measured it.
DEFAULT_FRAME_BYTES = 900
NOTE_CHARS = 140


@dataclass(slots=True)
class Running:
    """A started server, ready to be joined and posted to."""

    process: Process
    target: dict[str, Any]
    make_request: MakeRequest
    chars: int
    cursor: Callable[[], str] | None = None
    catch_ups: ours.Counter | None = None
    sockets: ours.Counter | None = None


@dataclass(slots=True)
class Subject:
    """A way to start one server. `name` heads its columns in the report."""

    name: str
    environment: dict[str, str] = field(default_factory=dict)


def _plain(process: Process, path: str, frame_bytes: int) -> Running:
    target = {"host": "127.0.0.1", "port": process.port, "path": path, "headers": {},
              "topics": None}  # fmt: skip
    return Running(process, target, lambda _number, text: Request("/posts", text.encode()),
                   chars=frame_bytes - len('{"html":""}'))  # fmt: skip


@contextmanager
def started(subject: Subject, frame_bytes: int = DEFAULT_FRAME_BYTES) -> Iterator[Running]:
    """The subject's server, up and empty. `frame_bytes`: what a rival's message shall weigh."""
    port = free_port()
    if subject.name == "bare":
        with Process([sys.executable, "-m", "bench.bare", str(port)], {}, port) as process:
            process.wait_until_up()
            yield _plain(process, "/", frame_bytes)
    elif subject.name in ("memory", "redis"):
        command = [sys.executable, "-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port),
                   "bench.rival.asgi:application"]  # fmt: skip
        environment = {"BENCH_LAYER": subject.name, **subject.environment}
        with Process(command, environment, port) as process:
            process.wait_until_up()
            yield _plain(process, "/ws/wall/", frame_bytes)
    else:
        with (
            tempfile.TemporaryDirectory(prefix="bench-") as directory,
            ours.started(subject.environment, directory, port) as (process, visitors),
        ):
            yield Running(
                process,
                visitors.target,
                visitors.request,
                chars=NOTE_CHARS,
                cursor=visitors.cursor,
                catch_ups=visitors.counter("catchup"),
                sockets=visitors.sockets,
            )
