"""Paper and pictures with tag, code and address: poster, table card, a page for speakers' decks."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agenda import info
from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event
from agenda.qr import draw
from agenda.views import page_context
from agenda.views.doors import organized
from eventhub.addresses import public_base, without_scheme
from eventhub.http import Buckets, slow_down
from wall import deck_card

TYPES = {"png": "image/png", "pdf": "application/pdf"}
_per_person = Buckets(at_once=10, per_second=0.2)  # each costs a fifth of a second of CPU


@guards_itself
@login_required
@never_cache
@require_safe
def poster(request: EventRequest, slug: str) -> HttpResponse:
    """A sheet of A4 for the door: the hashtag, the code, and how to take part."""
    return _printed(request, "wall/poster.html")


@guards_itself
@login_required
@never_cache
@require_safe
def table_card(request: EventRequest, slug: str) -> HttpResponse:
    """The same as A6, four on a sheet of A4 to be cut: for tables and the bar."""
    return _printed(request, "wall/table_card.html")


@guards_itself
@login_required
@never_cache
@require_safe
def card(request: EventRequest, slug: str, kind: str) -> HttpResponse:
    """A picture or a PDF page of 16:9, drawn here and now."""
    event = organized(request)
    if kind not in TYPES:
        raise Http404
    if wait_s := _per_person.take(f"{event.pk}:{request.user.pk}"):
        return slow_down(request, wait_s)
    base = _base(request)
    words = {
        "name": event.name,
        "tag": f"#{event.hashtag}" if event.hashtag else "",
        "address": f"{without_scheme(base)}/{event.code}",
        "code": f"{base}/{event.code}",
        "words": _("Write along: scan, no app, no account."),
        "accent": event.accent,
    }
    drawn = deck_card.png(**words) if kind == "png" else deck_card.pdf(**words)
    response = HttpResponse(drawn, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{event.slug}.{kind}"'
    return response


def _printed(request: EventRequest, template: str) -> HttpResponse:
    event, base = organized(request), _base(request)
    context = page_context(request) | {
        "code": draw(f"{base}/{event.code}"),
        "short_address": f"{without_scheme(base)}/{event.code}",
    }
    return render(request, template, context | _wifi(event))


def _wifi(event: Event) -> dict[str, Any]:
    wifi = info.wifi(event)
    return {"wifi": wifi, "wifi_code": draw(wifi.code)} if wifi is not None else {"wifi": None}


def _base(request: EventRequest) -> str:
    return public_base(request.get_host(), scheme=request.scheme or "http")
