"""The board as a grid: its time rows, its rooms, and which of its cells are free. Reads only."""

from collections.abc import Iterable
from dataclasses import dataclass

from agenda.models import Event, Period, Room, Slot


@dataclass(frozen=True, slots=True)
class Cell:
    """One room in one time row; `slot` is what stands there, None if it is free.

    `slot.room` is None where something is everywhere, e.g. lunch.
    """

    period: Period
    room: Room
    slot: Slot | None = None

    @property
    def is_free(self) -> bool:
        return self.slot is None or self.slot.cancelled


def cells(event: Event, slots: Iterable[Slot] | None = None) -> list[Cell]:
    """Every cell of the board, by time, then by room. Three queries, five if it asks for slots."""
    rooms = list(Room.objects.filter(event=event, barcamp=True))
    periods = list(Period.objects.filter(event=event))
    placed = list(Slot.objects.of(event).in_order() if slots is None else slots)
    return [Cell(period, room, there(period, room, placed)) for period in periods for room in rooms]


def there(period: Period, room: Room, slots: Iterable[Slot]) -> Slot | None:
    """What stands in `room` during `period`: what takes place before what is cancelled."""
    found = [
        slot
        for slot in slots
        if slot.room_id in (room.pk, None)
        and slot.starts_at < period.ends_at
        and slot.ends_at > period.starts_at
    ]
    return min(found, key=lambda slot: (slot.cancelled, slot.starts_at), default=None)
