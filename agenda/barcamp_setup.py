"""What organizers settle of a barcamp: that there is one, which rooms take part, its switches.

Writes only what somebody changed on the page, so two people do not overwrite each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Max
from django.utils.translation import gettext as _

from agenda import barcamp, characters, descriptions, periods, votes
from agenda.models import Barcamp, Event, Room
from agenda.periods import Made
from eventhub.live.log import changing

T = TypeVar("T", bool, int | None)

SWITCHES = ("look_first", "hosts_place", "hands_public", "pitch_clock")
MAX_ROOMS, MAX_NAME, MAX_SEATS = 100, 60, 100_000


class SetupRefused(Exception):
    """This cannot be; `message` says why in one sentence. Nothing was written."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class RoomChanged(SetupRefused):
    """Somebody else has changed the same of this room meanwhile."""


@dataclass(frozen=True, slots=True)
class Part:
    """Whether a room takes part, and its seats; None: nobody has counted them."""

    takes_part: bool
    seats: int | None


@dataclass(frozen=True, slots=True)
class RoomWish:
    """A room as somebody saw it (`was`) and wants it. A room by `name` is new, if none has it."""

    wanted: Part
    was: Part | None = None
    number: int | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """When a day of sessions begins and ends at the latest, and its rhythm in minutes."""

    starts_at: datetime
    ends_at: datetime
    minutes: int
    pause: int


def start(event: Event, rooms: Sequence[RoomWish], times: Times) -> Made:
    """A barcamp with rooms and rows, at once or not at all. One that is there stays as it is.

    Raises SetupRefused, periods.PeriodRefused.
    """
    with changing(event):
        if Barcamp.objects.filter(event=event).exists():
            return Made(0, 0)
        barcamp.set_up(event)
        arrange_rooms(event, rooms)
        if not Room.objects.filter(event=event, barcamp=True).exists():
            raise SetupRefused(_("Choose at least one room, or type the name of one."))
        return periods.generate(
            event, times.starts_at, times.ends_at, minutes=times.minutes, pause=times.pause
        )


def arrange_rooms(event: Event, wishes: Sequence[RoomWish]) -> int:
    """Which rooms take part, and how many seats each has; how many rooms have changed.

    Raises SetupRefused, RoomChanged.
    """
    with changing(event):
        changed = [room for wish in wishes if (room := _arranged(event, wish)) is not None]
        for room in changed:
            descriptions.described(room)
    return len(changed)


def switch(event: Event, wanted: Mapping[str, bool], was: Mapping[str, bool]) -> Barcamp:
    """Turn those switches that somebody saw as `was` and wants otherwise."""
    with changing(event) as log:
        found = log.fresh(Barcamp.objects.get(event=event))
        turned = [
            name
            for name in SWITCHES
            if wanted[name] != was[name] and getattr(found, name) != wanted[name]
        ]
        for name in turned:
            setattr(found, name, wanted[name])
        if turned:
            log.touch(found)
        if "hands_public" in turned:
            votes.show_anew(log)
    return found


def _arranged(event: Event, wish: RoomWish) -> Room | None:
    """The room that is as it was wished now; None if there was nothing to change."""
    if wish.wanted.seats is not None and not 0 < wish.wanted.seats <= MAX_SEATS:
        raise SetupRefused(_("Type how many seats the room has, or leave it empty."))
    room = _room(event, wish)
    if room is None:
        return _new_room(event, wish)
    before = Part(room.barcamp, room.capacity)
    was = wish.was or before
    after = Part(
        _merged(room, wish.wanted.takes_part, was.takes_part, before.takes_part),
        _merged(room, wish.wanted.seats, was.seats, before.seats),
    )
    if after == before:
        return None
    room.barcamp, room.capacity = after.takes_part, after.seats
    room.save(update_fields=["barcamp", "capacity"])
    return room


def _room(event: Event, wish: RoomWish) -> Room | None:
    rooms = Room.objects.filter(event=event)
    if wish.number is None:
        return rooms.filter(name=_name(wish)).first()
    found = rooms.filter(pk=wish.number).first()
    if found is None:
        raise SetupRefused(_("Somebody has just removed a room. Look at what is there now."))
    return found


def _merged(room: Room, wanted: T, was: T, now: T) -> T:
    """What this person changed, else what is there; RoomChanged if somebody changed the same."""
    if wanted in (was, now):
        return now
    if now != was:
        words = _("Somebody was faster: “%(room)s” has changed by now.")
        raise RoomChanged(words % {"room": room.name})
    return wanted


def _new_room(event: Event, wish: RoomWish) -> Room:
    rooms = Room.objects.filter(event=event)
    if rooms.count() >= MAX_ROOMS:
        raise SetupRefused(_("At most 100 rooms, each of at most 60 letters."))
    last = rooms.aggregate(last=Max("position"))["last"]
    return Room.objects.create(
        event=event,
        name=_name(wish),
        capacity=wish.wanted.seats,
        barcamp=True,
        position=0 if last is None else last + 1,
    )


def _name(wish: RoomWish) -> str:
    name = characters.clean_name(wish.name[:1000])
    if not name or len(name) > MAX_NAME:
        raise SetupRefused(_("At most 100 rooms, each of at most 60 letters."))
    return name
