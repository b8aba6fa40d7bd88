"""Imprint and privacy notice of an event: readable without cookie and script."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agenda.middleware import EventRequest


@require_safe
def imprint(request: EventRequest, slug: str) -> HttpResponse:
    context = {"event": request.event, "title": _("Imprint"), "text": request.event.imprint}
    return render(request, "agenda/legal.html", context)


@require_safe
def privacy(request: EventRequest, slug: str) -> HttpResponse:
    context = {"event": request.event, "title": _("Privacy"), "text": request.event.privacy}
    return render(request, "agenda/legal.html", context)
