"""The programme and the event itself as topics, open to everybody who knows the address."""

from collections.abc import Callable, Mapping, Sequence

from django.template.loader import render_to_string
from django.utils import translation

from agenda import access, announcing
from agenda.models import Event, Slot
from agenda.models.programme import SlotQuerySet
from eventhub.live.fragments import drawn, each, fragment
from eventhub.live.topics import EVENT, Entrance, Grant, Rendered, Topic, Visitor, registry


def register() -> None:
    registry.find_events_with(_event_id)
    registry.entrance = Entrance(
        is_closed=access.is_closed,
        knows=lambda event_id, visitor: access.is_guest(event_id, visitor.cookies),
        finds=lambda event_id, visitor: access.right_of(event_id, visitor.cookies),
    )
    registry.add(Topic("programme", _open("programme"), _render, _window))
    registry.add(Topic("moves", _open("moves"), announcing.render, announcing.window))
    registry.add(Topic("event", _open("event"), _render_look, _look_window))


def _event_id(slug: str) -> int | None:
    return Event.objects.filter(slug=slug).values_list("pk", flat=True).first()


def _open(name: str) -> Callable[[int, Visitor], Grant]:
    return lambda event_id, visitor: Grant(name)


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind != Slot.kind:
        return {}
    slots = _slots(event_id).filter(pk__in=object_ids)
    return each("programme", slots, _rendered, language)


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    return list(each("programme", _slots(event_id).in_order(), _rendered, language).values())


def slots_of_sessions(event_id: int, sessions: Sequence[int], language: str) -> list[Rendered]:
    """Where and when these sessions are, drawn as the programme draws them."""
    slots = _slots(event_id).filter(session__in=sessions).in_order()
    return list(each("programme", slots, _rendered, language).values())


def _slots(event_id: int) -> SlotQuerySet:
    return Slot.objects.filter(event_id=event_id).with_names().select_related("event")


def _rendered(slot: Slot) -> Rendered:
    event = slot.event
    look = (event.zone, event.has_several_days, event.slug, event.news_from)
    html = fragment("agenda/_slot.html", slot, {"slot": slot, "event": event}, depends_on=look)
    return Rendered(slot.key, slot.version, slot.order, html)


# --- what stands around a page: the event's name, hashtag, colour ...


def _render_look(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind != EVENT:
        return {}
    with translation.override(language):
        looks = {e.pk: drawn("event", e, _look) for e in Event.objects.filter(pk=event_id)}
    return {pk: look for pk, look in looks.items() if look is not None}


def _look_window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    return list(_render_look(event_id, name, EVENT, [event_id], language).values())


def _look(event: Event) -> Rendered:
    return Rendered("look", 0, 0, render_to_string("agenda/_look.html", {"event": event}))
