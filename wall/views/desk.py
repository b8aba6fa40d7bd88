"""The desk as a page: what waits, what is decided, who is there, how posts are let on."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
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
from wall import actions, desk_topics, moderation, step_topics, variants, waiting
from wall.desk_topics import WINDOW, on_desk
from wall.models import Action, Rule, Source
from wall.views.desk_ground import back, event_of, person


def _own_page(request: EventRequest, *, organizes: bool) -> str:
    """Where this person's other page is: of the event, or of their task; "" for moderators."""
    event = request.event
    if organizes:
        return f"/{event.slug}/home/"
    helps = helpers.helpers_of(event).filter(user=request.user).exists()
    return f"/{event.slug}/helper/" if helps else ""


def _organizes(request: EventRequest) -> bool:
    return Event.objects.organized_by(request.user).filter(pk=request.event.pk).exists()


@guards_itself
@login_required
@never_cache
@require_safe
def desk(request: EventRequest, slug: str) -> HttpResponse:
    event = event_of(request)
    rule, organizes = moderation.rule_for_page(event), _organizes(request)
    cursor = reading.position(event.pk)
    posts = desk_topics.posts_of(event.pk)
    hidden = posts.hidden().order_by("-version")[:WINDOW]
    sources = Source.objects.filter(event=event).select_related("event")
    context = page_context(request) | {
        "cursor": cursor,
        "posts": on_page("desk", waiting.window(posts), on_desk),
        "waiting": waiting.of(event),
        "shown": on_page("desk", posts.shown().newest(WINDOW), on_desk),
        "hidden": on_page("desk", hidden, on_desk),
        "sources": on_page("desk", sources, desk_topics.source_on_desk),
        "rule": rule,
        "steps": step_topics.panel(event),
        "people": desk_topics.people_on_desk(event),
        "person": person(request),
        "variants": variants.of_event(event),
        "choices": waiting.choices(event),
        "now": timezone.now(),
        "done": _done(request, event),
        "organizes": organizes,
        "own_page": _own_page(request, organizes=organizes),
    }
    return render(request, "wall/desk.html", context | reach.context(request))


@guards_itself
@login_required
@require_POST
def mode(request: EventRequest, slug: str) -> HttpResponse:
    event = event_of(request)
    wanted = request.POST.get("mode", "")
    if wanted not in Rule.Mode.values:
        return error("bad_request", _("Please load the page again."), status=422)
    changed = moderation.set_mode(event, Rule.Mode(wanted), by=person(request))
    if not wants_json(request):
        return back(request)
    return JsonResponse({"changed": changed, "mode": wanted})


def _done(request: EventRequest, event: Event) -> Action | None:
    """The deed that this person has just done on another page, while it can be taken back."""
    raw = request.GET.get("done", "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 19):
        return None
    found = Action.objects.filter(event=event, pk=int(raw), by=person(request)).first()
    return found if found is not None and actions.can_undo(found) else None
