"""Give waiting proposals their places: `propose` asks a child process, and believes only its grids.

Loads neither numpy nor HiGHS. Never worse than greedy: what the child says is counted here again,
and if it dies or says nonsense the greedy grid is the answer.
"""

import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from agenda import placement_child
from agenda.solving.greedy import greedy
from agenda.solving.problem import Grid, Problem, Score, is_possible, score

log = logging.getLogger(__name__)

MIB = 1024 * 1024
CHILD = Path(placement_child.__file__)
GRACE_S = 0.25  # for the last line of a child that a busy machine made wait


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one child. `wall_s`: from the call to the answer, on a busy machine as well."""

    wall_s: float = 4.2
    memory_bytes: int = 1024 * MIB
    output_bytes: int = 16 * MIB


@dataclass(frozen=True, slots=True)
class Placement:
    """`grid`: the row of each card. `bound`: no grid that leaves as few out misses less than this.

    `step`: what found it (greedy, places, exchange, columns). `greedy`: what greedy is worth.
    """

    grid: Grid
    score: Score
    greedy: Score
    bound: int | None
    step: str
    seconds: float

    @property
    def is_best(self) -> bool:
        return self.bound is not None and self.score.missed <= self.bound


class _Line(msgspec.Struct):
    step: str
    grid: tuple[int, ...] | None = None
    bound: int | None = None


def propose(problem: Problem, limits: Limits | None = None) -> Placement:
    """The best grid found in this time. Always an answer; what cannot be placed is in LOT."""
    limits, begun = limits or Limits(), time.monotonic()
    grid, step, bound = greedy(problem), "greedy", None
    first = best = score(problem, grid)
    if problem.cards and problem.rows:
        for line in _lines(_run_child(problem, limits, begun + limits.wall_s)):
            bound = line.bound if line.bound is not None else bound
            if line.grid is not None and is_possible(problem, line.grid):
                found = score(problem, line.grid)
                if found < best:
                    grid, step, best = line.grid, line.step, found
    return Placement(grid, best, first, bound, step, time.monotonic() - begun)


def _run_child(problem: Problem, limits: Limits, deadline: float) -> bytes:
    cpu_s = int(limits.wall_s * 2) + 2  # two threads
    numbers = (limits.memory_bytes, cpu_s, limits.output_bytes)
    command = [sys.executable, "-I", str(CHILD), *map(str, numbers), repr(deadline)]
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(msgspec.json.encode(problem))
        given.seek(0)
        try:
            done = subprocess.run(
                command,
                stdin=given,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},  # nothing of ours
                cwd="/",
                timeout=max(0.0, deadline + GRACE_S - time.monotonic()),
                check=False,
            )
            if done.returncode != 0:
                log.warning("placing child ended", extra={"status": done.returncode})
        except subprocess.TimeoutExpired:
            log.info("placing child was stopped")  # it has said what it had by then
        answer.seek(0)
        return answer.read(limits.output_bytes + 1)


def _lines(said: bytes) -> Iterator[_Line]:
    """Whole lines only: the last one may have been cut off."""
    for line in said.split(b"\n")[:-1]:
        try:
            yield msgspec.json.decode(line, type=_Line)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            log.warning("placing child said something else", extra={"bytes": len(line)})
            return
