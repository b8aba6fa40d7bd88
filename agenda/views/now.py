"""What is on now and what comes next."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agenda import programme
from agenda.middleware import EventRequest
from agenda.views.page import page_context
from eventhub.live import reading


@require_safe
def now(request: EventRequest, slug: str) -> HttpResponse:
    """What is on, what comes next, what the day holds. Log first, rows second."""
    event = request.event
    at = timezone.now()
    cursor = reading.position(event.pk)
    slots = programme.slots_of_day(event, at)
    return render(
        request,
        "agenda/now.html",
        page_context(request)
        | {
            "slots": slots,
            "sections": programme.arrange(slots, at),
            "now": at,
            "cursor": cursor,
        },
    )
