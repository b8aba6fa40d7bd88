"""How good the proposed grids are: greedy, ours, and the bound, over seeded barcamps.

What torn means, how the barcamps are made and how the bound is found: docs/placement.md. The grid
is what is found in the usual time; only the bound, which judges it, gets more if it was too short.
"""

import json
import statistics
import sys
from dataclasses import asdict, dataclass

from agenda.placement import Limits, Placement, propose
from agenda.solving.problem import Problem, is_possible
from bench.halls import CARDS, HEADS, KINDS, ROWS, SEATS, WISHES, hall
from bench.report import Line

SEEDS = 20
LEAST_SHARE = 0.5  # of the way from greedy to the bound
MOST_SECONDS = 5.0
FAR = 0.95  # a bound below this part of ours was not finished
BOUND_SECONDS = 25.0
HEAD = (
    f"{'barcamp':14} {'greedy':>7} {'ours':>7} {'bound':>7} {'share':>7} {'seconds':>8}  found by"
)


@dataclass(frozen=True, slots=True)
class Run:
    """One barcamp. `share`: how much of the way from greedy to the bound is done."""

    kind: str
    seed: int
    greedy: int
    ours: int
    bound: int | None
    left: int
    possible: bool
    seconds: float
    step: str

    @property
    def share(self) -> float:
        way = self.greedy - (self.bound or 0)
        return (self.greedy - self.ours) / way if way else 1.0

    def __str__(self) -> str:
        bound = "-" if self.bound is None else self.bound
        return (
            f"{self.kind:9} {self.seed:>4} {self.greedy:>7} {self.ours:>7} {bound:>7} "
            f"{self.share:>7.2f} {self.seconds:>8.2f}  {self.step}"
        )


def measure() -> list[Run]:
    """Every barcamp once; some three minutes on quiet cores. A line each goes to stderr."""
    print(HEAD, file=sys.stderr)
    found = []
    for kind in KINDS:
        for seed in range(SEEDS):
            run = _run(kind, seed)
            print(run, file=sys.stderr, flush=True)
            found.append(run)
    return found


def lines(found: list[Run]) -> list[Line]:
    made: list[Line] = []
    about = f"{CARDS} proposals, {len(SEATS)} rooms, {ROWS} rows, {HEADS} x {WISHES} wishes"
    for kind in KINDS:
        runs = [run for run in found if run.kind == kind]
        name = f"[{kind}, {len(runs)} seeds]"
        bounds = [float(run.bound or 0) for run in runs]
        ours, greedy = [run.ours for run in runs], [run.greedy for run in runs]
        ratio = statistics.median(run.greedy / max(1, run.ours) for run in runs)
        made.append(Line(f"torn, ours and greedy {name}", _median(ours), _median(greedy), ratio,
                         "-", None))  # fmt: skip
        made.append(Line(f"torn, bound {name}", _median(bounds), None, None, "-", None))
        shares = [run.share for run in runs]
        share = statistics.median(shares)
        made.append(Line(f"share of the way from greedy to bound, median {name}", share, None, None,
                         f">= {LEAST_SHARE:g}", share >= LEAST_SHARE))  # fmt: skip
        made.append(Line(f"... the smallest {name}", min(shares), None, None, "-", None))
        worse = sum(run.ours > run.greedy for run in runs)
        made.append(Line(f"worse than greedy {name}", worse, None, None, "0", worse == 0))
        wrong = sum(run.left > 0 or not run.possible for run in runs)
        made.append(Line(f"left out, or not possible {name}", wrong, None, None, "0", wrong == 0))
        longest = max(run.seconds for run in runs)
        made.append(Line(f"seconds, the longest {name}", longest, None, None,
                         f"< {MOST_SECONDS:g}", longest < MOST_SECONDS))  # fmt: skip
    print(about, file=sys.stderr)
    return made


def as_json(found: list[Run]) -> str:
    return json.dumps([asdict(run) for run in found], indent=1)


def _run(kind: str, seed: int) -> Run:
    problem = hall(seed, kind)
    placed = propose(problem)
    bound = _bound(problem, placed)
    return Run(
        kind, seed, placed.greedy.missed, placed.score.missed, bound, placed.score.left,
        is_possible(problem, placed.grid), placed.seconds, placed.step,
    )  # fmt: skip


def _bound(problem: Problem, placed: Placement) -> int | None:
    if (placed.bound or 0) >= FAR * placed.score.missed:
        return placed.bound
    later = propose(problem, Limits(wall_s=BOUND_SECONDS)).bound
    return max(placed.bound or 0, later or 0)


def _median(values: list[int] | list[float]) -> float:
    return float(statistics.median(values))
