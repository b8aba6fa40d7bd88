"""What the screens of an event show: seen and switched by whoever may use its desk."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event, Room
from agenda.views import page_context
from eventhub.http import Buckets, slow_down
from eventhub.live import reading
from wall import screens, screens_topics
from wall.models import Screen
from wall.views.desk_ground import event_of

View = Screen.View
_per_person = Buckets(at_once=30, per_second=2)


@guards_itself
@login_required
@never_cache
@require_safe
def overview(request: EventRequest, slug: str) -> HttpResponse:
    """All screens, what each of them does, and what may be done to them by whoever looks."""
    event = event_of(request)
    organizes = Event.objects.organized_by(request.user).filter(pk=event.pk).exists()
    directs = organizes or Event.objects.staged_by(request.user).filter(pk=event.pk).exists()
    language = get_language() or event.language
    cursor = reading.position(event.pk)
    states, tested = screens_topics.states(event.pk, language), screens.tested(event)
    context = page_context(request) | {
        "cursor": cursor,
        "back": f"/{slug}/{'home' if organizes else 'desk'}/",
        "organizes": organizes,
        "directs": directs,
        "plans": screens_topics.plans_on_page(event),
        "screens": [
            {
                "screen": screen,
                "choices": choices,
                "state": states.get(screen.pk),
                "tested": screen.pk in tested,
            }
            for screen, choices in on_page(event)["screens"]
        ],
    }
    return render(request, "wall/screens.html", context)


@guards_itself
@login_required
@require_POST
def switch(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """What to show: "board", or "door 5" for the room of that number. Goes back where it was."""
    event = event_of(request)
    if wait_s := _per_person.take(f"{event.pk}:{request.user.pk}"):
        return slow_down(request, wait_s)
    screen = get_object_or_404(screens.of(event), key=key)
    view, _space, number = request.POST.get("show", "").partition(" ")
    if view not in View.values or (number != "" and not number.isdecimal()):
        raise Http404
    rooms = Room.objects.filter(event=event)
    room = get_object_or_404(rooms, pk=int(number[:9])) if number else None
    screens.switch(screen, view=view, room=room)
    page = "home" if request.POST.get("page") == "home" else "home/screens"
    return redirect(f"/{slug}/{page}/#screens")


def on_page(event: Event) -> dict[str, Any]:
    """Every screen with what it may show: [(value, label, whether it does), ...]. Two queries."""
    rooms = list(Room.objects.filter(event=event))
    return {"screens": [(screen, _choices(screen, rooms)) for screen in screens.of(event)]}


def _choices(screen: Screen, rooms: list[Room]) -> list[tuple[str, str, bool]]:
    shows = f"door {screen.room_id}" if screen.view == View.DOOR else screen.view
    plain = [(str(view), str(view.label)) for view in View if view != View.DOOR]
    doors = [(f"door {room.pk}", f"{View.DOOR.label}: {room.name}") for room in rooms]
    return [(value, label, value == shows) for value, label in plain + doors]
