"""The way back of this person's last deed on the board, kept for a page that is loaded again.

It lies in the session, for as long as the board itself would offer it. Does nothing by itself:
the deed that takes back is asked for like any other, and refused like any other.
"""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from agenda.models import Event

UNDO_S = 90  # as in plan-post.js
NAME = "board-undo"


def keep(
    request: HttpRequest, event: Event, said: str, undo: tuple[str, dict[str, Any]] | None
) -> None:
    """`undo`: path and form; None if the last deed has no way back, or was refused."""
    if undo is not None:
        path, data = undo
        until = timezone.now().timestamp() + UNDO_S
        found = {"event": event.pk, "said": said, "path": path, "data": data, "until": until}
        request.session[NAME] = found
    elif NAME in request.session:
        del request.session[NAME]


def kept(request: HttpRequest, event: Event) -> dict[str, Any] | None:
    """What was said and the way back, with how long it is offered still; None if nothing is."""
    found = request.session.get(NAME)
    if found is None or found["event"] != event.pk:
        return None
    left_s = found["until"] - timezone.now().timestamp()
    return found | {"left_ms": round(left_s * 1000)} if left_s > 0 else None
