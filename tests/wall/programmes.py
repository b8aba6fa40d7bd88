"""Programmes for the director, written as one says them: "10:00", "11:00", room 1. No database."""

from datetime import UTC, datetime, time, timedelta

from agenda.models import Event
from wall.director import Late, Occurrence, Plan, Programme, Settings, plan

DAY = "2026-10-07"  # a Wednesday in summer time


def event(zone: str = "Europe/Berlin") -> Event:
    """Never saved: the director asks it for its event days only."""
    return Event(zone=zone, day_boundary=time(4))


DAYS = event()


def at(clock: str, day: str = DAY) -> datetime:
    """That time of that day at the place of the event; "25:30" is in the night after it."""
    hours, minutes = map(int, clock.split(":"))
    midnight = datetime.fromisoformat(day).replace(tzinfo=DAYS.tz)
    local = midnight + timedelta(days=hours // 24)
    return local.replace(hour=hours % 24, minute=minutes).astimezone(UTC)


def slot(
    key: str,
    starts: str,
    ends: str,
    room: int | None = 1,
    kind: str = "talk",
    *,
    day: str = DAY,
    cancelled: bool = False,
) -> Occurrence:
    return Occurrence(key, at(starts, day), at(ends, day), room, kind, cancelled)


def late(minutes: int, since: str, room: int | None = None) -> Late:
    return Late(minutes, at(since), room)


def programme(
    *slots: Occurrence,
    rooms: tuple[int, ...] = (1, 2),
    rows: tuple[tuple[str, str], ...] = (),
    delays: tuple[Late, ...] = (),
    phase: str = "",
) -> Programme:
    ordered = tuple(sorted(slots, key=lambda one: one.starts_at))
    spans = tuple((at(start), at(end)) for start, end in rows)
    return Programme(DAYS, ordered, rooms, spans, delays, phase)


def planned(wanted: Programme, settings: Settings | None = None, clock: str = "08:00") -> Plan:
    return plan(wanted, settings or Settings(), at(clock))


def told(found: Plan, stands: str = "hall", days: int = 1) -> list[str]:
    """The spells of the first days: "10:00 talk a", by the clock of the place."""
    start, _end = DAYS.day_frame(DAYS.day_of(found.places[stands][0].at))
    until = start + timedelta(days=days)
    return [
        " ".join([f"{spell.at.astimezone(DAYS.tz):%H:%M}", spell.scene, *spell.now])
        for spell in found.places[stands]
        if spell.at < until
    ]
