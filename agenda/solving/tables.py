"""A problem as arrays, for whoever counts many grids a second. Only the child process loads it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from agenda.solving.problem import LOT, Problem, Room, allowed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Tables:
    """P cards, T rows, A attendees; the lot is row T. Sizes become classes, see `large`.

    want[p, a], may[p, t], together[p, q] (they share a host), base[t, a] (wished there already).
    large[p, c]: card p is larger than the c-th step; room[t, c]: how many rooms of row t are. A
    row holds a set of cards if and only if no class has more cards than rooms: rooms are nested.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        cards, rows = problem.cards, problem.rows
        self.cards, self.rows, self.heads = len(cards), len(rows), len(problem.wishes)
        self.want = np.zeros((self.cards, self.heads))
        for number, wishes in enumerate(problem.wishes):
            self.want[list(wishes), number] = 1
        self.may = np.array(
            [[allowed(problem, card, row) for row in range(self.rows)] + [True] for card in cards]
        ).reshape(self.cards, self.rows + 1)
        self.together = np.array(
            [[one != other and bool(a.hosts & b.hosts) for other, b in enumerate(cards)]
             for one, a in enumerate(cards)], dtype=float
        ).reshape(self.cards, self.cards)  # fmt: skip
        self.base = np.zeros((self.rows, self.heads))
        for number, row in enumerate(rows):
            self.base[number, list(row.wished)] = 1
        self.wanted = np.array([card.wanted for card in cards], dtype=float)
        self._steps()
        self._kinds()

    def _steps(self) -> None:
        seats = {room.seats for row in self.problem.rows for room in row.rooms}
        steps = [-1, *sorted(found for found in seats if found is not None)]
        sizes = np.array([card.size for card in self.problem.cards])
        self.large = (sizes[:, None] > np.array(steps)[None, :]).astype(float)
        self.room = np.array(
            [[sum(_above(room, step) for room in row.rooms) for step in steps]
             for row in self.problem.rows], dtype=float
        ).reshape(self.rows, len(steps))  # fmt: skip
        # What fits into no room of a row is not for that row.
        none = self.large @ (self.room == 0).T > 0
        self.may[:, : self.rows] &= ~none

    def _kinds(self) -> None:
        """Rows in which the same sets of cards are possible, and cost the same, are of one kind."""
        seen: dict[bytes, int] = {}
        self.kind = np.zeros(self.rows, dtype=np.int64)
        for row in range(self.rows):
            about = (self.may[:, row], self.room[row], self.base[row])
            key = b"|".join(part.tobytes() for part in about)
            self.kind[row] = seen.setdefault(key, len(seen))
        self.kinds = len(seen)

    def rows_of(self, grid: Sequence[int]) -> Ints:
        """The grid with the lot as row T."""
        return np.array([self.rows if row == LOT else row for row in grid], dtype=np.int64)

    def grid_of(self, rows: Ints) -> tuple[int, ...]:
        return tuple(LOT if row == self.rows else int(row) for row in rows)

    def holds(self, row: int, cards: Ints) -> bool:
        """Whether these cards, of whom no two share a host, may stand in this row together."""
        fits = (self.large[cards].sum(0) <= self.room[row]).all()
        return bool(fits and self.may[cards, row].all())

    def cost(self, row: int, cards: Sequence[int] | Ints) -> int:
        """How many are torn if these cards stand in this row."""
        heads = self.want[np.asarray(cards, dtype=np.int64)]
        count = heads.sum(0)
        return int(count.sum() - ((count > 0) & (self.base[row] == 0)).sum())


def _above(room: Room, step: int) -> bool:
    return room.seats is None or room.seats > step
