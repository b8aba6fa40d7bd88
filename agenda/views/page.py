"""What the pages of an event have in common. Answers no request itself."""

from typing import Any

from django.utils import translation

from agenda import feedback
from agenda.middleware import EventRequest
from eventhub.static_files import build_id


def page_context(request: EventRequest) -> dict[str, Any]:
    """What every page of an event needs to follow its stream."""
    return {
        "event": request.event,
        "joined": request.attendee_key is not None,
        "language": translation.get_language(),
        "build": build_id(),
    } | feedback.context(request.event)
