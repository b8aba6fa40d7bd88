"""The start page, and how a guest joins: by the short address or by typing the code."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agenda import attendees
from agenda.middleware import EventRequest
from agenda.models import Event
from eventhub.http import Buckets, busy, client_of

# All of a hall has one address: 300 guests may join within a minute, a guesser may not go on.
_joins = Buckets(at_once=600, per_second=10)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """One event: straight to it. Several: a list of those that are not long over."""
    events = list(Event.objects.filter(purge_on__gte=timezone.now().date())[:50])
    if len(events) == 1:
        return redirect(f"/{events[0].slug}/")
    return render(request, "eventhub/home.html", {"events": events})


@require_safe
def join(request: HttpRequest, code: str) -> HttpResponse:
    """The short address: give the guest a cookie for this event and show what is on."""
    if _joins.take(client_of(request)):
        return busy(request)
    event = Event.objects.filter(code=code.upper()).first()
    if event is None:
        return _with_slash(code)
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


def _with_slash(word: str) -> HttpResponse:
    """No code, but perhaps an address without its last character: "admin", "login", a slug."""
    if word in {"admin", "login"} or Event.objects.filter(slug=word).exists():
        return redirect(f"/{word}/")
    raise Http404


@require_safe
def join_form(request: EventRequest, slug: str) -> HttpResponse:
    """A guest typed the code on the event's own page."""
    code = request.GET.get("code", "").strip().upper()
    if code and code == request.event.code:
        return redirect(f"/{code}")
    if _joins.take(client_of(request)):
        return busy(request)
    raise Http404
