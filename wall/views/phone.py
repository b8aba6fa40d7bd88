"""The wall on a guest's phone, the name they write under, and the QR code."""

from io import BytesIO
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agenda import attendees, names
from agenda.middleware import EventRequest
from agenda.models import Attendee
from agenda.views import page_context
from eventhub.addresses import public_base
from eventhub.http import Buckets, client_of, error, wants_json
from eventhub.live import reading
from eventhub.live.fragments import on_page
from eventhub.live.models import new_key
from wall import coming_topics, displays, notes, prompt_topics, prompts, steps
from wall.models import Post
from wall.topics import as_own_note, on_wall

MAX_WRITTEN_CHARS = 20_000  # whatever is longer is too long however it is counted

# First per guest, then per event, per address only as a high ceiling: a hall has one address.
_per_guest = Buckets(at_once=10, per_second=0.2)
_per_event = Buckets(at_once=400, per_second=40)
_per_address = Buckets(at_once=600, per_second=60)


@never_cache
@require_safe
def wall(request: EventRequest, slug: str) -> HttpResponse:
    return wall_page(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: EventRequest, slug: str) -> HttpResponse:
    """GET: what this browser is to the event. POST: choose name and second line, or none."""
    if request.method == "POST":
        return _rename(request)
    attendee = _attendee(request)
    written = list(attendee.post_set.order_by("pk")) if attendee else []
    return JsonResponse(
        {
            "joined": request.attendee_key is not None,
            "nickname": attendee.nickname if attendee else "",
            "organisation": attendee.organisation if attendee else "",
            "csrf": get_token(request),
            "notes": [{"key": n.key, "state": n.state, "text": n.text} for n in written],
        }
    )


@require_safe
def qr(request: EventRequest, slug: str) -> HttpResponse:
    """The short address as a QR code: error level M, quiet zone kept."""
    import segno

    base = public_base(request.get_host(), scheme=request.scheme or "http")
    code = segno.make(f"{base}/{request.event.code}", error="m", micro=False)
    picture = BytesIO()
    code.save(
        picture, kind="svg", border=4, dark="#10201f", light="#ffffff", omitsize=True, xmldecl=False
    )
    response = HttpResponse(picture.getvalue(), content_type="image/svg+xml")
    response["Cache-Control"] = "max-age=60"
    return response


def must_wait(request: EventRequest, key: str) -> float:
    """Seconds until this guest may write again, 0.0 for now."""
    return (
        _per_guest.take(f"{request.event.pk}:{key}")
        or _per_event.take(str(request.event.pk))
        or _per_address.take(client_of(request))
    )


def _attendee(request: EventRequest) -> Attendee | None:
    if request.attendee_key is None:
        return None
    return Attendee.objects.filter(event=request.event, key=request.attendee_key).first()


def _rename(request: EventRequest) -> HttpResponse:
    if request.attendee_key is None:
        return refused(request, "not_joined", _("Scan the code on the screen first."), status=403)
    wait_s = _per_guest.take(f"{request.event.pk}:{request.attendee_key}")
    if wait_s:
        words = _("That was fast. Please wait a moment.")
        return refused(request, "too_fast", words, status=429, retry_after_s=wait_s)
    given = request.POST
    checks = {"nickname": names.nickname, "organisation": names.organisation}
    try:
        new = {
            name: check(request.event, given[name])
            for name, check in checks.items()
            if name in given
        }
    except names.NameRefused as refusal:
        return refused(request, refusal.code, refusal.message, status=422)
    attendee = attendees.row_for(request.event, request.attendee_key, **new)
    if not wants_json(request):
        return redirect(f"/{request.event.slug}/wall/")
    return JsonResponse({"nickname": attendee.nickname, "organisation": attendee.organisation})


def refused(
    request: EventRequest,
    code: str,
    message: str,
    *,
    status: int,
    retry_after_s: float | None = None,
) -> HttpResponse:
    """A clear sentence; without JavaScript on the page itself, with what was written kept."""
    if wants_json(request):
        return error(code, message, status=status, retry_after_s=retry_after_s)
    response = wall_page(request, problem=message, status=status)
    if retry_after_s is not None:
        response["Retry-After"] = str(max(1, round(retry_after_s)))
    return response


def wall_page(request: EventRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    """Log first, rows second: what is shown is never older than the cursor claims."""
    event = request.event
    cursor = reading.position(event.pk)
    posts = steps.on_walls(Post.objects.filter(event=event).to_draw()).newest()
    context = page_context(request) | {
        "cursor": cursor,
        "posts": on_page("wall", posts, on_wall),
        "prompts": prompt_topics.shown(event.pk, get_language() or event.language).values(),
    }
    if request.attendee_key:
        context |= _for_guest(request, request.attendee_key, problem)
        context["mine_cursor"] = cursor
    else:
        context["error"] = problem
    return render(request, "wall/wall.html", context, status=status)


def _for_guest(request: EventRequest, key: str, problem: str) -> dict[str, object]:
    """What somebody who has joined sees beside the wall: composer and own notes."""
    event, attendee, given = request.event, _attendee(request), request.POST
    wanted = given.get("session", "") or request.GET.get("session", "")
    known: dict[str, Any] = {
        "zone": event.zone,
        "wait": notes.expected_wait(event),
        "ask": notes.whom_to_ask(event),
        "coming": displays.coming(event, timezone.now()),
    }
    own = notes.of_guest(event.pk, key).order_by("-pk") if attendee else ()
    about_name = "nickname" in given and "text" not in given
    return known | {
        "comes": coming_topics.told(event, known["coming"]),
        "notes": on_page("mine", own, lambda note: as_own_note(note, **known)),
        "nickname": attendee.nickname if attendee else "",
        "organisation": attendee.organisation if attendee else "",
        "name_problem": problem if about_name else "",
        "error": "" if about_name else problem,
        "prompt": prompts.headline(event, wanted),
        "text": given.get("text", "")[:MAX_WRITTEN_CHARS],
        "idempotency": new_key(),
        "addressees": notes.addressees(event, timezone.now(), wanted),
    }
