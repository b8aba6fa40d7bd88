"""Find posts of the event at the desk: by words, state, reason, network, session and tag."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event, Session
from agenda.views import page_context
from eventhub.live import reading
from eventhub.live.fragments import on_page
from wall import desk_topics, searching, variants
from wall.models import Post
from wall.models.post import PostQuerySet
from wall.views.desk_ground import event_of

FOUND = 60  # posts that a page shows
STATES = [Post.State.PENDING, Post.State.SHOWN, Post.State.HIDDEN]


@guards_itself
@login_required
@never_cache
@require_safe
def search(request: EventRequest, slug: str) -> HttpResponse:
    event = event_of(request)
    asked = {name: request.GET.get(name, "").replace("\x00", "")[:100] for name in FIELDS}
    sessions = Session.objects.filter(event=event, posts__isnull=False).distinct()
    networks = Post.objects.filter(event=event).not_withdrawn().order_by("network")
    names = list(networks.values_list("network", flat=True).distinct())
    cursor = reading.position(event.pk)
    found = _found(event, asked)
    context = page_context(request) | {
        "cursor": cursor,
        "asked": asked,
        "states": [(state.value, state.label) for state in STATES],
        "reasons": Post.Reason.choices,
        "networks": names,
        "sessions": sessions.order_by("title"),
        "count": found.count(),
        "cards": on_page("desk", found[:FOUND], desk_topics.on_desk),
        "most": FOUND,
    }
    return render(request, "wall/desk_search.html", context)


FIELDS = ("q", "state", "reason", "network", "session", "tag")


def _found(event: Event, asked: dict[str, str]) -> PostQuerySet:
    """A field that names nothing known is as good as empty."""
    state = asked["state"] if asked["state"] in Post.State.values else None
    rows = searching.posts(event, asked["q"], state=state).select_related("author")
    known: dict[str, Any] = {}
    if asked["reason"] in Post.Reason.values:
        known["reason"] = asked["reason"]
    if asked["network"]:
        known["network"] = asked["network"]
    if asked["session"].isascii() and asked["session"].isdigit() and len(asked["session"]) < 19:
        known["session"] = int(asked["session"])
    if asked["tag"]:
        known["pk__in"] = variants.carrying(event, asked["tag"])
    found: QuerySet[Post] = rows.filter(**known)
    return found  # type: ignore[return-value]
