"""The pages that need no screen: start, join by code, now and next, law, language."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agenda import attendees, programme
from agenda.middleware import EventRequest
from agenda.models import Event
from eventhub.http import Buckets, busy, client_of
from eventhub.live import reading
from eventhub.static_files import build_id

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


@require_safe
def now(request: EventRequest, slug: str) -> HttpResponse:
    """What is on, what comes next, what the day holds. Log first, rows second."""
    event = request.event
    at = timezone.now()
    cursor = reading.position(event.pk)
    slots = programme.slots_of_day(event, at)
    return render(
        request,
        "agenda/now.html",
        page_context(request)
        | {
            "slots": slots,
            "sections": programme.arrange(slots, at),
            "now": at,
            "cursor": cursor,
        },
    )


def page_context(request: EventRequest) -> dict[str, Any]:
    """What every page of an event needs to follow its stream."""
    return {
        "event": request.event,
        "joined": request.attendee_key is not None,
        "language": translation.get_language(),
        "build": build_id(),
    }


@require_safe
def imprint(request: EventRequest, slug: str) -> HttpResponse:
    context = {"event": request.event, "title": _("Imprint"), "text": request.event.imprint}
    return render(request, "agenda/legal.html", context)


@require_safe
def privacy(request: EventRequest, slug: str) -> HttpResponse:
    context = {"event": request.event, "title": _("Privacy"), "text": request.event.privacy}
    return render(request, "agenda/legal.html", context)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The visitor's own choice of language, for this browser."""
    chosen = request.POST.get("language", "")[:2]
    target = request.POST.get("next", "/")
    # "foo" would be a view's name to redirect().
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, None):
        target = "/"
    response = HttpResponseRedirect(target)
    if chosen in {"de", "en"}:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            httponly=True,
            samesite="Lax",
            secure=settings.TLS,
        )
    return response
