"""A guest's own programme: the sessions they have starred, in order; for calendars as well."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agenda import stars, topics
from agenda.middleware import EventRequest
from agenda.models import Attendee, Slot
from agenda.views.page import page_context
from eventhub.addresses import public_base, without_scheme
from eventhub.live import reading

SOON_MINUTES = 90  # until then one reads "in 40 minutes", after that the time of day


@require_safe
def my(request: EventRequest, slug: str) -> HttpResponse:
    """One's own programme. Log first, rows second. Without a star it says how to set one."""
    event, at = request.event, timezone.now()
    cursor = reading.position(event.pk)
    sessions = stars.sessions_of(event, request.attendee_key)
    marks = stars.programme_of(stars.slots_of(event, sessions))
    soonest = stars.next_of((mark.slot for mark in marks), at)
    context = page_context(request) | {
        "cursor": cursor,
        "coming": [mark for mark in marks if mark.slot.ends_at > at],
        "past": [mark for mark in marks if mark.slot.ends_at <= at],
        "next": soonest,
        "next_words": words_until(soonest, at) if soonest else "",
        "calendar": _calendar_of(request) if sessions else None,
    }
    response = render(request, "agenda/my.html", context)
    # The browser may keep it for the time without network, and asks before it shows it.
    response["Cache-Control"] = "private, no-cache"
    return response


@require_safe
def slots(request: EventRequest, slug: str) -> HttpResponse:
    """These `sessions` as the programme shows them, for a list that the browser puts together.

    Nothing here is anybody's own: what is starred without the code is known to the browser alone.
    """
    asked = request.GET.get("sessions", "")[: 20 * stars.MAX_SESSIONS].split(",")
    numbers = [int(each) for each in asked if each.isascii() and each.isdigit() and len(each) < 19]
    language = translation.get_language() or request.event.language
    drawn = topics.slots_of_sessions(request.event.pk, numbers[: stars.MAX_SESSIONS], language)
    items = [
        {"key": each.key, "version": each.version, "order": each.order, "html": each.html}
        for each in drawn
    ]
    response = JsonResponse({"items": items})
    response["Cache-Control"] = "no-cache"
    return response


@never_cache
@require_safe
def calendar(request: EventRequest, slug: str, token: str) -> HttpResponse:
    """One's own programme for a calendar app, which has no cookie: the token alone opens it."""
    from agenda.exchange import ical  # on first use: it costs start time

    event = request.event
    attendee = stars.owner_of(event, token)
    if attendee is None:
        raise Http404
    starred = stars.slots_of(event, stars.sessions_of(event, attendee.key))
    base = public_base(request.get_host(), scheme=request.scheme or "http")
    name = _("My programme: {event}").replace("{event}", event.name)
    response = HttpResponse(
        ical.calendar(event, starred, base_url=base, name=name),
        content_type="text/calendar; charset=utf-8",
    )
    response["Content-Disposition"] = f'inline; filename="{slug}.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response


def words_until(slot: Slot, at: datetime) -> str:
    """How long it still takes, or until it begins; "" if it is not soon. `my-programme.js` too."""
    if slot.starts_at <= at:
        minutes = _minutes(at, slot.ends_at)
        words = _("Now, 1 minute left") if minutes == 1 else _("Now, {minutes} minutes left")
        return words.replace("{minutes}", str(minutes))
    minutes = _minutes(at, slot.starts_at)
    if minutes > SOON_MINUTES:
        return _("Next")
    words = _("Next, in 1 minute") if minutes == 1 else _("Next, in {minutes} minutes")
    return words.replace("{minutes}", str(minutes))


def _minutes(start: datetime, end: datetime) -> int:
    """Started minutes, at least 1."""
    return max(1, -int((start - end).total_seconds() // 60))


def _calendar_of(request: EventRequest) -> dict[str, Any] | None:
    """Where calendar apps find this guest's programme; they have no cookie, so not if closed."""
    event = request.event
    attendee = Attendee.objects.filter(event=event, key=request.attendee_key).first()
    if attendee is None:
        return None
    base = public_base(request.get_host(), scheme=request.scheme or "http")
    url = f"{base}/{event.slug}/my/{stars.token_of(attendee)}.ics"
    return {"url": url, "webcal": f"webcal://{without_scheme(url)}", "closed": event.closed}
