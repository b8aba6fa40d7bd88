"""The best choice of whole rows out of very many, and a bound below which no grid can be.

Set partitioning by column generation: a column is a set of cards that stand in one row together.
What each card costs in the linear programme prices the sets that are not in it yet; when none is
cheap enough its value is a bound, and before that Lagrange's is (docs/placement.md).
"""

import math
import time
from collections.abc import Callable, Iterable

import numpy as np

from agenda.solving.exchange import Group, cards_in
from agenda.solving.highs import Model, Programme, Solved, solved_whole
from agenda.solving.pricing import Priced, Pricing
from agenda.solving.problem import Grid
from agenda.solving.tables import Floats, Tables

MAX_CHOICE = 4_000  # columns of the last model
SLACK = 1e-4


class Columns:
    """`left`: how many cards stay in the lot. `bound`: nothing misses less; 0 says nothing."""

    def __init__(self, tables: Tables, left: int) -> None:
        self._tables, self._left = tables, left
        self._groups: dict[Group, int] = {}  # with how many each tears
        self._first = [int(np.argmax(tables.kind == kind)) for kind in range(tables.kinds)]
        self._pricing = [Pricing(tables, row) for row in self._first]
        self._size = [int((tables.kind == kind).sum()) for kind in range(tables.kinds)]
        self._solved: Solved | None = None
        self._programme = Programme(self._model([]))
        self._waiting: list[Group] = []  # not in the programme yet
        self._is_solved = False  # no set that is not in the programme could make it cheaper
        self._is_complete = False  # whatever can be better than the best grid is made of columns
        self.bound = 0

    def add(self, groups: Iterable[Group]) -> int:
        """How many of them are new. A set that is good in one row may be good in another."""
        before = len(self._groups)
        for group in groups:
            if group not in self._groups:
                cards = cards_in(group)
                for kind, row in enumerate(self._first):
                    if self._tables.holds(row, cards):
                        self._groups[kind, group[1]] = self._tables.cost(row, cards)
                        self._waiting.append((kind, group[1]))
        return len(self._groups) - before

    def generate(self, until: float, told: Callable[[int], None], *, best: int) -> None:
        """Price new columns until that time, or until the bound is as good as `best`."""
        while self.bound < best and time.monotonic() < until:
            new, self._waiting = self._waiting, []
            self._programme.add(
                [self._groups[group] for group in new], [self._rows(group) for group in new]
            )
            found = self._programme.solve(until - time.monotonic())
            if found is None:
                return
            self._solved = found
            prices = np.maximum(found.prices[: self._tables.cards], 0)
            answers = self._priced(found, prices, until)
            bound = math.ceil(self._lagrange(prices, answers) - SLACK)
            if bound > self.bound:
                self.bound = bound
                told(bound)
            added = self.add(
                (kind, np.sort(cards).tobytes())
                for kind, answer in enumerate(answers)
                for cards in answer.sets
            )
            if not added:
                self._is_solved = all(answer.whole and not answer.sets for answer in answers)
                return

    def complete(self, best: int, until: float) -> None:
        """Add all columns that can be in a grid better than `best`, if they are few enough."""
        found = self._solved
        if found is None or not self._is_solved or self._is_complete:
            return
        prices = np.maximum(found.prices[: self._tables.cards], 0)
        gap = best - found.value
        for kind, pricing in enumerate(self._pricing):
            floor = -min(float(found.prices[self._tables.cards + kind]), 0.0)
            answer = pricing.best(prices, floor - gap, until, enough=MAX_CHOICE)
            if not answer.whole:
                return
            self.add((kind, np.sort(cards).tobytes()) for cards in answer.sets)
        self._is_complete = True

    def choose(self, grid: Grid, seconds: float, *, best: int) -> Grid | None:
        """The best grid out of the columns that may be in one better than `grid`, worth `best`."""
        groups = self._cheap(best)
        known = {group: number for number, group in enumerate(groups)}
        start = [
            known.get((int(self._tables.kind[row]), _cards(grid, row).tobytes()), -1)
            for row in range(self._tables.rows)
        ]
        whole = not self._left and -1 not in start
        found = solved_whole(self._model(groups), seconds, start=start if whole else ())
        if found is None:
            return None
        if found.proven and self._is_complete and len(groups) < MAX_CHOICE:
            self.bound = max(self.bound, min(best, round(found.value)))
        return self._grid(groups, found.values)

    def _priced(self, found: Solved, prices: Floats, until: float) -> list[Priced]:
        floors = -np.minimum(found.prices[self._tables.cards :][: self._tables.kinds], 0)
        begun, answers = time.monotonic(), list[Priced]()
        for kind, pricing in enumerate(self._pricing):
            share = (until - time.monotonic()) / (len(self._pricing) - kind)
            stop = max(begun, time.monotonic()) + share
            answers.append(pricing.best(prices, float(floors[kind]), stop))
        return answers

    def _lagrange(self, prices: Floats, answers: list[Priced]) -> float:
        """Whatever the prices are, no grid costs less than this."""
        value = float(prices.sum())
        value -= sum(
            count * max(0.0, answer.most) for count, answer in zip(self._size, answers, strict=True)
        )
        return value + float(np.sort(self._tables.wanted - prices)[: self._left].sum())

    def _rows(self, group: Group) -> list[int]:
        return [*cards_in(group).tolist(), self._tables.cards + group[0]]

    def _model(self, groups: Iterable[Group]) -> Model:
        """Each card at least once, in a set or in the lot: less than a set is never dearer."""
        tables = self._tables
        model = Model(upper=max(1.0, *map(float, self._size)))
        for _card in range(tables.cards):
            model.row(1, np.inf)
        for count in self._size:
            model.row(-np.inf, count)
        if self._left:
            lot = model.row(-np.inf, self._left)
            for card in range(tables.cards):
                model.column(float(tables.wanted[card]), [card, lot])
        for group in groups:
            model.column(self._groups[group], self._rows(group))
        return model

    def _cheap(self, best: int) -> list[Group]:
        """Columns that cost too much by their prices are in no grid that is better than `best`."""
        found = self._solved
        if found is None:
            return list(self._groups)
        prices, kinds = found.prices[: self._tables.cards], found.prices[self._tables.cards :]
        extra = {
            group: cost - float(prices[cards_in(group)].sum()) - float(kinds[group[0]])
            for group, cost in self._groups.items()
        }
        near = [group for group, cost in extra.items() if cost <= best - found.value + SLACK]
        return sorted(near, key=extra.__getitem__)[:MAX_CHOICE]

    def _grid(self, groups: list[Group], values: Floats) -> Grid:
        tables = self._tables
        free = [list(np.flatnonzero(tables.kind == kind)) for kind in range(tables.kinds)]
        rows = np.full(tables.cards, tables.rows, dtype=np.int64)
        lot = tables.cards if self._left else 0
        for group, value in zip(groups, values[lot:], strict=True):
            for _time in range(round(value)):
                row = free[group[0]].pop()
                for card in cards_in(group):
                    if rows[card] == tables.rows:
                        rows[card] = row
        return tables.grid_of(rows)


def _cards(grid: Grid, row: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.flatnonzero(np.array(grid) == row)
