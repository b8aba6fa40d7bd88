"""What all addresses of the stage share: whose right it is, which screen is meant, the answer."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from agenda.middleware import EventRequest
from agenda.models import Event
from eventhub.http import Buckets, slow_down, wants_json
from wall import actions, screens, stage
from wall.models import Screen
from wall.views.desk_ground import person
from wall.views.screen_ground import staged as staged

ALL = "all"  # of a form: every screen of the event, as "" is
_per_person = Buckets(at_once=40, per_second=2)


def too_fast(request: EventRequest, event: Event) -> HttpResponse | None:
    wait_s = _per_person.take(f"{event.pk}:{request.user.pk}")
    return slow_down(request, wait_s) if wait_s else None


def chosen(event: Event, key: str) -> Screen | None:
    """The screen that a form names, None for all of them; 404 for one that is not there."""
    return get_object_or_404(screens.of(event), key=key) if key not in ("", ALL) else None


def done(request: EventRequest, event: Event) -> HttpResponse:
    """It is so now; with what takes it back, if something does."""
    if not wants_json(request):
        return redirect(f"/{event.slug}/stage/")
    deed = stage.undoable(event, person(request), timezone.now())
    if deed is None:
        return JsonResponse({"undo": 0, "words": ""})
    return JsonResponse({"undo": deed.pk, "words": actions.words(deed)})
