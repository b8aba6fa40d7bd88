"""What the server knows of a guest: read it, take it along, erase it. Each sees their own only."""

from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda.middleware import EventRequest
from agenda.views import page_context
from agenda.views.page import let_go
from eventhub.http import Buckets, error, slow_down
from eventhub.live.fragments import on_page
from wall import displays, guests, notes
from wall.topics import as_own_note

_questions = Buckets(at_once=20, per_second=0.2)  # of one guest, for what costs most


@never_cache
@require_safe
def you(request: EventRequest, slug: str) -> HttpResponse:
    """Name, notes, what this browser keeps, when everything goes; the ways out of here."""
    return _page(request)


@never_cache
@require_safe
def data(request: EventRequest, slug: str) -> HttpResponse:
    """Everything that is stored of this guest, as a file."""
    key = request.attendee_key
    if key is None:
        return error("not_joined", _("You are not a guest here yet."), status=403)
    if wait_s := _questions.take(f"{request.event.pk}:{key}"):
        return slow_down(request, wait_s)
    response = JsonResponse(
        guests.everything_about(request.event, key),
        encoder=DjangoJSONEncoder,
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    response["Content-Disposition"] = f'attachment; filename="{slug}-data.json"'
    return response


@never_cache
@require_POST
def erase(request: EventRequest, slug: str) -> HttpResponse:
    """Erase this guest. The page that follows clears what the browser keeps of ours."""
    key = request.attendee_key
    if key is None:
        return _page(request, problem=_("You are not a guest here yet."), status=403)
    if request.POST.get("sure") != "yes":
        words = _("Nothing has been deleted. Please confirm it on this page.")
        return _page(request, problem=words, status=422)
    erased = guests.erase(request.event, key)
    gone = page_context(request) | {"joined": False, "erased": erased}
    response = render(request, "wall/erased.html", gone)
    let_go(response, request.event)
    return response


def _page(request: EventRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    event, key = request.event, request.attendee_key
    context: dict[str, Any] = page_context(request) | {"problem": problem}
    if key is not None:
        own = notes.of_guest(event.pk, key).order_by("-pk")
        ask: dict[str, Any] = {
            "wait": notes.expected_wait(event),
            "ask": notes.whom_to_ask(event),
            "coming": displays.coming(event, timezone.now()),
        }
        context |= {
            "attendee": guests.row_of(event, key),
            "hosted": guests.count_hosted(event, key),
            "notes": on_page("mine", own, lambda note: as_own_note(note, zone=event.zone, **ask)),
        }
    return render(request, "wall/you.html", context, status=status)
