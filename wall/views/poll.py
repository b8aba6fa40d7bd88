"""The stream by plain HTTP, for browsers whose sockets are cut: same cursors, same answers."""

import msgspec
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agenda.middleware import EventRequest
from eventhub.http import error
from eventhub.live import reading
from eventhub.live.reading import Cursor
from eventhub.live.topics import Visitor, registry

MAX_TOPICS = 8


@never_cache
@require_safe
def poll(request: EventRequest, slug: str) -> HttpResponse:
    """A frame since the cursor, or a reset with the complete list. One group per request."""
    asked = [name for name in request.GET.get("topics", "").split(",") if name][: MAX_TOPICS + 1]
    topics = [registry.get(name) for name in asked]
    if not asked or len(asked) > MAX_TOPICS or None in topics:
        raise Http404
    visitor = Visitor(request.COOKIES)
    names = []
    for topic in topics:
        grant = topic.authorise(request.event.pk, visitor) if topic else None
        if grant is None:
            return error("not_allowed", "", status=403)
        names.append(grant.name)
    cursor = Cursor.parse(request.GET.get("cursor"))
    language = request.GET.get("language", "")
    if language not in {"de", "de-formal", "en"}:
        language = request.event.language
    answer = reading.catch_up(request.event.pk, sorted(set(names)), language, cursor)
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json")
