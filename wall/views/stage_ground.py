"""What all addresses of the stage share: whose right it is, which screen is meant, the answer."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event
from eventhub.http import Buckets, slow_down, wants_json
from wall import actions, screens, stage
from wall.models import Screen
from wall.views.desk_ground import person
from wall.views.screen_ground import staged as staged

P = ParamSpec("P")
ALL = "all"  # of a form: every screen of the event, as "" is
_per_person = Buckets(at_once=40, per_second=2)


def deed(
    act: Callable[Concatenate[EventRequest, Event, P], HttpResponse],
) -> Callable[Concatenate[EventRequest, str, P], HttpResponse]:
    """A form of the stage: by whoever directs the screens of the event, and not too often."""

    @guards_itself
    @login_required
    @require_POST
    @wraps(act)
    def view(
        request: EventRequest, /, slug: str, *args: P.args, **fields: P.kwargs
    ) -> HttpResponse:
        event = staged(request)
        if wait_s := _per_person.take(f"{event.pk}:{request.user.pk}"):
            return slow_down(request, wait_s)
        return act(request, event, *args, **fields)

    return cast(Callable[Concatenate[EventRequest, str, P], HttpResponse], view)


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
