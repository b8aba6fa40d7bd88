"""For the time without network: the worker that keeps pages, words for the others, the app."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from agenda import offline
from agenda.middleware import EventRequest
from agenda.models.event import RESERVED
from agenda.views.page import page_context
from eventhub.static_files import build_id


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The same for everybody until another build is served; the browser looks for a new one."""
    reserved = "|".join(sorted(RESERVED))
    words = render_to_string("agenda/sw.js", {"build": build_id(), "reserved": reserved})
    response = HttpResponse(words, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline_page(request: EventRequest, slug: str) -> HttpResponse:
    """Kept beforehand, and shown instead of a page that needs the network."""
    return render(request, "agenda/offline.html", page_context(request))


@require_safe
def manifest(request: EventRequest, slug: str) -> HttpResponse:
    response = JsonResponse(
        offline.manifest(request.event, translation.get_language() or request.event.language),
        content_type="application/manifest+json",
    )
    response["Cache-Control"] = "no-cache"
    return response
