"""Who is at the desk and what they have before them, and what waits beyond a desk's reach."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event
from eventhub.http import wants_json
from wall import desk_topics, presence, variants, waiting
from wall.models import Post
from wall.views.desk_ground import back, card, event_of, next_card, only_of, person
from wall.waiting import Only


@guards_itself
@login_required
@require_POST
def here(request: EventRequest, slug: str) -> HttpResponse:
    """The open desk says that somebody is there, and what waits is told back."""
    event = event_of(request)
    at = _before_them(request, event)
    if not wants_json(request):
        return back(request)
    written: dict[str, Any] = {"event": event, "variants": variants.of_event(event)}
    if written["variants"]:
        own = Event.objects.organized_by(request.user).filter(pk=event.pk)
        written["organizes"] = own.exists()
    line, only = render_to_string("wall/_variants.html", written), only_of(request.POST)
    told = _told(event, only) | {"variants": line, "choices": _choices(event, only)}
    return JsonResponse(told | {"at": at.key if at is not None else ""})


@guards_itself
@login_required
@require_POST
def take_next(request: EventRequest, slug: str) -> HttpResponse:
    """Another waiting post for this person: after the one they pass over, if they name one."""
    event = event_of(request)
    found = next_card(request, _named(request, event, "after"))
    return JsonResponse({"next": found}) if wants_json(request) else back(request)


@guards_itself
@login_required
@require_POST
def leave(request: EventRequest, slug: str) -> HttpResponse:
    presence.leave(event_of(request), person(request))
    return JsonResponse({}) if wants_json(request) else back(request)


@guards_itself
@login_required
@never_cache
@require_safe
def queue(request: EventRequest, slug: str) -> HttpResponse:
    """What waits, and the cards after number `from` that fill a desk's window again; from the
    beginning also what can be chosen.
    """
    event = event_of(request)
    raw = request.GET.get("from", "")
    after = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0
    only = only_of(request.GET)
    posts = only.of(desk_topics.posts_of(event.pk))
    last = waiting.beyond(posts)
    rows = waiting.window(posts.filter(pk__gt=after))
    cards = [card(post) for post in rows if last is None or post.pk <= last]
    more = {} if after else {"choices": _choices(event, only)}
    return JsonResponse(_told(event, only) | {"items": cards} | more)


def _before_them(request: EventRequest, event: Event) -> Post | None:
    """What this person has before them, as they say; and as we know, if they say what it was."""
    post = _named(request, event, "post")
    if "was" not in request.POST:
        presence.here(event, person(request), post)
        return post
    return presence.still_here(event, person(request), post, was=_named(request, event, "was"))


def _named(request: EventRequest, event: Event, field: str) -> Post | None:
    """The waiting or decided post that the form names, None if it names none of this event."""
    key = request.POST.get(field, "")[:40]
    return Post.objects.filter(event=event, key=key).first() if key.isprintable() and key else None


def _told(event: Event, only: Only) -> dict[str, Any]:
    known = waiting.of(event, only)
    return {
        "count": known.count,
        "chosen": known.chosen,
        "oldest": known.oldest,
        "piles": known.piles,
    }


def _choices(event: Event, only: Only) -> str:
    context = {"event": event, "choices": waiting.choices(event, only)}
    return render_to_string("wall/_desk_filter.html", context)
