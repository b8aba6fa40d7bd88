"""What tests ask the staff's board for, and where cards stand after it; asserts nothing."""

from typing import Any

from django.test import Client

from agenda import barcamp
from agenda.models import Event, Period, Room, Slot
from tests import guests
from tests.factories import at, make_proposal


def deed(ina: Client, event: Event, path: str, data: dict[str, Any], **headers: Any) -> Any:
    headers = {"headers": guests.JSON} | headers
    return ina.post(f"/{event.slug}/home/barcamp/{path}", data, **headers)


def cell(room: Room, row: Period) -> str:
    return f"{room.pk}-{row.pk}"


def placed(event: Event, room: Room, title: str, start: str = "10:00", **fields: Any) -> Slot:
    card = make_proposal(event, title, **fields)
    return barcamp.place(card, room, at(start), at(f"{start[:2]}:45"))


def where(title: str) -> list[tuple[str, str]]:
    found = Slot.objects.filter(session__proposal__title=title).order_by("starts_at")
    return [(slot.room.name if slot.room else "", f"{slot.starts_at:%H:%M}") for slot in found]


def undo(ina: Client, event: Event, answer: Any) -> Any:
    back = answer.json()["undo"]
    return deed(ina, event, back["path"], back["data"])
