"""The log of the desk: what was done, by whom, and taking it back."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.views import page_context
from eventhub.http import error, wants_json
from eventhub.live import reading
from wall import actions, audit
from wall.models import Action
from wall.views.desk_ground import event_of


@guards_itself
@login_required
@never_cache
@require_safe
def log(request: EventRequest, slug: str) -> HttpResponse:
    event = event_of(request)
    cursor = reading.position(event.pk)
    context = page_context(request) | {"cursor": cursor, "entries": audit.newest(event)}
    return render(request, "wall/desk_log.html", context)


@guards_itself
@login_required
@require_POST
def undo(request: EventRequest, slug: str, number: int) -> HttpResponse:
    """Take a deed back. Whoever presses second is not told off: what they wanted is so."""
    event = event_of(request)
    action = get_object_or_404(Action, event=event, pk=number)
    if action.undone_at is None and not actions.can_undo(action):
        return error("for_good", _("This cannot be taken back."), status=409)
    changed = actions.undo(action, by=request.user)
    if wants_json(request):
        return JsonResponse({"changed": changed})
    return redirect(f"/{slug}/desk/{'log' if request.POST.get('page') == 'log' else ''}")
