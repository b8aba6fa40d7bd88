"""Organizers set a barcamp up: start it, choose rooms, time rows and switches. Forms throughout."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from agenda import barcamp_setup, grid, periods, setup_form
from agenda.access import guards_itself
from agenda.barcamp import PlaceTaken
from agenda.barcamp_setup import RoomChanged, SetupRefused
from agenda.middleware import EventRequest
from agenda.models import Barcamp, Event, Period, Room
from agenda.periods import PeriodChanged, PeriodRefused
from agenda.setup_form import RowForm, TimesForm
from agenda.views.doors import organized
from agenda.views.page import page_context
from eventhub.http import Buckets, error, slow_down, wants_json
from eventhub.live import reading

_per_person = Buckets(at_once=60, per_second=2)
Deed = Callable[[], str]  # does it and says what was done, in words
REFUSED = (SetupRefused, PeriodRefused, PlaceTaken)
MEANWHILE = (RoomChanged, PeriodChanged, PlaceTaken)


@guards_itself
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: EventRequest, slug: str) -> HttpResponse:
    """GET: the page. POST: start the barcamp with rooms and rows."""
    event = organized(request)
    if request.method != "POST":
        return _page(request, event)

    def act() -> str:
        times = TimesForm(event, request.POST).times
        barcamp_setup.start(event, setup_form.rooms_of(request.POST), times)
        return _("Your barcamp is ready. Guests can propose sessions now.")

    return _answer(request, event, "top", act)


@guards_itself
@login_required
@require_POST
def rooms(request: EventRequest, slug: str) -> HttpResponse:
    event = _running(request)

    def act() -> str:
        barcamp_setup.arrange_rooms(event, setup_form.rooms_of(request.POST))
        return _("The rooms are as you want them.")

    return _answer(request, event, "rooms", act)


@guards_itself
@login_required
@require_POST
def rows(request: EventRequest, slug: str) -> HttpResponse:
    """Make the rows of a day anew; those with cards in them stay."""
    event = _running(request)

    def act() -> str:
        asked = TimesForm(event, request.POST).times
        made = periods.generate(
            event, asked.starts_at, asked.ends_at, minutes=asked.minutes, pause=asked.pause
        )
        words = ngettext("%(count)d new time row.", "%(count)d new time rows.", made.added)
        said = words % {"count": made.added}
        if made.kept:
            words = ngettext(
                "%(count)d with cards stays as it was.",
                "%(count)d with cards stay as they were.",
                made.kept,
            )
            said = f"{said} {words % {'count': made.kept}}"
        return said

    return _answer(request, event, "rows", act)


@guards_itself
@login_required
@require_POST
def row(request: EventRequest, slug: str) -> HttpResponse:
    """One more row."""
    event = _running(request)

    def act() -> str:
        periods.add(event, *RowForm(event, request.POST).span)
        return _("The time row is there.")

    return _answer(request, event, "rows", act)


@guards_itself
@login_required
@require_POST
def change_row(request: EventRequest, slug: str, key: str) -> HttpResponse:
    event = _running(request)

    def act() -> str:
        form = RowForm(event, request.POST)
        starts_at, ends_at = form.span
        periods.change(_row(event, key), starts_at, ends_at, version=form.cleaned_data["version"])
        return _("The time row has another time; its cards went with it.")

    return _answer(request, event, "rows", act)


@guards_itself
@login_required
@require_POST
def remove_row(request: EventRequest, slug: str, key: str) -> HttpResponse:
    event = _running(request)
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 19 else None

    def act() -> str:
        periods.remove(_row(event, key), version=seen)
        return _("The time row is gone. What stood in it stays on the programme.")

    return _answer(request, event, "rows", act)


@guards_itself
@login_required
@require_POST
def switches(request: EventRequest, slug: str) -> HttpResponse:
    event = _running(request)

    def act() -> str:
        barcamp_setup.switch(event, *setup_form.switches_of(request.POST))
        return _("That holds from now on.")

    return _answer(request, event, "switches", act)


def _running(request: EventRequest) -> Event:
    """The event, if this person organizes it and it has a barcamp; otherwise not there (404)."""
    event = organized(request)
    get_object_or_404(Barcamp, event=event)
    return event


def _row(event: Event, key: str) -> Period:
    found = Period.objects.filter(event=event, key=key).select_related("event").first()
    if found is None:
        raise PeriodChanged(_("Somebody has just removed this row."))
    return found


def _answer(request: EventRequest, event: Event, part: str, act: Deed) -> HttpResponse:
    """Do it and show the page as it is then; or say why not, and change nothing."""
    if wait_s := _per_person.take(f"{event.pk}:{request.user.pk}"):
        return slow_down(request, wait_s)
    try:
        said = act()
    except REFUSED as refused:
        status = 409 if isinstance(refused, MEANWHILE) else 422
        code = "changed_meanwhile" if status == 409 else "refused"
        if wants_json(request):
            return error(code, refused.message, status=status)
        told = {"problem": refused.message, "part": part}
        return _page(request, event, told, status=status)
    if wants_json(request):
        return JsonResponse({"said": said})
    request.session["setup-said"] = [event.pk, part, said]
    return redirect(f"/{event.slug}/home/barcamp/setup#{part}")


def _page(
    request: EventRequest, event: Event, told: dict[str, str] | None = None, *, status: int = 200
) -> HttpResponse:
    """Log first, rows second."""
    cursor = reading.position(event.pk)
    found = Barcamp.objects.filter(event=event).select_related("event").first()
    days = grid.days(event)
    asked = request.POST.get("day", "") or request.GET.get("day", "")
    day = grid.chosen(days, asked, event.day_of(timezone.now()))
    starts_at, ends_at = setup_form.usual_times(event, day)
    context = page_context(request) | {
        "cursor": cursor,
        "barcamp": found,
        "rooms": list(Room.objects.filter(event=event)),
        "days": days,
        "day": day,
        "by_day": _rows_by_day(event, days),
        "starts_clock": f"{starts_at.astimezone(event.tz):%H:%M}",
        "ends_clock": f"{ends_at.astimezone(event.tz):%H:%M}",
        "sent": request.POST,
    }
    context |= told or _said(request, event)
    return render(request, "agenda/setup.html", context, status=status)


def _rows_by_day(event: Event, days: list[date]) -> list[tuple[date, list[dict[str, Any]]]]:
    """Two queries."""
    found = list(Period.objects.filter(event=event))
    counts = periods.cards_in(event, found)
    by_day: dict[date, list[dict[str, Any]]] = {}
    for period in found:
        line = {"period": period, "cards": counts[period.pk]}
        by_day.setdefault(event.day_of(period.starts_at), []).append(line)
    return sorted(by_day.items())


def _said(request: EventRequest, event: Event) -> dict[str, str]:
    """What was done just now, once."""
    event_id, part, said = request.session.get("setup-said", (0, "", ""))
    if event_id != event.pk or request.method == "HEAD":
        return {}
    del request.session["setup-said"]
    return {"said": said, "part": part}
