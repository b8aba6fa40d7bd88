"""The ground of every request: who asks, how much one may ask, one shape for errors. A leaf."""

import ipaddress
import logging
import socket
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse, parse_cookie
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

log = logging.getLogger(__name__)

BUSY_RETRY_S = 2
OPEN_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Retry-After",
}


# --- errors


def is_api(path: str) -> bool:
    """Whether an address is for programs: they get JSON whatever they say they like."""
    return path.startswith("/api/")


def wants_json(request: HttpRequest) -> bool:
    return is_api(request.path_info) or "application/json" in request.headers.get("Accept", "")


def error(
    code: str, message: str, *, status: int, retry_after_s: float | None = None
) -> JsonResponse:
    """The one shape of every error that a program reads: {"error": {"code", "message"}}."""
    response = JsonResponse({"error": {"code": code, "message": str(message)}}, status=status)
    response["Cache-Control"] = "no-store"
    if retry_after_s is not None:
        response["Retry-After"] = str(max(1, round(retry_after_s)))
    return response


def error_page(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    """For people: with the imprint of the event whose address was asked for, if there is one."""
    return render(request, template, {"event": getattr(request, "event", None)}, status=status)


def busy(request: HttpRequest) -> HttpResponse:
    """503: too much at once, or the database is away for a moment. Nothing was done."""
    if wants_json(request):
        message = _("Too much is going on right now. Please try again in a moment.")
        response: HttpResponse = error("busy", message, status=503)
    else:
        response = error_page(request, "503.html", status=503)
    response["Retry-After"] = str(BUSY_RETRY_S)
    log.warning("busy", extra={"path": request.path})
    # One line is enough: with the database away Django would add a traceback per request.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def slow_down(request: HttpRequest, wait_s: float) -> HttpResponse:
    """429: too many tries from here; a right one would not have been counted."""
    if wants_json(request):
        message = _("Too many tries. Please wait a moment.")
        return error("too_fast", message, status=429, retry_after_s=wait_s)
    response = error_page(request, "429.html", status=429)
    response["Retry-After"] = str(max(1, round(wait_s)))
    return response


class OpenMiddleware:
    """Pages from anywhere may read what the API says, errors too: nothing in it is personal.

    Without credentials: a browser then neither sends cookies nor shows an answer that had any.
    """

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_api(request.path_info):
            for name, value in OPEN_HEADERS.items():
                response[name] = value
        return response


class BusyMiddleware:
    """A lock, pool or database that is not to be had in time becomes 503, never 500."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, OperationalError):
            return busy(request)
        if isinstance(exception, DataError):
            # A NUL that stands in a cookie: PostgreSQL holds no such text, so nobody has it.
            raise BadRequest from exception
        return None


class SizeMiddleware:
    """413 in words for a form whose files were too large to be kept (eventhub/request_size.py)."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Before anybody looks for a form's token in what is not there any more."""
        if "eventhub-oversized" not in request.headers:
            return None
        if wants_json(request):
            words = _("That is too large. Please choose smaller files, or fewer at once.")
            return error("too_large", words, status=413)
        return error_page(request, "413.html", status=413)


# --- which language


def browser_wish(header: str) -> str:
    """ "de" or "en", whichever an Accept-Language header likes better; "" if neither."""
    for code, _quality in parse_accept_lang_header(header[:200].lower()):
        if code[:2] in {"de", "en"}:
            return code[:2]
    return ""


# --- where a request comes from


def host_allowed(host: str) -> bool:
    """Embedded: loopback names, this machine's own name and IP literals; else the listed origins.

    A foreign name that resolves to us (DNS rebinding) is none of these.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:  # such as "[::1"
        return False
    if not settings.EMBEDDED:
        return name in settings.ALLOWED_HOSTS
    own = socket.gethostname().lower()
    if name == "localhost" or name.endswith(".localhost") or name in {own, f"{own}.local"}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def origin_allowed(origin: str | None, host: str) -> bool:
    """Whether a socket may be opened from a page of `origin` (scheme, host and port all count)."""
    if not origin:
        return False
    if not settings.EMBEDDED:
        return origin in settings.ORIGINS
    return origin in {f"http://{host}", f"https://{host}"} and host_allowed(host)


def client_address(remote: str, forwarded_for: str) -> str:
    """The address that asks: counted from the right, past the proxies we trust and no further."""
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXIES
    if not trusted or len(hops) < trusted:
        return remote
    return hops[-trusted]


def cookies_of(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """The cookies of an ASGI scope, read as Django reads those of a page.

    Python's own SimpleCookie stops at the first cookie it dislikes, e.g. another application's.
    """
    found: dict[str, str] = {}
    for name, value in headers:
        if name == b"cookie":
            found |= parse_cookie(value.decode("latin-1"))
    return found


def client_of(request: HttpRequest) -> str:
    return client_address(
        request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", "")
    )


# --- how much one visitor may ask


class Buckets:
    """Token buckets in this process's memory: a rough limit, never a promise.

    All of a hall has one public address, so a key is an attendee, an event or an account first,
    and an address only as a high ceiling.
    """

    MAX_KEYS = 20_000

    def __init__(self, *, at_once: float, per_second: float) -> None:
        self.at_once = at_once
        self.per_second = per_second
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, costs: float = 1.0, *, now: float | None = None) -> float:
        """0.0 and a token (or a part of one) is gone, or the seconds until there is one."""
        now = time.monotonic() if now is None else now
        level, at = self._levels.pop(key, (self.at_once, now))
        level = min(self.at_once, level + (now - at) * self.per_second)
        wait_s = 0.0 if level >= costs else (costs - level) / self.per_second
        self._levels[key] = (level - costs if level >= costs else level, now)
        if len(self._levels) > self.MAX_KEYS:
            self._levels.popitem(last=False)
        return wait_s

    def refill(self, key: str) -> None:
        self._levels.pop(key, None)
