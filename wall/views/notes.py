"""A guest's notes: take one, exactly once for each key; take one back, at any time."""

import re

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agenda.middleware import EventRequest
from agenda.names import NameRefused
from eventhub.http import Buckets, client_of, wants_json
from wall import displays, ingest, notes, photo_check
from wall.models import Post
from wall.photo_check import CheckedPhoto, PhotoRefused
from wall.topics import as_own_note
from wall.views.phone import MAX_WRITTEN_CHARS, must_wait, refused

BUSY_RETRY_S = 5
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
# Of its own: who has just written a lot must not wait to take it back.
_withdrawals = Buckets(at_once=60, per_second=1)


@require_POST
def take(request: EventRequest, slug: str) -> HttpResponse:
    """Take a note, exactly once for each idempotency key."""
    key = request.attendee_key
    if key is None:
        return _not_joined(request)
    idempotency = request.POST.get("idempotency", "")
    if not _KEY.fullmatch(idempotency):
        return refused(request, "bad_request", _("Please load the page again."), status=422)
    known = ingest.known_note(request.event, attendee_key=key, idempotency=idempotency)
    if known is not None:
        return _answer(request, known, status=200)
    if wait_s := must_wait(request, key):
        words = _("That was fast. Your note can be sent again in a moment.")
        return refused(request, "too_fast", words, status=429, retry_after_s=wait_s)
    try:
        taken = ingest.take_note(
            request.event,
            attendee_key=key,
            written=request.POST.get("text", "")[:MAX_WRITTEN_CHARS],
            idempotency=idempotency,
            nickname=request.POST.get("nickname"),
            session=_session(request),
            photo=_photo(request),
            alt=request.POST.get("alt", "")[:MAX_WRITTEN_CHARS],
        )
    except (ingest.NoteRefused, NameRefused, PhotoRefused) as refusal:
        if refusal.code == "photo_busy":
            return refused(
                request, refusal.code, refusal.message, status=503, retry_after_s=BUSY_RETRY_S
            )
        return refused(request, refusal.code, refusal.message, status=422)
    return _answer(request, taken.post, status=201 if taken.created else 200)


@require_POST
def withdraw(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Take back one's own note, by its key or by the one the phone gave it."""
    guest = request.attendee_key
    if guest is None:
        return _not_joined(request)
    if not _KEY.fullmatch(key):
        return refused(request, "bad_request", _("Please load the page again."), status=422)
    wait_s = _withdrawals.take(f"{request.event.pk}:{guest}") or _withdrawals.take(
        client_of(request)
    )
    if wait_s:
        words = _("That was fast. Please wait a moment.")
        return refused(request, "too_fast", words, status=429, retry_after_s=wait_s)
    post = notes.withdraw(request.event, attendee_key=guest, name=key)
    if post is None:
        return refused(request, "not_yours", _("This note is not yours."), status=404)
    return _answer(request, post, status=200)


def _not_joined(request: EventRequest) -> HttpResponse:
    words = _("Scan the code on the screen first, then write.")
    return refused(request, "not_joined", words, status=403)


def _session(request: EventRequest) -> int | None:
    raw = request.POST.get("session", "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else None


def _photo(request: EventRequest) -> CheckedPhoto | None:
    """The photo of the form, drawn anew; PhotoRefused, also if the event wants none."""
    upload = request.FILES.get("photo")
    if upload is None:
        return None
    if not request.event.photos:
        raise photo_check.refused("off")
    return photo_check.check(upload.read())


def _answer(request: EventRequest, post: Post, *, status: int) -> HttpResponse:
    event = request.event
    if not wants_json(request):
        session = f"?session={post.session_id}" if post.session_id else ""
        return redirect(f"/{event.slug}/wall/{session}")
    note = notes.of_guest(event.pk, request.attendee_key or "").get(pk=post.pk)
    said = {
        "key": note.key,
        "state": note.state,
        "version": note.version,
        "html": as_own_note(note, coming=displays.coming(event, timezone.now())).html,
    }
    return JsonResponse({"note": said, "wait": notes.expected_wait(event)}, status=status)
