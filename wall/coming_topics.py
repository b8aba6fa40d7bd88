"""When the wall comes up in the hall next, as a topic open to everybody. Writes nothing.

Guests' notes that have not stood there say so, and a delay moves it without touching any note.
"""

from collections.abc import Mapping, Sequence

from django.template.loader import render_to_string
from django.utils import timezone, translation

from agenda.models import Event
from eventhub.live.fragments import drawn
from eventhub.live.models import Change
from eventhub.live.topics import Grant, Rendered, Topic, Visitor, registry
from wall import displays
from wall.models import Screen, Step
from wall.scenes import Spell
from wall.screens_topics import OF_PLANS

KEY = "coming"
FOLLOWED = (*OF_PLANS, Screen.kind, Step.kind)


def register() -> None:
    registry.add(Topic("coming", _anybody, _render, _window, follows=FOLLOWED))


def told(event: Event, coming: Spell | None, version: int = 0) -> Rendered:
    """What notes say that wait; without words if nothing comes. In the active language."""
    html = render_to_string("wall/_coming.html", {"coming": coming, "version": version})
    return Rendered(KEY, version, 0, html)


def _anybody(event_id: int, visitor: Visitor) -> Grant | None:
    return Grant("coming")


def _render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    if kind not in FOLLOWED:
        return {}
    return dict.fromkeys(object_ids, found) if (found := _now(event_id, language)) else {}


def _window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    return [found] if (found := _now(event_id, language)) else []


def _now(event_id: int, language: str) -> Rendered | None:
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        return None
    with translation.override(language):
        return drawn("coming", event, _of_now)


def _of_now(event: Event) -> Rendered:
    told_us = Change.objects.filter(event_id=event.pk, kind__in=FOLLOWED, topics__contains=KEY)
    last = told_us.order_by("-seq")  # of a rehearsal only screens are told
    version = last.values_list("seq", flat=True).first() or 0  # before the rows
    return told(event, displays.coming(event, timezone.now()), version)
