"""The whole programme: day by day, by time, room or track, and what is found in it by words."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agenda import day, linked_data, search
from agenda.middleware import EventRequest
from agenda.views.page import page_context
from eventhub.addresses import public_base
from eventhub.keeping import MOVES, keepable
from eventhub.live import reading


@require_safe
@keepable(topics=MOVES, seconds=30, unless=("q",), for_everybody=True)
def programme(request: EventRequest, slug: str) -> HttpResponse:
    """One day, or with `?q=` what fits on any day. Log first, rows second."""
    event, at = request.event, timezone.now()
    typed = request.GET.get("q", "").strip()[: search.MAX_CHARS]
    by = request.GET.get("by", "")
    by = by if by in day.WAYS and not typed else "time"
    cursor = reading.position(event.pk)
    found = day.days(event)
    shown = day.chosen(event, found, request.GET.get("day", ""), at)
    slots = search.find(event, typed) if typed else day.slots_on(event, shown)
    has_tracks = event.tracks.exists()
    start, end = event.day_frame(shown)
    over = sum(slot.ends_at <= at for slot in slots)
    folds = 0 < over < len(slots) and not typed  # a day that is over is read like any other
    base = public_base(request.get_host(), scheme=request.scheme or "http")
    context = {
        "days": found,
        "day": shown,
        "today": event.day_of(at),
        "day_starts": start,
        "day_ends": end,
        "by": by,
        "ways": [way for way in day.WAYS if way != "track" or has_tracks],
        "typed": typed,
        "groups": day.groups(slots, by),
        "count": len(slots),
        "limit": search.MAX_FOUND,
        "over": over if folds else 0,
        "past_before": at if folds else None,
        "cursor": cursor,
        "linked": linked_data.programme(event, slots, base),
    }
    return render(request, "agenda/programme.html", page_context(request) | context)
