"""What is on now and what comes next."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agenda import day
from agenda.middleware import EventRequest
from agenda.views.page import page_context
from eventhub.keeping import MOVES, keepable
from eventhub.live import reading


@require_safe
@keepable(topics=MOVES, seconds=10)  # minutes are counted on it; a guest is asked questions
def now(request: EventRequest, slug: str) -> HttpResponse:
    """What is on, what comes next, what the day holds. Log first, rows second."""
    event = request.event
    at = timezone.now()
    cursor = reading.position(event.pk)
    return render(
        request,
        "agenda/now.html",
        page_context(request) | day.now_and_next(event, at) | {"now": at, "cursor": cursor},
    )
