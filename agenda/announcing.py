"""Which changes of the programme are worth a line on the phones of those who starred the session.

Says what changed; whose star it is only their browser knows.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agenda.models import Event, Slot
from agenda.models.programme import SlotQuerySet
from agenda.news import news
from eventhub.live.fragments import each, on_page
from eventhub.live.topics import Rendered

TOPIC = "moves"
RECENT = timedelta(hours=24)  # who has not looked for longer reads it in the programme itself
MAX_LINES = 30


def on_pages(event: Event) -> list[Rendered]:
    """The lines that a page of `event` begins with, in the active language. Two queries."""
    return on_page(TOPIC, _recent(event.pk, timezone.now())[:MAX_LINES], _drawn)


def render(
    event_id: int, name: str, kind: str, object_ids: Sequence[int], language: str
) -> Mapping[int, Rendered]:
    """The line of each of these slots; None for one that is as it always was, or over."""
    if kind != Slot.kind:
        return {}
    rows = Slot.objects.filter(event_id=event_id, pk__in=object_ids)
    return each(TOPIC, rows.with_names().select_related("event"), _drawn, language)


def window(event_id: int, name: str, language: str) -> Sequence[Rendered]:
    rows = _recent(event_id, timezone.now())[:MAX_LINES]
    return list(each(TOPIC, rows, _drawn, language).values())


def line(slot: Slot) -> str:
    """What is different now, in the active language; also that a change was taken back."""
    if words := news(slot, slot.event):
        return words
    times = (slot.starts_at, slot.ends_at)
    start, end = (date_format(at.astimezone(slot.event.tz), "H:i") for at in times)
    room = slot.room.name if slot.room else _("everywhere")
    return _("now %(start)s to %(end)s, %(room)s") % {"start": start, "end": end, "room": room}


def _recent(event_id: int, at: datetime) -> SlotQuerySet:
    """Slots to come whose time, place or cancellation has changed, the last one first."""
    rows = Slot.objects.filter(
        event_id=event_id, sequence__gt=0, ends_at__gt=at, changed_at__gt=at - RECENT
    )
    return rows.with_names().select_related("event").order_by("-changed_at", "pk")


def _drawn(slot: Slot) -> Rendered:
    at = timezone.now()
    if slot.sequence == 0 or slot.ends_at <= at or slot.changed_at <= at - RECENT:
        return Rendered(slot.key, slot.version, 0, None)
    html = render_to_string("agenda/_move.html", {"slot": slot, "words": line(slot)})
    return Rendered(slot.key, slot.version, 0, html)
