"""The pages for when something is not there, not allowed, or broken; and who has been here."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from eventhub import reach
from eventhub.http import busy, error, error_page, wants_json


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Too large, from an unknown host, or nothing a browser would send."""
    if wants_json(request):
        return error("bad_request", _("Please load the page again."), status=400)
    return error_page(request, "403.html", status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing is said about whether it exists for somebody else."""
    if wants_json(request):
        return error("not_found", _("This is not here."), status=404)
    return error_page(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if wants_json(request):
        return error("forbidden", _("This is not allowed."), status=403)
    return error_page(request, "403.html", status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open for too long, or the post came from elsewhere."""
    if wants_json(request):
        return error("csrf", _("Please load the page again."), status=403)
    return error_page(request, "403.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """A broken page; a database that was away outside a view is only busy."""
    if isinstance(sys.exc_info()[1], OperationalError):
        return busy(request)
    if wants_json(request):
        return error("failed", _("Something broke on our side."), status=500)
    return error_page(request, "500.html", status=500)


@never_cache
@require_safe
def reached(request: HttpRequest) -> HttpResponse:
    """Asked by the note on the laptop (eventhub/_reach.html), until it may go."""
    return JsonResponse({"reached": reach.has_been_reached()})
