"""The visitor's own choice of language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST


# Nothing is at stake, and so the foot of every page, of errors too, can do without a token.
@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The visitor's own choice of language, for this browser."""
    chosen = request.POST.get("language", "")[:2]
    target = request.POST.get("next", "/")
    # "foo" would be a view's name to redirect().
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, None):
        target = "/"
    response = HttpResponseRedirect(target)
    if chosen in {"de", "en"}:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            httponly=True,
            samesite="Lax",
            secure=settings.TLS,
        )
    return response
