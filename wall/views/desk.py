"""The desk: see what waits, decide, take back. Every right is looked up through the event."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda import helpers
from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event
from agenda.views import page_context
from eventhub import reach
from eventhub.http import error, wants_json
from eventhub.live import reading
from eventhub.live.fragments import on_page
from wall import moderation, step_topics
from wall.models import Post, Rule, Source
from wall.topics import DESK_WINDOW, on_desk, source_on_desk


def _own_page(request: EventRequest) -> str:
    """Where this person's other page is: of the event, or of their task; "" for moderators."""
    event = request.event
    if Event.objects.organized_by(request.user).filter(pk=event.pk).exists():
        return f"/{event.slug}/home/"
    helps = helpers.helpers_of(event).filter(user=request.user).exists()
    return f"/{event.slug}/helper/" if helps else ""


def _event(request: EventRequest) -> Event:
    """The event, if this person may moderate it; otherwise it is not there (404)."""
    return get_object_or_404(Event.objects.moderated_by(request.user), pk=request.event.pk)


@guards_itself
@login_required
@never_cache
@require_safe
def desk(request: EventRequest, slug: str) -> HttpResponse:
    event = _event(request)
    rule = moderation.rule_for_page(event)
    cursor = reading.position(event.pk)
    posts = Post.objects.filter(event=event).to_draw()
    hidden = posts.hidden().order_by("-version")[:DESK_WINDOW]
    sources = Source.objects.filter(event=event).select_related("event")
    context = page_context(request) | {
        "cursor": cursor,
        "posts": on_page("desk", posts.pending().oldest_first(), on_desk),
        "shown": on_page("desk", posts.shown().newest(DESK_WINDOW), on_desk),
        "hidden": on_page("desk", hidden, on_desk),
        "sources": on_page("desk", sources, source_on_desk),
        "rule": rule,
        "steps": step_topics.panel(event),
        "own_page": _own_page(request),
    }
    return render(request, "wall/desk.html", context | reach.context(request))


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
def undo(request: EventRequest, slug: str, key: str) -> HttpResponse:
    post = get_object_or_404(Post, event=_event(request), key=key)
    decision = _number(request, "decision")
    if decision is None:
        return error("bad_request", _("Please load the page again."), status=422)
    return _answer(request, lambda: moderation.undo(post, decision_id=decision, by=request.user))


@guards_itself
@login_required
@require_POST
def mode(request: EventRequest, slug: str) -> HttpResponse:
    event = _event(request)
    wanted = request.POST.get("mode", "")
    if wanted not in Rule.Mode.values:
        return error("bad_request", _("Please load the page again."), status=422)
    changed = moderation.set_mode(event, Rule.Mode(wanted), by=request.user)
    if not wants_json(request):
        return redirect(f"/{slug}/desk/")
    return JsonResponse({"changed": changed, "mode": wanted})


def _decide(
    request: EventRequest, key: str, verb: Callable[..., moderation.Outcome]
) -> HttpResponse:
    post = get_object_or_404(Post, event=_event(request), key=key)
    return _answer(request, lambda: verb(post, by=request.user, seen_version=_seen(request)))


def _answer(request: EventRequest, verb: Callable[[], moderation.Outcome]) -> HttpResponse:
    try:
        outcome = verb()
    except moderation.DecidedMeanwhileError as conflict:
        if wants_json(request):
            return error("decided_meanwhile", conflict.message, status=409)
        return redirect(f"/{request.event.slug}/desk/")
    if not wants_json(request):
        return redirect(f"/{request.event.slug}/desk/")
    return JsonResponse({"changed": outcome.changed, "state": outcome.state, "undo": outcome.undo})


def _seen(request: HttpRequest) -> int | None:
    return _number(request, "version")


def _number(request: HttpRequest, name: str) -> int | None:
    raw = request.POST.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else None
