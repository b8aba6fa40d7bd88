"""What all addresses of screens share: whose right it is, and where they go back to."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event
from eventhub.http import Buckets, slow_down
from eventhub.live import lanes
from wall import screens
from wall.models import Screen

_per_person = Buckets(at_once=30, per_second=2)


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


def deed(
    right: Callable[[EventRequest], Event],
) -> Callable[[Callable[[EventRequest, Screen], HttpResponse]], Callable[..., HttpResponse]]:
    """A form of one screen: by whoever has this `right`, and not too often."""

    def of(act: Callable[[EventRequest, Screen], HttpResponse]) -> Callable[..., HttpResponse]:
        @guards_itself
        @login_required
        @require_POST
        @wraps(act)
        def view(request: EventRequest, slug: str, key: str) -> HttpResponse:
            screen = screen_of(right(request), key)
            if wait_s := too_soon(request, screen.event_id):
                return slow_down(request, wait_s)
            return act(request, screen)

        return view

    return of


def too_soon(request: EventRequest, event_id: int) -> float:
    """Seconds until this person may press again; 0 for now."""
    return _per_person.take(f"{event_id}:{request.user.pk}")


def back(request: EventRequest, screen: Screen) -> HttpResponse:
    """To the page of ours with screens on which the button was."""
    slug = request.event.slug
    stage = request.POST.get("page") == "stage" or request.GET.get("page") == "stage"
    return redirect(f"/{slug}/{'stage' if stage else 'home/screens'}/#screen-{screen.pk}")
