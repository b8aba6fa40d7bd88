"""The page on which organizers rehearse: which screen, which moment of which day, how fast."""

from datetime import UTC, date, datetime, time, timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event
from agenda.views import page_context
from agenda.views.doors import organized
from eventhub.http import Buckets, slow_down
from eventhub.live import reading
from wall import rehearsals, screens
from wall.models import Screen
from wall.rehearsals import RehearsalRefused

_per_person = Buckets(at_once=30, per_second=2)


@guards_itself
@login_required
@never_cache
@require_safe
def page(request: EventRequest, slug: str) -> HttpResponse:
    return _page(request, organized(request))


@guards_itself
@login_required
@require_POST
def begin(request: EventRequest, slug: str) -> HttpResponse:
    event = organized(request)
    if wait_s := _per_person.take(f"{event.pk}:{request.user.pk}"):
        return slow_down(request, wait_s)
    screen = _screen(request, event)
    starts_at = _moment(event, request.POST.get("day", ""), request.POST.get("time", ""))
    if starts_at is None:
        return _page(request, event, problem=_("Please choose a day and a time."), status=422)
    speed = request.POST.get("speed", "1")
    if speed not in map(str, rehearsals.SPEEDS):
        raise Http404
    try:
        rehearsals.begin(
            event, starts_at=starts_at, speed=int(speed), by=request.user, screen=screen
        )
    except RehearsalRefused as refused:
        return _page(request, event, problem=refused.message, status=422)
    return redirect(f"/{slug}/home/rehearsal/")


@guards_itself
@login_required
@require_POST
def end(request: EventRequest, slug: str) -> HttpResponse:
    """Of one screen, or all of it."""
    event = organized(request)
    if wait_s := _per_person.take(f"{event.pk}:{request.user.pk}"):
        return slow_down(request, wait_s)
    rehearsals.end(event, by=request.user, screen=_screen(request, event))
    return redirect(f"/{slug}/home/rehearsal/")


def _screen(request: EventRequest, event: Event) -> Screen | None:
    """The one that was chosen, None for all of them."""
    key = request.POST.get("screen", "")
    return get_object_or_404(screens.of(event), key=key) if key else None


def _moment(event: Event, day: str, clock: str) -> datetime | None:
    """That time of that event day: at one in the morning it is still the evening's."""
    try:
        on, at = date.fromisoformat(day), time.fromisoformat(clock)
    except ValueError:
        return None
    if at.tzinfo is not None or not date.min < on < date.max:
        return None
    later = timedelta(days=1) if at < event.day_boundary else timedelta()
    return datetime.combine(on + later, at, event.tz).astimezone(UTC)


def _page(
    request: EventRequest, event: Event, *, problem: str = "", status: int = 200
) -> HttpResponse:
    """What is rehearsed now. Log first, rows second."""
    cursor = reading.position(event.pk)
    days = rehearsals.days_of(event)
    begins = event.starts_at.astimezone(event.tz)
    context = page_context(request) | {
        "cursor": cursor,
        "rehearsals": rehearsals.standing(event),
        "screens": screens.of(event),
        "days": [(day.isoformat(), day) for day in days],
        "day": request.POST.get("day", days[0].isoformat()),
        "time": request.POST.get("time", f"{begins:%H:%M}")[:5],
        "chosen": request.POST.get("screen", ""),
        "speed": request.POST.get("speed", "1"),
        "speeds": _speeds(),
        "problem": problem,
    }
    return render(request, "wall/rehearsal.html", context, status=status)


def _speeds() -> list[tuple[str, str, str]]:
    """(value, name, in plain words)."""
    return [
        ("0", _("Stand still"), _("The moment you choose stays, to look at it in peace.")),
        ("1", _("As in life"), _("One minute is one minute.")),
        ("10", _("Ten times as fast"), _("A talk of an hour takes six minutes.")),
        ("60", _("Sixty times as fast"), _("A day takes less than ten minutes.")),
    ]
