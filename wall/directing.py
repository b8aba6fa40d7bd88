"""Read an event into the director, and write its plan for the browsers that play it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from agenda.models import Barcamp, Event, Period, Room, Slot
from wall import director, plan_text
from wall.director import Late, Occurrence, Plan, Programme, Settings
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
    slots = Slot.objects.filter(event=event).in_order()
    columns = ("key", "starts_at", "ends_at", "room", "session__kind", "cancelled")
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


def rehearsed(event: Event) -> list[datetime]:
    """From when on screens rehearse, if any do."""
    rows = Rehearsal.objects.filter(event=event).order_by("pk")
    return list(rows.values_list("starts_at", flat=True))


def plan_of(event: Event, at: datetime, also: Iterable[datetime] | None = None) -> Plan:
    """The plan from the event day of `at` on, and of every day that is being rehearsed.

    `also`: those of `rehearsed`, if somebody has asked for them already.
    """
    programme, settings = programme_of(event), settings_of(event)
    return director.plan(programme, settings, at, also=rehearsed(event) if also is None else also)


def told(plan: Plan, said: Mapping[str, Any] | None = None) -> str:
    """The plan as `wall/screen-plan-page` reads it.

    `said`: what slides say beside the programme, from `wall.screen_pieces`.
    """
    value = {
        "ending_minutes": plan.settings.ending_minutes,
        "slide_s": plan.settings.slide_s,
        "phase": plan.phase,
        "plan": plan_text.written(plan),
        **(said or {}),
    }
    return json.dumps(value, separators=(",", ":"))


def ms(at: datetime) -> int:
    """Since 1970, UTC, as browsers count."""
    return plan_text.ms(at)
