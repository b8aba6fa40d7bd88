"""The programme as a topic: every slot of the event, open to everybody who knows its address."""

from collections.abc import Mapping, Sequence

from agenda.models import Event, Slot
from agenda.models.programme import SlotQuerySet
from eventhub.live.fragments import each, fragment
from eventhub.live.topics import Grant, Rendered, Topic, Visitor, registry


def register() -> None:
    registry.find_events_with(_event_id)
    registry.add(Topic("programme", _anybody, _render, _window))


def _event_id(slug: str) -> int | None:
    return Event.objects.filter(slug=slug).values_list("pk", flat=True).first()


def _anybody(event_id: int, visitor: Visitor) -> Grant | None:
    return Grant("programme")


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind != Slot.kind:
        return {}
    slots = _slots(event_id).filter(pk__in=object_ids)
    return each("programme", slots, _rendered, language)


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    return list(each("programme", _slots(event_id).in_order(), _rendered, language).values())


def _slots(event_id: int) -> SlotQuerySet:
    return Slot.objects.filter(event_id=event_id).select_related("session", "room", "event")


def _rendered(slot: Slot) -> Rendered:
    event = slot.event
    look = (event.zone, event.has_several_days)
    html = fragment("agenda/_slot.html", slot, {"slot": slot, "event": event}, depends_on=look)
    return Rendered(slot.key, slot.version, slot.order, html)
