"""Read an event into the director, and write its plan for the browsers that play it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from agenda.models import Barcamp, Event, Period, Room, Slot
from wall import director
from wall.director import Late, Occurrence, Plan, Programme, Settings, Spell
from wall.models import Delay, Direction, Rehearsal


def settings_of(event: Event | int) -> Settings:
    """One query; without a row the defaults hold."""
    number = event if isinstance(event, int) else event.pk
    row = Direction.objects.filter(event=number).first()
    if row is None:
        return Settings()
    return Settings(row.ending_minutes, row.slide_s, row.wall_in_talks, tuple(row.left_out))


def programme_of(event: Event) -> Programme:
    """All that is planned, and how late it runs. Five queries, however much it is."""
    slots = Slot.objects.filter(event=event, cancelled=False).in_order()
    columns = ("key", "starts_at", "ends_at", "room", "session__kind")
    periods = Period.objects.filter(event=event).values_list("starts_at", "ends_at")
    delays = Delay.objects.filter(event=event).order_by("since", "pk")
    phase = Barcamp.objects.filter(event=event).values_list("phase", flat=True).first()
    return Programme(
        days=event,
        occurrences=tuple(Occurrence(*row) for row in slots.values_list(*columns)),
        rooms=tuple(Room.objects.filter(event=event).values_list("pk", flat=True)),
        rows=tuple(periods),
        delays=tuple(Late(late.minutes, late.since, late.room_id) for late in delays),
        phase=phase or "",
    )


def plan_of(event: Event, at: datetime) -> Plan:
    """The plan from the event day of `at` on, and of every day that is being rehearsed."""
    programme, settings = programme_of(event), settings_of(event)
    rehearsed = Rehearsal.objects.filter(event=event).order_by("pk")
    return director.plan(
        programme, settings, at, also=rehearsed.values_list("starts_at", flat=True)
    )


def told(plan: Plan, said: Mapping[str, Any] | None = None) -> str:
    """The plan as `wall/screen-plan-page` reads it; times in ms since 1970, UTC.

    `said`: what slides say beside the programme, from `wall.screen_pieces`.
    """
    value = {
        "ending_minutes": plan.settings.ending_minutes,
        "slide_s": plan.settings.slide_s,
        "phase": plan.phase,
        "places": {stands: _rows(spells) for stands, spells in plan.places.items()},
        "delays": plan.minutes_late,
        **(said or {}),
    }
    return json.dumps(value, separators=(",", ":"))


def _rows(spells: Iterable[Spell]) -> list[dict[str, Any]]:
    return [
        {
            "at": ms(spell.at),
            "scene": spell.scene,
            "now": spell.now,
            "next": spell.next,
            "ends": ms(spell.ends) if spell.ends is not None else None,
        }
        for spell in spells
    ]


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
