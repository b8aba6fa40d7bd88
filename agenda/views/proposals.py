"""A guest's proposal: made once however often it is sent, read, corrected, taken back, placed."""

import re

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda import board_form, hosting, proposals
from agenda.barcamp import PlaceTaken
from agenda.cards import ProposalRefused
from agenda.middleware import EventRequest
from agenda.models import Proposal
from agenda.phases import NotNow
from agenda.placing import ChangedMeanwhile, RoomGone
from agenda.plan_form import number
from agenda.proposals import ProposalChanged
from agenda.views.at_board import barcamp_of, deeds, refusal, refused
from agenda.views.proposal_page import proposal_page
from eventhub.http import error, wants_json

_SENT = re.compile(r"[A-Za-z0-9_-]{16,22}")


@never_cache
@require_POST
def propose(request: EventRequest, slug: str) -> HttpResponse:
    """Take a proposal, exactly once for each `sent_key`, which its phone has made."""
    barcamp = barcamp_of(request)
    key, sent_key = request.attendee_key or "", request.POST.get("sent_key", "")
    known = hosting.sent(request.event, key, sent_key)
    if known is None and (no := refusal(request, deeds)) is not None:
        return no
    typed = board_form.as_typed(request.POST)
    if not _SENT.fullmatch(sent_key):
        words = _("Please load the page again.")
        return refused(request, "bad_request", words, status=422, typed=typed)
    try:
        made = known or proposals.propose(
            request.event, board_form.written(request.POST), sent_key=sent_key, attendee_key=key
        )
    except ProposalRefused as no_card:
        return refused(request, no_card.code, no_card.message, status=422, typed=typed)
    except NotNow as late:
        return refused(request, "not_now", late.message, status=409, typed=typed)
    if not wants_json(request):
        return redirect(f"/{slug}/board/#own")
    stands = hosting.own_one(request.event, key, barcamp, made)
    said = {"key": made.key, "state": stands.words if stands is not None else ""}
    return JsonResponse({"proposal": said}, status=200 if known else 201)


@require_safe
def proposal(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """One proposal; its hosts correct it here. With `?part=1` what an open page swaps."""
    return proposal_page(request, _found(request, key))


@never_cache
@require_POST
def correct(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Other words on one's own card. With the version one saw: nothing is overwritten unseen."""
    if (no := refusal(request, deeds)) is not None:
        return no
    card = _own(request, key)
    version = request.POST.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 19):
        return _no(request, card, "bad_request", _("Please load the page again."), status=422)
    try:
        written = board_form.written(request.POST)
        proposals.correct(card, written, version=int(version), as_guest=True)
    except ProposalRefused as no_card:
        return _no(request, card, no_card.code, no_card.message, status=422)
    except NotNow as late:
        return _no(request, card, "not_now", late.message, status=409)
    except ProposalChanged as changed:
        return _no(request, changed.proposal, "changed", changed.message, status=409)
    return _done(request, card, f"/{slug}/board/proposals/{card.key}/?saved=1")


@never_cache
@require_POST
def withdraw(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Take one's own proposal back; a second time changes nothing."""
    if (no := refusal(request, deeds)) is not None:
        return no
    card = _own(request, key)
    try:
        proposals.withdraw(card, as_guest=True)
    except NotNow as late:
        return _no(request, card, "not_now", late.message, status=409)
    except ProposalChanged as changed:
        return _no(request, changed.proposal, "changed", changed.message, status=409)
    return _done(request, card, f"/{slug}/board/#own")


@never_cache
@require_POST
def place(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Put one's own into a free `cell` ("PERIOD.ROOM"), where the organizers allow it.

    `seen` is the version of the place that it shall move from.
    """
    if (no := refusal(request, deeds)) is not None:
        return no
    card = _own(request, key)
    try:
        hosting.place_own(card, request.POST.get("cell", ""), seen=number(request.POST, "seen"))
    except ProposalRefused as no_card:
        return _no(request, card, no_card.code, no_card.message, status=422)
    except (NotNow, PlaceTaken, RoomGone, ChangedMeanwhile) as taken:
        return _no(request, card, "not_free", taken.message, status=409)
    except ProposalChanged as changed:
        return _no(request, changed.proposal, "changed", changed.message, status=409)
    return _done(request, card, f"/{slug}/board/proposals/{card.key}/?saved=1")


def _found(request: EventRequest, key: str) -> Proposal:
    """A public proposal, or one's own in any state: the rest is not there."""
    card = Proposal.objects.of(request.event).select_related("merged_into").filter(key=key).first()
    if card is None:
        raise Http404
    if card.state not in hosting.PUBLIC and not hosting.hosts(request.attendee_key, card):
        raise Http404
    return card


def _own(request: EventRequest, key: str) -> Proposal:
    card = _found(request, key)
    if not hosting.hosts(request.attendee_key, card):
        raise Http404
    return card


def _no(
    request: EventRequest, card: Proposal | None, code: str, message: str, *, status: int
) -> HttpResponse:
    """With what is there now, and what was typed."""
    if wants_json(request):
        return error(code, message, status=status)
    if card is None:
        return refused(request, code, message, status=status)
    now = Proposal.objects.select_related("merged_into").get(pk=card.pk)
    typed = board_form.as_typed(request.POST) if "title" in request.POST else None
    return proposal_page(request, now, problem=message, typed=typed, status=status)


def _done(request: EventRequest, card: Proposal, target: str) -> HttpResponse:
    if not wants_json(request):
        return redirect(target)
    now = Proposal.objects.get(pk=card.pk)
    return JsonResponse({"proposal": {"key": now.key, "version": now.version, "state": now.state}})
