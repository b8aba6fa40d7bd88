"""The page of one proposal: for everybody to read, for its hosts to correct, take back, place."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render

from agenda import board_form, board_topics, hosting, phases, votes
from agenda.middleware import EventRequest
from agenda.models import Proposal
from agenda.phases import Deed
from agenda.views.at_board import barcamp_of
from agenda.views.page import page_context
from eventhub.live import reading


def proposal_page(
    request: EventRequest,
    card: Proposal,
    *,
    problem: str = "",
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`typed`: what could not be taken, kept in the form. Log first, rows second."""
    event = request.event
    cursor = reading.position(event.pk)
    barcamp = barcamp_of(request)
    mine = hosting.own_one(event, request.attendee_key, barcamp, card)
    slots = mine.slots if mine is not None else hosting.slots_of(card)
    places = hosting.places_for(barcamp, card, slots) if mine is not None else []
    shown_votes, hands = board_topics.counts(card, barcamp)
    context = {
        "cursor": cursor,
        "barcamp": barcamp,
        "proposal": card,
        "mine": mine,
        "slots": slots,
        "places": places,
        "votes": shown_votes,
        "hands": hands,
        "voted": card.key in votes.votes_of(event, request.attendee_key),
        "why": {deed.value: phases.why_not(deed, barcamp.phase) for deed in Deed},
        "problem": problem,
        "saved": "saved" in request.GET,
    }
    if "part" in request.GET:
        response = render(request, "agenda/_board_proposal.html", {"event": event} | context)
    else:
        written = dict(typed) if typed is not None else board_form.of_proposal(card)
        context |= {"written": written, "open": True} | board_form.options(event, written)
        context |= page_context(request)
        response = render(request, "agenda/board_proposal.html", context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
