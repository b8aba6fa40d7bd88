"""Run all tests on SQLite and on PostgreSQL with Redis. Refuses to mix what the two of them say.

    python -m tests.halves --in-turn|--at-once -- arguments for pytest ...

Tests that drive a browser or a server wait for it a third of their time, so there are four workers
for two cores. At once, both halves need no longer than their work on all cores; what the second
says is printed when the first has ended. On two cores whoever waits for a page would wait longer
then: so, in turn.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from types import FrameType

from tests.services import split

SQLITE = ("sqlite",)
POSTGRESQL = ("postgresql", "redis")
WORKERS = 4
# Whole files go to one worker, in this order: files with the slowest tests stand first.
SPREAD = ("--dist", "loadfile", "--no-loadscope-reorder")


def half(services: Sequence[str], workers: int, arguments: Sequence[str]) -> list[str]:
    """The command of one half, on so many workers."""
    own = ["-m", "tests.services", *services, "--workers", str(workers)]
    spread = ["-m", "pytest", "-n", str(workers), *SPREAD]
    return [sys.executable, *own, "--", sys.executable, *spread, *arguments]


def at_once(first: Sequence[str], second: Sequence[str]) -> int:
    """The exit code of the first that failed; the second may speak when the first is silent."""
    with tempfile.TemporaryFile() as kept:
        running = [
            subprocess.Popen(first, stdin=subprocess.DEVNULL),
            subprocess.Popen(
                second, stdin=subprocess.DEVNULL, stdout=kept, stderr=subprocess.STDOUT
            ),
        ]

        def pass_on(number: int, _: FrameType | None) -> None:
            for process in running:
                process.send_signal(number)

        before = {one: signal.signal(one, pass_on) for one in (signal.SIGTERM, signal.SIGHUP)}
        before[signal.SIGINT] = signal.signal(signal.SIGINT, pass_on)
        try:
            codes = [process.wait() for process in running]
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        kept.seek(0)
        sys.stdout.flush()
        for line in kept:
            sys.stdout.buffer.write(line)
        sys.stdout.flush()
    return first_failure(codes)


def in_turn(first: Sequence[str], second: Sequence[str]) -> int:
    """The same, one after the other; the second runs even if the first has failed."""
    return first_failure([subprocess.call(command) for command in (first, second)])


def first_failure(codes: Sequence[int]) -> int:
    return next((code if code > 0 else 128 - code for code in codes if code), 0)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.halves")
    ways = parser.add_mutually_exclusive_group(required=True)
    ways.add_argument("--in-turn", action="store_true", help="one after the other")
    ways.add_argument("--at-once", action="store_true", help="side by side")
    own, _, rest = split(arguments)
    if parser.parse_args(list(own)).in_turn:
        return in_turn(half(SQLITE, WORKERS, rest), half(POSTGRESQL, WORKERS, rest))
    return at_once(half(SQLITE, 2, rest), half(POSTGRESQL, 1, rest))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
