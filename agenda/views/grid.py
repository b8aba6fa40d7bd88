"""The organizers' day grid: see it, place, move, swap, cancel, take off. Rights by the event."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda import grid, placing
from agenda.access import guards_itself
from agenda.grid_form import PlaceForm
from agenda.grid_topics import on_grid, tray_on_page, version_of
from agenda.middleware import EventRequest
from agenda.models import Event, Session, Slot
from agenda.placing import ChangedMeanwhile, ImpossiblePlace
from agenda.views.doors import organized
from agenda.views.page import page_context
from eventhub.http import error, wants_json
from eventhub.live import reading
from eventhub.live.fragments import on_page


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something was not done, in words, and the status that says so."""

    code: str
    message: str
    status: int


@guards_itself
@login_required
@never_cache
@require_safe
def programme(request: EventRequest, slug: str) -> HttpResponse:
    return _page(request, organized(request))


@guards_itself
@login_required
@require_POST
def place(request: EventRequest, slug: str) -> HttpResponse:
    """Give a session that stands nowhere a place."""
    event = organized(request)
    session = get_object_or_404(Session, event=event, pk=_number(request, "session"))
    form = PlaceForm(event, request.POST)
    return _answer(
        request, event, form, lambda: placing.place(event, session, **form.where, unplaced=True)
    )


@guards_itself
@login_required
@require_POST
def move(request: EventRequest, slug: str, key: str) -> HttpResponse:
    event = organized(request)
    slot, form = _slot(event, key), PlaceForm(event, request.POST)
    return _answer(
        request,
        event,
        form,
        lambda: placing.move(slot, **form.where, version=form.cleaned_data["version"]),
    )


@guards_itself
@login_required
@require_POST
def swap(request: EventRequest, slug: str, key: str) -> HttpResponse:
    event = organized(request)
    slot, other = _slot(event, key), _slot(event, request.POST.get("with", ""))
    versions = (_number(request, "version"), _number(request, "with_version"))
    return _answer(request, event, None, lambda: placing.swap(slot, other, versions=versions)[0])


@guards_itself
@login_required
@require_POST
def cancel(request: EventRequest, slug: str, key: str) -> HttpResponse:
    event = organized(request)
    slot = _slot(event, key)
    return _answer(request, event, None, lambda: placing.cancel(slot))


@guards_itself
@login_required
@require_POST
def restore(request: EventRequest, slug: str, key: str) -> HttpResponse:
    event = organized(request)
    slot = _slot(event, key)
    return _answer(request, event, None, lambda: placing.restore(slot))


@guards_itself
@login_required
@require_POST
def remove(request: EventRequest, slug: str, key: str) -> HttpResponse:
    event = organized(request)
    slot, version = _slot(event, key), _number(request, "version")

    def act() -> Slot:
        placing.unplace(slot, version=version)
        return slot

    return _answer(request, event, None, act)


def _answer(
    request: EventRequest, event: Event, form: PlaceForm | None, verb: Callable[[], Slot]
) -> HttpResponse:
    """Do it and say where it stands now; or say what is there, and change nothing."""
    if form is not None and not form.is_valid():
        return _refuse(request, event, Problem("bad_place", form.problem, 422))
    try:
        slot = verb()
    except ChangedMeanwhile as conflict:
        return _refuse(request, event, Problem("changed_meanwhile", conflict.message, 409))
    except ImpossiblePlace:
        words = _("Please load the page again.")
        return _refuse(request, event, Problem("bad_place", words, 422))
    if wants_json(request):
        return JsonResponse({"key": slot.key, "version": slot.version})
    day = event.day_of(slot.starts_at)
    return redirect(f"/{event.slug}/home/programme/?day={day.isoformat()}#slot-{slot.key}")


def _refuse(request: EventRequest, event: Event, problem: Problem) -> HttpResponse:
    if wants_json(request):
        return error(problem.code, problem.message, status=problem.status)
    return _page(request, event, problem)


def _page(request: EventRequest, event: Event, problem: Problem | None = None) -> HttpResponse:
    """Log first, rows second."""
    cursor, version = reading.position(event.pk), version_of(event.pk)
    found = grid.days(event)
    asked = request.GET.get("day", "") or request.POST.get("day", "")
    day = grid.chosen(found, asked, event.day_of(timezone.now()))
    opens_at, closes_at = grid.hours(event, day)
    columns = grid.columns(event, day)
    for column in columns:
        for slot in column.slots:
            slot.event = event
    context = page_context(request) | {
        "cursor": cursor,
        "days": found,
        "day": day,
        "opens_at": opens_at,
        "closes_at": closes_at,
        "columns": [(column, on_page("grid", column.slots, on_grid)) for column in columns],
        "tray": tray_on_page(event, version).html,
        "usual_minutes": grid.usual_minutes(event),
        "problem": problem,
    }
    status = problem.status if problem else 200
    return render(request, "agenda/grid.html", context | _opened(request, event), status=status)


def _opened(request: EventRequest, event: Event) -> dict[str, Any]:
    """What the address asks to edit; without scripts this is how the form gets there."""
    key, number = request.GET.get("edit", ""), request.GET.get("session", "")
    slots = Slot.objects.of(event).filter(key=key)
    slot = slots.first() if key else None
    session = None
    if slot is None and number.isascii() and number.isdigit() and len(number) < 19:
        session = event.sessions.filter(pk=number).first()
    others = []
    if slot is not None:
        start, end = event.day_frame(event.day_of(slot.starts_at))
        others = list(
            Slot.objects.of(event)
            .filter(starts_at__gte=start, starts_at__lt=end)
            .exclude(pk=slot.pk)
            .in_order()
        )
    return {"slot": slot, "session": session, "others": others}


def _slot(event: Event, key: str) -> Slot:
    return get_object_or_404(Slot.objects.of(event).select_related("event"), key=key)


def _number(request: EventRequest, name: str) -> int | None:
    raw = request.POST.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else None
