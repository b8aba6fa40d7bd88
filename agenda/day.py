"""One day of the programme as somebody reads it: which days there are, by time, room or track.

Reads only. Searching is `agenda.search`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import ceil

from django.utils.translation import gettext as _

from agenda import programme
from agenda.models import Event, Slot

WAYS = ("time", "room", "track")


@dataclass(frozen=True)
class Group:
    """Slots under one heading. `key` names it for the browser, which puts moved slots there."""

    key: str
    heading: str
    note: str = ""
    colour: str = ""
    starts_at: datetime | None = None
    slots: list[Slot] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Running:
    """A slot that runs: how long still, and what follows in the same room on the same day.

    A cancelled one stands there as well, and says nothing of the kind.
    """

    slot: Slot
    minutes_left: int = 0
    percent: int = 0
    then: Slot | None = None

    @property
    def words(self) -> str:
        if self.slot.cancelled:
            return ""
        if self.minutes_left == 1:
            return _("1 minute left")
        return _("{minutes} minutes left").replace("{minutes}", str(self.minutes_left))


def days(event: Event) -> list[date]:
    """The event days on which something starts, in order. One query."""
    starts = event.slots.order_by("starts_at").values_list("starts_at", flat=True).distinct()
    return list(dict.fromkeys(event.day_of(at) for at in starts))


def chosen(event: Event, found: list[date], wanted: str, at: datetime) -> date:
    """The day to show: the `wanted` one if it is among `found`, else today or the next one.

    After the last day it is the last; without any programme the event's first.
    """
    if not found:
        return event.day_of(event.starts_at)
    if (day := _parsed(wanted)) in found:
        return day or found[0]
    today = event.day_of(at)
    return next((day for day in found if day >= today), found[-1])


def _parsed(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def slots_on(event: Event, day: date) -> list[Slot]:
    """What starts on this event day, by time and room. Three queries, however many slots."""
    start, end = event.day_frame(day)
    slots = Slot.objects.of(event).filter(starts_at__gte=start, starts_at__lt=end)
    return list(slots.in_order())


def groups(slots: Iterable[Slot], by: str) -> list[Group]:
    """`slots`, which are in order, under headings: by start, by room or by track.

    Rooms and tracks stand in the organizers' order; what has none stands last.
    """
    found: dict[str, Group] = {}
    places: dict[str, tuple[float, int]] = {}
    for slot in slots:
        group, place = _group_of(slot, by)
        found.setdefault(group.key, group).slots.append(slot)
        places.setdefault(group.key, place)
    return [found[key] for key in sorted(found, key=places.__getitem__)]


def _group_of(slot: Slot, by: str) -> tuple[Group, tuple[float, int]]:
    if by == "room":
        room = slot.room
        if room is None:
            return Group("", _("Everywhere")), (float("inf"), 0)
        return Group(str(room.pk), room.name, note=room.where), (room.position, room.pk)
    if by == "track":
        track = slot.session.track
        if track is None:
            return Group("", _("Without a track")), (float("inf"), 0)
        group = Group(str(track.pk), track.name, colour=track.colour)
        return group, (track.position, track.pk)
    start = slot.starts_at
    return Group(f"{int(start.timestamp())}", "", starts_at=start), (start.timestamp(), 0)


def running(slots: Iterable[Slot], at: datetime) -> list[Running]:
    """Those of one day's `slots` in whose time `at` lies, room by room."""
    of_day = list(slots)
    now = [slot for slot in of_day if slot.starts_at <= at < slot.ends_at]
    now.sort(key=lambda slot: (slot.order % 1000, slot.starts_at))
    return [Running(slot) if slot.cancelled else _running(slot, of_day, at) for slot in now]


def _running(slot: Slot, of_day: list[Slot], at: datetime) -> Running:
    left, whole = slot.ends_at - at, slot.ends_at - slot.starts_at
    following = [
        each
        for each in of_day
        if slot.room_id and each.room_id == slot.room_id and not each.cancelled
        if each.starts_at >= slot.ends_at
    ]
    return Running(
        slot,
        minutes_left=max(1, ceil(left / timedelta(minutes=1))),
        percent=round(100 * (1 - left / whole)),
        then=min(following, key=lambda each: each.starts_at, default=None),
    )


def now_and_next(event: Event, at: datetime) -> dict[str, object]:
    """What `agenda/_programme.html` draws: the slots of today, arranged by the clock."""
    slots = programme.slots_of_day(event, at)
    start, end = event.day_frame(event.day_of(slots[-1].starts_at if slots else at))
    return {
        "slots": slots,
        "sections": programme.arrange(slots, at),
        "running": running(slots, at),
        "day_starts": start,
        "day_ends": end,
    }
