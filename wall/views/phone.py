"""The guest's side of the wall: read, write, see where one's notes are; and the QR code."""

import re
from io import BytesIO

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda import attendees
from agenda.middleware import EventRequest
from agenda.models import Attendee
from agenda.views import page_context
from eventhub.addresses import public_base
from eventhub.http import Buckets, client_of, error, wants_json
from eventhub.live import reading
from eventhub.live.fragments import on_page
from eventhub.live.models import new_key
from wall import ingest, text
from wall.models import Post
from wall.topics import as_own_note, on_wall

_IDEMPOTENCY = re.compile(r"[A-Za-z0-9_-]{16,64}")
# First per guest, then per event, per address only as a high ceiling: a hall has one address.
_per_guest = Buckets(at_once=10, per_second=0.2)
_per_event = Buckets(at_once=400, per_second=40)
_per_address = Buckets(at_once=600, per_second=60)


@never_cache
@require_safe
def wall(request: EventRequest, slug: str) -> HttpResponse:
    return _wall_page(request)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: EventRequest, slug: str) -> HttpResponse:
    """GET: what this browser is to the event. POST: choose a nickname, or none."""
    if request.method == "POST":
        return _rename(request)
    attendee = _attendee(request)
    notes = list(attendee.post_set.order_by("pk")) if attendee else []
    return JsonResponse(
        {
            "joined": request.attendee_key is not None,
            "nickname": attendee.nickname if attendee else "",
            "csrf": get_token(request),
            "notes": [{"key": n.key, "state": n.state, "text": n.text} for n in notes],
        }
    )


@require_POST
def notes(request: EventRequest, slug: str) -> HttpResponse:
    """Take a note, exactly once for each idempotency key."""
    key = request.attendee_key
    if key is None:
        return _refused(
            request, "not_joined", _("Scan the code on the screen first, then write."), status=403
        )
    idempotency = request.POST.get("idempotency", "")
    if not _IDEMPOTENCY.fullmatch(idempotency):
        return _refused(request, "bad_request", _("Please load the page again."), status=422)
    known = ingest.known_note(request.event, attendee_key=key, idempotency=idempotency)
    if known is not None:
        return _note_answer(request, known, status=200)
    if wait_s := _must_wait(request, key):
        words = _("That was fast. Your note can be sent again in a moment.")
        return _refused(request, "too_fast", words, status=429, retry_after_s=wait_s)
    try:
        taken = ingest.take_note(
            request.event,
            attendee_key=key,
            written=request.POST.get("text", "")[:20_000],
            idempotency=idempotency,
            nickname=request.POST.get("nickname"),
        )
    except ingest.NoteRefused as refusal:
        return _refused(request, refusal.code, refusal.message, status=422)
    return _note_answer(request, taken.post, status=201 if taken.created else 200)


def _must_wait(request: EventRequest, key: str) -> float:
    """Seconds until this guest may write again, 0.0 for now."""
    return (
        _per_guest.take(f"{request.event.pk}:{key}")
        or _per_event.take(str(request.event.pk))
        or _per_address.take(client_of(request))
    )


def _note_answer(request: EventRequest, post: Post, *, status: int) -> HttpResponse:
    if not wants_json(request):
        return redirect(f"/{request.event.slug}/wall/")
    note = {
        "key": post.key,
        "state": post.state,
        "version": post.version,
        "html": as_own_note(post).html,
    }
    return JsonResponse({"note": note}, status=status)


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


def _attendee(request: EventRequest) -> Attendee | None:
    if request.attendee_key is None:
        return None
    return Attendee.objects.filter(event=request.event, key=request.attendee_key).first()


def _rename(request: EventRequest) -> HttpResponse:
    if request.attendee_key is None:
        return _refused(request, "not_joined", _("Scan the code on the screen first."), status=403)
    wait_s = _per_guest.take(f"{request.event.pk}:{request.attendee_key}")
    if wait_s:
        words = _("That was fast. Please wait a moment.")
        return _refused(request, "too_fast", words, status=429, retry_after_s=wait_s)
    name = text.normalise_name(request.POST.get("nickname", "")[:1000])
    attendee = attendees.row_for(request.event, request.attendee_key, nickname=name)
    if not wants_json(request):
        return redirect(f"/{request.event.slug}/wall/")
    return JsonResponse({"nickname": attendee.nickname})


def _refused(
    request: EventRequest,
    code: str,
    message: str,
    *,
    status: int,
    retry_after_s: float | None = None,
) -> HttpResponse:
    """A clear sentence; without JavaScript on the page itself, with the text kept."""
    if wants_json(request):
        return error(code, message, status=status, retry_after_s=retry_after_s)
    response = _wall_page(
        request, problem=message, written=request.POST.get("text", "")[:20_000], status=status
    )
    if retry_after_s is not None:
        response["Retry-After"] = str(max(1, round(retry_after_s)))
    return response


def _wall_page(
    request: EventRequest, *, problem: str = "", written: str = "", status: int = 200
) -> HttpResponse:
    """Log first, rows second: what is shown is never older than the cursor claims."""
    event = request.event
    cursor = reading.position(event.pk)
    attendee = _attendee(request)
    posts = Post.objects.filter(event=event).select_related("event", "attendee")
    context = page_context(request) | {
        "cursor": cursor,
        "mine_cursor": cursor if request.attendee_key else None,
        "posts": on_page("wall", posts.shown().newest(), on_wall),
        "notes": posts.filter(attendee=attendee).order_by("-pk") if attendee else [],
        "nickname": attendee.nickname if attendee else "",
        "prompt": event.prompt,
        "error": problem,
        "text": written,
        "idempotency": new_key(),
    }
    return render(request, "wall/wall.html", context, status=status)
