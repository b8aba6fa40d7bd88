"""How many cards can have a place at all: the assignment model, asked of HiGHS."""

import numpy as np

from agenda.solving.highs import Model, solved_whole
from agenda.solving.problem import Grid
from agenda.solving.tables import Tables


def as_many_as_possible(tables: Tables, seconds: float) -> tuple[Grid, bool]:
    """A grid that leaves the fewest cards out, of those the least wanted; whether that is proven.

    Nobody is placed if nothing was found in this time. Who is torn does not count here.
    """
    rows = np.full(tables.cards, tables.rows, dtype=np.int64)
    ways = [(int(card), int(row)) for card, row in np.argwhere(tables.may[:, : tables.rows])]
    if not ways:
        return tables.grid_of(rows), True
    worth = 1 + tables.wanted / (tables.wanted.sum() + 1)
    model = Model()
    for _card in range(tables.cards):
        model.row(-np.inf, 1)
    classes = tables.large.shape[1]
    for row in range(tables.rows):
        for step in range(classes):
            model.row(-np.inf, float(tables.room[row, step]))
    hosts: dict[tuple[str, int], int] = {}
    for card, row in ways:
        at = [card]
        at += [
            tables.cards + row * classes + step
            for step in range(classes)
            if tables.large[card, step]
        ]
        for host in tables.problem.cards[card].hosts:
            if (host, row) not in hosts:
                hosts[host, row] = model.row(-np.inf, 1)
            at.append(hosts[host, row])
        model.column(-float(worth[card]), at)
    found = solved_whole(model, seconds)
    if found is None:
        return tables.grid_of(rows), False
    for (card, row), value in zip(ways, found.values, strict=True):
        if value > 0.5:
            rows[card] = row
    return tables.grid_of(rows), found.proven
