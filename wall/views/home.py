"""The page of whoever runs the event: what goes on in numbers, what is missing, who helps."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda.access import guards_itself
from agenda.home_topics import helpers_on_page, version_of
from agenda.middleware import EventRequest
from agenda.models import Event
from agenda.views import page_context
from agenda.views.doors import organized
from eventhub import reach
from eventhub.addresses import public_base
from eventhub.live import reading
from wall import absence, step_topics
from wall.checklist import checklist, facts, settle
from wall.numbers import numbers
from wall.views import screens
from wall.views.founding import SCREEN_KEY


@guards_itself
@login_required
@never_cache
@require_safe
def home(request: EventRequest, slug: str) -> HttpResponse:
    """Log first, rows second."""
    event = organized(request)
    context = page_context(request) | {"cursor": reading.position(event.pk)}
    context["steps"], context["absence"] = step_topics.panel(event), absence.on_page(event)
    context["helpers"] = helpers_on_page(event, version_of(event.pk)).html
    context |= reach.context(request) | _new_screen(request, event) | screens.on_page(event)
    return render(request, "wall/home.html", context | _counted(request, event))


@guards_itself
@login_required
@never_cache
@require_safe
def counted(request: EventRequest, slug: str) -> HttpResponse:
    """The same numbers a moment later."""
    event = organized(request)
    html = render_to_string("wall/_home_numbers.html", _counted(request, event))
    return JsonResponse({"html": html})


@guards_itself
@login_required
@require_POST
def point(request: EventRequest, slug: str) -> HttpResponse:
    """Somebody says of a point that it is done, or not needed: "poster done"."""
    key, _space, state = request.POST.get("point", "").partition(" ")
    if not settle(organized(request), key, state):
        raise Http404
    return redirect(f"/{slug}/home/#home-points")


def _new_screen(request: EventRequest, event: Event) -> dict[str, str]:
    """The address of the screen that was made with the event, to be read once."""
    event_id, key = request.session.get(SCREEN_KEY, (0, ""))
    if event_id != event.pk:
        return {}
    del request.session[SCREEN_KEY]
    base = public_base(request.get_host(), scheme=request.scheme or "http")
    return {"screen_address": f"{base}/screen#{key}"}


def _counted(request: EventRequest, event: Event) -> dict[str, Any]:
    at = timezone.now()
    found = numbers(event, at)
    today = at.astimezone(event.tz).date()
    points = checklist(event, facts(event), today=today, in_admin=request.user.is_staff)
    return {"event": event, "numbers": found, "checklist": points, "counted_at": at}
