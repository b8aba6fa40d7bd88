"""Put sessions on the programme, move them, take them off. Blocks no clash; knows no requests.

What calendars know a slot by survives every verb here: `guid` and `number` stay, `sequence` rises.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from agenda.models import Event, Room, Session, Slot
from eventhub.live.log import Log, changing

# What `keep_track` may write: for whoever updates many slots with one statement.
TRACKED = ("sequence", "changed_at", "moved_at", "was_starts_at", "was_room")
KNOWN_AFTER = timedelta(hours=3)  # then everybody who looked has seen the last move


class ChangedMeanwhile(Exception):
    """The slot is not where this person saw it; `slot` is what is there now, None if it is gone."""

    def __init__(self, slot: Slot | None) -> None:
        super().__init__("changed meanwhile")
        self.slot = slot

    @property
    def message(self) -> str:
        """What is there now, in the active language and the event's zone."""
        if self.slot is None:
            return _("Somebody has just taken this off the programme.")
        slot = self.slot
        words = {
            "title": slot.session.title,
            "time": timezone.localtime(slot.starts_at, slot.event.tz).strftime("%H:%M"),
            "room": slot.room.name if slot.room else _("everywhere"),
        }
        if slot.cancelled:
            return _("Somebody was faster: “%(title)s” is cancelled (%(time)s, %(room)s).") % words
        return _("Somebody was faster: “%(title)s” is now at %(time)s, %(room)s.") % words


class ImpossiblePlace(ValueError):
    """It would end before it starts, or belongs to another event."""


class RoomGone(ImpossiblePlace):
    """Somebody has deleted the room meanwhile."""

    @property
    def message(self) -> str:
        return _("This room is gone. Please choose another one.")


@dataclass(frozen=True, slots=True)
class Place:
    """What a calendar shows of a slot."""

    room_id: int | None
    starts_at: datetime
    ends_at: datetime
    cancelled: bool = False


def place_of(slot: Slot) -> Place:
    return Place(slot.room_id, slot.starts_at, slot.ends_at, slot.cancelled)


def keep_track(slot: Slot, before: Place, at: datetime) -> bool:
    """Note on `slot`, which was at `before`, that and from where it moved. False if it did not.

    Writes nothing. Only another start or room is a move; back where it came from it never moved.
    """
    now = place_of(slot)
    if now == before:
        return False
    slot.sequence += 1
    slot.changed_at = at
    if (now.room_id, now.starts_at) == (before.room_id, before.starts_at):
        return True
    known = slot.moved_at is None or slot.moved_at < at - KNOWN_AFTER
    if not known and (slot.was_room_id, slot.was_starts_at) == (now.room_id, now.starts_at):
        slot.moved_at = slot.was_starts_at = slot.was_room_id = None
        return True
    if known:  # of several moves in a row people need the place that they knew before the first
        slot.was_starts_at, slot.was_room_id = before.starts_at, before.room_id
    slot.moved_at = at
    return True


def place(
    event: Event,
    session: Session,
    room: Room | None,
    starts_at: datetime,
    ends_at: datetime,
    *,
    fixed: bool = False,
    unplaced: bool = False,
) -> Slot:
    """Give `session` a place. Placed there already, that slot is returned as it is.

    `unplaced`: whoever asks has seen it without a place; ChangedMeanwhile if it has one by now.
    """
    _check(event.pk, starts_at, ends_at, session, room)
    with changing(event) as log:
        _refuse_gone(room)
        placed = list(session.slots.all())
        for slot in placed:
            if place_of(slot) == Place(room.pk if room else None, starts_at, ends_at):
                return slot
        if unplaced and placed:
            raise ChangedMeanwhile(placed[0])
        return log.add(
            Slot(
                event=event,
                session=session,
                room=room,
                starts_at=starts_at,
                ends_at=ends_at,
                fixed=fixed,
            )
        )


def move(
    slot: Slot,
    *,
    room: Room | None,
    starts_at: datetime,
    ends_at: datetime,
    version: int | None = None,
) -> Slot:
    """Put `slot` into `room` at [starts_at, ends_at). Nothing is written if it is there already.

    `version`: what this person saw; ChangedMeanwhile if the slot has changed since.
    """
    _check(slot.event_id, starts_at, ends_at, room)
    with changing(slot.event_id) as log:
        slot = _fresh(log, slot)
        target = Place(room.pk if room else None, starts_at, ends_at, slot.cancelled)
        if place_of(slot) == target:
            return slot
        _refuse_stale(slot, version)
        _refuse_gone(room)
        _put(log, slot, target)
    return slot


def swap(
    one: Slot, other: Slot, *, versions: tuple[int | None, int | None] = (None, None)
) -> tuple[Slot, Slot]:
    """Each takes the other's room, start and end; cancelled stays with the session."""
    _check(one.event_id, one.starts_at, one.ends_at, other)
    with changing(one.event_id) as log:
        one, other = _fresh(log, one), _fresh(log, other)
        _refuse_stale(one, versions[0])
        _refuse_stale(other, versions[1])
        here, there = place_of(one), place_of(other)
        for slot, target in ((one, there), (other, here)):
            _put(log, slot, Place(target.room_id, target.starts_at, target.ends_at, slot.cancelled))
    return one, other


def cancel(slot: Slot, *, version: int | None = None) -> Slot:
    """Say that it does not take place. It stays where it is, so that people read it there."""
    return _set_cancelled(slot, True, version)


def restore(slot: Slot, *, version: int | None = None) -> Slot:
    """It does take place."""
    return _set_cancelled(slot, False, version)


def unplace(slot: Slot, *, version: int | None = None) -> bool:
    """Take `slot` off the programme; its session keeps. False if it was off already."""
    with changing(slot.event_id) as log:
        try:
            slot = _fresh(log, slot)
        except ChangedMeanwhile:
            return False
        _refuse_stale(slot, version)
        log.remove(slot)
    return True


def _set_cancelled(slot: Slot, cancelled: bool, version: int | None) -> Slot:
    with changing(slot.event_id) as log:
        slot = _fresh(log, slot)
        if slot.cancelled != cancelled:
            _refuse_stale(slot, version)
            _put(log, slot, Place(slot.room_id, slot.starts_at, slot.ends_at, cancelled))
    return slot


def _put(log: Log, slot: Slot, target: Place) -> None:
    before = place_of(slot)
    slot.room_id, slot.cancelled = target.room_id, target.cancelled
    slot.starts_at, slot.ends_at = target.starts_at, target.ends_at
    if keep_track(slot, before, timezone.now()):
        log.touch(slot)


def _fresh(log: Log, slot: Slot) -> Slot:
    try:
        return log.fresh(slot)
    except Slot.DoesNotExist:
        raise ChangedMeanwhile(None) from None


def _refuse_stale(slot: Slot, version: int | None) -> None:
    if version is not None and version < slot.version:
        raise ChangedMeanwhile(slot)


def _refuse_gone(room: Room | None) -> None:
    if room is not None and not Room.objects.filter(pk=room.pk).exists():
        raise RoomGone


def _check(
    event_id: int, starts_at: datetime, ends_at: datetime, *parts: Room | Session | Slot | None
) -> None:
    if ends_at <= starts_at:
        raise ImpossiblePlace("It ends before it starts.")
    if any(part is not None and part.event_id != event_id for part in parts):
        raise ImpossiblePlace("This belongs to another event.")
