"""What all addresses of screens share: whose right it is, and where they go back to."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from agenda.middleware import EventRequest
from agenda.models import Event
from eventhub.live import lanes
from wall import screens
from wall.models import Screen


def organized(request: EventRequest) -> Event:
    """The event, if this person organizes it; otherwise it is not there (404)."""
    event = get_object_or_404(Event.objects.organized_by(request.user), pk=request.event.pk)
    lanes.go_first()
    return event


def staged(request: EventRequest) -> Event:
    """The event, if this person may direct its screens; otherwise it is not there (404)."""
    event = get_object_or_404(Event.objects.staged_by(request.user), pk=request.event.pk)
    lanes.go_first()
    return event


def screen_of(event: Event, key: str) -> Screen:
    return get_object_or_404(screens.of(event).select_related("event", "room"), key=key)


def back(request: EventRequest, screen: Screen) -> HttpResponse:
    """To the page of ours with screens on which the button was."""
    slug = request.event.slug
    stage = request.POST.get("page") == "stage" or request.GET.get("page") == "stage"
    return redirect(f"/{slug}/{'stage' if stage else 'home/screens'}/#screen-{screen.pk}")
