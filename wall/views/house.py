"""The keeper writes: house posts, questions to the hall, what lies prepared, taking up by hand."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event, Session
from agenda.views import page_context
from eventhub.http import Buckets, error, slow_down, wants_json
from eventhub.live import reading
from eventhub.live.models import new_key
from wall import house, prompts
from wall.models import Prepared, Prompt
from wall.views.desk_ground import event_of

MAX_WRITTEN_CHARS = 20_000
_per_person = Buckets(at_once=20, per_second=0.5)


def _too_fast(request: EventRequest, event: Event) -> HttpResponse | None:
    wait_s = _per_person.take(f"{event.pk}:{request.user.pk}")
    return slow_down(request, wait_s) if wait_s else None


@guards_itself
@login_required
@never_cache
@require_safe
def page(request: EventRequest, slug: str) -> HttpResponse:
    return _page(request, event_of(request))


@guards_itself
@login_required
@require_POST
def write(request: EventRequest, slug: str) -> HttpResponse:
    event = event_of(request)
    if (busy := _too_fast(request, event)) is not None:
        return busy
    key = request.POST.get("idempotency", "")[:40] or new_key()
    try:
        post = house.write(
            event, _written(request), by=request.user, idempotency=key, session=_session(request)
        )
    except house.HouseRefused as refusal:
        return _refused(request, event, refusal.field, refusal.message)
    return _done(request, {"key": post.key})


@guards_itself
@login_required
@require_POST
def ask(request: EventRequest, slug: str) -> HttpResponse:
    event = event_of(request)
    if (busy := _too_fast(request, event)) is not None:
        return busy
    try:
        asked = prompts.ask(event, _written(request), by=request.user, session=_session(request))
    except prompts.PromptRefused as refusal:
        return _refused(request, event, "prompt", refusal.message)
    return _done(request, {"key": asked.key})


@guards_itself
@login_required
@require_POST
def prompt(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """`do`: "close" it, show its answers "together", or let them stand "apart" again."""
    asked = get_object_or_404(Prompt, event=event_of(request), key=key)
    wish = request.POST.get("do", "")
    if wish == "close":
        changed = prompts.close(asked, by=request.user)
    elif wish in {"together", "apart"}:
        changed = prompts.put_together(asked, together=wish == "together")
    else:
        return error("bad_request", _("Please load the page again."), status=422)
    return _done(request, {"changed": changed})


@guards_itself
@login_required
@require_POST
def prepare(request: EventRequest, slug: str) -> HttpResponse:
    event = event_of(request)
    what = request.POST.get("what", "")
    if what not in Prepared.What.values:
        return error("bad_request", _("Please load the page again."), status=422)
    try:
        house.prepare(event, _written(request), what=what, by=request.user)
    except house.HouseRefused as refusal:
        return _refused(request, event, refusal.field, refusal.message)
    return _done(request, {})


@guards_itself
@login_required
@require_POST
def prepared(request: EventRequest, slug: str, number: int) -> HttpResponse:
    """`do`: "use" it now, or "remove" it. Pressed twice it happens once."""
    event, wish = event_of(request), request.POST.get("do", "")
    row = get_object_or_404(Prepared, event=event, pk=number)
    if wish not in {"use", "remove"}:
        return error("bad_request", _("Please load the page again."), status=422)
    try:
        if wish == "use" and row.used_at is None:
            if row.what == Prepared.What.POST:
                house.write(event, row.text, by=request.user, idempotency=f"prepared-{row.pk}")
            else:
                prompts.ask(event, row.text, by=request.user)
    except (house.HouseRefused, prompts.PromptRefused) as refusal:
        return _refused(request, event, "prepared", refusal.message)
    return _done(request, {"changed": house.mark_used(row)})


@guards_itself
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_up(request: EventRequest, slug: str) -> HttpResponse:
    event = event_of(request)
    if request.method != "POST":
        return _take_up_page(request)
    if (busy := _too_fast(request, event)) is not None:
        return busy
    given = {name: request.POST.get(name, "")[:2000] for name in ("address", "author", "network")}
    try:
        post = house.take_up(event, written=_written(request), by=request.user, **given)
    except house.HouseRefused as refusal:
        if wants_json(request):
            return error("refused", refusal.message, status=422)
        return _take_up_page(request, refusal, status=422)
    if wants_json(request):
        return JsonResponse({"key": post.key})
    return redirect(f"/{slug}/desk/")


def _written(request: EventRequest) -> str:
    return request.POST.get("text", "")[:MAX_WRITTEN_CHARS]


def _session(request: EventRequest) -> Session | None:
    """What was chosen among this event's sessions; anything else is passed over."""
    raw = request.POST.get("session", "")
    known = raw.isascii() and raw.isdigit() and len(raw) < 19
    return request.event.sessions.filter(pk=int(raw)).first() if known else None


def _done(request: EventRequest, said: dict[str, Any]) -> HttpResponse:
    return JsonResponse(said) if wants_json(request) else redirect(_here(request))


def _here(request: EventRequest) -> str:
    return f"/{request.event.slug}/desk/house/"


def _refused(request: EventRequest, event: Event, field: str, message: str) -> HttpResponse:
    if wants_json(request):
        return error("refused", message, status=422)
    return _page(request, event, {field: message}, status=422)


def _page(
    request: EventRequest,
    event: Event,
    problems: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """With a problem in one form, what was written in it is kept."""
    field = next(iter(problems), "") if problems else ""
    context = page_context(request) | {
        "cursor": reading.position(event.pk),
        "opened": prompts.opened(event),
        "ready": house.ready(event),
        "sessions": event.sessions.exclude(kind=Session.Kind.BREAK).order_by("title")[:200],
        "idempotency": new_key(),
        "problems": problems or {},
        "kept": {field: _written(request)} if field else {},
    }
    return render(request, "wall/house.html", context, status=status)


def _take_up_page(
    request: EventRequest, refusal: house.HouseRefused | None = None, *, status: int = 200
) -> HttpResponse:
    given = {
        name: request.POST.get(name, "")[:5000] for name in ("address", "author", "network", "text")
    }
    context = page_context(request) | {
        "cursor": reading.position(request.event.pk),
        "networks": house.NETWORKS.items(),
        "given": given,
        "problem": refusal,
    }
    return render(request, "wall/take_up.html", context, status=status)
