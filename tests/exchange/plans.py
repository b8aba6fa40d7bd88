"""Make plans as a reader would, with sensible defaults; assert nothing."""

from datetime import timedelta
from typing import Any

from agenda.exchange.plan import (
    Plan,
    PlannedRoom,
    PlannedSession,
    PlannedSlot,
    PlannedSpeaker,
    PlannedTrack,
)
from agenda.exchange.tidy import tidy
from tests.factories import at

ROOMS = ("Saal", "Werkstatt")


def make_plan(count: int = 3, **changes: Any) -> Plan:
    """`count` sessions of half an hour from 10:00, in two rooms, each with its speaker and track.

    `changes` are fields of the first session, or of its slot: title="Else", room="Werkstatt".
    """
    plan = Plan(
        "test",
        rooms=[PlannedRoom(name, capacity=50) for name in ROOMS],
        tracks=[PlannedTrack("Red", "#aa0000"), PlannedTrack("Blue")],
    )
    for number in range(count):
        origin = f"S{number}"
        plan.speakers.append(PlannedSpeaker(f"P{number}", f"Speaker {number}", bio="Speaks."))
        plan.sessions.append(
            PlannedSession(
                origin,
                f"Session {number}",
                track=("Red", "Blue")[number % 2],
                speakers=[f"P{number}"],
                abstract=f"About {number}",
            )
        )
        starts_at = at("10:00") + timedelta(minutes=30 * (number // 2 % 16), days=number // 32)
        plan.slots.append(
            PlannedSlot(
                origin, origin, ROOMS[number % 2], starts_at, starts_at + timedelta(minutes=30)
            )
        )
    for key, value in changes.items():
        setattr(plan.slots[0] if hasattr(plan.slots[0], key) else plan.sessions[0], key, value)
    return tidy(plan, max_sessions=5000)
