"""The pages on which organizers say where posts come from, see how it goes, and try it out."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event
from agenda.views import page_context
from agenda.views.doors import organized
from eventhub.addresses import public_base
from eventhub.http import slow_down
from eventhub.live import reading
from wall import source_keeping
from wall.models import Source
from wall.source_form import SourceForm
from wall.source_forms import FORMS, HookForm, title_of
from wall.source_keeping import SourceChanged, SourceRefused
from wall.views import source_told as told


@guards_itself
@login_required
@never_cache
@require_safe
def overview(request: EventRequest, slug: str) -> HttpResponse:
    """Log first, rows second."""
    event = organized(request)
    cursor = reading.position(event.pk)
    context = page_context(request) | {"cursor": cursor, "lines": _lines(event)}
    context |= {"kinds": list(FORMS.values())} | told.said(request, event)
    return render(request, "wall/sources.html", context)


@guards_itself
@login_required
@never_cache
@require_safe
def health(request: EventRequest, slug: str) -> HttpResponse:
    """How the sources are doing a moment later."""
    event = organized(request)
    html = render_to_string("wall/_sources_health.html", {"event": event, "lines": _lines(event)})
    return JsonResponse({"html": html})


@guards_itself
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: EventRequest, slug: str, kind: str) -> HttpResponse:
    event = organized(request)
    if kind not in FORMS:
        raise Http404
    if request.method != "POST":
        return _page(request, event, FORMS[kind](tag=event.hashtag))
    if wait_s := told.per_person.take(told.person_in(request)):
        return slow_down(request, wait_s)
    form = FORMS[kind](request.POST)
    if not form.is_valid():
        return _page(request, event, form, status=422)
    try:
        source = source_keeping.add(event, kind, form.wish(), by=request.user)
    except SourceRefused as refused:
        return _page(request, event, form, problem=refused.message, status=422)
    said: dict[str, Any] = {"said": _("The source is there.")}
    if isinstance(form, HookForm):
        said["secret"] = form.secret
    return _saved(request, source, said)


@guards_itself
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: EventRequest, slug: str, key: str) -> HttpResponse:
    """One source: how it is doing and how it is set. POST: set it otherwise."""
    event = organized(request)
    found = told.found(event, key)
    kind = FORMS.get(found.adapter)
    if request.method != "POST":
        return _page(request, event, kind(source=found) if kind else None, found)
    if kind is None:
        raise Http404
    if wait_s := told.per_person.take(told.person_in(request)):
        return slow_down(request, wait_s)
    form = kind(request.POST, source=found)
    if not form.is_valid():
        return _page(request, event, form, found, status=422)
    seen = form.cleaned_data["seen"]
    try:
        found = source_keeping.change(found, form.wish(), seen=seen, by=request.user)
    except SourceChanged as conflict:
        if (now := Source.objects.filter(event=event, pk=found.pk).first()) is None:
            return told.gone(request, event, conflict.message)
        return _page(request, event, kind(source=now), now, problem=conflict.message, status=409)
    return _saved(request, found, {"said": _("That holds from now on.")})


def _lines(event: Event) -> list[dict[str, Any]]:
    """One query."""
    return [
        {
            "source": source,
            "title": title_of(source.adapter),
            "is_asked": source.adapter in FORMS and FORMS[source.adapter].is_asked,
        }
        for source in Source.objects.filter(event=event).order_by("pk")
    ]


def _saved(request: EventRequest, source: Source, said: dict[str, Any]) -> HttpResponse:
    """Show the source, with what it answers when it is asked now."""
    if FORMS[source.adapter].is_asked and not told.tests.take(told.person_in(request)):
        said |= told.tried(source)
    return told.back(request, source, said | {"own": True})


def _page(
    request: EventRequest,
    event: Event,
    form: SourceForm | None,
    source: Source | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The form of a new source, or one that is there with how it is doing."""
    context = page_context(request) | {"cursor": reading.position(event.pk), "form": form}
    context |= {"source": source, "line": {"source": source}} if source else {}
    context |= told.said(request, event) if request.method != "POST" else {}
    if problem:
        context["told"] = {"problem": problem}
    if source is not None and source.adapter == source_keeping.HOOK:
        base = public_base(request.get_host(), scheme=request.scheme or "http")
        context["hook_address"] = f"{base}/api/v1/hooks/{source.key}"
    return render(request, "wall/source.html", context, status=status)
