"""`python -m tests.hides --hides 1000`: posts are taken down while everybody writes and reconnects.

Real servers, phones that are cut off at random, a source that sends again what was hidden. Judged
by tests/hides/verdict.py: every phone loses each post in time and for good, its picture is gone.
`--database postgresql`: two web processes, a collector and Redis; else one process on SQLite.
"""

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.hides import hall, verdict
from tests.hides.venue import KEEPERS
from tests.hides.verdict import Verdict, percentile
from tests.processes import Collector, Installation, Process, Served
from tests.ready_made import furnish
from tests.servers import PostgresServer, RedisServer

FELT_S = 2.0
P99_S = 0.5
GUESTS_OF_A_WRITER = 12  # who rests long enough until their turn comes again


@dataclass(frozen=True)
class Outcome:
    """What was hidden, seen and answered, and what is wrong."""

    hall: hall.Hall
    verdict: Verdict
    seconds: float
    cpu_s: float = 0.0

    def lines(self) -> list[str]:
        everybody = [one for each in self.verdict.delays.values() for one in each]
        taps = [hide.answered - hide.tapped for hide in self.hall.hides]
        rate = len(taps) / self.seconds
        rows = [
            f"{len(taps)} hides in {self.seconds:.0f} s ({rate:.1f} a second)",
            f"CPU: servers {self.cpu_s:.0f} s, everybody else {time.process_time():.0f} s",
            f"answers: {dict(sorted(self.hall.answers.items()))}",
            _row("tap to answer", taps),
            _row("tap to gone, all phones", everybody),
        ]
        for phone in self.hall.phones:
            gone = [one for seen in phone.seen for one in self.verdict.delays[seen.name]]
            if gone:
                rows.append(_row(f"... phone {phone.number}, {phone.lives} lives", gone))
        wrong, late = self.verdict.wrong, self.verdict.late
        if everybody and percentile(everybody, 0.99) > P99_S:
            rows.append(f"SHORT: p99 is above {P99_S * 1000:.0f} ms")
        if late:
            rows.append(f"SHORT: {len(late)} took more than {FELT_S:g} s, such as: {late[0]}")
        rows += [f"BROKEN: {line}" for line in wrong[:40]]
        rows.append(f"{len(wrong)} broken promises" if wrong else "gone everywhere, for good")
        return rows

    @property
    def is_good(self) -> bool:
        return not any(line.startswith(("SHORT", "BROKEN")) for line in self.lines())


def _row(name: str, seconds: list[float]) -> str:
    shares = (0.5, 0.99, 1.0)
    told = " ".join(f"{percentile(seconds, share) * 1000:6.0f}" for share in shares)
    return f"{name:32} {told} ms (p50 p99 max of {len(seconds)})"


def play(
    ports: list[int],
    known: dict[str, Any],
    *,
    clients: int,
    writers: int,
    keepers: int,
    pause_s: float = 1.0,
    most_s: float = FELT_S,
    seed: int = 1,
) -> Outcome:
    """All posts of the venue `known`, on servers at `ports`."""
    room = hall.Hall(ports, known, random.Random(seed), pause_s)
    began = time.monotonic()
    asyncio.run(hall.run(room, clients=clients, writers=writers, keepers=keepers))
    took = time.monotonic() - began
    seen = [one for phone in room.phones for one in phone.seen]
    return Outcome(room, verdict.judge(room.hides, seen, room.asked, most_s=most_s), took)


@contextmanager
def servers(database: str, directory: Path) -> Iterator[tuple[Installation, list[Served]]]:
    """Not started yet: the rows are written first."""
    with ExitStack() as stack:
        database_url = redis_url = ""
        if database == "postgresql":
            database_url = stack.enter_context(PostgresServer(directory, fsync=True)).url
            redis_url = stack.enter_context(RedisServer(directory)).url
        place = directory / "hub"
        place.mkdir()
        installation = Installation(place, database_url, redis_url)
        alone = not database_url
        names = ["web"] if alone else ["web-1", "web-2"]
        yield installation, [Served(installation, name=n, web_only=not alone) for n in names]


def _cpu_s(server: Process) -> float:
    """Of its whole life, as the kernel counts; 0.0 where there is no such count."""
    try:
        fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hides", description=__doc__)
    parser.add_argument("--hides", type=int, default=1000)
    parser.add_argument("--writers", type=int, default=20)
    parser.add_argument("--clients", type=int, default=6)
    parser.add_argument("--keepers", type=int, choices=range(1, KEEPERS + 1), default=4)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two notes of one")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.database}", flush=True)
    with ExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="eventhub-hides-")))
        installation, webs = stack.enter_context(servers(options.database, directory))
        guests = str(options.writers * GUESTS_OF_A_WRITER)
        known = furnish(
            installation, "tests.hides.venue", "--posts", str(options.hides), "--guests", guests
        )
        processes: list[Process] = [stack.enter_context(web) for web in webs]
        if options.database == "postgresql":
            processes.append(stack.enter_context(Collector(installation)))
        outcome = play(
            [web.port for web in webs],
            known,
            clients=options.clients,
            writers=options.writers,
            keepers=options.keepers,
            pause_s=options.pause,
            seed=options.seed,
        )
        outcome = replace(outcome, cpu_s=sum(map(_cpu_s, processes)))
    print("\n".join(outcome.lines()))
    return 0 if outcome.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
