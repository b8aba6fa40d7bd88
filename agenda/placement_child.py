"""Solve one placing: a problem from stdin, ever better grids as lines on stdout. Without Django.

Started by `agenda.placement` as a process of its own, because a solver takes what memory and time
it gets: MEMORY_BYTES CPU_S OUTPUT_BYTES DEADLINE (of the machine's monotonic clock, in seconds).
Each line is JSON, {"step", "grid"} or {"step", "bound"}; the last of each kind counts, so that
whoever waits no longer has the best so far.
"""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from agenda.solving.problem import Grid, Problem
    from agenda.solving.tables import Tables

    Told = Callable[[dict[str, object]], None]

ROOT = Path(__file__).resolve().parent.parent
MARGIN_S = 0.15  # to say the last line


class Work:
    """The best grid so far, told whenever there is a better one; `deadline` is monotonic."""

    def __init__(self, problem: "Problem", deadline: float, told: "Told") -> None:
        from agenda.solving import problem as about
        from agenda.solving.greedy import greedy

        self._about, self._told = about, told
        self.problem, self.deadline = problem, deadline
        self.grid, self.bound = greedy(problem), -1
        self.score = about.score(problem, self.grid)
        told({"step": "greedy", "grid": self.grid})

    @property
    def is_over(self) -> bool:
        return self.bound >= self.score.missed or time.monotonic() >= self.deadline

    def take(self, step: str, grid: "Grid") -> bool:
        """Nothing is ever given away: a grid counts if it is possible and better."""
        score = self._about.score(self.problem, grid)
        if score >= self.score or not self._about.is_possible(self.problem, grid):
            return False
        self.grid, self.score = grid, score
        self._told({"step": step, "grid": grid})
        return True

    def exchanged(self, grid: "Grid") -> None:
        self.take("exchange", grid)

    def raise_bound(self, bound: int) -> None:
        if bound > self.bound:
            self.bound = bound
            self._told({"step": "columns", "bound": bound})

    def until(self, share: float) -> float:
        """The moment at which this share of the time that is left now has passed."""
        now = time.monotonic()
        return now + share * max(0.0, self.deadline - now)

    def seconds(self, share: float) -> float:
        return self.until(share) - time.monotonic()


def solve(problem: "Problem", deadline: float, told: "Told") -> None:
    """Greedy, then exchanges, then a bound by columns, then the best choice of columns."""
    work = Work(problem, deadline, told)
    from agenda.solving.columns import Columns
    from agenda.solving.exchange import Exchange
    from agenda.solving.tables import Tables

    tables = Tables(problem)
    proven = _places(work, tables)
    exchange = Exchange(tables, work.grid)
    exchange.run(work.until(0.3 if proven else 1.0), work.exchanged)
    if not proven:  # a bound is for grids that leave as few out
        return
    columns = Columns(tables, work.score.left)
    work.raise_bound(0)
    columns.add(exchange.groups)
    columns.generate(work.until(0.7), work.raise_bound, best=work.score.missed)
    while not work.is_over:
        columns.complete(work.score.missed, work.until(0.2))
        found = columns.choose(work.grid, work.seconds(0.7), best=work.score.missed)
        if found is not None:
            work.take("columns", found)
        work.raise_bound(columns.bound)
        exchange.start_from(work.grid)
        exchange.run(work.until(0.5), work.exchanged, enough=work.bound)
        columns.add(exchange.groups)


def _places(work: Work, tables: "Tables") -> bool:
    """Place as many as can be placed; whether it is known that no more can be."""
    possible = tables.may[:, : tables.rows].any(1).sum()
    if work.score.left <= tables.cards - min(possible, int(tables.room[:, 0].sum())):
        return True
    from agenda.solving.places import as_many_as_possible

    grid, proven = as_many_as_possible(tables, work.seconds(0.3))
    work.take("places", grid)
    return proven


def tell(said: dict[str, object]) -> None:
    import msgspec

    sys.stdout.buffer.write(msgspec.json.encode(said) + b"\n")
    sys.stdout.buffer.flush()


def main(arguments: list[str]) -> None:
    memory_bytes, cpu_s, output_bytes = map(int, arguments[:3])
    sys.path.insert(0, str(ROOT))
    from eventhub.limits import limit

    limit(memory_bytes, cpu_s, output_bytes, open_files=64)
    import msgspec

    from agenda.solving.problem import Problem

    problem = msgspec.json.decode(sys.stdin.buffer.read(), type=Problem)
    solve(problem, float(arguments[3]) - MARGIN_S, tell)


if __name__ == "__main__":
    main(sys.argv[1:])
