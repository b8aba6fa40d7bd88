"""Imprint and privacy notice of an event, and what authors of foreign posts may ask for."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event


@guards_itself
@require_safe
def imprint(request: EventRequest, slug: str) -> HttpResponse:
    return _legal(request, _("Imprint"), request.event.imprint)


@guards_itself
@require_safe
def privacy(request: EventRequest, slug: str) -> HttpResponse:
    return _legal(request, _("Privacy"), request.event.privacy)


@require_safe
def your_post(request: EventRequest, slug: str) -> HttpResponse:
    """For those whose post stands here although they have never heard of us."""
    return render(request, "agenda/your_post.html", {"event": request.event})


@require_safe
def imprints(request: HttpRequest) -> HttpResponse:
    """For pages of no event: the imprints of all that this server carries."""
    return _of_all(request, _("Imprint"), "imprint")


@require_safe
def privacies(request: HttpRequest) -> HttpResponse:
    return _of_all(request, _("Privacy"), "privacy")


def _legal(request: EventRequest, title: str, text: str) -> HttpResponse:
    context = {"event": request.event, "title": title, "text": text, "address": _address(text)}
    return render(request, "agenda/legal.html", context)


def _of_all(request: HttpRequest, title: str, field: str) -> HttpResponse:
    """Who is responsible stands there for everybody; that a closed event exists does not."""
    parts: dict[tuple[str, str], None] = {}
    for event in Event.objects.order_by("-starts_at")[:50]:
        if text := getattr(event, field).strip():
            parts["" if event.closed else event.name, text] = None
    texts = [(name, text, _address(text)) for name, text in parts]
    return render(request, "agenda/legal_all.html", {"title": title, "texts": texts})


def _address(text: str) -> str:
    """The https:// address that `text` is, "" if it is a text."""
    text = text.strip()
    if not text.lower().startswith("https://") or len(text.split()) != 1:
        return ""
    try:
        return text if urlsplit(text).hostname else ""
    except ValueError:
        return ""
