"""Single posts at the desk: decide, stop, take back, say what they are about; and all about one."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Session
from agenda.views import page_context
from eventhub.http import error, wants_json
from eventhub.live import reading
from eventhub.live.fragments import on_page
from wall import desk_topics, moderation
from wall.models import Post
from wall.views.desk_ground import answer, back, event_of, number, person, post_of

OTHERS = 60  # posts of the same author that a page shows


@guards_itself
@login_required
@require_POST
def show(request: EventRequest, slug: str, key: str) -> HttpResponse:
    return _decide(request, key, moderation.show)


@guards_itself
@login_required
@require_POST
def hide(request: EventRequest, slug: str, key: str) -> HttpResponse:
    return _decide(request, key, moderation.hide)


@guards_itself
@login_required
@require_POST
def hide_children(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Take a photo down on which children can be recognised; for these it must be one press."""
    return _decide(request, key, moderation.hide_children)


@guards_itself
@login_required
@require_POST
def hold(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Stop the time for second thoughts."""
    post = get_object_or_404(Post, event=event_of(request), key=key)
    seen = number(request, "version")
    return answer(request, lambda: moderation.hold(post, by=person(request), seen_version=seen))


@guards_itself
@login_required
@require_POST
def undo(request: EventRequest, slug: str, key: str) -> HttpResponse:
    post = get_object_or_404(Post, event=event_of(request), key=key)
    decision = number(request, "decision")
    if decision is None:
        return error("bad_request", _("Please load the page again."), status=422)
    return answer(request, lambda: moderation.undo(post, decision_id=decision, by=person(request)))


@guards_itself
@login_required
@require_POST
def link(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Say which session a post is about; an empty choice says that it is about none."""
    event = event_of(request)
    post = get_object_or_404(Post, event=event, key=key)
    wanted = number(request, "session")
    session = get_object_or_404(Session, event=event, pk=wanted) if wanted else None
    action = moderation.link(post, session, by=person(request))
    return JsonResponse({"changed": action is not None}) if wants_json(request) else back(request)


@guards_itself
@login_required
@never_cache
@require_safe
def post(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Everything about one post: its session, its author, what else they wrote."""
    event = event_of(request)
    found = post_of(request, key)
    cursor = reading.position(event.pk)
    same = desk_topics.posts_of(event.pk).not_withdrawn().exclude(pk=found.pk).order_by("-pk")
    if found.author_id is not None:
        same = same.filter(author=found.author_id)
    else:
        same = same.filter(attendee=found.attendee_id) if found.attendee_id else same.none()
    context = page_context(request) | {
        "cursor": cursor,
        "post": found,
        "author": found.author,
        "cards": on_page("desk", [found], desk_topics.on_desk),
        "others": on_page("desk", same[:OTHERS], desk_topics.on_desk),
        "sessions": Session.objects.filter(event=event).order_by("title"),
    }
    return render(request, "wall/desk_about.html", context)


def _decide(
    request: EventRequest, key: str, verb: Callable[..., moderation.Outcome]
) -> HttpResponse:
    post = get_object_or_404(Post, event=event_of(request), key=key)
    seen = number(request, "version")
    return answer(request, lambda: verb(post, by=person(request), seen_version=seen), after=post)
