"""Place one card after the other, the most wanted first, and never look back. Pure Python.

What everything else is measured against, and what remains if the solver cannot work.
"""

from agenda.solving.problem import LOT, Grid, Problem, allowed, fit


def greedy(problem: Problem) -> Grid:
    """Each card, the largest first, into the row where it tears the fewest; then the earliest one.

    A card that finds nothing stays in the lot, unless one other card can step aside for it.
    """
    state = _State(problem)
    order = sorted(range(len(problem.cards)), key=state.urgency)
    for card in order:
        state.put(card, state.best_row(card))
    for card in order:
        if state.grid[card] == LOT:
            _make_room(state, card)
    return tuple(state.grid)


class _State:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.grid = [LOT] * len(problem.cards)
        self.who: list[set[int]] = [set() for _ in problem.cards]
        for number, wishes in enumerate(problem.wishes):
            for card in wishes:
                self.who[card].add(number)
        self.wished = [set(row.wished) for row in problem.rows]

    def urgency(self, card: int) -> tuple[int, int, int]:
        one = self.problem.cards[card]
        return (-one.size, -len(self.who[card]), card)

    def best_row(self, card: int) -> int:
        torn = {row: len(self.who[card] & self.wished[row]) for row in self.open_rows(card)}
        return min(torn, key=lambda row: (torn[row], row), default=LOT)

    def open_rows(self, card: int) -> list[int]:
        return [row for row in range(len(self.problem.rows)) if self.is_open(card, row)]

    def is_open(self, card: int, row: int, without: int = -1) -> bool:
        """`without`: as if this other card were not in the row."""
        cards, one = self.problem.cards, self.problem.cards[card]
        if not allowed(self.problem, one, row):
            return False
        there = [cards[n] for n, at in enumerate(self.grid) if at == row and n != without]
        if any(one.hosts & other.hosts for other in there):
            return False
        return fit([one.size, *(other.size for other in there)], self.problem.rows[row].rooms)

    def put(self, card: int, row: int) -> None:
        before, self.grid[card] = self.grid[card], row
        if before != LOT:
            self._recount(before)
        if row != LOT:
            self.wished[row] |= self.who[card]

    def _recount(self, row: int) -> None:
        there = [self.who[n] for n, at in enumerate(self.grid) if at == row]
        self.wished[row] = set(self.problem.rows[row].wished).union(*there)


def _make_room(state: _State, card: int) -> None:
    for other, row in enumerate(state.grid):
        if row == LOT or not state.is_open(card, row, without=other):
            continue
        state.put(other, LOT)
        state.put(card, row)
        if (aside := state.best_row(other)) != LOT:
            state.put(other, aside)
            return
        state.put(card, LOT)
        state.put(other, row)
