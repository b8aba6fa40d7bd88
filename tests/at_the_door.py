"""A helpers' door and whoever stands before it: open, read its key, come in. Asserts nothing."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from agenda import doors, helpers
from agenda.doors import DoorRefused
from agenda.models import Door, DoorEntry, Event, User


def open_door(event: Event, task: str = "desk", **hours: float) -> Door:
    until = timezone.now() + timedelta(**hours or {"hours": 1})
    return helpers.open_door(event, task=task, until=until, by=None)


def key_of(door: Door) -> str:
    key = doors.current_key(door)
    assert key is not None
    return doors.words_of(key)


def enter(event: Event, key: str, name: str = "Jo", **how: Any) -> helpers.Welcome:
    return helpers.enter(event, key=key, name=name, **how)


def refused(event: Event, key: str, name: str = "Jo", **how: Any) -> str:
    """Why nobody came in, "" if somebody did."""
    try:
        enter(event, key, name, **how)
    except DoorRefused as refusal:
        return refusal.code
    return ""


def book(event: Event) -> list[tuple[str, str, str]]:
    rows = DoorEntry.objects.filter(event=event).order_by("pk")
    return [(row.task, row.what, row.name) for row in rows]


def may_moderate(user: User, event: Event) -> bool:
    return Event.objects.moderated_by(user).filter(pk=event.pk).exists()
