"""A guest goes on in another browser: make the way, and come in by it.

The key stands behind the # of the address, which no server is ever sent, or is typed.
"""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agenda import attendees, carry, qr
from agenda.access import guards_itself, may_read
from agenda.middleware import EventRequest
from agenda.models import Attendee
from agenda.views import page_context
from agenda.views.page import let_in
from eventhub.addresses import public_base, without_scheme
from eventhub.http import Buckets, client_of, slow_down
from wall import guests

_ways = Buckets(at_once=10, per_second=0.1)  # of one guest
# Wrong keys of one address. The right one opens whatever its neighbours have tried.
_misses = Buckets(at_once=60, per_second=0.5)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def way_out(request: EventRequest, slug: str) -> HttpResponse:
    """GET: what this is about. POST: a new key as code, link and letters, shown this once."""
    key = request.attendee_key
    if key is None:
        return _page_in(request, problem=_("You are not a guest here yet."), status=403)
    context = page_context(request)
    if request.method != "POST":
        return render(request, "wall/carry.html", context)
    if wait_s := _ways.take(f"{request.event.pk}:{key}"):
        return slow_down(request, wait_s)
    way = carry.make(attendees.row_for(request.event, key))
    base = public_base(request.get_host(), scheme=request.scheme or "http")
    address = f"{base}/{slug}/carry/in"
    context |= {
        "way": way,
        "address": f"{address}#{way.key}",
        "typed_address": without_scheme(address),
        "qr": qr.draw(f"{address}#{way.key}"),
    }
    return render(request, "wall/carry.html", context)


@guards_itself
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def way_in(request: EventRequest, slug: str) -> HttpResponse:
    """GET: a page that reads the key, or a field to type it. POST: go on here as that guest."""
    if request.method != "POST":
        return _page_in(request)
    typed = request.POST.get("key", "")[:100]
    attendee = carry.find(request.event, typed)
    if attendee is None:
        return _missed(request)
    if attendee.key == request.attendee_key:
        return redirect(f"/{slug}/you/")  # the very same guest: nothing to carry, nothing is spent
    here = guests.row_of(request.event, request.attendee_key)
    if (own := guests.count_notes(here)) and request.POST.get("decision") != "take":
        return _ask(request, here, own=own, there=attendee, typed=typed)
    there = guests.go_on_as(request.event, typed, here=request.attendee_key)
    if there is None:  # somebody was faster
        return _missed(request)
    response = redirect(f"/{slug}/wall/")
    let_in(response, request.event, there.key)
    return response


def _missed(request: EventRequest) -> HttpResponse:
    if wait_s := _misses.take(client_of(request)):
        return slow_down(request, wait_s)
    words = _(
        "This code is not valid (any more). Make a new one on the other device:"
        " it holds for ten minutes and works once."
    )
    return _page_in(request, problem=words, status=403)


def _ask(
    request: EventRequest, here: Attendee | None, *, own: int, there: Attendee, typed: str
) -> HttpResponse:
    """Somebody is a guest here already, with notes: they decide, and nothing is lost."""
    context = page_context(request) | {
        "here": here,
        "own": own,
        "there": there,
        "others": guests.count_notes(there),
        "key": typed,
    }
    return render(request, "wall/carry_choice.html", context)


def _page_in(request: EventRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    reads = may_read(request.event, request.COOKIES)
    context = page_context(request) | {"problem": problem, "reads": reads}
    return render(request, "wall/carry_in.html", context, status=status)
