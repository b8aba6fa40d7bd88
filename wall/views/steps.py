"""Steps against a storm and the spotlight, taken and lifted by whoever may use the desk."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from eventhub.http import Buckets, error, slow_down, wants_json
from wall import steps
from wall.models import Post, Step
from wall.views.desk_ground import event_of

_per_person = Buckets(at_once=30, per_second=1)


@guards_itself
@login_required
@require_POST
def step(request: EventRequest, slug: str, what: str) -> HttpResponse:
    """`stands`: "yes" takes the step, "no" lifts it. A spotlight is only lifted here."""
    event, wanted = event_of(request), request.POST.get("stands", "")
    if wait_s := _per_person.take(f"{event.pk}:{request.user.pk}"):
        return slow_down(request, wait_s)
    known = steps.STORM if wanted == "yes" else (*steps.STORM, Step.What.SPOTLIGHT)
    if what not in known:
        raise Http404
    if wanted == "yes":
        steps.take(event, what, by=request.user)
    elif wanted == "no":
        steps.lift(event, what, by=request.user)
    else:
        return error("bad_request", _("Please load the page again."), status=422)
    if wants_json(request):
        return JsonResponse({"stands": wanted == "yes"})
    return redirect(_back(request))


@guards_itself
@login_required
@require_POST
def spotlight(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """One post alone on the screens, for as long as it takes to read it aloud."""
    post = get_object_or_404(Post.objects.select_related("event"), event=event_of(request), key=key)
    if wait_s := _per_person.take(f"{post.event_id}:{request.user.pk}"):
        return slow_down(request, wait_s)
    try:
        taken = steps.spotlight(post, by=request.user)
    except steps.StepRefused as refusal:
        if wants_json(request):
            return error("refused", refusal.message, status=409)
        return redirect(_back(request))
    if wants_json(request):
        return JsonResponse({"stands": True, "until": taken.until})
    return redirect(_back(request))


def _back(request: EventRequest) -> str:
    """The page of ours with the steps on which the button was."""
    home = f"/{request.event.slug}/home/"
    return (
        f"{home}#steps"
        if request.headers.get("Referer", "").endswith(home)
        else (f"/{request.event.slug}/desk/")
    )
