"""The start page, and how a guest joins: by the short address or by typing the code."""

import re

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agenda import attendees
from agenda.access import guards_itself, readable
from agenda.middleware import EventRequest, turned_away
from agenda.models import Event
from eventhub import reach
from eventhub.http import Buckets, client_of, slow_down
from eventhub.pace import proven

# Of codes that fit nothing. All of a hall has one address: a code that fits is never refused.
_misses = Buckets(at_once=60, per_second=0.5)
_CODE = re.compile(r"[A-Z2-9]{4,8}")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One event: straight to it. Several: a list of those that are not long over.

    The laptop that nobody else has reached yet is told so before anything else.
    """
    events, alone = _to_be_seen(request), reach.context(request)
    if len(events) == 1 and not alone:
        return redirect(f"/{events[0].slug}/")
    return render(request, "eventhub/home.html", {"events": events} | alone)


def _to_be_seen(request: HttpRequest) -> list[Event]:
    """Of closed events only those that this browser may read."""
    events = Event.objects.filter(purge_on__gte=timezone.now().date())[:50]
    return readable(events, request.COOKIES)


@require_safe
def typed(request: HttpRequest) -> HttpResponse:
    """Somebody typed a code on the start page."""
    code = _typed_code(request)
    if _CODE.fullmatch(code):
        return redirect(f"/{code}")
    words = _("A code has four to eight letters and digits.")
    context = {"events": _to_be_seen(request), "error": words}
    return render(request, "eventhub/home.html", context, status=404)


@require_safe
def join(request: HttpRequest, code: str) -> HttpResponse:
    """The short address: give the guest a cookie for this event and show what is on."""
    event = Event.objects.filter(code=code.upper()).first()
    if event is None:
        return _no_code(request, code)
    proven.add("code", event.code)
    if event.is_cleared:
        return render(request, "agenda/over.html", {"event": event}, status=410)
    response = redirect(f"/{event.slug}/")
    response["Cache-Control"] = "no-store"
    name = attendees.cookie_name(event.pk, settings.ATTENDEE_COOKIE_NAME)
    if attendees.key_from(request.COOKIES.get(name, ""), event.pk) is None:
        response.set_cookie(
            name,
            attendees.fresh_cookie(event),
            max_age=attendees.COOKIE_MAX_AGE_S,
            httponly=True,
            samesite="Lax",
            secure=settings.TLS,
        )
    return response


def _no_code(request: HttpRequest, word: str) -> HttpResponse:
    """Perhaps an address without its last character: "admin", "login", a slug. Else a miss."""
    if word in {"admin", "login"} or Event.objects.filter(slug=word).exists():
        return redirect(f"/{word}/")
    if wait_s := _misses.take(client_of(request)):
        return slow_down(request, wait_s)
    raise Http404


@guards_itself
@require_safe
def join_form(request: EventRequest, slug: str) -> HttpResponse:
    """A guest typed the code on the event's own page."""
    code = _typed_code(request)
    if code and code == request.event.code:
        return redirect(f"/{code}")
    if wait_s := _misses.take(client_of(request)):
        return slow_down(request, wait_s)
    words = _("This code does not fit. Look at the screen or the badge once more.")
    return turned_away(request, problem=words, status=404)


def _typed_code(request: HttpRequest) -> str:
    return request.GET.get("code", "").strip().upper()
