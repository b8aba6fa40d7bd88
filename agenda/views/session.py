"""The page of one session: what it is about, who speaks, when and where, what is written to it."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agenda import linked_data, session_page
from agenda.middleware import EventRequest
from agenda.views.page import page_context
from eventhub.addresses import public_base
from eventhub.keeping import MOVES, keepable
from eventhub.live import reading

LARGEST = 2**63 - 1
FOLLOWED = ("event", "programme", "moves")


@require_safe
@keepable(topics=(*MOVES, "wall"))  # with the notes written to it; a guest sees their own
def session(request: EventRequest, slug: str, number: int) -> HttpResponse:
    """With `?part=1` only what an open page swaps when the session has changed."""
    event = request.event
    cursor = reading.position(event.pk)
    found = session_page.find(event, number) if number <= LARGEST else None
    if found is None:
        raise Http404
    slots = session_page.slots_of(found)
    context = {
        "event": event,
        "session": found,
        "slots": slots,
        "language_name": session_page.spoken_language(found.language) if found.language else "",
        "people": session_page.people(found),
        "links": session_page.links(found),
    }
    if "part" in request.GET:
        return render(request, "agenda/_session.html", context)
    parts = session_page.parts(found, request.attendee_key)
    base = public_base(request.get_host(), scheme=request.scheme or "http")
    context |= {
        "parts": parts,
        "topics": " ".join([*FOLLOWED, *(each for p in parts for each in p.topics)]),
        "cursor": cursor,
        "linked": linked_data.session(event, found, slots, base),
    }
    return render(request, "agenda/session.html", page_context(request) | context)
