"""The page of what everybody asks: WLAN, the way, a contact, first aid, good to know."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agenda import info as known
from agenda import qr
from agenda.middleware import EventRequest
from agenda.views.page import page_context
from eventhub.keeping import MOVES, keepable
from eventhub.live import reading


@require_safe
@keepable(topics=MOVES, for_everybody=True)
def info(request: EventRequest, slug: str) -> HttpResponse:
    """With `?part=1` only what an open page swaps when the event has changed."""
    event = request.event
    cursor = reading.position(event.pk)
    wifi = known.wifi(event)
    context = {
        "event": event,
        "wifi": wifi,
        "wifi_code": qr.draw(wifi.code) if wifi else None,
        "rooms": [room for room in event.rooms.all() if room.where],
        "contact_address": known.contact_address(event.contact),
    }
    if "part" in request.GET:
        return render(request, "agenda/_info.html", context)
    return render(request, "agenda/info.html", page_context(request) | context | {"cursor": cursor})
