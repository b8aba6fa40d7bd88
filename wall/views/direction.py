"""The page on which organizers say how the screens follow the programme."""

import json
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agenda.access import guards_itself
from agenda.middleware import EventRequest
from agenda.models import Event
from agenda.views import page_context
from agenda.views.doors import organized
from eventhub.http import Buckets, slow_down
from eventhub.live import reading
from wall import direction as directions
from wall.direction import DirectionChanged
from wall.direction_form import DirectionForm
from wall.screen_words import SLIDES
from wall.turns import OPTIONAL

_per_person = Buckets(at_once=30, per_second=2)


@guards_itself
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def direction(request: EventRequest, slug: str) -> HttpResponse:
    event = organized(request)
    if request.method != "POST":
        return _page(request, event)
    if wait_s := _per_person.take(f"{event.pk}:{request.user.pk}"):
        return slow_down(request, wait_s)
    form = DirectionForm(request.POST)
    if not form.is_valid():
        return _page(request, event, form=form, status=422)
    try:
        directions.direct(event, form.wish(), by=request.user, seen=form.seen())
    except DirectionChanged as conflict:
        return _page(request, event, problem=conflict.message, status=409)
    return redirect(f"/{slug}/home/direction/?saved=1")


def _page(
    request: EventRequest,
    event: Event,
    *,
    form: DirectionForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """How it is now, and what was typed if it cannot be kept. Log first, rows second."""
    cursor = reading.position(event.pk)
    now = directions.values(event)
    typed = _typed(request.POST) if form is not None else {}
    if form is not None:
        problem = str(next(iter(form.errors.values()), [_("Please load the page again.")])[0])
    shown = typed.pop("shown", [name for name in OPTIONAL if name not in now["left_out"]])
    context = page_context(request) | {
        "cursor": cursor,
        "direction": now | typed,
        "was": json.dumps(now, separators=(",", ":")),
        "slides": _slides(shown),
        "problem": problem,
        "saved": request.method != "POST" and "saved" in request.GET,
    }
    return render(request, "wall/direction.html", context, status=status)


def _typed(data: QueryDict) -> dict[str, Any]:
    plain = ("ending_minutes", "slide_s", "welcome", "good_night", "next_stop")
    typed: dict[str, Any] = {name: data.get(name, "")[:200] for name in plain}
    return typed | {"wall_in_talks": "wall_in_talks" in data, "shown": data.getlist("shown")}


def _slides(shown: list[str]) -> list[tuple[str, str, str, bool]]:
    """(name, label, when it comes, whether it is shown)."""
    said = {
        "wall": _("In breaks, between sessions and in the evening."),
        "hint": _("The hashtag large, the short address, the code to scan."),
        "nownext": _("In breaks, with all rooms."),
        "next": _("Before the first session, and in the last minutes of each."),
        "board": _("While sessions run side by side."),
        "changes": _("Only while something has moved or is cancelled."),
        "wifi": _("Only if the event says a name and a password."),
        "placards": _("Only if there are some."),
        "welcome": _("Before the first session of the day."),
        "goodnight": _("After the last session of the day, with what comes next."),
    }
    return [(name, str(SLIDES[name]), said[name], name in shown) for name in OPTIONAL]
