"""The barcamp on guests' phones: the page, what is one's own, who would come, three hashtags."""

import re

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda import hosting, own_tags, votes
from agenda.middleware import EventRequest
from agenda.phases import NotNow
from agenda.views.at_board import barcamp_of, board_page, deeds, refusal, refused, taps
from eventhub.http import wants_json
from eventhub.keeping import MOVES, keepable

KEY = re.compile(r"[A-Za-z0-9_-]{16,22}")


@require_safe
@keepable(topics=(*MOVES, "board"), seconds=30)  # for whoever has no cookie; guests see their own
def board(request: EventRequest, slug: str) -> HttpResponse:
    return board_page(request)


@never_cache
@require_safe
def own(request: EventRequest, slug: str) -> HttpResponse:
    """What this guest has proposed, votes and tags, and the token to send more."""
    event, key = request.event, request.attendee_key
    mine = hosting.own(event, key, barcamp_of(request))
    context = {"own": mine, "event": event}
    return JsonResponse(
        {
            "joined": key is not None,
            "csrf": get_token(request) if key is not None else "",
            "votes": votes.votes_of(event, key),
            "tags": own_tags.of_guest(event, key),
            "proposals": [{"key": one.proposal.key, "state": one.words} for one in mine],
            "html": render_to_string("agenda/_board_own.html", context),
        }
    )


@never_cache
@require_POST
def vote(request: EventRequest, slug: str) -> HttpResponse:
    """ "I would come": `proposal`, a public key, and `on`, 1 or 0."""
    barcamp_of(request)
    if (no := refusal(request, taps)) is not None:
        return no
    proposal, on = (request.POST.get(name, "") for name in ("proposal", "on"))
    if on not in {"0", "1"} or not KEY.fullmatch(proposal):
        return refused(request, "bad_request", _("Please load the page again."), status=422)
    try:
        votes.vote(request.event, request.attendee_key or "", proposal, on=on == "1")
    except NotNow as early:
        return refused(request, "not_now", early.message, status=409)
    except votes.NoSuchProposal:
        return refused(request, "not_found", _("This proposal is gone."), status=404)
    if not wants_json(request):
        return redirect(f"/{slug}/board/#proposals")
    return JsonResponse({"proposal": proposal, "on": on == "1"})


@never_cache
@require_POST
def tags(request: EventRequest, slug: str) -> HttpResponse:
    """The three hashtags of the round of names: every field called `tag`; none takes them back."""
    barcamp_of(request)
    if (no := refusal(request, deeds)) is not None:
        return no
    written = request.POST.getlist("tag")[:10]
    try:
        said = own_tags.say(request.event, request.attendee_key or "", written)
    except own_tags.TagRefused as no_tag:
        return refused(request, no_tag.code, no_tag.message, status=422)
    if not wants_json(request):
        return redirect(f"/{slug}/board/#tags")
    return JsonResponse({"tags": said})
