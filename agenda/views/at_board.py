"""What the pages of a barcamp have in common: whether there is one, how fast, what they refuse."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from agenda import board_form, board_topics, day, hosting, own_tags, phases, votes
from agenda.middleware import EventRequest
from agenda.models import Barcamp, Proposal, Session, Slot
from agenda.views.page import page_context
from eventhub.http import Buckets, client_of, error, wants_json
from eventhub.live import reading
from eventhub.live.fragments import on_page
from eventhub.live.models import new_key

BUSY_PHASES = (Barcamp.Phase.COLLECT, Barcamp.Phase.PITCH)  # proposals come before the board

# First per guest, then per event, per address only as a high ceiling: a hall has one address.
Buckets3 = tuple[Buckets, Buckets, Buckets]
deeds: Buckets3 = (
    Buckets(at_once=12, per_second=0.2),
    Buckets(at_once=400, per_second=20),
    Buckets(at_once=600, per_second=30),
)
taps: Buckets3 = (
    Buckets(at_once=100, per_second=1),
    Buckets(at_once=900, per_second=90),
    Buckets(at_once=1200, per_second=120),
)


def barcamp_of(request: EventRequest) -> Barcamp:
    """The barcamp of this event; without one there is no such page. One query."""
    found = Barcamp.objects.filter(event=request.event).select_related("on_stage").first()
    if found is None:
        raise Http404
    found.event = request.event
    return found


def refusal(request: EventRequest, buckets: Buckets3) -> HttpResponse | None:
    """Why this browser may send nothing now: no guest, all is deleted, too fast. None: it may."""
    key = request.attendee_key
    if key is None:
        words = _("Type the code on the screen first, then you can join in.")
        return refused(request, "not_joined", words, status=403)
    if request.event.is_cleared:
        words = _("What guests have written has been deleted.")
        return refused(request, "over", words, status=410)
    per_guest, per_event, per_address = buckets
    wait_s = (
        per_guest.take(f"{request.event.pk}:{key}")
        or per_event.take(str(request.event.pk))
        or per_address.take(client_of(request))
    )
    if wait_s:
        words = _("That was fast. Please wait a moment.")
        return refused(request, "too_fast", words, status=429, retry_after_s=wait_s)
    return None


def refused(
    request: EventRequest,
    code: str,
    message: str,
    *,
    status: int,
    retry_after_s: float | None = None,
    typed: Mapping[str, str] | None = None,
) -> HttpResponse:
    """A clear sentence; without scripts on the page itself, with what was `typed` kept."""
    if wants_json(request):
        return error(code, message, status=status, retry_after_s=retry_after_s)
    response = board_page(request, problem=message, typed=typed, status=status)
    if retry_after_s is not None:
        response["Retry-After"] = str(max(1, round(retry_after_s)))
    return response


def board_page(
    request: EventRequest,
    *,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The barcamp on a phone. Log first, rows second."""
    event, key = request.event, request.attendee_key
    cursor = reading.position(event.pk)
    barcamp = barcamp_of(request)
    cards = list(board_topics.waiting(event.pk).in_order())
    written = dict(typed) if typed is not None else board_form.as_typed({})
    context = {
        "cursor": cursor,
        "barcamp": barcamp,
        "busy": barcamp.phase in BUSY_PHASES,
        "lead": board_topics.lead(barcamp),
        "cards": on_page("board", cards, lambda card: board_topics.on_card(card, barcamp)),
        "groups": day.groups(placed(request), "time"),
        "by": "time",
        "why": {deed.value: phases.why_not(deed, barcamp.phase) for deed in phases.Deed},
        "own": hosting.own(event, key, barcamp),
        "voted": _voted(cards, votes.votes_of(event, key)),
        "tags": own_tags.of_guest(event, key),
        "sent_key": new_key(),
        "written": written,
        "open": bool(written["text"] or written["needs"]),
        "problem": problem,
    }
    context |= board_form.options(event, written)
    response = render(request, "agenda/board.html", page_context(request) | context, status=status)
    if key is not None:
        response["Cache-Control"] = "private, no-store"
    return response


def placed(request: EventRequest) -> list[Slot]:
    """What stands on the board, by time and room. Two queries."""
    slots = Slot.objects.of(request.event).filter(session__kind=Session.Kind.BARCAMP)
    return list(slots.in_order())


def _voted(cards: list[Proposal], keys: list[str]) -> list[Proposal]:
    """For browsers without scripts: what this guest would come to."""
    wanted: set[Any] = set(keys)
    return [card for card in cards if card.key in wanted]
