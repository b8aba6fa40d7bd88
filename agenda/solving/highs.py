"""The little of HiGHS that we use: a model is made column by column, and solved within a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import highspy
import numpy as np

from agenda.solving.tables import Floats

THREADS = 2


@dataclass(frozen=True, slots=True)
class Solved:
    """`prices`: the duals of the rows, of a model without whole numbers only."""

    value: float
    values: Floats
    prices: Floats
    proven: bool


@dataclass(slots=True)
class Model:
    """Minimise cost, columns between 0 and `upper`, rows between two limits."""

    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    indices: list[int] = field(default_factory=list)
    upper: float = 1.0

    def row(self, low: float, high: float) -> int:
        self.lows.append(low)
        self.highs.append(high)
        return len(self.lows) - 1

    def column(self, cost: float, rows: Sequence[int]) -> None:
        """One that counts once in each of these rows."""
        self.costs.append(cost)
        self.starts.append(len(self.indices))
        self.indices += rows


class Programme:
    """A linear programme that stays open: columns come, and it goes on from where it was."""

    def __init__(self, model: Model) -> None:
        self._highs = _highs({"mip_rel_gap": 0.0})
        self._highs.passModel(_as_lp(model, integer=False))
        self._upper = model.upper

    def add(self, costs: Sequence[float], columns: Sequence[Sequence[int]]) -> None:
        """Each column counts once in each of its rows."""
        if not costs:
            return
        starts = np.cumsum([0, *map(len, columns)])
        indices = np.array([row for column in columns for row in column], dtype=np.int32)
        count = len(costs)
        self._highs.addCols(
            count,
            np.array(costs, dtype=np.double),
            np.zeros(count),
            np.full(count, self._upper),
            len(indices),
            starts[:-1].astype(np.int32),
            indices,
            np.ones(len(indices)),
        )

    def solve(self, seconds: float) -> Solved | None:
        """None if it was not solved to its end in this time."""
        if seconds <= 0:
            return None
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + seconds)
        self._highs.run()
        found = _answer(self._highs)
        return found if found is not None and found.proven else None


def solved_whole(model: Model, seconds: float, *, start: Sequence[int] = ()) -> Solved | None:
    """In whole numbers; None if nothing was found. `start`: the columns of a known solution."""
    if seconds <= 0 or not model.costs:
        return None
    gap = 0.999 if all(cost == round(cost) for cost in model.costs) else 1e-6
    highs = _highs({"time_limit": seconds, "mip_abs_gap": gap, "mip_rel_gap": 0.0})
    highs.passModel(_as_lp(model, integer=True))
    if start:
        known = highspy.HighsSolution()
        values = np.zeros(len(model.costs))
        values[list(start)] = 1
        known.col_value = values.tolist()
        highs.setSolution(known)
    highs.run()
    return _answer(highs)


def _highs(options: dict[str, float]) -> highspy.Highs:
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in {"output_flag": False, "threads": THREADS, **options}.items():
        highs.setOptionValue(name, value)
    return highs


def _answer(highs: highspy.Highs) -> Solved | None:
    answer, info = highs.getSolution(), highs.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return None
    proven = highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    prices = np.array(answer.row_dual) if answer.dual_valid else np.zeros(0)
    return Solved(info.objective_function_value, np.array(answer.col_value), prices, proven)


def _as_lp(model: Model, integer: bool) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    columns = len(model.costs)
    lp.num_col_, lp.num_row_ = columns, len(model.lows)
    lp.col_cost_ = np.array(model.costs)
    lp.col_lower_ = np.zeros(columns)
    lp.col_upper_ = np.full(columns, model.upper)
    lp.row_lower_, lp.row_upper_ = np.array(model.lows), np.array(model.highs)
    lp.a_matrix_.start_ = np.array([*model.starts, len(model.indices)])
    lp.a_matrix_.index_ = np.array(model.indices)
    lp.a_matrix_.value_ = np.ones(len(model.indices))
    if integer:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * columns
    return lp
