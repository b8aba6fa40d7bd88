"""A grid is proposed: asked for, waited for, looked at, accepted as a whole or card by card."""

from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda import accepting, suggesting
from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event, Suggestion
from agenda.suggesting import NothingToSuggest, TooManyError
from agenda.views.page import page_context
from agenda.waiting import waiting
from eventhub.http import Buckets, error, slow_down, wants_json
from eventhub.live import reading

State = Suggestion.State
_asked = Buckets(at_once=6, per_second=0.2)  # per event: each is seconds of two cores
_deeds = Buckets(at_once=60, per_second=10)  # per person


def staffed(request: EventRequest) -> Event:
    """The event, if this person arranges its barcamp; otherwise it is not there (404)."""
    events = Event.objects.pitched_by(request.user).filter(barcamp__isnull=False)
    return get_object_or_404(events, pk=request.event.pk)


@guards_itself
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def suggestions(request: EventRequest, slug: str) -> HttpResponse:
    """What waits and what is free; asked for, a suggestion gets a page of its own."""
    event = staffed(request)
    if request.method != "POST":
        return _page(request, event)
    if wait_s := _asked.take(str(event.pk)):
        return slow_down(request, wait_s)
    try:
        found = suggesting.begin(event, by=request.user, language=get_language() or "en")
    except NothingToSuggest as nothing:
        return _page(request, event, problem=nothing.message, status=409)
    except TooManyError:
        words = _("Other grids are being worked out right now. Please try again soon.")
        return _page(request, event, problem=words, status=503)
    return redirect(_address(found))


@guards_itself
@login_required
@never_cache
@require_safe
def suggestion(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """One suggestion: on its way, to be looked at, or placed."""
    event = staffed(request)
    context = page_context(request) | {"cursor": reading.position(event.pk)}
    return render(request, "agenda/suggestion.html", context | _state(_found(event, key)))


@guards_itself
@login_required
@never_cache
@require_safe
def progress(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """What the page shows of it a moment later."""
    event = staffed(request)
    context = _state(_found(event, key)) | {"event": event}
    html = render_to_string("agenda/_suggestion.html", context, request)
    return JsonResponse({"html": html, "busy": context["busy"]})


@guards_itself
@login_required
@require_POST
def accept(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """`card`: the key of one; without it all that are open."""
    event = staffed(request)
    if wait_s := _deeds.take(f"{event.pk}:{request.user.pk}"):
        return slow_down(request, wait_s)
    found, card = _found(event, key), request.POST.get("card") or None
    refused = accepting.accept(found, card)
    if not wants_json(request):
        return redirect(_address(found) + (f"#card-{card}" if card else ""))
    if card and refused:
        return error("changed_meanwhile", refused[0]["said"], status=409)
    return JsonResponse({"refused": {one["key"]: one["said"] for one in refused}})


@guards_itself
@login_required
@require_POST
def discard(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Nothing is taken off the board; only what was not accepted is forgotten."""
    suggesting.discard(_found(staffed(request), key))
    return redirect(f"/{slug}/home/barcamp/")


def _found(event: Event, key: str) -> Suggestion:
    rows = Suggestion.objects.filter(event=event).select_related("event")
    return suggesting.look(get_object_or_404(rows, key=key), timezone.now())


def _address(found: Suggestion) -> str:
    return f"/{found.event.slug}/home/barcamp/suggestion/{found.key}/"


def _state(found: Suggestion) -> dict[str, Any]:
    content: dict[str, Any] = found.content
    cards = content.get("cards", [])
    gone_s = (timezone.now() - found.at).total_seconds()
    count = {state: sum(card["state"] == state for card in cards) for state in ("open", "refused")}
    return {
        "suggestion": found,
        "address": _address(found),
        "busy": found.state == State.WORKING,
        "per_cent": min(95, round(100 * gone_s / suggesting.TAKES_S)),
        "content": content,
        "rows": [(row, list(cards)) for row, cards in groupby(cards, key=lambda one: one["row"])],
        "total": len(cards),
        "open": count["open"],
        "refused": count["refused"],
        "placed": len(cards) - count["open"] - count["refused"],
    }


def _page(
    request: EventRequest, event: Event, *, problem: str = "", status: int = 200
) -> HttpResponse:
    about = waiting(event, timezone.now())
    context = page_context(request) | {
        "cursor": reading.position(event.pk),
        "problem": problem,
        "waiting": len(about.proposals),
        "places": about.places,
        "why_not": suggesting.why_not(event, about),
        "newest": suggesting.newest(event),
    }
    return render(request, "agenda/suggestions.html", context, status=status)
