"""Which runs belong to one measurement, and in which order. Knows no figures."""

import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from bench.scenarios import Figures, Load, run
from bench.subjects import DEFAULT_FRAME_BYTES, Subject
from tests import services

# Sockets: (texts, texts per second), as much as the slowest rival can still deliver on a small
# machine. Ours could take many times that, but what is compared must be loaded alike.
PACES = {300: (24, 3.0), 1000: (20, 1.0)}
_OTHER_PACE = (16, 1.0)
STALLED_SOCKETS = 300
STALLED_SHARE = 0.1

# Alternating: no two runs of one server follow each other, so a slow minute hits everybody.
ORDER = ("ours", "memory", "portable", "redis")


@dataclass(frozen=True, slots=True)
class Scope:
    """How much is measured. Fewer than five rounds prove nothing; they show that it works."""

    rounds: int = 5
    sizes: tuple[int, ...] = (300, 1000)
    subjects: tuple[str, ...] = ORDER
    steady: bool = True
    stalled: bool = True


@dataclass(slots=True)
class Samples:
    """Raw figures of every run: (scenario, sockets, subject) -> one dictionary per round."""

    runs: dict[tuple[str, int, str], list[Figures]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def values(self, scenario: str, sockets: int, subject: str, figure: str) -> list[float]:
        """That figure of every round that has it."""
        runs = self.runs.get((scenario, sockets, subject), [])
        return [figures[figure] for figures in runs if figure in figures]


def measure(scope: Scope) -> Samples:
    """Run everything in `scope`; about forty minutes as it stands. Progress goes to stderr."""
    samples = Samples()
    with (
        tempfile.TemporaryDirectory(prefix="bench-redis-") as directory,
        services.redis(Path(directory)) as server,
    ):
        subjects = {
            "ours": Subject("ours", {"EVENTHUB_SENDER": "auto"}),
            "portable": Subject("portable", {"EVENTHUB_SENDER": "portable"}),
            "memory": Subject("memory"),
            "redis": Subject("redis", {"BENCH_REDIS_URL": server.url}),
        }
        chosen = {name: subjects[name] for name in scope.subjects}
        if scope.steady:
            _steady(scope, chosen, samples)
        if scope.stalled:
            _stalled(scope, chosen, samples)
    return samples


def _steady(scope: Scope, subjects: dict[str, Subject], samples: Samples) -> None:
    frame_bytes = DEFAULT_FRAME_BYTES
    for sockets in scope.sizes:
        for number in range(scope.rounds):
            for name, subject in subjects.items():
                load = _load(sockets, name, number)
                title = f"{name}, {sockets} sockets, round {number + 1}"
                figures = _timed(title, subject, load, frame_bytes)
                samples.runs["steady", sockets, name].append(figures)
                if name == "ours":
                    frame_bytes = round(figures["bytes"])


def _stalled(scope: Scope, subjects: dict[str, Subject], samples: Samples) -> None:
    for number in range(scope.rounds):
        for name, subject in subjects.items():
            # The rivals never drop anybody; once is enough to show it.
            if name == "ours" or (number == 0 and name != "portable"):
                load = Load(STALLED_SOCKETS, *PACES[STALLED_SOCKETS])
                title = f"{name}, stalled readers, round {number + 1}"
                figures = _timed(title, subject, load, DEFAULT_FRAME_BYTES, share=STALLED_SHARE)
                samples.runs["stalled", STALLED_SOCKETS, name].append(figures)


def _load(sockets: int, name: str, number: int) -> Load:
    """A burst takes the rivals a minute at 1000 sockets: they get one, ours one a round."""
    full = name != "portable"
    bursts = full and (name == "ours" or sockets < 1000 or number == 0)
    texts, per_second = PACES.get(sockets, _OTHER_PACE)
    return Load(
        sockets,
        texts,
        per_second,
        burst=100 if bursts else 0,
        storm=full,
        lively=80 if name in ("ours", "portable") else 0,
    )


def _timed(
    title: str, subject: Subject, load: Load, frame_bytes: int, *, share: float = 0
) -> Figures:
    begun_s = time.monotonic()
    print(f"{title} ...", end=" ", file=sys.stderr, flush=True)
    figures = run(subject, load, frame_bytes, stalled=share)
    print(f"{time.monotonic() - begun_s:.0f} s", file=sys.stderr, flush=True)
    return figures
