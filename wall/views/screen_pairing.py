"""The way of a browser to become a screen: the code that it shows, and what it is told waiting."""

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from agenda.qr import draw
from eventhub.addresses import public_base, without_scheme
from eventhub.http import Buckets, client_of, slow_down, wants_json
from wall import pairing
from wall.pairing import Waiting

COOKIE_MAX_AGE_S = 400 * 24 * 3600  # the longest that browsers keep
_codes = Buckets(at_once=20, per_second=0.2)  # made, by address: a hall has one, and many beamers
_questions = Buckets(at_once=20, per_second=1)  # of one waiting browser


@require_POST
def wait(request: HttpRequest) -> HttpResponse:
    """Asked every few seconds by a browser without a key: its code, or that it is a screen now."""
    found = pairing.known(request.COOKIES.get(settings.PAIRING_COOKIE_NAME, ""))
    if found is not None:
        if wait_s := _questions.take(found.secret):
            return slow_down(request, wait_s)
        return _waits(request, found) if not found.key else _becomes(request, found)
    if wait_s := _codes.take(client_of(request)):
        return slow_down(request, wait_s)
    return _waits(request, pairing.begin())


def _waits(request: HttpRequest, waiting: Waiting) -> HttpResponse:
    response: HttpResponse
    if wants_json(request):
        shown = where(request, waiting)
        drawing = asdict(shown.pop("drawing"))
        response = JsonResponse({"state": "waiting"} | shown | drawing)
    else:
        response = redirect("/screen")
    response.set_cookie(
        settings.PAIRING_COOKIE_NAME,
        waiting.cookie,
        max_age=round(waiting.left_s),
        httponly=True,
        samesite="Lax",
        secure=settings.TLS,
    )
    return response


def _becomes(request: HttpRequest, waiting: Waiting) -> HttpResponse:
    """The key, once: its page takes what lies sealed away as soon as it is opened."""
    json = wants_json(request)
    response = JsonResponse({"state": "paired"}) if json else redirect("/screen")
    set_key(response, waiting.key)
    return response


def set_key(response: HttpResponse, key: str) -> None:
    """This browser is the screen of `key`, and scripts cannot read it."""
    response.set_cookie(
        settings.SCREEN_COOKIE_NAME,
        key,
        max_age=COOKIE_MAX_AGE_S,
        httponly=True,
        samesite="Lax",
        secure=settings.TLS,
    )


def where(request: HttpRequest, waiting: Waiting) -> dict[str, Any]:
    """What the waiting page shows: the code, where to type it, and the same as a picture."""
    base = public_base(request.get_host(), scheme=request.scheme or "http")
    return {
        "code": waiting.code,
        "address": f"{without_scheme(base)}/pair",
        "drawing": draw(f"{base}/pair?code={waiting.code}"),
    }
