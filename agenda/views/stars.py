"""A guest's stars: which sessions they are, one set or taken away. Each sees their own only."""

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agenda import stars
from agenda.middleware import EventRequest
from eventhub.http import Buckets, client_of, error, error_page, wants_json

# A guest who comes back from a day without network has many to send.
_per_guest = Buckets(at_once=100, per_second=1)
_per_event = Buckets(at_once=600, per_second=60)
_per_address = Buckets(at_once=900, per_second=90)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: EventRequest, slug: str) -> HttpResponse:
    """GET: the guest's stars, and the token to set one. POST: `session` and `on`, 1 or 0."""
    if request.method == "POST":
        return _put(request)
    joined = request.attendee_key is not None
    return JsonResponse(
        {
            "joined": joined,
            "stars": stars.sessions_of(request.event, request.attendee_key),
            "csrf": get_token(request) if joined else "",
        }
    )


def _put(request: EventRequest) -> HttpResponse:
    key, session, on = request.attendee_key, *(request.POST.get(n, "") for n in ("session", "on"))
    if key is None:
        return _refused(request, "not_joined", _("Scan the code on the screen first."), status=403)
    if on not in {"0", "1"} or not (session.isascii() and session.isdigit() and len(session) < 19):
        return _refused(request, "bad_request", _("Please load the page again."), status=422)
    if request.event.is_cleared:
        words = _("What guests have written has been deleted.")
        return _refused(request, "over", words, status=410)
    if wait_s := _must_wait(request, key):
        words = _("That was fast. Please wait a moment.")
        return _refused(request, "too_fast", words, status=429, retry_after_s=wait_s)
    try:
        stars.put(request.event, key, int(session), on=on == "1")
    except stars.NoSuchSessionError:
        return _refused(request, "not_found", _("This is not here."), status=404)
    if not wants_json(request):
        return redirect(f"/{request.event.slug}/my/")
    return JsonResponse({"session": int(session), "on": on == "1"})


def _must_wait(request: EventRequest, key: str) -> float:
    """Seconds until this guest may set a star again, 0.0 for now."""
    return (
        _per_guest.take(f"{request.event.pk}:{key}")
        or _per_event.take(str(request.event.pk))
        or _per_address.take(client_of(request))
    )


def _refused(
    request: EventRequest,
    code: str,
    message: str,
    *,
    status: int,
    retry_after_s: float | None = None,
) -> HttpResponse:
    if wants_json(request):
        return error(code, message, status=status, retry_after_s=retry_after_s)
    page = "404.html" if status == 404 else "429.html" if status == 429 else "403.html"
    response = error_page(request, page, status=status)
    if retry_after_s is not None:
        response["Retry-After"] = str(max(1, round(retry_after_s)))
    return response
