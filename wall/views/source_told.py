"""What the pages about sources say after a deed, and how a source is tried out. No page itself."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from agenda.middleware import EventRequest
from agenda.models import Event
from eventhub.http import Buckets, error, wants_json
from wall import trial
from wall.models import Source
from wall.source_forms import FORMS

SAID = "source-said"  # of the session, until the next page has shown it
per_person = Buckets(at_once=60, per_second=2)
tests = Buckets(at_once=6, per_second=0.2)  # each asks another server


def person_in(request: EventRequest) -> str:
    return f"{request.event.pk}:{request.user.pk}"


def found(event: Event, key: str) -> Source:
    return get_object_or_404(Source, event=event, key=key)


def tried(source: Source) -> dict[str, Any]:
    heard = trial.ask(source)
    told: dict[str, Any] = {"heard" if heard.works else "problem": heard.words}
    if heard.newest:
        told |= {"newest": heard.newest, "author": heard.author}
    if heard.wants_secret:
        form = FORMS[source.adapter]
        told |= {"where": str(form.where), "where_page": form.page_for(source)}
    return told


def back(request: EventRequest, source: Source, said: dict[str, Any]) -> HttpResponse:
    """To the page on which the button was: the list, or the source's own."""
    event = request.event
    request.session[SAID] = [event.pk, source.key, said]
    if said.pop("own", False) or request.POST.get("page") == "own":
        return redirect(f"/{event.slug}/home/sources/{source.key}/")
    return redirect(f"/{event.slug}/home/sources/#source-{source.key}")


def gone(request: EventRequest, event: Event, message: str) -> HttpResponse:
    if wants_json(request):
        return error("changed_meanwhile", message, status=409)
    request.session[SAID] = [event.pk, "", {"problem": message}]
    return redirect(f"/{event.slug}/home/sources/")


def said(request: EventRequest, event: Event) -> dict[str, Any]:
    """What was done or heard just now, and of which source, once."""
    event_id, key, said = request.session.get(SAID, (0, "", {}))
    if event_id != event.pk or request.method == "HEAD":
        return {}
    del request.session[SAID]
    return {"told": said, "told_of": key}
