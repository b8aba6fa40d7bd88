"""Start the servers that a command needs, and stop them again. Refuses to know Django.

    python -m tests.services [sqlite] [postgresql] [redis] [--durable] [--workers N] -- command ...

runs the command with a fresh database and Redis (`EVENTHUB_DATABASE_URL`, `EVENTHUB_REDIS_URL`,
`EVENTHUB_DATA_DIR`, `EVENTHUB_TEST_BACKEND`) and returns its exit code. Other `EVENTHUB_` settings
of the caller are not passed on, except `EVENTHUB_TEST_...`: no test may depend on a laptop.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from tests.servers import PostgresServer, RedisServer, Server, ServiceError, free_port

__all__ = [
    "PostgresServer",
    "RedisServer",
    "Server",
    "ServiceError",
    "browser_path",
    "clean_environment",
    "free_port",
    "postgres",
    "redis",
]

BROWSERS = (
    "chromium-headless-shell",  # no window that nobody sees: two thirds of the CPU
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
SHARED_MEMORY = Path("/dev/shm")
ROOM_BYTES = 6 * 2**30  # a run of all tests leaves some two thirds of it
GRACE_SECONDS = 30.0  # how long an interrupted command may take to clean up


def browser_path() -> str:
    """The system's Chromium. `make test` sees to it that there is one."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    raise ServiceError("no Chromium on the path; `make test` installs it")


@contextmanager
def postgres(directory: Path, *, fsync: bool = False) -> Iterator[str]:
    """The URL of a fresh database. `directory` must exist; the log is written there."""
    with PostgresServer(directory, fsync=fsync) as server:
        yield server.url


@contextmanager
def redis(directory: Path, port: int | None = None) -> Iterator[RedisServer]:
    """A running Redis with `url`, `process`, `kill()` and `restart()`. `directory` must exist."""
    with RedisServer(directory, port) as server:
        yield server


def memory() -> Path | None:
    """Where files are kept in memory, if it is large enough: each commit of a test waits for a disk
    otherwise. No test pulls the plug of the machine.
    """
    try:
        roomy = shutil.disk_usage(SHARED_MEMORY).free >= ROOM_BYTES
    except OSError:
        return None
    return SHARED_MEMORY if roomy and os.access(SHARED_MEMORY, os.W_OK) else None


class Command:
    """The command that the servers are for, and the signals meant for it."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.stopped_by = 0
        self.deadline = float("inf")

    def receive(self, number: int, _: FrameType | None) -> None:
        # Nothing is raised here: servers that are just starting must still become known to us.
        self.stopped_by = number
        self.deadline = time.monotonic() + GRACE_SECONDS
        if self.process and not (number == signal.SIGINT and has_terminal()):
            self.process.send_signal(number)

    def run(self, command: Sequence[str], environ: dict[str, str]) -> int:
        """The exit code, as a shell would report it. After a signal at most GRACE_SECONDS."""
        if self.stopped_by:
            return 128 + self.stopped_by
        self.process = subprocess.Popen(command, env=environ)
        if self.stopped_by:  # the signal came in between
            self.process.send_signal(self.stopped_by)
        while (code := self.process.poll()) is None:
            try:
                self.process.wait(0.5)
            except subprocess.TimeoutExpired:
                if time.monotonic() > self.deadline:
                    self.process.kill()
        return code if code >= 0 else 128 - code


def has_terminal() -> bool:
    """Whether Ctrl-C reaches our whole process group, and with it the command."""
    try:
        with open("/dev/tty", "rb") as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.services")
    parser.add_argument("services", nargs="*", choices=("sqlite", "postgresql", "redis"))
    parser.add_argument("--durable", action="store_true", help="PostgreSQL with fsync")
    parser.add_argument("--workers", type=int, default=1, help="who get a Redis each")
    own, _, command = (list(part) for part in split(arguments))
    options = parser.parse_args(own)
    if not command:
        parser.error("a command is missing after --")
    if {"sqlite", "postgresql"} <= set(options.services):
        parser.error("one database at a time")

    child = Command()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, child.receive)
    with ExitStack() as stack:
        made = tempfile.TemporaryDirectory(
            prefix="eventhub-test-", dir=None if options.durable else memory()
        )
        directory = Path(stack.enter_context(made))
        environ = clean_environment()
        environ["TMPDIR"] = str(directory / "tmp")
        (directory / "tmp").mkdir()
        for passed in (directory, directory / "tmp"):
            passed.chmod(0o711)  # PostgreSQL runs as somebody else, in a folder in here
        environ["EVENTHUB_DATA_DIR"] = str(directory / "data")
        environ["EVENTHUB_TEST_BACKEND"] = "sqlite"
        environ["EVENTHUB_TEST_READY"] = str(directory / "ready")
        try:
            if "postgresql" in options.services:
                url = stack.enter_context(postgres(directory, fsync=options.durable))
                environ.update(EVENTHUB_TEST_BACKEND="postgresql", EVENTHUB_DATABASE_URL=url)
            if "redis" in options.services:
                urls = [_redis_in(directory / str(n), stack) for n in range(options.workers)]
                environ["EVENTHUB_REDIS_URL"] = urls[0]
                environ["EVENTHUB_TEST_REDIS_URLS"] = " ".join(urls)
        except ServiceError as error:
            print(error, file=sys.stderr)
            return 1
        return child.run(command, environ)


def _redis_in(directory: Path, stack: ExitStack) -> str:
    directory.mkdir()
    return stack.enter_context(redis(directory)).url


def split(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """What stands before the first "--", that itself, and what stands behind it."""
    at = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:at], arguments[at : at + 1], arguments[at + 1 :]


def clean_environment() -> dict[str, str]:
    """The caller's, but for our settings; and what a process compiles is kept for the next one."""
    kept = {}
    for name, value in os.environ.items():
        if name == "PYTHONDONTWRITEBYTECODE":
            continue  # each server would compile Django anew: longer than all that is asked of it
        if not name.startswith("EVENTHUB_") or name.startswith("EVENTHUB_TEST_"):
            kept[name] = value
    return kept


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
