"""What all addresses of the desk share: whose right it is, and how they answer."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect

from agenda.middleware import EventRequest
from agenda.models import Event, User
from eventhub.http import error, wants_json
from eventhub.live import lanes
from wall import desk_topics, moderation, presence
from wall.models import Post
from wall.moderation import Outcome
from wall.waiting import NONE, Only


def event_of(request: EventRequest) -> Event:
    """The event, if this person may moderate it; otherwise it is not there (404).

    What they do to it goes before what guests and sources do.
    """
    event = get_object_or_404(Event.objects.moderated_by(request.user), pk=request.event.pk)
    lanes.go_first()
    return event


def person(request: EventRequest) -> User:
    """Who asks: `login_required` has let nobody else in."""
    assert isinstance(request.user, User)
    return request.user


def post_of(request: EventRequest, key: str) -> Post:
    posts = desk_topics.posts_of(event_of(request).pk)
    return get_object_or_404(posts.not_withdrawn(), key=key)


def number(request: HttpRequest, name: str) -> int | None:
    raw = request.POST.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else None


def back(request: EventRequest) -> HttpResponse:
    """To the page of the desk on which the button was."""
    desk = f"/{request.event.slug}/desk/"
    came = urlsplit(request.headers.get("Referer", ""))
    where = came.path if came.path.startswith(desk) and came.netloc == request.get_host() else desk
    return redirect(f"{where}?{came.query}" if where != desk and came.query else where)


def answer(
    request: EventRequest, verb: Callable[[], Outcome], *, after: Post | None = None
) -> HttpResponse:
    """What `verb` did. With `next` in the form also which post this person has before them from
    now on, so that nobody waits for it.
    """
    try:
        outcome = verb()
    except moderation.DecidedMeanwhileError as conflict:
        if wants_json(request):
            return error("decided_meanwhile", conflict.message, status=409)
        return back(request)
    if not wants_json(request):
        presence.here(request.event, person(request))
        return back(request)
    said: dict[str, Any] = {
        "changed": outcome.changed,
        "state": outcome.state,
        "undo": outcome.undo,
    }
    if after is not None and request.POST.get("next"):
        said["next"] = next_card(request, after)
    return JsonResponse(said)


def next_card(request: EventRequest, after: Post | None) -> dict[str, Any] | None:
    """The card of the post that this person has before them from now on, None if none waits."""
    only = only_of(request.POST)
    found = presence.next_post(request.event, person(request), after=after, only=only)
    return card(desk_topics.posts_of(request.event.pk).get(pk=found.pk)) if found else None


def only_of(asked: QueryDict) -> Only:
    """What of the queue a page shows just now. A word that names nothing known chooses nothing."""
    reason, network = asked.get("only_reason", ""), asked.get("only_network", "")
    session = asked.get("only_session", "")
    known = session.isascii() and session.isdigit() and len(session) < 19
    return Only(
        reason=reason if reason in {NONE, *Post.Reason.values} else "",
        network=network if len(network) <= 20 and network.isprintable() else "",
        session=int(session) if known else None,
    )


def card(post: Post) -> dict[str, Any]:
    """As a frame would bring it."""
    shown = desk_topics.on_desk(post)
    return {
        "key": shown.key,
        "version": shown.version,
        "order": shown.order,
        "html": shown.html,
    }
