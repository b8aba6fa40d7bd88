"""The organizer's side of the helpers' doors: open, show the code, shut, send somebody away."""

import re
from datetime import datetime, time, timedelta
from io import BytesIO

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda import doors, helpers
from agenda.access import guards_itself
from agenda.home_topics import doors_on_page
from agenda.middleware import EventRequest
from agenda.models import Door, Event, Membership
from agenda.views.page import page_context
from eventhub.addresses import public_base, without_scheme
from eventhub.live import reading

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])(?::[0-5][0-9])?$", re.ASCII)
DEFAULT_HOURS = timedelta(hours=4)  # when the event is over, or its end far away


def organized(request: EventRequest) -> Event:
    """The event, if this person organizes it; otherwise it is not there (404)."""
    return get_object_or_404(Event.objects.organized_by(request.user), pk=request.event.pk)


@guards_itself
@login_required
@require_POST
def open_door(request: EventRequest, slug: str) -> HttpResponse:
    event, task = organized(request), _task(request.POST.get("task", ""))
    until = next_time(event, request.POST.get("until", ""), timezone.now())
    if until is None:
        words = _("Type a time such as 18:00.")
        return _door_page(request, event, task, problem=words, status=422)
    helpers.open_door(event, task=task.value, until=until, by=request.user)
    return redirect(f"/{slug}/home/doors/{task.value}")


@guards_itself
@login_required
@never_cache
@require_safe
def door(request: EventRequest, slug: str, task: str) -> HttpResponse:
    """The code of one door, large; the next one follows by itself."""
    return _door_page(request, organized(request), _task(task))


@guards_itself
@login_required
@never_cache
@require_safe
def code(request: EventRequest, slug: str, task: str) -> HttpResponse:
    """The address behind the code as a picture. The key stands behind the #: servers log paths."""
    import segno

    found = get_object_or_404(Door, event=organized(request), task=_task(task).value)
    if (key := doors.current_key(found)) is None:
        raise Http404
    base = public_base(request.get_host(), scheme=request.scheme or "http")
    drawn = segno.make(f"{base}/{slug}/help#{doors.words_of(key)}", error="m", micro=False)
    picture = BytesIO()
    drawn.save(
        picture, kind="svg", border=4, dark="#10201f", light="#ffffff", omitsize=True, xmldecl=False
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@guards_itself
@login_required
@require_POST
def shut(request: EventRequest, slug: str, task: str) -> HttpResponse:
    found = get_object_or_404(Door, event=organized(request), task=_task(task).value)
    helpers.shut(found, by=request.user)
    return redirect(f"/{slug}/home/#helpers")


@guards_itself
@login_required
@require_POST
def revoke(request: EventRequest, slug: str, number: int) -> HttpResponse:
    own = Membership.objects.filter(event=organized(request), role=Membership.Role.HELPER)
    helpers.revoke(get_object_or_404(own, pk=number), by=request.user)
    return redirect(f"/{slug}/home/#helpers")


def next_time(event: Event, typed: str, now: datetime) -> datetime | None:
    """The next time it is `typed` ("18:00") at the event, within a day; None for anything else."""
    found = _CLOCK.match(typed.strip())
    if found is None:
        return None
    clock = time(int(found[1]), int(found[2]))
    today = now.astimezone(event.tz).date()
    for day in (today, today + timedelta(days=1)):
        if (until := datetime.combine(day, clock, event.tz)) > now:
            return until
    return None


def proposed(event: Event, now: datetime) -> datetime:
    """Until when helpers are usually needed: the end of this day of the event."""
    return event.ends_at if now < event.ends_at < now + timedelta(hours=20) else now + DEFAULT_HOURS


def _task(word: str) -> Membership.Task:
    if word not in Membership.Task.values:
        raise Http404
    return Membership.Task(word)


def _door_page(
    request: EventRequest,
    event: Event,
    task: Membership.Task,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    cursor = reading.position(event.pk)
    found = Door.objects.filter(event=event, task=task.value).select_related("event").first()
    base = public_base(request.get_host(), scheme=request.scheme or "http")
    context = page_context(request) | {
        "cursor": cursor,
        "task": task,
        "shown": next(iter(doors_on_page([found] if found is not None else [])), None),
        "is_open": found is not None and found.is_open(now),
        "until": found.until if found is not None and found.is_open(now) else proposed(event, now),
        "help_address": f"{without_scheme(base)}/{event.slug}/help",
        "problem": problem,
    }
    return render(request, "agenda/door.html", context, status=status)
