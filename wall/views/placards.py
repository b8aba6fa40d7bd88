"""The page on which organizers give the screens their pictures: sponsors together, others alone."""

from pathlib import PurePath

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event
from agenda.views import page_context
from agenda.views.doors import organized
from eventhub.http import Buckets, error, slow_down, wants_json
from eventhub.live import reading
from wall import placard_topics, placards
from wall.models import Placard
from wall.placards import (
    MAX_UPLOAD_BYTES,
    MOST,
    PhotoRefused,
    PlacardChanged,
    PlacardsFull,
    refused,
)

_per_person = Buckets(at_once=60, per_second=1)
MOVES = {"earlier": -1, "later": 1}


@guards_itself
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: EventRequest, slug: str) -> HttpResponse:
    """All of them, in their order. POST: some more files, each for itself."""
    event = organized(request)
    if request.method != "POST":
        return _page(request, event)
    if wait_s := _per_person.take(f"{event.pk}:{request.user.pk}"):
        return slow_down(request, wait_s)
    problems = _take(event, request)
    if problems and wants_json(request):
        return error("pictures_refused", " ".join(problems), status=422)
    if problems:
        return _page(request, event, problems=problems, status=422)
    return redirect(f"/{slug}/home/placards/")


def _take(event: Event, request: EventRequest) -> list[str]:
    """What could not be taken, in words, one line for each file; the others are there."""
    files = request.FILES.getlist("pictures")
    if not files:
        return [_("Please choose a picture first.")]
    problems = []
    for file in files:
        name = PurePath(file.name or "").stem
        try:
            placards.add(event, _read(file), title=name, sponsor="sponsor" in request.POST)
        except PhotoRefused as refusal:
            problems.append(f"{name}: {refusal.message}")
        except PlacardsFull as full:
            problems.append(full.message)
            break
    return problems


def _read(file: "UploadedFile[bytes]") -> bytes:
    if (file.size or 0) > MAX_UPLOAD_BYTES:
        raise refused("heavy")
    return bytes(file.read())


@guards_itself
@login_required
@require_POST
def placard(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Name it, move it, take it away. A second time nothing more happens."""
    event = organized(request)
    if wait_s := _per_person.take(f"{event.pk}:{request.user.pk}"):
        return slow_down(request, wait_s)
    what = request.POST.get("what", "")
    if what == "remove":
        if found := Placard.objects.filter(event=event, key=key).first():
            placards.remove(found)
        return redirect(f"/{slug}/home/placards/")
    found = get_object_or_404(Placard.objects.select_related("event"), event=event, key=key)
    if what in MOVES:
        placards.shift(found, MOVES[what])
    elif what == "name":
        try:
            _name(found, request.POST)
        except PlacardChanged as conflict:
            if wants_json(request):
                return error("changed", conflict.message, status=409)
            return _page(request, event, problems=[conflict.message], status=409)
    return redirect(f"/{slug}/home/placards/#{key}")


def _name(placard: Placard, data: QueryDict) -> None:
    was = data.get("was")
    seen = (was, data.get("was_sponsor") == "on") if was is not None else None
    title = data.get("title", "")
    placards.change(placard, title=title, sponsor="sponsor" in data, seen=seen)


def _page(
    request: EventRequest, event: Event, *, problems: list[str] | None = None, status: int = 200
) -> HttpResponse:
    cursor = reading.position(event.pk)
    known = placards.of(event)
    context = page_context(request) | {
        "cursor": cursor,
        "placards": [(placard_topics.order_of(each), each) for each in known],
        "most": MOST,
        "left": MOST - len(known),
        "largest": MAX_UPLOAD_BYTES,
        "problems": problems or [],
    }
    return render(request, "wall/placards.html", context, status=status)
