"""Which set of cards would be the best one in a row, if each card had a price? Exactly, or bounded.

A branch and bound over sets in the order of their numbers, many at a time. What a card brings falls
with each card that is there already (the attendees it shares), so the sum of the largest gains
left is never less than what a set can still bring.
"""

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agenda.solving.tables import Floats, Ints, Tables

AT_ONCE = 4096  # sets that are extended together: what fits into the processor's cache
ENOUGH = 400  # sets that are worth more than asked: these prices are wrong anyhow
EPSILON = 1e-6


@dataclass(frozen=True, slots=True)
class Priced:
    """No set is worth more than `most`; `sets` are those found that are worth more than asked.

    `whole`: those are all there are.
    """

    most: float
    sets: list[Ints]
    whole: bool


@dataclass(slots=True)
class _Part:
    """Sets of the same size: their cards, the attendees they reach, their worth, their classes."""

    cards: Ints
    heads: NDArray[np.uint64]
    worth: Floats
    classes: Floats


class Pricing:
    """For one kind of row. What a set is worth: its prices, less the attendees it tears."""

    def __init__(self, tables: Tables, row: int) -> None:
        self._room = tables.room[row]
        self._open = np.flatnonzero(tables.may[:, row])
        self._large = tables.large[self._open]
        self._together = tables.together[np.ix_(self._open, self._open)] > 0
        self._bits = _bits(tables.want[self._open])
        self._base = _bits(tables.base[row][None, :])[0]

    def best(self, prices: Floats, above: float, until: float, *, enough: int = ENOUGH) -> Priced:
        """The sets worth more than `above`; given up at that time (monotonic), with a bound."""
        order = np.argsort(-prices[self._open])
        self._order, self._prices = order, prices[self._open][order]
        self._heads, self._classes = self._bits[order], self._large[order]
        self._no_pair = self._together[np.ix_(order, order)]
        self._above, self._found = above + EPSILON, list[tuple[float, Ints]]()
        most, whole = above, True
        size = int(self._room[0])
        stack = [self._nothing()] if size and len(order) else []
        while stack:
            if time.monotonic() > until or len(self._found) >= enough:
                whole = False
                most = max([most, *(float(self._limits(part)[0].max()) for part in stack)])
                break
            part = stack.pop()
            wider = self._extend(part)
            if wider is not None:
                self._note(wider)
                if wider.cards.shape[1] < size:
                    stack += _pieces(wider)
        self._found.sort(key=lambda one: -one[0])
        best = self._found[0][0] if self._found else above
        sets = [self._open[order[cards]] for _worth, cards in self._found[:enough]]
        return Priced(max(most, best), sets, whole)

    def _nothing(self) -> _Part:
        none = np.zeros((1, 0), dtype=np.int64)
        classes = np.zeros((1, self._classes.shape[1]))
        return _Part(none, self._base[None, :].copy(), np.zeros(1), classes)

    def _limits(self, part: _Part) -> tuple[Floats, Floats]:
        """What each set can be worth at most when it is full; what each card would bring it."""
        shared = np.zeros((len(part.worth), len(self._prices)), dtype=np.uint16)
        for word in range(self._heads.shape[1]):
            shared += np.bitwise_count(part.heads[:, word, None] & self._heads[None, :, word])
        brings = self._prices[None, :] - shared
        last = part.cards[:, -1] if part.cards.shape[1] else np.full(len(part.worth), -1)
        brings[np.arange(len(self._prices))[None, :] <= last[:, None]] = -np.inf
        left = min(int(self._room[0]) - part.cards.shape[1], brings.shape[1])
        gains = np.clip(np.partition(brings, -left, axis=1)[:, -left:], 0, None)
        gains.sort(axis=1)
        # The best card and the best others: for a child it is itself and all but the smallest.
        self._others = gains[:, 1:].sum(1)
        return part.worth + gains.sum(1), brings

    def _extend(self, part: _Part) -> _Part | None:
        most, brings = self._limits(part)
        reach = part.worth[:, None] + brings + self._others[:, None]
        reach[most <= self._above] = -np.inf
        parents, cards = np.nonzero(reach > self._above)
        if part.cards.shape[1]:
            fine = ~self._no_pair[part.cards[parents], cards[:, None]].any(1)
            parents, cards = parents[fine], cards[fine]
        classes = part.classes[parents] + self._classes[cards]
        fine = (classes <= self._room).all(1)
        parents, cards, classes = parents[fine], cards[fine], classes[fine]
        if not len(parents):
            return None
        return _Part(
            np.concatenate([part.cards[parents], cards[:, None]], axis=1),
            part.heads[parents] | self._heads[cards],
            part.worth[parents] + brings[parents, cards],
            classes,
        )

    def _note(self, part: _Part) -> None:
        good = np.flatnonzero(part.worth > self._above)
        self._found += [(float(part.worth[one]), part.cards[one]) for one in good]


def _pieces(part: _Part) -> list[_Part]:
    ends = range(0, len(part.worth), AT_ONCE)
    return [
        _Part(
            part.cards[at : at + AT_ONCE],
            part.heads[at : at + AT_ONCE],
            part.worth[at : at + AT_ONCE],
            part.classes[at : at + AT_ONCE],
        )
        for at in ends
    ]


def _bits(rows: Floats) -> NDArray[np.uint64]:
    """One bit for each attendee, 64 in a word."""
    words = -(-max(1, rows.shape[1]) // 64)
    wide = np.zeros((rows.shape[0], words * 64), dtype=np.uint8)
    wide[:, : rows.shape[1]] = rows > 0
    return np.packbits(wide, axis=1, bitorder="little").view(np.uint64)
