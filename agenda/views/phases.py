"""Staff goes on to another phase of the barcamp, or back: one tap, whoever of them is nearest."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from agenda import phases
from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Barcamp, Event
from agenda.phases import PhaseChanged
from agenda.views.page import page_context
from eventhub.http import Buckets, error, slow_down, wants_json

# Where a browser without scripts goes on.
BACK = {"": "home/barcamp/", "setup": "home/barcamp/setup", "pitch": "pitch/"}
_per_person = Buckets(at_once=20, per_second=1)


@guards_itself
@login_required
@require_POST
def phase(request: EventRequest, slug: str) -> HttpResponse:
    """`phase`: which one; `seen`: which one it was on the page, so that nobody switches twice."""
    event = get_object_or_404(Event.objects.pitched_by(request.user), pk=request.event.pk)
    if wait_s := _per_person.take(f"{event.pk}:{request.user.pk}"):
        return slow_down(request, wait_s)
    seen = request.POST.get("seen", "") or request.GET.get("seen", "")
    try:
        barcamp = phases.enter(event, request.POST.get("phase", ""), seen=seen or None)
    except (ValueError, Barcamp.DoesNotExist):
        raise Http404 from None
    except PhaseChanged as conflict:
        if wants_json(request):
            return error("changed_meanwhile", conflict.message, status=409)
        context = page_context(request) | {
            "barcamp": conflict.barcamp,
            "problem": conflict.message,
            "back": _back(request),
        }
        return render(request, "agenda/phases.html", context, status=409)
    if not wants_json(request):
        return redirect(f"/{slug}/{BACK[_back(request)]}")
    return JsonResponse({"key": barcamp.key, "version": barcamp.version, "phase": barcamp.phase})


def _back(request: EventRequest) -> str:
    back = request.POST.get("back", "")
    return back if back in BACK else ""
