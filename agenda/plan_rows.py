"""The staff's board as rows of cells: what stands where, what lies between, what is taken.

Asks nothing: whoever has the rows brings them. plan-layout.js does the same in the browser.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from agenda.cells import Cell, there
from agenda.models import Event, Period, Room, Slot


@dataclass(frozen=True, slots=True)
class Standing:
    """One slot and its card, as it is drawn."""

    slot: Slot
    html: str
    always: bool = True  # False: only on days that have time rows


@dataclass(frozen=True, slots=True)
class PlanCell:
    """One room in one time row. `taken`: what takes place there, "" while it is free."""

    cell: Cell
    cards: list[str] = field(default_factory=list)

    @property
    def taken(self) -> str:
        slot = self.cell.slot
        return slot.session.title if slot is not None and not slot.cancelled else ""


@dataclass(frozen=True, slots=True)
class Row:
    """A time row with its cells, or, without a period, what stands outside of every cell then."""

    day: date
    starts_at: datetime
    ends_at: datetime
    period: Period | None = None
    cells: list[PlanCell] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)


def rows(
    event: Event,
    periods: Sequence[Period],
    rooms: Sequence[Room],
    standing: Sequence[Standing] = (),
) -> list[Row]:
    """Everything in order of time. A card stands in the first row of its room that it touches."""
    slots = [one.slot for one in standing]
    found = [
        Row(
            event.day_of(period.starts_at),
            period.starts_at,
            period.ends_at,
            period,
            [PlanCell(Cell(period, room, there(period, room, slots))) for room in rooms],
        )
        for period in periods
    ]
    outside: dict[datetime, Row] = {}
    for one in standing:
        cards = _cell_of(one.slot, found)
        if cards is None:
            cards = _outside(event, one, found, outside)
        if cards is not None:
            cards.append(one.html)
    return sorted([*outside.values(), *found], key=lambda row: (row.starts_at, bool(row.period)))


def _cell_of(slot: Slot, found: Iterable[Row]) -> list[str] | None:
    return next(
        (
            each.cards
            for row in found
            if slot.starts_at < row.ends_at and slot.ends_at > row.starts_at
            for each in row.cells
            if each.cell.room.pk == slot.room_id
        ),
        None,
    )


def _outside(
    event: Event, one: Standing, found: Sequence[Row], outside: dict[datetime, Row]
) -> list[str] | None:
    """The cards of the row between the rows, None if this one is not for the board."""
    slot, day = one.slot, event.day_of(one.slot.starts_at)
    if not one.always and all(row.day != day for row in found):
        return None
    row = outside.setdefault(slot.starts_at, Row(day, slot.starts_at, slot.ends_at))
    return row.cards
