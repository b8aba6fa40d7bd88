"""What is on in each room, and what follows there on the same event day. Draws nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from agenda.models import Room, Session, Slot


@dataclass(frozen=True, slots=True)
class RoomStatus:
    """A room, or everywhere (None), with what runs in it and what comes."""

    room: Room | None
    now: Slot | None
    next: Slot | None


def per_room(rooms: Iterable[Room], slots: Iterable[Slot], at: datetime) -> list[RoomStatus]:
    """One status for each of `rooms`, then one for what is everywhere if there is such a thing.

    `slots` are of one event day, in order; they are [start, end). What is cancelled neither runs
    nor comes; a break can run but is never "next".
    """
    valid = [slot for slot in slots if not slot.cancelled]
    statuses = [_status(room, valid, at) for room in rooms]
    everywhere = _status(None, valid, at)
    return [*statuses, everywhere] if everywhere.now or everywhere.next else statuses


def _status(room: Room | None, slots: list[Slot], at: datetime) -> RoomStatus:
    here = [slot for slot in slots if slot.room_id == (room.pk if room else None)]
    runs = next((slot for slot in here if slot.starts_at <= at < slot.ends_at), None)
    follows = (
        slot
        for slot in here
        if slot.starts_at > at and slot.session.kind != Session.Kind.BREAK and slot is not runs
    )
    return RoomStatus(room, runs, next(follows, None))
