"""Helpers without an account: come in with a code, see what one is here for."""

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agenda import day, helpers
from agenda.access import guards_itself, may_read
from agenda.doors import DoorRefused
from agenda.middleware import EventRequest
from agenda.models import Barcamp, Event, Membership, User
from agenda.views.page import page_context
from eventhub.http import Buckets, client_of
from eventhub.live import reading
from eventhub.live.models import new_key

# Wrong codes of one address. The right one opens whatever its neighbours have tried.
_guesses = Buckets(at_once=60, per_second=0.5)
_STATUS = {"no_name": 422, "has_more": 409, "too_many": 429}


@guards_itself
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def help(request: EventRequest, slug: str) -> HttpResponse:
    """GET: the page behind a door's code, which stands behind the #. POST: come in."""
    user = _user(request)
    if request.method != "POST":
        more = user is not None and helpers.has_more(user, request.event)
        return _page(request, DoorRefused("has_more") if more else None)
    try:
        welcome = helpers.enter(
            request.event,
            key=request.POST.get("key", ""),
            name=request.POST.get("name", "")[:20_000],
            visit=request.POST.get("visit", "")[:64],
            user=user,
        )
    except DoorRefused as refusal:
        guessed = refusal.code == "unknown" and _guesses.take(client_of(request)) > 0
        return _page(request, DoorRefused("too_many") if guessed else refusal)
    if user is None:
        login(request, welcome.user)
    _end_with_the_hour(request, welcome.user)
    return redirect(f"/{slug}/helper/")


@guards_itself
@never_cache
@require_safe
def helper(request: EventRequest, slug: str) -> HttpResponse:
    """What am I here for, until when, where to go. Whoever runs the event goes to their page."""
    event, user = request.event, _user(request)
    if user is not None and helpers.has_more(user, event):
        runs = Event.objects.organized_by(user).filter(pk=event.pk).exists()
        return redirect(f"/{slug}/home/" if runs else f"/{slug}/desk/")
    own = None if user is None else helpers.helpers_of(event).filter(user=user).first()
    context = _context(request) | {"membership": own}
    if own is not None:
        at = timezone.now()
        context["cursor"] = reading.position(event.pk)
        context |= day.now_and_next(event, at)
        context["tasks"] = own.tasks
        context["has_barcamp"] = Barcamp.objects.filter(event=event).exists()
        context["until_today"] = own.until and event.day_of(own.until) == event.day_of(at)
    return render(request, "agenda/helper.html", context, status=200 if own else 403)


def _page(request: EventRequest, refusal: DoorRefused | None) -> HttpResponse:
    """The form, and what was wrong; a code that is of no use any more is not kept."""
    user = _user(request)
    keeps = refusal is not None and refusal.code == "no_name"
    context = _context(request) | {
        "known_as": user.spoken_name() if user is not None else "",
        "problem": refusal.message if refusal is not None else "",
        "has_more": refusal is not None and refusal.code == "has_more",
        "key": request.POST.get("key", "")[:100] if keeps else "",
        "name": helpers.clean_name(request.POST.get("name", "")[:20_000]),
        "visit": request.POST.get("visit", "")[:64] if keeps else new_key(),
    }
    status = 200
    if refusal is not None and request.method == "POST":
        status = _STATUS.get(refusal.code, 403)
    return render(request, "agenda/help.html", context, status=status)


def _context(request: EventRequest) -> dict[str, Any]:
    """To strangers a closed event says its name, here as well."""
    return page_context(request) | {"reads": may_read(request.event, request.COOKIES)}


def _end_with_the_hour(request: HttpRequest, user: User) -> None:
    """Who came by a door has a session until their last task ends; others keep their own."""
    if not user.came_by_a_door:
        return
    ends = list(Membership.objects.active().filter(user=user).values_list("until", flat=True))
    request.session.set_expiry(max(end for end in ends if end) if None not in ends else None)


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None
