"""How many requests are inside at once; the rest wait outside or are sent away. A leaf."""

import asyncio
import json
import math
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eventhub.http import BUSY_RETRY_S, OPEN_HEADERS, browser_wish, is_api

ASGIApp = Callable[[dict[str, Any], Any, Any], Awaitable[None]]


class AdmissionGate:
    """Lets a fixed number of requests into Django, some wait outside, the rest are sent away.

    Django's ASGI handler opens a thread and a database connection per request, without a cap:
    with 300 phones at once the database refused every sixth (docs/decisions/0004).
    """

    def __init__(self, app: ASGIApp, *, running: int, waiting: int) -> None:
        self._app = app
        self._places = asyncio.Semaphore(running)
        self._max_waiting = waiting
        self.waiting = 0

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if self._places.locked() and self.waiting >= self._max_waiting:
            await refuse_busy(scope, send)
            return
        self.waiting += 1
        try:
            await self._places.acquire()
        finally:
            self.waiting -= 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._places.release()


async def refuse_busy(scope: dict[str, Any], send: Any) -> None:
    """503: everybody has to wait a little."""
    heading = gettext_lazy("A lot is going on right now")
    await _refuse(scope, send, Refusal(503, "busy", heading, BUSY_RETRY_S))


async def refuse_too_fast(scope: dict[str, Any], send: Any, wait_s: float) -> None:
    """429: this visitor has to wait, and nobody else."""
    heading = gettext_lazy("That was a lot at once")
    await _refuse(scope, send, Refusal(429, "too_fast", heading, max(1, math.ceil(wait_s))))


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    code: str
    heading: Promise
    retry_after_s: int


async def _refuse(scope: dict[str, Any], send: Any, refusal: Refusal) -> None:
    """Cheap: no thread, no database, no template. In German it says neither du nor Sie."""
    asked = {name: value.decode("latin-1") for name, value in scope["headers"]}
    with translation.override(browser_wish(asked.get(b"accept-language", "")) or "de"):
        for_programs = scope.get("path", "").startswith(("/poll/", "/api/"))
        if for_programs or "application/json" in asked.get(b"accept", ""):
            kind = "application/json"
            answer = {"code": refusal.code, "message": str(refusal.heading)}
            body = json.dumps({"error": answer}).encode()
        else:
            kind = "text/html; charset=utf-8"
            body = _page(refusal, loads_again=scope["method"] == "GET").encode()
    headers = [
        (b"content-type", kind.encode()),
        (b"content-security-policy", b"default-src 'none'"),
        (b"x-content-type-options", b"nosniff"),
        (b"retry-after", b"%d" % refusal.retry_after_s),
        (b"cache-control", b"no-store"),
        (b"content-length", b"%d" % len(body)),
    ]
    if is_api(scope.get("path", "")):
        headers += [(name.lower().encode(), value.encode()) for name, value in OPEN_HEADERS.items()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _page(refusal: Refusal, *, loads_again: bool) -> str:
    """A page that needs nothing else; one that was only read comes again by itself."""
    heading = escape(str(refusal.heading))
    if loads_again:
        words = _("This page loads again by itself.")
        # Not everybody at the same moment.
        seconds = refusal.retry_after_s + random.randrange(5)
        again = f'<meta http-equiv="refresh" content="{seconds}">'
    else:
        words, again = _("Nothing has been sent yet. Please go back and try again."), ""
    language = (translation.get_language() or "de")[:2]
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark">{again}'
        f"<title>{heading}</title><h1>{heading}</h1><p>{escape(words)}</p>"
        f'<p><a href="/impressum">{escape(_("Imprint"))}</a> '
        f'<a href="/datenschutz">{escape(_("Privacy"))}</a></p></html>'
    )
