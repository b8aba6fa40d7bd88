"""What is to be placed, what a grid is worth, whether it may be. Knows no events; pure Python.

The model, in words and with its sources: docs/placement.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

LOT = -1  # the row of what stays in the parking lot


@dataclass(frozen=True, slots=True)
class Room:
    """A free room of one row. `seats`: None where nobody wrote them down; then it holds any."""

    key: int
    seats: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One time row, as far as it is free. Rows do not overlap.

    `hosts`: who stands somewhere in it already. `wished`: attendees (by number) who wish something
    that stands in it already.
    """

    rooms: tuple[Room, ...] = ()
    hosts: frozenset[str] = frozenset()
    wished: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Card:
    """One proposal that waits. `size`: the seats it needs, 0 if nobody knows.

    `rows`: the numbers of those that it wishes. `wanted`: how much is lost if it finds no place.
    """

    size: int = 0
    hosts: frozenset[str] = frozenset()
    rows: frozenset[int] = frozenset()
    wanted: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """`wishes`: for each attendee the numbers of the cards they would come to."""

    cards: tuple[Card, ...]
    rows: tuple[Row, ...]
    wishes: tuple[frozenset[int], ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Score:
    """The smaller the better, in this order: nothing is left out to spare somebody a choice."""

    left: int  # cards without a place
    missed: int  # torn, and what is wanted of the cards that are left
    torn: int = field(compare=False)  # wishes in the same row as another wish of that attendee


Grid = tuple[int, ...]  # the row of each card, or LOT


def allowed(problem: Problem, card: Card, row: int) -> bool:
    """By the wishes of the card and by its hosts, whatever else is in the row."""
    return row in card.rows and not (card.hosts & problem.rows[row].hosts)


def fit(sizes: Iterable[int], rooms: Iterable[Room]) -> bool:
    """Whether each of these sizes gets a room of its own that seats it."""
    wanted = sorted(sizes, reverse=True)
    seats = sorted((_seats(room) for room in rooms), reverse=True)
    return len(wanted) <= len(seats) and all(map(int.__le__, wanted, seats))


def score(problem: Problem, grid: Sequence[int]) -> Score:
    """The definition of torn: for each attendee and row, the wishes in it beyond the first."""
    torn = 0
    for number, wishes in enumerate(problem.wishes):
        rows = [grid[card] for card in wishes if grid[card] != LOT]
        torn += len(rows) - sum(number not in problem.rows[row].wished for row in set(rows))
    left = [card for card, row in zip(problem.cards, grid, strict=True) if row == LOT]
    return Score(len(left), torn + sum(card.wanted for card in left), torn)


def is_possible(problem: Problem, grid: Sequence[int]) -> bool:
    """Rooms, wishes and hosts are kept; nobody is in two places."""
    if len(grid) != len(problem.cards):
        return False
    members: dict[int, list[Card]] = {}
    for card, row in zip(problem.cards, grid, strict=True):
        if row == LOT:
            continue
        if not 0 <= row < len(problem.rows) or not allowed(problem, card, row):
            return False
        there = members.setdefault(row, [])
        if any(card.hosts & other.hosts for other in there):
            return False
        there.append(card)
    return all(
        fit((card.size for card in there), problem.rows[row].rooms)
        for row, there in members.items()
    )


def in_rooms(problem: Problem, grid: Sequence[int]) -> list[int | None]:
    """The key of the room of each card: the smallest that seats it, so that large ones stay free.

    The largest card chooses first: whoever seats it seats the others too, so all find one.
    """
    found: list[int | None] = [None] * len(grid)
    for number, row in enumerate(problem.rows):
        free = sorted(row.rooms, key=_seats)
        there = [card for card, at in enumerate(grid) if at == number]
        for card in sorted(there, key=lambda one: -problem.cards[one].size):
            room = next(room for room in free if _seats(room) >= problem.cards[card].size)
            free.remove(room)
            found[card] = room.key
    return found


def _seats(room: Room) -> int:
    return 1_000_000 if room.seats is None else room.seats
