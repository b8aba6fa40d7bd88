"""Make a grid better by moving and swapping cards: a tabu search that looks at every neighbour.

After each step what was moved may not go back for a while, unless that gives the best grid so far
(Glover 1989). All swaps of two cards are counted at once, see docs/placement.md.
"""

import time
from collections.abc import Callable

import numpy as np

from agenda.solving.problem import Grid
from agenda.solving.tables import Bools, Floats, Ints, Tables

FORBIDDEN = 1e9
TENURE = (8, 24)  # steps for which a card may not return
PATIENCE = 120  # steps for each card
NEAR = 25  # groups of grids that miss at most so many more than the best one are kept
MAX_GROUPS = 12_000

Group = tuple[int, bytes]  # a kind of row, and which cards stand in it (numbers in order)


class Exchange:
    """One search. `groups`: the sets of cards that stood in a row of good grids."""

    def __init__(self, tables: Tables, grid: Grid, *, seed: int = 1) -> None:
        self._tables = tables
        self._random = np.random.default_rng(seed)
        self._until = np.zeros((tables.cards, tables.rows + 1), dtype=np.int64)
        self._steps = 0
        # Left out is worse than anything that anybody could miss.
        self._out = tables.wanted + tables.want.sum() + tables.wanted.sum() + 1
        self.groups: set[Group] = set()
        self.start_from(grid)

    def start_from(self, grid: Grid) -> None:
        tables = self._tables
        self._at = tables.rows_of(grid)
        self._count = np.vstack([tables.base, np.zeros((1, tables.heads))])
        for row in range(tables.rows):
            self._count[row] += tables.want[self._at == row].sum(0)
        self._now = self._value()
        self.best, self.grid = self._now, tables.grid_of(self._at)
        for row in range(tables.rows):
            self._keep(row)

    def run(self, until: float, told: Callable[[Grid], None], *, enough: float = 0) -> None:
        """Until that time (monotonic), or until nothing better can be (`enough` is missed).

        Or until nothing better was found for long: few cards have few grids.
        """
        if not self._tables.cards or not self._tables.rows:
            return
        last = self._steps
        while time.monotonic() < until and self.best > enough:
            if not self._step() or self._steps > last + PATIENCE * self._tables.cards:
                return
            if self._now < self.best:
                self.best, self.grid = self._now, self._tables.grid_of(self._at)
                last = self._steps
                told(self.grid)

    def _value(self) -> float:
        inside = self._count[: self._tables.rows]
        torn = np.maximum(inside - 1, 0).sum() - np.maximum(self._tables.base - 1, 0).sum()
        return float(torn + self._out[self._at == self._tables.rows].sum())

    def _step(self) -> bool:
        """The best neighbour that may be; False if there is none."""
        tables, at = self._tables, self._at
        cards = np.arange(tables.cards)
        there = self._count[at]
        leave = (tables.want * (there >= 2)).sum(1)  # what is gained when a card goes
        enter = tables.want @ (self._count >= 1).T.astype(float)
        lot = at == tables.rows
        leave[lot] += self._out[lot]
        enter[:, tables.rows] = self._out
        swap = enter[:, at] - tables.want @ (tables.want * (there == 1)).T
        swaps = swap + swap.T - leave[:, None] - leave[None, :]
        moves = enter - leave[:, None]
        swaps[self._no_swap()] = FORBIDDEN
        moves[self._no_move()] = FORBIDDEN
        held = self._until > self._steps
        held_swap = held[cards[:, None], at[None, :]]
        wins = self.best - self._now
        swaps[(held_swap | held_swap.T) & (swaps >= wins)] = FORBIDDEN
        moves[held & (moves >= wins)] = FORBIDDEN
        least = min(swaps.min(), moves.min())
        if least >= FORBIDDEN:
            if not held.any():
                return False
            self._until[:] = 0
            return True
        self._take(swaps, moves, least)
        return True

    def _no_swap(self) -> Bools:
        """[p, q]: p may not stand where q stands, or the other way round."""
        tables, at = self._tables, self._at
        no = ~tables.may[:, at]
        tight = self._tight()[at]
        no |= tables.large @ ((1 - tables.large) * tight).T > 0
        if tables.together.any():
            here = self._hosts()[:, at] - tables.together
            here[:, at == tables.rows] = 0
            no |= here > 0
        no |= no.T
        no |= at[:, None] == at[None, :]
        return no

    def _no_move(self) -> Bools:
        tables = self._tables
        no = ~tables.may | (tables.large @ self._tight().T > 0)
        no |= self._hosts() > 0
        no[:, tables.rows] = True
        no[np.arange(tables.cards), self._at] = True
        return no

    def _tight(self) -> Floats:
        """[row, class]: every room that seats this class is taken. The lot never is."""
        tables = self._tables
        used = np.zeros((tables.rows + 1, tables.large.shape[1]))
        np.add.at(used, self._at, tables.large)
        used[: tables.rows] -= tables.room
        used[tables.rows] = -1
        return (used >= 0).astype(float)

    def _hosts(self) -> Floats:
        """[p, row]: how many cards in this row share a host with p."""
        tables = self._tables
        found = np.zeros((tables.cards, tables.rows + 1))
        if tables.together.any():
            where = np.zeros((tables.cards, tables.rows + 1))
            where[np.arange(tables.cards), self._at] = 1
            found = tables.together @ where
            found[:, tables.rows] = 0
        return found

    def _take(self, swaps: Floats, moves: Floats, least: float) -> None:
        ways = [*np.flatnonzero(swaps == least), *(-1 - np.flatnonzero(moves == least))]
        way = int(ways[self._random.integers(len(ways))])
        self._steps += 1
        if way >= 0:
            one, other = divmod(way, self._tables.cards)
            here, there = int(self._at[one]), int(self._at[other])
            self._put(one, there)
            self._put(other, here)
        else:
            one, there = divmod(-1 - way, self._tables.rows + 1)
            here = int(self._at[one])
            self._put(one, there)
        self._now += least
        if self._now < self.best + NEAR:
            self._keep(here)
            self._keep(there)

    def _put(self, card: int, row: int) -> None:
        before = int(self._at[card])
        self._until[card, before] = self._steps + self._random.integers(*TENURE)
        for at, sign in ((before, -1), (row, 1)):
            if at != self._tables.rows:
                self._count[at] += sign * self._tables.want[card]
        self._at[card] = row

    def _keep(self, row: int) -> None:
        if row < self._tables.rows and len(self.groups) < MAX_GROUPS:
            self.groups.add((int(self._tables.kind[row]), members(self._at, row)))


def members(at: Ints, row: int) -> bytes:
    return np.flatnonzero(at == row).tobytes()


def cards_in(group: Group) -> Ints:
    return np.frombuffer(group[1], dtype=np.int64)
