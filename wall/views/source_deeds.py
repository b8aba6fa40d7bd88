"""What organizers do with a source beside setting it: test, pause, go on, remove, a new secret."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.views.doors import organized
from eventhub.http import error, slow_down, wants_json
from wall import also_reading, source_keeping
from wall.models import Source
from wall.source_forms import FORMS
from wall.source_keeping import SourceChanged, SourceRefused
from wall.views import desk_ground
from wall.views import source_told as told


@guards_itself
@login_required
@require_POST
def test(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Ask once, really, and say what came. Nothing of it gets onto the wall by this."""
    found = told.found(organized(request), key)
    if found.adapter not in FORMS or not FORMS[found.adapter].is_asked:
        raise Http404
    if wait_s := told.tests.take(told.person_in(request)):
        return slow_down(request, wait_s)
    said = told.tried(found)
    if wants_json(request):
        return JsonResponse(said)
    return told.back(request, found, said)


@guards_itself
@login_required
@require_POST
def pause(request: EventRequest, slug: str, key: str) -> HttpResponse:
    return _deed(request, key, _("It is paused."), source_keeping.pause)


@guards_itself
@login_required
@require_POST
def go_on(request: EventRequest, slug: str, key: str) -> HttpResponse:
    return _deed(request, key, _("It is read again."), source_keeping.go_on)


@guards_itself
@login_required
@require_POST
def also(request: EventRequest, slug: str) -> HttpResponse:
    """A mistyped hashtag that the desk names is read by the sources from now on."""
    event = organized(request)
    if wait_s := told.per_person.take(told.person_in(request)):
        return slow_down(request, wait_s)
    try:
        changed = also_reading.read_also(event, request.POST.get("tag", "")[:200], by=request.user)
    except SourceRefused as refused:
        if wants_json(request):
            return error("not_read", refused.message, status=422)
        request.session[told.SAID] = [event.pk, "", {"problem": refused.message}]
        return redirect(f"/{event.slug}/home/sources/")
    return JsonResponse({"changed": changed}) if wants_json(request) else desk_ground.back(request)


@guards_itself
@login_required
@require_POST
def remove(request: EventRequest, slug: str, key: str) -> HttpResponse:
    event = organized(request)
    found = Source.objects.filter(event=event, key=key).first()
    if found is not None:  # twice is harmless
        source_keeping.remove(found, by=request.user)
    said = _("The source is gone, and its posts with it.")
    if wants_json(request):
        return JsonResponse({"said": said})
    request.session[told.SAID] = [event.pk, "", {"said": said}]
    return redirect(f"/{event.slug}/home/sources/")


@guards_itself
@login_required
@require_POST
def secret(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """Another secret for a webhook, shown on the next page and never again."""
    found = get_object_or_404(
        Source, event=organized(request), key=key, adapter=source_keeping.HOOK
    )
    word = source_keeping.new_secret(found, by=request.user)
    said = _("Here is the new secret. The former one holds for a day more.")
    return told.back(request, found, {"said": said, "secret": word, "own": True})


def _deed(request: EventRequest, key: str, words: str, verb: Callable[..., bool]) -> HttpResponse:
    found = told.found(organized(request), key)
    if wait_s := told.per_person.take(told.person_in(request)):
        return slow_down(request, wait_s)
    try:
        changed = verb(found, by=request.user)
    except SourceChanged as conflict:
        return told.gone(request, request.event, conflict.message)
    if wants_json(request):
        return JsonResponse({"changed": changed})
    return told.back(request, found, {"said": words})
