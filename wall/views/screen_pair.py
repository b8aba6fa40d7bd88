"""Where the code of a beamer is typed: by its organizer, who says what the new screen is for."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event
from agenda.views import page_context
from eventhub.addresses import public_base, without_scheme
from eventhub.http import Buckets, client_of, slow_down
from eventhub.live import reading
from wall import pairing, screens
from wall.screen_form import PlaceForm
from wall.views.desk_ground import person
from wall.views.screen_ground import organized

# Every try costs, so that a code is not found by trying; one that fits is given back.
_tries_of_person = Buckets(at_once=10, per_second=1 / 20)
_tries_of_address = Buckets(at_once=30, per_second=0.2)
_tries_of_event = Buckets(at_once=30, per_second=0.1)
MAX_EVENTS = 20


@login_required
@never_cache
@require_safe
def pair(request: HttpRequest) -> HttpResponse:
    """The short address on the beamer: on to the event, or first the question which one."""
    events = Event.objects.organized_by(request.user).filter(purge_on__gte=timezone.now().date())
    found = list(events.order_by("-starts_at")[:MAX_EVENTS])
    if not found:
        raise Http404
    code = pairing.normal(request.GET.get("code", ""))
    query = f"?{urlencode({'code': code})}" if code else ""
    if len(found) == 1:
        return redirect(f"/{found[0].slug}/home/screens/add{query}")
    return render(request, "wall/screen_which.html", {"events": found, "query": query})


@guards_itself
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: EventRequest, slug: str) -> HttpResponse:
    """Type the code, say what for; the screen stands there within a few seconds."""
    event = organized(request)
    form = PlaceForm(event, request.POST or None)
    if request.method != "POST":
        code = pairing.normal(request.GET.get("code", ""))
        return _page(request, event, form, code=code)
    instead = request.POST.get("instead", "")
    typed = request.POST.get("code", "")
    if not instead and not form.is_valid():
        return _page(request, event, form, code=typed, status=422)
    if wait_s := _try(request, event):
        return slow_down(request, wait_s)
    try:
        if instead:
            known = get_object_or_404(screens.of(event).select_related("event"), key=instead)
            screen = pairing.replace(known, typed, by=person(request))
        else:
            screen = pairing.pair(event, typed, by=person(request), **form.settings())
    except pairing.PairingRefused as refusal:
        problem = refusal.message
        return _page(request, event, form, code=typed, problem=problem, status=422)
    _tries_of_person.refill(str(request.user.pk))
    return redirect(f"/{slug}/home/screens/#screen-{screen.pk}")


def _try(request: EventRequest, event: Event) -> float:
    """0.0 if this person, from here, for this event, may try once more."""
    return (
        _tries_of_person.take(str(request.user.pk))
        or _tries_of_event.take(str(event.pk))
        or _tries_of_address.take(client_of(request))
    )


def _page(
    request: EventRequest, event: Event, form: PlaceForm, *, status: int = 200, **said: Any
) -> HttpResponse:
    context = page_context(request) | {
        "cursor": reading.position(event.pk),
        "form": form,
        "host": without_scheme(public_base(request.get_host(), scheme=request.scheme or "http")),
        "screens": list(screens.of(event)),
        "instead": request.POST.get("instead", request.GET.get("instead", "")),
    }
    return render(request, "wall/screen_add.html", context | said, status=status)
