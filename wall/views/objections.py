"""A post shall go, says its author: the public way in, and what the desk makes of it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event
from agenda.views import page_context
from eventhub.http import Buckets, client_of, error, slow_down, wants_json
from eventhub.live import reading
from wall import objections
from wall.models import Objection, Post
from wall.views.desk_ground import event_of

# Whoever objects to one post is let through; whoever objects to the whole wall is not.
_per_address = Buckets(at_once=8, per_second=0.02)
_per_event = Buckets(at_once=40, per_second=0.1)
_searches = Buckets(at_once=30, per_second=0.5)


@never_cache
@require_safe
def find(request: EventRequest, slug: str) -> HttpResponse:
    about = request.GET.get("about", "")[:500]
    if about and (wait_s := _searches.take(client_of(request))):
        return slow_down(request, wait_s)
    found = objections.find(request.event, about) if about else []
    context = page_context(request) | {"about": about, "posts": found}
    return render(request, "wall/objection_find.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: EventRequest, slug: str, key: str) -> HttpResponse:
    post = get_object_or_404(objections.objectable(request.event), key=key)
    if request.method != "POST":
        return _page(request, post)
    wait_s = _per_address.take(client_of(request)) or _per_event.take(str(request.event.pk))
    if wait_s:
        return slow_down(request, wait_s)
    words, contact = (request.POST.get(name, "")[:5000] for name in ("words", "contact"))
    made = objections.object_to(post, words=words, contact=contact)
    if wants_json(request):
        return JsonResponse({"state": made.state})
    return redirect(f"/{slug}/objection/{key}/")


@guards_itself
@login_required
@never_cache
@require_safe
def overview(request: EventRequest, slug: str) -> HttpResponse:
    return _overview(request, event_of(request))


@guards_itself
@login_required
@require_POST
def decide(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """`stays`: "yes" keeps the post away, "no" shows it again."""
    event = event_of(request)
    row = get_object_or_404(Objection.objects.select_related("post"), event=event, key=key)
    verb = {"yes": objections.keep, "no": objections.reverse}.get(request.POST.get("stays", ""))
    if verb is None:
        return error("bad_request", _("Please load the page again."), status=422)
    if not verb(row, by=request.user):
        words = _("Somebody else has just decided this.")
        if wants_json(request):
            return error("decided_meanwhile", words, status=409)
        return _overview(request, event, problem=words, status=409)
    if wants_json(request):
        return JsonResponse({"state": row.state})
    return redirect(f"/{slug}/desk/objections/")


@guards_itself
@login_required
@require_POST
def take_down(request: EventRequest, slug: str) -> HttpResponse:
    event, address = event_of(request), request.POST.get("address", "").strip()
    if not address.lower().startswith(("https://", "http://")) or len(address) > 500:
        words = _("Please enter the whole address, beginning with https://.")
        if wants_json(request):
            return error("bad_address", words, status=422)
        return _overview(request, event, problem=words, address=address[:500], status=422)
    hidden = objections.take_down(event, address, by=request.user)
    if wants_json(request):
        return JsonResponse({"hidden": hidden})
    told = (
        ngettext("Taken down: %(n)d post.", "Taken down: %(n)d posts.", hidden) % {"n": hidden}
        if hidden
        else _("Nothing here comes from there. If it arrives later, it is not shown.")
    )
    return _overview(request, event, told=told)


def _page(request: EventRequest, post: Post) -> HttpResponse:
    said = Objection.objects.filter(event=request.event, post=post).order_by("-pk").first()
    shown = post.state == Post.State.SHOWN
    context = page_context(request) | {"post": post if shown else None, "said": said}
    return render(request, "wall/objection.html", context)


def _overview(
    request: EventRequest,
    event: Event,
    *,
    problem: str = "",
    told: str = "",
    address: str = "",
    status: int = 200,
) -> HttpResponse:
    context = page_context(request) | {
        "cursor": reading.position(event.pk),
        "objections": objections.of_event(event),
        "problem": problem,
        "told": told,
        "address": address,
    }
    return render(request, "wall/objections.html", context, status=status)
