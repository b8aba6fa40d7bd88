"""Authors at the desk: trust, block, judge no longer. Named by one of their posts."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import User
from eventhub.http import error, wants_json
from wall import standings
from wall.models import Action, Post
from wall.views.desk_ground import back, person, post_of


@guards_itself
@login_required
@require_POST
def trust(request: EventRequest, slug: str, key: str) -> HttpResponse:
    return _judge(request, key, standings.trust)


@guards_itself
@login_required
@require_POST
def block(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Also what is there of them already."""
    return _judge(request, key, standings.block_author)


@guards_itself
@login_required
@require_POST
def clear(request: EventRequest, slug: str, key: str) -> HttpResponse:
    return _judge(request, key, _clear)


def _clear(post: Post, *, by: User) -> Action | None:
    return standings.clear(post.author, by=by) if post.author is not None else None


def _judge(request: EventRequest, key: str, verb: Callable[..., Action | None]) -> HttpResponse:
    action = verb(post_of(request, key), by=person(request))
    if not wants_json(request):
        return back(request)
    if action is None:
        return error("nobody", _("Nobody is known who wrote this."), status=409)
    where = f"/{request.event.slug}/desk/log/{action.pk}/undo"
    return JsonResponse({"changed": True, "undo": action.pk, "undo_at": where})
