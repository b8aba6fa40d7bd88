"""What the pages of an event have in common, its guest's cookie included. Answers no request."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation

from agenda import announcing, attendees, feedback
from agenda.middleware import EventRequest
from agenda.models import Event
from eventhub.static_files import build_id


def page_context(request: EventRequest) -> dict[str, Any]:
    """What every page of an event needs to follow its stream."""
    return {
        "event": request.event,
        "joined": request.attendee_key is not None,
        "language": translation.get_language(),
        "build": build_id(),
        # Asked for where the page has tabs, and a stranger of a closed event sees none.
        "moves": lambda: [] if request.is_stranger else announcing.on_pages(request.event),
    } | feedback.context(request.event)


def let_in(response: HttpResponse, event: Event, key: str) -> None:
    """From this answer on the browser is the guest of `event` with this key."""
    response.set_cookie(
        attendees.cookie_name(event.pk, settings.ATTENDEE_COOKIE_NAME),
        attendees.sign(event.pk, key),
        max_age=attendees.COOKIE_MAX_AGE_S,
        httponly=True,
        samesite="Lax",
        secure=settings.TLS,
    )


def let_go(response: HttpResponse, event: Event) -> None:
    """From this answer on the browser is no guest of `event`."""
    name = attendees.cookie_name(event.pk, settings.ATTENDEE_COOKIE_NAME)
    response.delete_cookie(name, samesite="Lax")
