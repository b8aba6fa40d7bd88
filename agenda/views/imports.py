"""The organizer's page on which a file becomes the programme: hand in, look at it, confirm."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda import importing
from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event, Upload
from agenda.views.doors import organized
from agenda.views.page import page_context
from eventhub.http import Buckets
from eventhub.live import reading as log_reading

MAX_FILE_BYTES = 10 * 1024 * 1024
TABLES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
KINDS = ("sessions", "slots", "rooms", "tracks", "speakers")
_files = Buckets(at_once=10, per_second=0.2)  # per event


@guards_itself
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: EventRequest, slug: str) -> HttpResponse:
    """Ways out and the way in; a file that is handed in gets a page of its own."""
    event = organized(request)
    if request.method != "POST":
        return _page(request, event)
    file = request.FILES.get("file")
    if file is None or not file.size:
        return _page(request, event, problem=_("Choose a file first; it must not be empty."))
    if file.size > MAX_FILE_BYTES:
        return _page(request, event, problem=_("The file is larger than 10 MB."))
    if _files.take(str(event.pk)):
        return _page(request, event, problem=_busy(), status=429)
    upload = importing.take(event, by=request.user, name=file.name or "", content=file.read())
    return redirect(f"/{slug}/home/import/{upload.key}/")


@guards_itself
@login_required
@never_cache
@require_safe
def template(request: EventRequest, slug: str, kind: str) -> HttpResponse:
    """The table to fill in, in the event's language: whoever reads it is no guest."""
    from agenda.exchange import template  # with openpyxl, which nothing else here needs

    event = organized(request)
    content = template.write(event, kind, language=event.language)
    answer = HttpResponse(content, content_type=TABLES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{event.slug}-template.{kind}"'
    return answer


@guards_itself
@login_required
@never_cache
@require_safe
def upload(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """One file: how far it is, what it would change, what it has changed."""
    event, found = organized(request), _found(request, key)
    problem = ""
    if found.state == Upload.State.WAITING:
        try:
            importing.begin_reading(found, language=get_language() or "en")
        except importing.TooManyError:
            problem = _busy()
    context = page_context(request) | {"cursor": log_reading.position(event.pk)}
    context |= _state(found) | {"problem": problem}
    return render(request, "agenda/import_file.html", context)


@guards_itself
@login_required
@never_cache
@require_safe
def progress(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """What the page shows of it a moment later."""
    organized(request)
    context = _state(_found(request, key)) | {"event": request.event}
    html = render_to_string("agenda/_import_state.html", context, request)
    return JsonResponse({"html": html, "busy": context["busy"]})


@guards_itself
@login_required
@require_POST
def confirm(request: EventRequest, slug: str, key: str) -> HttpResponse:
    organized(request)
    try:
        importing.begin_writing(_found(request, key), language=get_language() or "en")
    except importing.TooManyError:
        return _page(request, request.event, problem=_busy(), status=503)
    return redirect(f"/{slug}/home/import/{key}/")


@guards_itself
@login_required
@require_POST
def discard(request: EventRequest, slug: str, key: str) -> HttpResponse:
    organized(request)
    importing.discard(_found(request, key))
    return redirect(f"/{slug}/home/import/")


def _found(request: EventRequest, key: str) -> Upload:
    rows = Upload.objects.filter(event=request.event).select_related("event").defer("content")
    return importing.look(get_object_or_404(rows, key=key), timezone.now())


def _state(found: Upload) -> dict[str, Any]:
    report: dict[str, Any] = found.report
    counts = report.get("counts", {})
    return {
        "upload": found,
        "busy": found.state in importing.BUSY,
        "report": report,
        "counts": [(kind, counts[kind]) for kind in KINDS if _changes(counts.get(kind, {}))],
        "kept": counts.get("sessions", {}).get("kept", 0),
        "parts": [(part, report.get(part, [])) for part in ("new", "changed", "gone")],
        "changes": any(map(_changes, counts.values())),
    }


def _changes(count: dict[str, int]) -> bool:
    return any(count.get(part) for part in ("new", "changed", "gone"))


def _busy() -> str:
    return _("Other files are being read right now. Please try again soon.")


def _page(
    request: EventRequest, event: Event, *, problem: str = "", status: int = 0
) -> HttpResponse:
    context = page_context(request) | {"cursor": log_reading.position(event.pk)}
    context |= {"event": event, "problem": problem}
    return render(
        request, "agenda/imports.html", context, status=status or (422 if problem else 200)
    )
